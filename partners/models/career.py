"""Growth and well-being of a parent partner: milestones, credentials, seats, stipends, and a check of their own."""

from __future__ import annotations

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.db import models
from django.db.models import F, Q

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, SiteQuerySet, WallKey
from counties.wall.rules import not_in_future
from partners.models.partner import ParentPartner


class CareerEntries(SiteQuerySet):
    def visible_to(self, access) -> CareerEntries:
        """Coordinators see all, a parent partner their own."""
        return self.filter(partner__in=ParentPartner.objects.visible_to(access))

    def standing(self) -> CareerEntries:
        return self.filter(is_struck=False)


@keep_history
class CareerEntry(SiteModel):
    """A step in a parent partner's career (`domain.md` 13). `ends_on` is the first day it no longer holds.

    `amount` in dollars belongs to stipends alone, `milestone` to milestones alone.
    """

    class Kind(models.TextChoices):
        MILESTONE = "milestone", "Milestone"
        CREDENTIAL = "credential", "Credential"
        COMMITTEE = "committee", "Committee seat"
        STIPEND = "stipend", "Stipend"

    class Milestone(models.TextChoices):
        TRAINED = "trained", "Trained"
        SHADOWING = "shadowing", "Shadowing"
        SOLO = "solo", "On their own"
        LEAD = "lead", "Senior or lead"
        TRAINER = "trainer", "Trainer"
        COORDINATOR = "coordinator", "Coordinator"
        CHILD_WELFARE_JOB = "child_welfare_job", "Another job in child welfare"

    partner = WallKey(ParentPartner, related_name="career_entries")
    kind = models.CharField(max_length=12, choices=Kind)
    milestone = models.CharField(max_length=20, choices=Milestone, blank=True)
    words = models.CharField("what", max_length=120, blank=True)
    starts_on = models.DateField("date")
    ends_on = models.DateField("until", null=True, blank=True)
    amount = models.DecimalField("dollars", max_digits=8, decimal_places=2, null=True, blank=True)
    is_struck = models.BooleanField(default=False)

    personal = {
        "kind": "employment", "milestone": "employment", "words": "short free text", "amount": "pay",
    }  # fmt: skip
    harmless = {"id", "site", "partner", "starts_on", "ends_on", "is_struck"}

    objects = SiteManager.from_queryset(CareerEntries)()

    class Meta:
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["site", "partner"], name="career_site_partner")]
        constraints = [
            without_ssn("careerentry", "words"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="career_ends_after_start",
                violation_error_message="Choose a later day, or leave it blank.",
            ),
            models.CheckConstraint(
                condition=Q(kind="milestone", words="") & ~Q(milestone="")
                | ~Q(kind="milestone") & Q(milestone="") & ~Q(words=""),
                name="career_milestone_or_words",
                violation_error_message="Choose the milestone, or say in words what it is.",
            ),
            models.CheckConstraint(
                condition=Q(kind="stipend", amount__gt=0) | ~Q(kind="stipend") & Q(amount=None),
                name="career_amount_of_stipend",
                violation_error_message="A stipend has an amount; nothing else has.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_milestone_display() or self.words


STATEMENTS = (
    ("tired", "I feel worn out by what I hear", False),
    ("sleep", "I sleep well", True),
    ("talk", "I have somebody to talk with about this work", True),
    ("leave", "I can leave the work at work", True),
    ("meaning", "This work means something to me", True),
)
"""Name, words, and whether agreeing is good; each 1 (never) to 5 (always)."""
FEW = 5
"""Fewer who took part, or fewer who did not, are not told to the site."""


class WellnessChecks(SiteQuerySet):
    def visible_to(self, access) -> WellnessChecks:
        """The person's own, whatever other role anybody has."""
        return self.filter(partner__person=access.person)

    def taken_in(self, first: dt.date, end: dt.date) -> int:
        """How many parent partners took part in `[first, end)`; for `told_to_site` alone."""
        return self.filter(taken_on__gte=first, taken_on__lt=end).values("partner").distinct().count()


@keep_history
class WellnessCheck(SiteModel):
    """A voluntary check of one's own well-being; `points` 5 (hard times) to 25 (well) are for the person alone."""

    partner = WallKey(ParentPartner, related_name="wellness_checks")
    taken_on = models.DateField()
    points = models.PositiveSmallIntegerField()

    personal = {"points": "own health", "taken_on": "own health"}
    harmless = {"id", "site", "partner"}

    objects = SiteManager.from_queryset(WellnessChecks)()

    class Meta:
        ordering = ["-taken_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(points__range=(5, 25)), name="wellness_points_5_to_25"),
        ]
        triggers = [not_in_future("taken_on")]

    @property
    def words(self) -> str:
        if self.points >= 19:
            return "You seem to be carrying this well."
        if self.points >= 13:
            return "Some of it weighs on you. Supervision is a good place to say so."
        return "This is a lot to carry. You need not carry it alone: talk with somebody you trust this week."


def half_year(day: dt.date) -> tuple[dt.date, dt.date]:
    """First day of the half-year and of the next; fixed spans, so that two counts tell nothing about one person."""
    first = day.replace(month=1 if day.month <= 6 else 7, day=1)
    return first, first + relativedelta(months=6)


def told_to_site(day: dt.date) -> int | None:
    """How many took part in the last finished half-year; None when so few did, or did not, that it could tell who."""
    end, _ = half_year(day)
    first = end - relativedelta(months=6)
    team = (
        ParentPartner.objects.filter(starts_on__lt=end).filter(Q(ends_on=None) | Q(ends_on__gt=first)).count()
    )
    took = WellnessCheck.objects.taken_in(first, end)
    return took if took >= FEW and team - took >= FEW else None
