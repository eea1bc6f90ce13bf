"""The report as a file: the same figures in the same order as on screen, whatever the kind.

`build()` reads everything inside the site's scope; the makers work on what it returns, with no transaction open.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from reporting.files.as_csv import make_csv
from reporting.files.as_json import make_json
from reporting.files.as_xlsx import make_xlsx
from reporting.files.document import Document, build
from reporting.models import ReportFile

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


def make_pdf(document: Document) -> bytes:
    """The report as an accessible PDF."""
    from reporting.files import as_pdf  # WeasyPrint takes seconds to load; only a worker prints

    return as_pdf.make_pdf(document)


MAKERS: dict[str, Callable[[Document], bytes]] = {
    "pdf": make_pdf, "xlsx": make_xlsx, "csv": make_csv, "json": make_json,
}  # fmt: skip
LABELS = {
    "pdf": "PDF, to read and print",
    "xlsx": "Excel workbook",
    "csv": "CSV table",
    "json": "JSON, for programs",
}

__all__ = ["LABELS", "MAKERS", "TYPES", "Document", "build", "make", "store"]


def make(document: Document, kind: str) -> bytes:
    """The document as a file of this kind.

    Raises:
        KeyError: no such kind.
    """
    return MAKERS[kind](document)


def store(document: Document, kind: str, content: bytes) -> None:
    """Keep a certified report's file; the one made first stays, for everybody who may read it.

    A document read before its certification was taken back leaves a file of that certification.
    """
    ReportFile.objects.bulk_create(
        [
            ReportFile(
                site_id=document.site_id,
                report_id=document.report_id,
                kind=kind,
                certification=document.certification,
                content=content,
                sha256=hashlib.sha256(content).hexdigest(),
            )
        ],
        ignore_conflicts=True,
    )
