"""The report as a workbook: figures, narrative, and what each figure means."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from reporting.files.as_csv import table

if TYPE_CHECKING:
    from reporting.files.document import Document

WIDTHS = [12, 10, 8, 10, 8, 8, 38, 26, 32, 12, 40]


def make_xlsx(document: Document) -> bytes:
    """Every text is written as text, never as a formula or a link."""
    import xlsxwriter  # a twentieth of every command's start, for a worker alone

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    made_at = timezone.localtime(document.made_at).replace(tzinfo=None)
    book.set_properties({"title": document.title, "author": document.site, "created": made_at})
    look = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "draft": book.add_format({"bold": True, "font_color": "#b50909"}),
    }
    _about(book, look, document)
    _figures(book, look, document)
    _definitions(book, look, document)
    book.close()
    return out.getvalue()


def _about(book: Any, look: dict, document: Document) -> None:
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, document.title, look["title"])
    if document.is_draft:
        sheet.write_string(1, 0, "DRAFT: figures may still change", look["draft"])
    rows = [*document.facts, *((f"{number} {label}", text) for number, label, text in document.narrative)]
    for row, (term, value) in enumerate(rows, start=3):
        sheet.write_string(row, 0, term, look["head"])
        sheet.write_string(row, 1, value, look["wrap"])


def _figures(book: Any, look: dict, document: Document) -> None:
    sheet = book.add_worksheet("Figures")
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    rows = [row for row in table(document) if row[4] != "K"]
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, look["head"] if number == 0 else None)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows) - 1, len(WIDTHS) - 1)
    sheet.set_header("&C&BDRAFT") if document.is_draft else None


def _definitions(book: Any, look: dict, document: Document) -> None:
    sheet = book.add_worksheet("Definitions")
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 1, 40)
    sheet.set_column(2, 2, 100)
    figures = [figure for section in document.sections for figure in section.figures]
    words = [(figure.measure.field, figure.measure.label, figure.definition) for figure in figures]
    for row, cells in enumerate([("Figure", "Label", "What it counts"), *words]):
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell, look["head"] if row == 0 else look["wrap"])


def _write(sheet: Any, row: int, column: int, cell: Any, look: Any) -> None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        sheet.write_number(row, column, cell, look)
    else:
        sheet.write_string(row, column, str(cell), look)
