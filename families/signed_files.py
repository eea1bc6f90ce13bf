"""What a signed form may be: told by its content, never by its name or by what the browser calls it."""

from __future__ import annotations

import hashlib

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from audit.record import record
from families.models import LARGEST_FILE, Consent, ConsentFile

BEGINNINGS = {
    ConsentFile.Kind.PDF: b"%PDF-",
    ConsentFile.Kind.JPEG: b"\xff\xd8\xff",
    ConsentFile.Kind.PNG: b"\x89PNG\r\n\x1a\n",
}
ENDINGS = {
    ConsentFile.Kind.PDF: b"%%EOF",
    ConsentFile.Kind.JPEG: b"\xff\xd9",
    ConsentFile.Kind.PNG: b"IEND\xaeB`\x82",
}
TYPES = {
    ConsentFile.Kind.PDF: "application/pdf",
    ConsentFile.Kind.JPEG: "image/jpeg",
    ConsentFile.Kind.PNG: "image/png",
}
TAIL = 1024
"""The end mark lies in the last bytes; scanners put a little behind it."""


class NotASignedForm(ValidationError):
    """The file is too large, cut off, or neither PDF nor JPEG nor PNG."""


def kind_of(content: bytes) -> ConsentFile.Kind:
    """PDF, JPEG or PNG, by how the content begins and ends.

    Raises:
        NotASignedForm: none of them, or cut off on the way.
    """
    for kind, beginning in BEGINNINGS.items():
        if content.startswith(beginning):
            if ENDINGS[kind] in content[-TAIL:]:
                return kind
            raise NotASignedForm({"signed_file": "The end of this file is missing. Scan or send it again."})
    raise NotASignedForm({"signed_file": "Choose a PDF, JPEG or PNG file. This file holds something else."})


@transaction.atomic
def add_signed_file(*, consent: Consent, signed_file: UploadedFile, by: User) -> ConsentFile:
    """Keep the signed form with its consent.

    Raises:
        NotASignedForm: by its field; nothing is kept.
    """
    if (signed_file.size or 0) > LARGEST_FILE:
        raise NotASignedForm(
            {"signed_file": "This file is larger than 10 MB. Scan it in gray or with less detail."}
        )
    content = signed_file.read()
    file = ConsentFile(
        site_id=consent.site_id, consent=consent, kind=kind_of(content), content=content, size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), added_by=by,
    )  # fmt: skip
    if consent.files.filter(sha256=file.sha256).exists():
        raise NotASignedForm({"signed_file": "This very file is kept with the consent already."})
    file.save()
    parent = consent.parent
    record("consent_file.added", parent.family, parent, consent, file, file_kind=file.kind, actor_id=by.pk)
    return file
