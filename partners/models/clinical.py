"""Monthly clinical support: who provides it, and when it is planned. What is said there is never stored."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncMonth

from audit.history import keep_history
from counties.wall import SiteManager, SiteModel, SiteQuerySet, WallKey
from counties.wall.rules import not_in_future
from partners.models.sessions import SupportSession

ALERT_FROM_DAY = 25
"""Day of the month from which a missing clinical support is pointed out (`domain.md` 13)."""


class Licence(models.TextChoices):
    """Wisconsin licences of mental health providers."""

    LPC = "lpc", "Professional counselor (LPC)"
    LCSW = "lcsw", "Clinical social worker (LCSW)"
    LMFT = "lmft", "Marriage and family therapist (LMFT)"
    PSYCHOLOGIST = "psychologist", "Psychologist"
    PSYCHIATRIST = "psychiatrist", "Psychiatrist"
    NURSE = "nurse", "Psychiatric nurse practitioner"
    OTHER = "other", "Other licence"


class RecorderRows(SiteQuerySet):
    def visible_to(self, access) -> RecorderRows:
        """For those who keep attendance: coordinators and clinical support."""
        return self.all() if "session.record" in access else self.none()


@keep_history
class ClinicalProvider(SiteModel):
    """A licensed mental health provider of the site. `ended_on` is the first day they no longer provide support."""

    name = models.CharField(max_length=120)
    licence = models.CharField(max_length=16, choices=Licence)
    licence_number = models.CharField(max_length=40)
    licence_expires_on = models.DateField("licence valid until")
    verified_on = models.DateField("licence seen on")
    verified_by = models.CharField("seen by", max_length=80)
    ended_on = models.DateField("no longer from", null=True, blank=True)

    personal = {"name": "name", "licence_number": "licence", "verified_by": "name"}
    harmless = {"id", "site", "licence", "licence_expires_on", "verified_on", "ended_on"}

    objects = SiteManager.from_queryset(RecorderRows)()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "licence", "licence_number"], name="provider_licence_once"
            ),
        ]
        triggers = [not_in_future("verified_on")]

    def __str__(self) -> str:
        return self.name

    def is_licensed_on(self, day: dt.date) -> bool:
        """The licence is valid on the day; the last day counts."""
        return self.licence_expires_on >= day


class ClinicalMonths(RecorderRows):
    def missing_on(self, day: dt.date) -> ClinicalMonths:
        """The month of the day, from the 25th on, as long as no clinical support is recorded in it."""
        if day.day < ALERT_FROM_DAY:
            return self.none()
        return self.filter(month=day.replace(day=1)).filter(~Exists(_held(OuterRef("month"))))


def _held(month: object) -> models.QuerySet:
    sessions = SupportSession.objects.standing().filter(kind=SupportSession.Kind.CLINICAL)
    return sessions.annotate(in_month=TruncMonth("held_on")).filter(in_month=month)


@keep_history
class ClinicalMonth(SiteModel):
    """The plan of one month's clinical support; the session itself is recorded when it was held."""

    month = models.DateField(help_text="First day of the month.")
    planned_on = models.DateField("planned for", null=True, blank=True)
    planned_at = models.TimeField("at", null=True, blank=True)
    provider = WallKey(ClinicalProvider, null=True, blank=True, related_name="months")

    harmless = {"id", "site", "month", "planned_on", "planned_at", "provider"}

    objects = SiteManager.from_queryset(ClinicalMonths)()

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["site", "month"], name="clinical_month_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="clinical_month_first_day"),
        ]

    @property
    def reference(self) -> str:
        return f"{self.month:%B %Y}"
