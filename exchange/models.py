"""Lists that were taken out of the product as files."""

from __future__ import annotations

import datetime as dt

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, SiteQuerySet

KEEP_FOR = dt.timedelta(days=7)


class Exports(SiteQuerySet):
    def visible_to(self, access) -> Exports:
        """A person sees the exports they asked for, as long as they may export."""
        return self.filter(asked_by=access.person) if "export.run" in access else self.none()

    def over(self, now: dt.datetime) -> Exports:
        """Expired, with a file that is still there."""
        return self.filter(expires_at__lte=now).exclude(content=b"")


WRITTEN_ONCE = (
    "IF OLD.made_at IS NOT NULL AND (ROW(OLD.made_at, OLD.expires_at, OLD.sha256, OLD.row_count, OLD.family_ids)"
    " IS DISTINCT FROM ROW(NEW.made_at, NEW.expires_at, NEW.sha256, NEW.row_count, NEW.family_ids)"
    " OR NEW.content <> '' AND NEW.content <> OLD.content)"
    " THEN RAISE EXCEPTION 'An export is written once' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)


class Export(SiteModel):
    """One list somebody asked for as a file: what, why, and for some days the file itself (docs/adr/0019).

    The row stays; `content` is emptied once `expires_at` has passed. `filters` is the list's query string.
    `family_ids` are the families in the file, so that it is handed out only while the person may see them all.
    """

    class Kind(models.TextChoices):
        XLSX = "xlsx", "Excel workbook"
        CSV = "csv", "CSV table"

    what = models.CharField("list", max_length=20)
    kind = models.CharField("kind of file", max_length=4, choices=Kind, default=Kind.XLSX)
    filters = models.TextField(blank=True)
    reason = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    row_count = models.PositiveIntegerField(null=True)
    family_ids = ArrayField(models.UUIDField(), default=list)
    content = models.BinaryField(default=b"")
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    personal = {
        "filters": "may hold a name that was searched for", "reason": "free text", "content": "rows of a list",
        "family_ids": "who is in the file",
    }  # fmt: skip
    harmless = {
        "id", "site", "what", "kind", "asked_by", "asked_at", "row_count", "sha256", "made_at", "expires_at",
    }  # fmt: skip

    objects = SiteManager.from_queryset(Exports)()

    class Meta:
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["site", "asked_by", "asked_at"], name="export_site_person")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="export_with_reason",
                violation_error_message="Say what the export is for.",
            ),
            models.CheckConstraint(
                condition=Q(made_at=None, expires_at=None, content=b"")
                | Q(made_at__isnull=False, expires_at__isnull=False),
                name="export_file_with_expiry",
            ),
            without_ssn("export", "reason"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="written_once", when=pgtrigger.Before, operation=pgtrigger.Update, func=WRITTEN_ONCE
            )
        ]

    @property
    def is_ready(self) -> bool:
        """Whether the file can be downloaded now."""
        return self.expires_at is not None and self.expires_at > timezone.now()

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and not self.is_ready
