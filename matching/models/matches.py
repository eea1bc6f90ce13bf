"""Matches (`domain.md` 5)."""

from __future__ import annotations

import datetime as dt

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.models.people import DateSpan
from counties.wall import SiteManager, SiteModel, WallKey
from counties.wall.rules import refuse_when
from families.models import FamilyScopedRows, Parent
from matching import triggers as accepting
from partners.models import ParentPartner
from referrals.models import Referral


class EndReason(models.TextChoices):
    ENROLLMENT_CLOSED = "enrollment_closed", "Enrollment closed"
    PARTNER_LEFT = "partner_left", "Parent partner left"
    PARENT_ASKED = "parent_asked", "Parent asked for a change"
    PARTNER_ASKED = "partner_asked", "Parent partner asked for a change"
    CONFLICT = "conflict_found", "A conflict came up"
    CAPACITY = "capacity", "Caseload"
    HANDED_OVER = "handed_over", "Handed over for a while"
    COVER_OVER = "cover_over", "The parent partner came back"
    OTHER = "other", "Other"


class Matches(FamilyScopedRows):
    to_family = "parent__family"

    def running(self) -> Matches:
        """Begun and not over today."""
        return self.running_on(timezone.localdate())

    def running_on(self, day: dt.date) -> Matches:
        begun = self.filter(status__in=Match.BEGUN, starts_on__lte=day)
        return begun.filter(Q(ends_on=None) | Q(ends_on__gt=day))

    def proposed(self) -> Matches:
        """Somebody's answer is still open, or both have agreed and it has not begun."""
        return self.filter(status__in=Match.OPEN)

    def visible_to(self, access) -> Matches:
        """Coordinators all; a parent partner their own running ones: a parent not yet theirs has no name for them."""
        if access.sees_all_families:
            return self.beyond_ties(access)
        if "match.view" in access:
            running = Match.objects.running().filter(partner__person=access.person)
            return self.beyond_ties(access).filter(pk__in=running)
        return self.none()

    def offered_to(self, access) -> Matches:
        """What this person was asked as a parent partner and has not begun; never what was only thought of."""
        if "match.answer" not in access:
            return self.none()
        theirs = ParentPartner.objects.current_on(timezone.localdate()).filter(person=access.person)
        return self.beyond_ties(access).filter(
            partner__in=theirs, offered_on__isnull=False, status__in=[*Match.OPEN, Match.Status.DECLINED]
        )

    def to_answer(self, access) -> Matches:
        """Offers that wait for this person's own answer."""
        return self.offered_to(access).filter(status=Match.Status.OFFERED_PARTNER)


MOVES = [
    ("proposed", "offered_partner"),
    ("offered_partner", "offered_parent"),
    ("offered_parent", "accepted"),
    ("accepted", "active"),
    ("proposed", "active"),  # both were asked at once and have agreed
    ("proposed", "declined"),
    ("offered_partner", "declined"),
    ("offered_parent", "declined"),
    ("accepted", "declined"),
    ("active", "paused"),
    ("active", "ended"),
    ("paused", "ended"),  # the next period, if one comes, is a new row
]
"""Legal changes of status; the database refuses every other."""


OPEN_CODES = ["proposed", "offered_partner", "offered_parent", "accepted"]
"""The codes of `Match.OPEN`, which the constraints inside the class cannot name."""


