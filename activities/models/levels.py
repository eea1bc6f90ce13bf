"""The intensity of contact (`domain.md` 5.5)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from activities.codes import (
    Level,
)
from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, WallKey
from counties.wall.rules import not_in_future
from families.models import FamilyScopedRows
from referrals.models import Enrollment


class LevelChanges(FamilyScopedRows):
    to_family = "enrollment__family"


@keep_history
class LevelChange(SiteModel):
    """A change of contact intensity; the day itself counts at the new level, before any row it is 1."""

    enrollment = WallKey(Enrollment, related_name="level_changes")
    level = models.PositiveSmallIntegerField(choices=Level)
    changed_on = models.DateField("date")
    reason = models.CharField(max_length=200)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    personal = {"reason": "free text"}
    harmless = {"id", "site", "enrollment", "level", "changed_on", "changed_by"}

    objects = SiteManager.from_queryset(LevelChanges)()

    class Meta:
        ordering = ["changed_on"]
        constraints = [
            without_ssn("levelchange", "reason"),
            models.UniqueConstraint(fields=["site", "enrollment", "changed_on"], name="level_one_per_day"),
            models.CheckConstraint(condition=Q(level__range=(1, 4)), name="level_1_to_4"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="level_with_reason",
                violation_error_message="A level change needs a reason.",
            ),
        ]
        triggers = [not_in_future("changed_on")]
