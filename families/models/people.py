"""Parents and children of a family."""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from audit.history import keep_history
from counties.codes import Experience, Gender, Language
from counties.wall import SiteManager, SiteModel, WallKey
from counties.wall.rules import not_in_future, refuse_when
from families.codes import Answer, CaseType, Race
from families.models.family import Family, FamilyScopedRows, Unmerged, ends_of


class Parents(FamilyScopedRows):
    pass


@keep_history
class Parent(SiteModel):
    """A parent of a family. Blank means unknown; nothing is ever inferred (`domain.md` 8.1, 10.4)."""

    family = WallKey(Family, related_name="parents")
    source_id = models.CharField("site's own id", max_length=40, blank=True)
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    gender = models.CharField(max_length=12, choices=Gender, blank=True)
    races = ArrayField(models.CharField(max_length=10, choices=Race), default=list, blank=True)
    hispanic = models.CharField("Hispanic origin", max_length=10, choices=Answer, blank=True)
    language = models.CharField("preferred language", max_length=8, blank=True)
    needs_interpreter = models.CharField("interpreter", max_length=10, choices=Answer, blank=True)
    tribal_connection = models.CharField(
        "tribal connection reported", max_length=10, choices=Answer, blank=True
    )
    tribe = models.CharField(max_length=80, blank=True)
    municipality = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    case_type = models.CharField(max_length=20, choices=CaseType, blank=True)
    shared_experience = ArrayField(
        models.CharField(max_length=30, choices=Experience), default=list, blank=True
    )
    prefers_gender = models.CharField("prefers a partner who is", max_length=12, choices=Gender, blank=True)
    prefers_culture = models.CharField("prefers a partner of this culture", max_length=60, blank=True)
    merged_into = WallKey("self", null=True, blank=True, editable=False, related_name="merged_records")

    personal = {
        "source_id": "pseudonym", "first_name": "name", "last_name": "name", "date_of_birth": "birth date",
        "gender": "gender", "races": "race", "hispanic": "ethnicity", "language": "language",
        "needs_interpreter": "language", "tribal_connection": "tribal connection", "tribe": "tribal connection",
        "municipality": "residence", "phone": "phone", "email": "address", "case_type": "child welfare",
        "shared_experience": "own history, as the parent chose to tell", "prefers_gender": "preference",
        "prefers_culture": "preference",
    }  # fmt: skip
    harmless = {"id", "site", "family", "merged_into"}

    objects = Unmerged.from_queryset(Parents)()
    with_merged = SiteManager.from_queryset(Parents)()

    class Meta:
        ordering = ["last_name", "first_name"]
        indexes = [
            models.Index(fields=["site", "family"], name="parent_site_family"),
            models.Index(fields=["site", "last_name", "first_name"], name="parent_site_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "source_id"], condition=~Q(source_id=""), name="parent_source_id_once"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="parent_not_into_itself"
            ),
        ]
        triggers = [not_in_future("date_of_birth")]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @classmethod
    def merged_away(cls) -> list[tuple[Parent, UUID]]:
        """Emptied records with an id of the site's own, and the id of the record kept in the end."""
        return ends_of(cls.with_merged.exclude(merged_into=None))

    def get_language_display(self) -> str:
        return dict(Language.choices).get(self.language, self.language)


class Children(FamilyScopedRows):
    pass


@keep_history
class Child(SiteModel):
    """A child of a family."""

    family = WallKey(Family, related_name="children")
    source_id = models.CharField("site's own id", max_length=40, blank=True)
    first_name = models.CharField(max_length=60)
    date_of_birth = models.DateField(null=True, blank=True)
    merged_into = WallKey("self", null=True, blank=True, editable=False, related_name="merged_records")

    personal = {"source_id": "pseudonym", "first_name": "name", "date_of_birth": "birth date"}
    harmless = {"id", "site", "family", "merged_into"}

    objects = Unmerged.from_queryset(Children)()
    with_merged = SiteManager.from_queryset(Children)()

    class Meta:
        ordering = ["date_of_birth", "first_name"]
        verbose_name_plural = "children"
        indexes = [models.Index(fields=["site", "family"], name="child_site_family")]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "source_id"], condition=~Q(source_id=""), name="child_source_id_once"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="child_not_into_itself"
            ),
        ]
        triggers = [
            not_in_future("date_of_birth"),
            refuse_when(
                "v01_birth_before_removals",
                declare="first_removal date;",
                lookup="SELECT min(removed_on) INTO first_removal FROM families_removalepisode"
                " WHERE child_id = NEW.id;",
                when="NEW.date_of_birth > first_removal",
                message="V01: the date of birth is after a removal date",
            ),
        ]

    def __str__(self) -> str:
        return self.first_name

    @classmethod
    def merged_away(cls) -> list[tuple[Child, UUID]]:
        """Emptied records with an id of the site's own, and the id of the record kept in the end."""
        return ends_of(cls.with_merged.exclude(merged_into=None))
