"""Where a child lived during a removal (`domain.md` 4.1, V05)."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.models.people import DateSpan
from counties.wall import SiteManager, SiteModel, WallKey
from counties.wall.rules import not_in_future, refuse_when
from families.codes import PlacementSetting
from families.models.episodes import RemovalEpisode
from families.models.family import FamilyScopedRows


class PlacementSpells(FamilyScopedRows):
    to_family = "episode__child__family"

    def standing(self) -> PlacementSpells:
        """Those not struck out."""
        return self.filter(is_struck=False)


@keep_history
class PlacementSpell(SiteModel):
    """One setting of a removal, from its first day to the day the child left it; an open one lasts to the discharge."""

    episode = WallKey(RemovalEpisode, related_name="placements")
    setting = models.CharField("where the child lived", max_length=30, choices=PlacementSetting)
    setting_other = models.CharField("another setting", max_length=60, blank=True)
    started_on = models.DateField("first day")
    ended_on = models.DateField("day the child left", null=True, blank=True)
    counts_as_placement = models.BooleanField(default=True)
    is_struck = models.BooleanField(default=False)

    personal = {
        "setting": "child welfare", "setting_other": "child welfare", "started_on": "child welfare",
        "ended_on": "child welfare", "counts_as_placement": "child welfare",
    }  # fmt: skip
    harmless = {"id", "site", "episode", "is_struck"}

    objects = SiteManager.from_queryset(PlacementSpells)()

    class Meta:
        verbose_name = "placement"
        ordering = ["started_on"]
        indexes = [models.Index(fields=["site", "episode"], name="placement_site_episode")]
        constraints = [
            without_ssn("placementspell", "setting_other"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gt=F("started_on")),
                name="v05_placement_ends_after_start",
                violation_error_message="V05: a placement ends after its first day.",
            ),
            models.CheckConstraint(
                condition=~Q(setting=PlacementSetting.OTHER) | ~Q(setting_other=""),
                name="placement_other_is_named",
                violation_error_message="Say which other setting it was.",
            ),
            ExclusionConstraint(
                name="v05_placements_do_not_overlap",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    ("episode", RangeOperators.EQUAL),
                    (DateSpan("started_on", "ended_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(is_struck=False),
                violation_error_message="V05: this overlaps another placement of the same removal.",
            ),
        ]
        triggers = [
            not_in_future("started_on", "ended_on"),
            refuse_when(
                "v05_inside_episode",
                declare="removed date; left_on date;",
                lookup="SELECT removed_on, coalesce(discharged_on, 'infinity') INTO removed, left_on"
                " FROM families_removalepisode WHERE id = NEW.episode_id;",
                when="NOT NEW.is_struck AND (NEW.started_on < removed OR NEW.started_on > left_on"
                " OR NEW.ended_on > left_on)",
                message="V05: the placement lies outside its removal",
            ),
            refuse_when(
                "v05_first_on_removal",
                declare="removed date; earlier boolean;",
                lookup="SELECT removed_on INTO removed FROM families_removalepisode WHERE id = NEW.episode_id;"
                " SELECT EXISTS (SELECT FROM families_placementspell o WHERE o.episode_id = NEW.episode_id"
                " AND o.id <> NEW.id AND NOT o.is_struck AND o.started_on < NEW.started_on) INTO earlier;",
                when="NOT NEW.is_struck AND NEW.started_on <> removed AND NOT earlier",
                message="V05: the first placement begins on the removal date",
            ),
        ]

    def __str__(self) -> str:
        return self.setting_other or self.get_setting_display()
