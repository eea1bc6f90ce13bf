"""An exported list as a file. Each says who took it, when, from which site and why, at its head and at its foot."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reporting.files.cells import safe

CONFIDENTIAL = "Confidential. Share only where a consent or the law allows; delete when no longer needed."
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_IN_FOOTER = 200
"""Excel takes 255 characters in a page's footer, commands included."""


@dataclass(frozen=True)
class Sheet:
    """What goes into a file, detached from the database. `mark` is the watermark: who, when, from where."""

    title: str
    mark: str
    reason: str
    chosen: str
    columns: list[str]
    rows: list[list[Any]]

    @property
    def head(self) -> list[str]:
        """Lines above the table."""
        count = f"{len(self.rows)} row{'' if len(self.rows) == 1 else 's'}"
        filters = f"Filter: {self.chosen}" if self.chosen else "Filter: none"
        return [self.title, self.mark, f"Reason: {self.reason}", f"{filters}. {count}.", CONFIDENTIAL]

    @property
    def foot(self) -> str:
        return f"End of {self.title}. {self.mark}. Reason: {self.reason}"


def make(sheet: Sheet, kind: str) -> bytes:
    """The sheet as a file of this kind.

    Raises:
        KeyError: no such kind.
    """
    return MAKERS[kind](sheet)


def make_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a byte-order mark, so that Excel reads accents; dates as YYYY-MM-DD."""
    out = io.StringIO(newline="")
    lines = [[line] for line in sheet.head]
    table = [sheet.columns, *sheet.rows]
    csv.writer(out).writerows(
        [safe(_text(cell)) for cell in row] for row in [*lines, [], *table, [], [sheet.foot]]
    )
    return out.getvalue().encode("utf-8-sig")


def _text(cell: Any) -> Any:
    """As CSV holds it; a text of several lines stays one cell and one line."""
    if cell is None:
        return ""
    return " ".join(cell.split()) if isinstance(cell, str) else cell


def make_xlsx(sheet: Sheet) -> bytes:
    """A sheet that says what this is and the table; every text is written as text, never as a formula or a link."""
    import xlsxwriter  # a twentieth of every command's start, for a worker alone

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": sheet.title, "comments": sheet.mark})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    about = book.add_worksheet("About")
    about.set_column(0, 0, 100)
    for number, line in enumerate(sheet.head):
        about.write_string(number, 0, line, wrap if number else bold)
    _table(book, sheet, bold)
    book.close()
    return out.getvalue()


def _table(book: Any, sheet: Sheet, bold: Any) -> None:
    page = book.add_worksheet("List")
    date = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    page.set_column(0, len(sheet.columns) - 1, 20)
    page.write_string(0, 0, f"{sheet.title}. {sheet.mark}. Reason: {sheet.reason}")
    for column, heading in enumerate(sheet.columns):
        page.write_string(1, column, heading, bold)
    for number, row in enumerate(sheet.rows, start=2):
        for column, cell in enumerate(row):
            _write(page, number, column, cell, date)
    page.write_string(len(sheet.rows) + 3, 0, sheet.foot)
    page.freeze_panes(2, 0)
    page.autofilter(1, 0, max(len(sheet.rows) + 1, 1), len(sheet.columns) - 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(1)
    page.set_header(f"&L{_in_margin(sheet.title)}&RPage &P of &N")
    page.set_footer(f"&L{_in_margin(f'{sheet.mark}. {sheet.reason}')}")


def _in_margin(text: str) -> str:
    """Text in a page's margin, where `&` begins a command."""
    return text[:MOST_IN_FOOTER].replace("&", "+")


def _write(page: Any, row: int, column: int, cell: Any, date: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, dt.date):
        page.write_datetime(row, column, dt.datetime.combine(cell, dt.time.min), date)
    elif isinstance(cell, int | Decimal):
        page.write_number(row, column, cell)
    else:
        page.write_string(row, column, str(cell))


MAKERS: dict[str, Callable[[Sheet], bytes]] = {"csv": make_csv, "xlsx": make_xlsx}
