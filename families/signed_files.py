"""The signed form of a consent."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from audit.record import record
from counties.kept_files import NotAKeptFile, read_scan
from families.models import Consent, ConsentFile


@transaction.atomic
def add_signed_file(*, consent: Consent, signed_file: UploadedFile, by: User) -> ConsentFile:
    """Keep the signed form with its consent.

    Raises:
        NotAKeptFile: by its field; nothing is kept.
    """
    facts = read_scan("signed_file", signed_file)
    if consent.files.filter(sha256=facts["sha256"]).exists():
        raise NotAKeptFile({"signed_file": "This very file is kept with the consent already."})
    file = ConsentFile.objects.create(site_id=consent.site_id, consent=consent, added_by=by, **facts)
    parent = consent.parent
    record("consent_file.added", parent.family, parent, consent, file, file_kind=file.kind, actor_id=by.pk)
    return file
