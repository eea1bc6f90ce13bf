"""Matches and what forbids them (`domain.md` 5)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

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
from counties.wall import SiteManager, SiteModel, SiteQuerySet, WallKey
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


class Conflicts(FamilyScopedRows):
    to_family = "parent__family"

    def visible_to(self, access) -> Conflicts:
        return self.beyond_ties(access) if "conflict.record" in access else self.none()


@keep_history
class Conflict(SiteModel):
    """A reason why this pair must not be matched (`domain.md` 5.2, 1 to 4); lifted, never erased."""

    class Kind(models.TextChoices):
        RELATED = "related", "Related, household, close personal relationship, business or landlord tie"
        SAME_CASE = "same_case", "Party, witness or relative in the same or a related court case"
        NO_CONTACT = "no_contact", "No-contact or restraining order in either direction"
        OTHER_PARENT = "other_parent", "Supports the other parent while interests are opposed"
        CASEWORKER = "caseworker", "The partner's own former or current caseworker is on the team"

    parent = WallKey(Parent, related_name="conflicts")
    partner = WallKey(ParentPartner, related_name="conflicts")
    kind = models.CharField(max_length=16, choices=Kind)
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    personal = {"kind": "relationship", "note": "free text"}
    harmless = {"id", "site", "parent", "partner", "recorded_by", "recorded_at", "lifted_at"}

    objects = SiteManager.from_queryset(Conflicts)()

    class Meta:
        ordering = ["-recorded_at"]
        indexes = [models.Index(fields=["site", "parent"], name="conflict_site_parent")]
        constraints = [
            without_ssn("conflict", "note"),
            models.UniqueConstraint(
                fields=["site", "parent", "partner", "kind"],
                condition=Q(lifted_at=None),
                name="conflict_once",
                violation_error_message="This conflict is recorded already.",
            ),
        ]


class Plans(SiteQuerySet):
    def visible_to(self, access) -> Plans:
        return self.all() if "match.suggest" in access else self.none()


@keep_history
class Plan(SiteModel):
    """One assignment, worked out on request: advice until somebody accepts its lines.

    Of the whole waiting list, or of some families of one parent partner (`families_of`) to others. Its id is that of
    the job that made it, so that a job run twice makes one plan.
    """

    made_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    families_of = WallKey(ParentPartner, null=True, blank=True, related_name="reassignments")

    harmless = {"id", "site", "made_at", "asked_by", "families_of"}

    objects = SiteManager.from_queryset(Plans)()

    class Meta:
        ordering = ["-made_at"]


class PlanLines(FamilyScopedRows):
    to_family = "referral__family"

    def visible_to(self, access) -> PlanLines:
        return self.beyond_ties(access) if "match.suggest" in access else self.none()

    def open(self) -> PlanLines:
        """Neither proposed nor taken off, and with somebody to propose."""
        return self.filter(match=None, is_taken_off=False).exclude(partner=None)


@keep_history
class PlanLine(SiteModel):
    """What a plan says about one waiting parent.

    `partner` is who is planned now, `advised` whom the solver chose; `score` explains the present pairing.
    `best_total` are the points of the parent's own best pairing, whatever the others need. `fits` counts the
    partners no hard stop excludes, `stopped` the others by reason. `problem` tells why accepting was refused.
    `replaces` is the running match that ends when the line is accepted.
    """

    plan = WallKey(Plan, related_name="lines")
    referral = WallKey(Referral, related_name="plan_lines")
    position = models.PositiveIntegerField()
    waiting_since = models.DateField()
    partner = WallKey(ParentPartner, null=True, blank=True, related_name="plan_lines")
    advised = WallKey(ParentPartner, null=True, blank=True, related_name="advised_lines")
    score = models.JSONField(default=dict, blank=True)
    best_total = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    fits = models.PositiveIntegerField(default=0)
    stopped = models.JSONField(default=dict, blank=True)
    is_taken_off = models.BooleanField(default=False)
    problem = models.TextField(blank=True)
    match = WallKey(Match, null=True, blank=True, related_name="plan_lines")
    replaces = WallKey(Match, null=True, blank=True, related_name="replaced_in")

    personal = {
        "score": "parts of the suggestion", "best_total": "parts of the suggestion",
        "stopped": "why partners are excluded", "problem": "why a pairing is not possible",
    }  # fmt: skip
    harmless = {
        "id", "site", "plan", "referral", "position", "waiting_since", "partner", "advised", "fits", "is_taken_off",
        "match", "replaces",
    }  # fmt: skip

    objects = SiteManager.from_queryset(PlanLines)()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["site", "plan", "referral"], name="planline_referral_once"),
            models.CheckConstraint(
                condition=Q(match=None) | Q(partner__isnull=False, is_taken_off=False),
                name="planline_proposed_with_partner",
            ),
        ]

    @property
    def cost(self) -> Decimal | None:
        """Points the plan costs this parent against their own best; None where nobody is planned."""
        if not self.score or self.best_total is None:
            return None
        return max(Decimal(0), self.best_total - Decimal(self.score["total"]))


def place_key(place: str) -> str:
    """A place as it is compared: without regard to case, outer blanks and doubled ones."""
    return " ".join(place.split()).casefold()


class PlaceDistances(SiteQuerySet):
    def visible_to(self, access) -> PlaceDistances:
        return self.all() if "match.suggest" in access else self.none()


@keep_history
class PlaceDistance(SiteModel):
    """How far two places of the site lie apart, as a coordinator knows it; both ways at once.

    `one` and `other` are `place_key`s in alphabetical order. No home address is ever needed (`domain.md` 5.3).
    """

    one = models.CharField(max_length=60)
    other = models.CharField(max_length=60)
    miles = models.PositiveSmallIntegerField()

    harmless = {"id", "site", "one", "other", "miles"}

    objects = SiteManager.from_queryset(PlaceDistances)()

    class Meta:
        ordering = ["one", "other"]
        constraints = [
            models.UniqueConstraint(fields=["site", "one", "other"], name="place_pair_once"),
            models.CheckConstraint(condition=~Q(one=F("other")), name="place_pair_differs"),
        ]
