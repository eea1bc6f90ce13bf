"""The family itself, and who may see the rows that lead to one."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, SiteQuerySet, WallKey
from families.codes import CourtTrack, FamilyStatus


class FamilyScopedRows(SiteQuerySet):
    """Rows that lead to a family. Who sees all families sees them all; a parent partner only those matched now.

    Nobody sees a row of a family they have a declared tie to (docs/adr/0017): `beyond_ties` holds it here, so a
    room that narrows otherwise begins with `self.beyond_ties(access)`.
    """

    to_family = "family"

    def visible_to(self, access) -> Self:
        if access.sees_all_families:
            return self.beyond_ties(access)
        if "family.view" in access:
            return self.filter(**{f"{self.to_family}__in": Family.objects.mentored_by(access.person)})
        return self.none()

    def beyond_ties(self, access) -> Self:
        """Without rows of families this person has a declared tie to; rows without a family stay."""
        return self.filter(~_tied(access.person, self.to_family))


class Families(SiteQuerySet):
    def visible_to(self, access) -> Families:
        if access.sees_all_families:
            return self.filter(~_tied(access.person, "pk"))
        return self.mentored_by(access.person) if "family.view" in access else self.none()

    def mentored_by(self, person) -> Families:
        """Families with a parent whose match with this person's parent partner is running today; no tied ones."""
        mentored = self.filter(parents__matches__in=_current_matches(person))
        return mentored.filter(~_tied(person, "pk")).distinct()


def _tied(person, to_family: str) -> Exists:
    """Whether this person has a tie standing to the row's family; a part of the same query, never one more."""
    ties = Family._meta.get_field("ties").related_model
    return Exists(ties.objects.tying(person).filter(family=OuterRef(to_family)))


def _current_matches(person):
    # The match lives in a room above; its rows are asked for by the reverse name, so no import points up.
    parents = Family._meta.get_field("parents").related_model
    matches = parents._meta.get_field("matches").related_model
    return matches.objects.running().filter(partner__person=person)


class Unmerged(SiteManager):
    """Leaves out rows that were merged into another: nobody lists, finds, picks or counts an emptied record."""

    def get_queryset(self):
        return super().get_queryset().filter(merged_into=None)


@keep_history
class Family(SiteModel):
    """A family known to one site. `number` is shown as F-0142; `source_id` is the site's own id."""

    number = models.PositiveIntegerField(editable=False)
    source_id = models.CharField("site's own id", max_length=40, blank=True)
    court_tracks = ArrayField(models.CharField(max_length=30, choices=CourtTrack), default=list, blank=True)
    state_case_id = models.CharField("eWiSACWIS case id", max_length=20, blank=True)
    notes = models.TextField(blank=True)
    is_sealed = models.BooleanField(default=False)
    merged_into = WallKey("self", null=True, blank=True, editable=False, related_name="merged_records")
    created_at = models.DateTimeField(auto_now_add=True)

    personal = {
        "source_id": "pseudonym",
        "court_tracks": "court",
        "state_case_id": "case id",
        "notes": "free text",
    }
    harmless = {"id", "site", "number", "is_sealed", "merged_into", "created_at"}

    objects = Unmerged.from_queryset(Families)()
    with_merged = SiteManager.from_queryset(Families)()

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "families"
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="family_number_once"),
            models.UniqueConstraint(
                fields=["site", "source_id"], condition=~Q(source_id=""), name="family_source_id_once"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="family_not_into_itself"
            ),
            without_ssn("family", "notes"),
        ]

    def __str__(self) -> str:
        return self.reference

    @classmethod
    def merged_away(cls) -> list[tuple[Family, UUID]]:
        """Emptied records with an id of the site's own, and the id of the record kept in the end."""
        return ends_of(cls.with_merged.exclude(merged_into=None))

    @property
    def reference(self) -> str:
        return f"F-{self.number:04d}"

    @property
    def towns(self) -> str:
        """Where the parents live, each town once."""
        return ", ".join(dict.fromkeys(p.municipality for p in self.parents.all() if p.municipality))

    @property
    def status_label(self) -> str:
        """Words for the `status` that `families.listing.with_status` adds."""
        return FamilyStatus(self.status).label


def ends_of(emptied) -> list[tuple]:
    """Each emptied record with the id of the one kept in the end, along a chain of merges."""
    next_one = {row.pk: row.merged_into_id for row in emptied}

    def end(pk: UUID) -> UUID:
        return end(next_one[pk]) if pk in next_one else pk

    return [(row, end(row.pk)) for row in emptied if row.source_id]