@keep_history
class Match(SiteModel):
    """One period of one parent partner with one parent; a second period is a new row.

    A paused match has its end: the partner has handed the parent over for a while. `is_cover` is the match of who
    stands in. `back_on` is when the partner is expected back: it moves nobody. Nobody's reason is kept, and no date of
    the two together is written twice.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        OFFERED_PARTNER = "offered_partner", "Offered to the parent partner"
        OFFERED_PARENT = "offered_parent", "Offered to the parent"
        ACCEPTED = "accepted", "Accepted by both"
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"
        DECLINED = "declined", "Declined"
        ENDED = "ended", "Ended"

    class DeclinedBy(models.TextChoices):
        PARENT = "parent", "The parent"
        PARTNER = "partner", "The parent partner"
        COORDINATOR = "coordinator", "The coordinator took it back"

    OPEN = (Status.PROPOSED, Status.OFFERED_PARTNER, Status.OFFERED_PARENT, Status.ACCEPTED)
    """On the way to a beginning; either side may decline."""
    PRESENT = (*OPEN, Status.ACTIVE)
    """Proposed or running: these two are spoken for."""
    BEGUN = (Status.ACTIVE, Status.PAUSED, Status.ENDED)
    """Has a start date."""

    referral = WallKey(Referral, related_name="matches")
    parent = WallKey(Parent, related_name="matches")
    partner = WallKey(ParentPartner, related_name="matches")
    status = models.CharField(max_length=16, choices=Status, default=Status.PROPOSED)
    proposed_on = models.DateField(default=timezone.localdate)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    offered_on = models.DateField("offered to the parent partner", null=True, blank=True)
    starts_on = models.DateField("start date", null=True, blank=True)
    ends_on = models.DateField("end date", null=True, blank=True)
    back_on = models.DateField("expected back", null=True, blank=True)
    end_reason = models.CharField(max_length=24, choices=EndReason, blank=True)
    declined_by = models.CharField(max_length=12, choices=DeclinedBy, blank=True)
    decline_reason = models.TextField(blank=True)
    is_secondary = models.BooleanField("secondary partner", default=False)
    is_cover = models.BooleanField("stands in for a while", default=False)
    cap_override = models.TextField("reason for going over the cap", blank=True)
    training_override = models.TextField("reason for matching before core training", blank=True)
    score = models.JSONField(default=dict, blank=True)

    personal = {
        "end_reason": "why it ended", "declined_by": "who declined", "decline_reason": "free text",
        "cap_override": "free text", "training_override": "free text", "score": "parts of the suggestion",
    }  # fmt: skip
    harmless = {
        "id", "site", "referral", "parent", "partner", "status", "proposed_on", "proposed_by", "offered_on",
        "starts_on", "ends_on", "back_on", "is_secondary", "is_cover",
    }  # fmt: skip

    objects = SiteManager.from_queryset(Matches)()

    class Meta:
        ordering = ["-proposed_on", "-id"]
        verbose_name_plural = "matches"
        indexes = [
            models.Index(fields=["site", "partner", "starts_on"], name="match_site_partner"),
            models.Index(fields=["site", "referral"], name="match_site_referral"),
            models.Index(fields=["site", "parent"], name="match_site_parent"),
        ]
        constraints = [
            without_ssn("match", "training_override"),
            without_ssn("match", "cap_override"),
            without_ssn("match", "decline_reason"),
            models.CheckConstraint(
                condition=Q(status__in=[*OPEN_CODES, "declined"], starts_on=None, ends_on=None)
                | Q(status="active", starts_on__isnull=False, ends_on=None)
                | Q(status__in=["paused", "ended"], starts_on__isnull=False, ends_on__isnull=False),
                name="match_dates_fit_status",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="match_ends_after_start",
                violation_error_message="The end date is before the start date.",
            ),
            models.CheckConstraint(
                condition=Q(back_on=None) | Q(back_on__gt=F("ends_on"), status__in=["paused", "ended"]),
                name="match_back_after_handing_over",
                violation_error_message="The return is expected before the handing over.",
            ),
            ExclusionConstraint(
                name="v12_one_primary_match_per_parent",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    ("parent", RangeOperators.EQUAL),
                    (DateSpan("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=["active", "paused", "ended"], is_secondary=False),
                violation_error_message="V12: this parent has a parent partner already in these dates.",
            ),
            models.UniqueConstraint(
                fields=["site", "referral", "partner"],
                condition=Q(status__in=OPEN_CODES),
                name="match_proposed_once",
                violation_error_message="This pairing is proposed already.",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="moves", field="status", transitions=MOVES),
            accepting.trained,
            accepting.without_conflict,
            accepting.without_tie,
            accepting.within_caps,
            refuse_when(
                "parent_of_referral",
                declare="theirs uuid;",
                lookup="SELECT parent_id INTO theirs FROM referrals_referral WHERE id = NEW.referral_id;",
                when="theirs <> NEW.parent_id",
                message="The parent is not the one of this referral",
            ),
        ]
