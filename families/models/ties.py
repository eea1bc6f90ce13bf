"""Who on the staff has a tie to a family and therefore neither opens nor finds it (docs/adr/0017)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, WallKey
from counties.wall.rules import said_once
from families.models.family import Family, FamilyScopedRows


class FamilyTies(FamilyScopedRows):
    def standing(self) -> FamilyTies:
        """Declared and not lifted."""
        return self.filter(lifted_at=None)

    def tying(self, person) -> FamilyTies:
        """Standing ties of one person."""
        return self.standing().filter(person=person)

    def visible_to(self, access) -> FamilyTies:
        """Coordinators, but nobody a tie to a family they are tied to themselves."""
        return self.beyond_ties(access) if "family.seal" in access else self.none()


@keep_history
class FamilyTie(SiteModel):
    """A person of the staff is related to, close to or involved with a family; lifted, never erased."""

    class Kind(models.TextChoices):
        RELATED = "related", "Related, or living in one household"
        PERSONAL = "personal", "Friend, neighbor or another close personal tie"
        BUSINESS = "business", "Employer, landlord or another business tie"
        CASE = "case", "Party, witness or worker in the same or a related case"
        OTHER = "other", "Another reason"

    family = WallKey(Family, related_name="ties")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    note = models.CharField(max_length=200, blank=True)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lift_reason = models.CharField(max_length=200, blank=True)

    personal = {
        "person": "who of the staff", "kind": "relationship", "note": "free text", "lift_reason": "free text",
    }  # fmt: skip
    harmless = {"id", "site", "family", "declared_by", "declared_at", "lifted_by", "lifted_at"}

    objects = SiteManager.from_queryset(FamilyTies)()

    class Meta:
        ordering = ["-declared_at"]
        indexes = [models.Index(fields=["site", "family"], name="tie_site_family")]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "person", "family"],
                condition=Q(lifted_at=None),
                name="tie_once",
                violation_error_message="This tie is declared already.",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
                name="tie_lifted_with_reason",
            ),
            without_ssn("familytie", "note"),
            without_ssn("familytie", "lift_reason"),
        ]
        triggers = [said_once("lifted_at")]
