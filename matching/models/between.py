"""What stands between two people, how far places lie apart, and what counts how much in a score."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, SiteQuerySet, WallKey
from counties.wall.rules import said_once
from families.models import FamilyScopedRows, Parent
from partners.models import ParentPartner


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
        triggers = [said_once("lifted_at")]


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


class ScoreWeightsRows(SiteQuerySet):
    def visible_to(self, access) -> ScoreWeightsRows:
        return self.all() if "match.suggest" in access else self.none()

    def present(self) -> ScoreWeights:
        """The site's own weights, otherwise those of `domain.md` 5.3."""
        own: Any = self.first()
        return own or ScoreWeights()


def _points(of: int, label: str | None = None) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, default=of, validators=[MaxValueValidator(100)])


@keep_history
class ScoreWeights(SiteModel):
    """How many of the 100 points of a score each criterion is worth at this site; one row, or none for the defaults."""

    language = _points(30)
    experience = _points(25, "shared experience")
    availability = _points(15)
    culture = _points(10)
    gender = _points(10)
    distance = _points(10)

    CRITERIA = ("language", "experience", "availability", "culture", "gender", "distance")

    harmless = {"id", "site", "language", "experience", "availability", "culture", "gender", "distance"}

    objects = SiteManager.from_queryset(ScoreWeightsRows)()

    class Meta:
        verbose_name_plural = "score weights"
        constraints = [
            models.UniqueConstraint(fields=["site"], name="scoreweights_once"),
            models.CheckConstraint(
                condition=Q(
                    language=100
                    - F("experience")
                    - F("availability")
                    - F("culture")
                    - F("gender")
                    - F("distance")
                ),
                name="scoreweights_make_100",
                violation_error_message="The six numbers must add up to 100.",
            ),
        ]
