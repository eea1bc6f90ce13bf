"""The signed form of a consent: kept in a walled table like every file (docs/adr/0004)."""

from __future__ import annotations

from django.db import models

from counties.kept_files import KeptFile, kept_with
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

    class Meta(KeptFile.Meta):
        indexes = [models.Index(fields=["site", "consent"], name="consentfile_site_consent")]
        constraints = kept_with("consent", "consent_file", "This very file is kept with the consent already.")
