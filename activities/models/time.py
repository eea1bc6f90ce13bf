"""Hours of a parent partner's other work."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from activities.codes import (
    TimeKind,
)
from audit.history import keep_history
from counties.wall import SiteManager, SiteModel, SiteQuerySet, WallKey
from counties.wall.rules import not_in_future
from partners.models import ParentPartner


class TimeEntries(SiteQuerySet):
    def visible_to(self, access) -> TimeEntries:
        """A parent partner's own, a coordinator's whole site."""
        if "contact.log" not in access:
            return self.none()
        return self.all() if access.sees_all_families else self.filter(partner__person=access.person)

    def standing(self) -> TimeEntries:
        return self.filter(is_struck=False)


@keep_history
class TimeEntry(SiteModel):
    """Time without a family: recruitment, training, councils, travel and the like. No figure counts it.

    The id may be made on the phone, so a double tap is one entry. Minutes 1 to 720, as of a contact (V06).
    """

    partner = WallKey(ParentPartner, related_name="time_entries")
    kind = models.CharField(max_length=24, choices=TimeKind)
    held_on = models.DateField("day")
    minutes = models.PositiveSmallIntegerField()
    is_struck = models.BooleanField(default=False)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    personal = {"kind": "work of a staff member"}
    harmless = {"id", "site", "partner", "held_on", "minutes", "is_struck", "entered_by", "entered_at"}

    objects = SiteManager.from_queryset(TimeEntries)()

    class Meta:
        ordering = ["-held_on", "-entered_at"]
        verbose_name_plural = "time entries"
        indexes = [models.Index(fields=["site", "partner", "held_on"], name="time_site_partner")]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__range=(1, 720)),
                name="time_minutes",
                violation_error_message="Enter 1 to 720 minutes.",
            ),
        ]
        triggers = [not_in_future("held_on")]
