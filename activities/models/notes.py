"""Who reads what an earlier parent partner wrote (docs/adr/0026)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, WallKey
from counties.wall.rules import said_once
from families.models import FamilyScopedRows
from matching.models import Match


class Kept(models.TextChoices):
    """Why somebody who sees an entry does not read its words; the label is what they read in their place."""

    EARLIER = "earlier", "Note kept by an earlier parent partner; a coordinator can open it."
    OTHER_PARENT = (
        "other_parent",
        "Note about the other parent; that parent’s partner and coordinators read it.",
    )


def kept_from(access, *, parent: str, day: str, own: Q) -> Case | Value:
    """For each row why its words are kept from this person, a code of `Kept`, or empty: they read them.

    Coordinators read all. A parent partner reads what is their `own`, and of a parent matched with them what is
    dated (`day`) from the match's beginning on; what is older only when a coordinator opened it for that match.
    """
    if access.sees_all_families:
        return Value("")
    mine = Match.objects.running().filter(partner__person=access.person, parent=OuterRef(parent))
    opened = Exists(NoteOpening.objects.standing().filter(match=OuterRef("pk")))
    reads = Exists(mine.filter(Q(starts_on__lte=OuterRef(day)) | opened))
    return Case(
        When(own | reads, then=Value("")),
        When(Exists(mine), then=Value(Kept.EARLIER)),
        default=Value(Kept.OTHER_PARENT),
        output_field=models.CharField(),
    )


class NoteOpenings(FamilyScopedRows):
    to_family = "match__parent__family"

    def visible_to(self, access) -> NoteOpenings:
        return self.beyond_ties(access) if "note.open" in access else self.none()

    def standing(self) -> NoteOpenings:
        return self.filter(closed_at=None)


@keep_history
class NoteOpening(SiteModel):
    """A coordinator lets the parent partner of one match read what was written before it began.

    It ends with the match, or when a coordinator takes it back; a later match begins with everything kept again.
    """

    match = WallKey(Match, related_name="note_openings")
    reason = models.CharField(max_length=200)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    close_reason = models.CharField(max_length=200, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    personal = {"reason": "free text", "close_reason": "free text"}
    harmless = {"id", "site", "match", "opened_by", "opened_at", "closed_by", "closed_at"}

    objects = SiteManager.from_queryset(NoteOpenings)()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            without_ssn("noteopening", "reason"),
            without_ssn("noteopening", "close_reason"),
            models.CheckConstraint(condition=~Q(reason=""), name="opening_with_reason"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, close_reason="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(close_reason="")),
                name="opening_closed_with_who_and_why",
            ),
            models.UniqueConstraint(
                fields=["site", "match"], condition=Q(closed_at=None), name="opening_one_per_match"
            ),
        ]
        triggers = [said_once("closed_at")]
