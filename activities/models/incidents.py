"""Incidents (`domain.md` 10.6)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from activities.codes import (
    IncidentType,
)
from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, WallKey
from families.models import Family, FamilyScopedRows
from partners.models import ParentPartner


class Incidents(FamilyScopedRows):
    def visible_to(self, access) -> Incidents:
        """Coordinators only; who made a mandated report is protected (`domain.md` 10.6)."""
        return self.beyond_ties(access) if "incident.view" in access else self.none()


@keep_history
class Incident(SiteModel):
    """Something that had to be noted. A mandated report keeps date, time, agency and maker, nothing else."""

    kind = models.CharField(max_length=24, choices=IncidentType)
    happened_at = models.DateTimeField()
    agency = models.CharField("agency called", max_length=80, blank=True)
    family = WallKey(Family, null=True, blank=True, related_name="incidents")
    partner = WallKey(ParentPartner, null=True, blank=True, related_name="incidents")
    what_happened = models.TextField(blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    is_struck = models.BooleanField(default=False)

    personal = {
        "kind": "incident", "agency": "agency", "family": "who", "partner": "who", "what_happened": "free text",
        "recorded_by": "reporter", "happened_at": "when",
    }  # fmt: skip
    harmless = {"id", "site", "recorded_at", "is_struck"}

    objects = SiteManager.from_queryset(Incidents)()

    class Meta:
        ordering = ["-happened_at"]
        indexes = [models.Index(fields=["site", "-happened_at"], name="incident_site_at")]
        constraints = [
            without_ssn("incident", "what_happened"),
            models.CheckConstraint(
                condition=~Q(kind="mandated_report_made") | Q(what_happened="", family=None, partner=None),
                name="incident_report_without_story",
                violation_error_message="For a mandated report keep only date, time, agency and who made it.",
            ),
        ]
