"""Two records of one family, of one parent or of one child made one; enough is kept to take them apart again."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, WallKey
from counties.wall.rules import said_once
from families.models.family import Family, FamilyScopedRows


class Merges(FamilyScopedRows):
    to_family = "kept"

    def standing(self) -> Merges:
        """Not undone."""
        return self.filter(undone_at=None)

    def visible_to(self, access) -> Merges:
        return self.beyond_ties(access) if "family.merge" in access else self.none()


@keep_history
class Merge(SiteModel):
    """One act of merging. `moved` lists, per table and key, the rows that changed hands; `filled` what was blank.

    `moved`: `[{"model", "column", "from", "to", "ids"}]` in the order it was done. `filled`: `[{"model", "id",
    "column", "old", "new"}]`. `parents`, `children`: pairs of emptied and kept record.
    """

    kept = WallKey(Family, related_name="merges")
    emptied = WallKey(Family, null=True, blank=True, related_name="merged_by")
    parents = models.JSONField(default=list)
    children = models.JSONField(default=list)
    moved = models.JSONField(default=list)
    filled = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    reason = models.CharField(max_length=200)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    personal = {"filled": "facts taken over from the emptied record", "reason": "free text"}
    harmless = {
        "id", "site", "kept", "emptied", "parents", "children", "moved", "merged_by", "merged_at", "undone_by",
        "undone_at",
    }  # fmt: skip

    objects = SiteManager.from_queryset(Merges)()

    class Meta:
        ordering = ["-merged_at", "-id"]
        indexes = [models.Index(fields=["site", "kept"], name="merge_site_kept")]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="merge_undone_by_somebody",
            ),
            without_ssn("merge", "reason"),
        ]
        triggers = [said_once("undone_at")]
