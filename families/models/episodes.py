"""Removals of a child, from removal to discharge (`domain.md` V01 to V05)."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from audit.history import keep_history
from counties.models.people import DateSpan
from counties.wall import SiteManager, SiteModel, WallKey
from counties.wall.rules import not_in_future, refuse_when
from families.codes import DischargeReason
from families.models.family import FamilyScopedRows
from families.models.people import Child


class RemovalEpisodes(FamilyScopedRows):
    to_family = "child__family"


class OfKeptChildren(SiteManager):
    """Leaves out what stayed with a child's emptied record, because the kept one holds the same removal."""

    def get_queryset(self) -> RemovalEpisodes:
        return super().get_queryset().filter(child__merged_into=None)


@keep_history
class RemovalEpisode(SiteModel):
    """From removal to discharge of a child. Typed or imported, so it carries its source (`domain.md` 4.2)."""

    class Source(models.TextChoices):
        TYPED = "typed", "Typed by staff"
        IMPORTED = "imported", "From the site's spreadsheets"
        COUNTY = "county_file", "From a county file"

    child = WallKey(Child, related_name="removal_episodes")
    removed_on = models.DateField("removal date")
    trial_reunification_on = models.DateField("trial reunification from", null=True, blank=True)
    discharged_on = models.DateField("discharge date", null=True, blank=True)
    discharge_reason = models.CharField(max_length=20, choices=DischargeReason, blank=True)
    source = models.CharField(max_length=12, choices=Source, default=Source.TYPED)
    verified_on = models.DateField(null=True, blank=True)

    personal = {
        "removed_on": "child welfare", "trial_reunification_on": "child welfare", "discharged_on": "child welfare",
        "discharge_reason": "child welfare",
    }  # fmt: skip
    harmless = {"id", "site", "child", "source", "verified_on"}

    objects = OfKeptChildren.from_queryset(RemovalEpisodes)()

    class Meta:
        ordering = ["-removed_on"]
        indexes = [models.Index(fields=["site", "removed_on"], name="episode_site_removed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(discharged_on=None) | Q(discharged_on__gte=F("removed_on")),
                name="v01_discharge_after_removal",
                violation_error_message="V01: the discharge date is before the removal date.",
            ),
            models.CheckConstraint(
                condition=Q(discharged_on=None, discharge_reason="")
                | (Q(discharged_on__isnull=False) & ~Q(discharge_reason="")),
                name="v02_discharge_with_reason",
                violation_error_message="V02: a discharge date and its reason belong together.",
            ),
            models.CheckConstraint(
                condition=Q(trial_reunification_on=None)
                | (
                    Q(trial_reunification_on__gte=F("removed_on"))
                    & (Q(discharged_on=None) | Q(trial_reunification_on__lte=F("discharged_on")))
                ),
                name="v05_trial_inside_episode",
                violation_error_message="V05: the trial reunification lies outside the removal episode.",
            ),
            ExclusionConstraint(
                name="v04_episodes_do_not_overlap",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    ("child", RangeOperators.EQUAL),
                    (DateSpan("removed_on", "discharged_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="V04: this removal overlaps another one of the same child.",
            ),
        ]
        triggers = [
            not_in_future("removed_on", "discharged_on"),
            refuse_when(
                "v01_removal_after_birth",
                declare="born date;",
                lookup="SELECT date_of_birth INTO born FROM families_child WHERE id = NEW.child_id;",
                when="NEW.removed_on < born",
                message="V01: the removal date is before the date of birth",
            ),
            refuse_when(
                "v05_around_placements",
                declare="outside boolean;",
                lookup="SELECT EXISTS (SELECT FROM families_placementspell p WHERE p.episode_id = NEW.id"
                " AND NOT p.is_struck AND (p.started_on < NEW.removed_on OR p.started_on > NEW.discharged_on"
                " OR p.ended_on > NEW.discharged_on)) INTO outside;",
                when="outside",
                message="V05: a placement lies outside this removal",
            ),
            # A removal that ends on its first day is an empty range, which the exclusion above cannot see.
            refuse_when(
                "v04_same_day_inside_another",
                declare="inside boolean;",
                lookup="SELECT EXISTS (SELECT FROM families_removalepisode o WHERE o.child_id = NEW.child_id"
                " AND o.id <> NEW.id AND o.removed_on < coalesce(NEW.discharged_on, 'infinity')"
                " AND NEW.removed_on < coalesce(o.discharged_on, 'infinity')) INTO inside;",
                when="inside",
                message="V04: this removal overlaps another one of the same child",
            ),
        ]
