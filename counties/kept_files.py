"""Scans and photos that are kept: told by their content, stored in a walled table, handed out through a right only.

Used for the signed form of a consent and the certificate of a training; see docs/adr/0004.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pgtrigger
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models import Q
from django.http import HttpResponse

from counties.wall import SiteModel

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes a kept file may have."""


class FileKind(models.TextChoices):
    PDF = "pdf", "PDF"
    JPEG = "jpeg", "JPEG picture"
    PNG = "png", "PNG picture"


BEGINNINGS = {FileKind.PDF: b"%PDF-", FileKind.JPEG: b"\xff\xd8\xff", FileKind.PNG: b"\x89PNG\r\n\x1a\n"}
ENDINGS = {FileKind.PDF: b"%%EOF", FileKind.JPEG: b"\xff\xd9", FileKind.PNG: b"IEND\xaeB`\x82"}
TYPES = {FileKind.PDF: "application/pdf", FileKind.JPEG: "image/jpeg", FileKind.PNG: "image/png"}
TAIL = 1024
"""The end mark lies in the last bytes; scanners put a little behind it."""


class KeptFile(SiteModel):
    """A scan or photo as it came; written once. Its own name is not kept: it may hold anything."""

    kind = models.CharField(max_length=4, choices=FileKind)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["added_at"]
        triggers = [pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)]


def kept_with(owner: str, prefix: str, twice: str) -> list[models.BaseConstraint]:
    """Constraints of a kept file: once with its `owner`, in words `twice`, and of a size we take."""
    return [
        models.UniqueConstraint(
            fields=["site", owner, "sha256"], name=f"{prefix}_once", violation_error_message=twice
        ),
        models.CheckConstraint(
            condition=Q(size__gt=0, size__lte=LARGEST_FILE), name=f"{prefix}_at_most_10_mb"
        ),
    ]


class NotAKeptFile(ValidationError):
    """The file is too large, cut off, or neither PDF nor JPEG nor PNG."""


class ScanField(forms.FileField):
    """A scan or photo; what it holds is checked by the action."""

    def __init__(self, *, label: str = "Scan or photo", **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "PDF, JPEG or PNG, at most 10 MB.")
        widget = forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"})
        super().__init__(label=label, widget=widget, **kwargs)


def read_scan(field: str, upload: UploadedFile) -> dict[str, Any]:
    """The columns of a `KeptFile` that an upload fills.

    Raises:
        NotAKeptFile: beside `field`; told by how the content begins and ends, never by its name.
    """
    if (upload.size or 0) > LARGEST_FILE:
        raise NotAKeptFile({field: "This file is larger than 10 MB. Scan it in gray or with less detail."})
    content = upload.read()
    kind = next((kind for kind, beginning in BEGINNINGS.items() if content.startswith(beginning)), None)
    if kind is None:
        raise NotAKeptFile({field: "Choose a PDF, JPEG or PNG file. This file holds something else."})
    if ENDINGS[kind] not in content[-TAIL:]:
        raise NotAKeptFile({field: "The end of this file is missing. Scan or send it again."})
    return {
        "kind": kind, "content": content, "size": len(content), "sha256": hashlib.sha256(content).hexdigest(),
    }  # fmt: skip


def hand_out(file: KeptFile, name: str) -> HttpResponse:
    """The file as a download under a name of ours, without its ending."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{file.kind}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(bytes(file.content), content_type=TYPES[FileKind(file.kind)], headers=headers)
