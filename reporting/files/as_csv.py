"""One row for each number; a spreadsheet program finds no formula in it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from reporting.display import flat
from reporting.files.cells import safe

if TYPE_CHECKING:
    from reporting.files.document import Document

HEADER = [
    "site",
    "month",
    "version",
    "status",
    "section",
    "figure",
    "label",
    "part",
    "part_label",
    "value",
    "shown_as",
]


def table(document: Document) -> list[list[Any]]:
    """Header and rows, shared by CSV and XLSX."""
    start = [
        document.slug, f"{document.month:%Y-%m}", document.version, "draft" if document.is_draft else "certified",
    ]  # fmt: skip
    rows: list[list[Any]] = [HEADER]
    for measure, line in flat(document.values):
        rows.append(
            [
                *start,
                measure.section,
                measure.field,
                measure.label,
                line.part,
                line.label,
                _plain(line.value),
                line.text,
            ]
        )
    for number, label, text in document.narrative:
        rows.append([*start, "K", number, label, "", "", "", text])
    return rows


def make_csv(document: Document) -> bytes:
    """UTF-8 with a byte-order mark, so that Excel reads accents."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([safe(cell) for cell in row] for row in table(document))
    return out.getvalue().encode("utf-8-sig")


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value
