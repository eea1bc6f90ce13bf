"""The signed form of a consent: kept in a walled table like every file (docs/adr/0004)."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from counties.kept_files import LARGEST_FILE, KeptFile
from counties.wall import SiteManager, WallKey
from families.models.consents import Consent
from families.models.family import FamilyScopedRows


class ConsentFiles(FamilyScopedRows):
    to_family = "consent__parent__family"

    def visible_to(self, access) -> ConsentFiles:
        return self.beyond_ties(access) if "consent.record" in access else self.none()


class ConsentFile(KeptFile):
    """The signed form of a consent."""

    consent = WallKey(Consent, related_name="files")

    personal = {"content": "signed form with name and signature"}
    harmless = {"id", "site", "consent", "kind", "size", "sha256", "added_by", "added_at"}

    objects = SiteManager.from_queryset(ConsentFiles)()

    class Meta:
        ordering = ["added_at"]
        indexes = [models.Index(fields=["site", "consent"], name="consentfile_site_consent")]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "consent", "sha256"],
                name="consent_file_once",
                violation_error_message="This very file is kept with the consent already.",
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0, size__lte=LARGEST_FILE), name="consent_file_at_most_10_mb"
            ),
        ]
        triggers = [pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)]
