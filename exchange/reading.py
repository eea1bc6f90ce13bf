"""From the bytes of a CSV file to its rows, and back to a file of refused rows (`import-format.md` "Rules")."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from counties.sheets import Sheet
from reporting.files.cells import is_formula, safe

MOST_BYTES = 20 * 1024 * 1024
ADDED = ("row", "reason")
"""Columns we add to refused rows; a file that ends with them is read without them, so it can be sent again."""

SAVE_AS = "In Excel choose Save As, “CSV UTF-8 (comma delimited)”."


class FileRefused(Exception):
    """A file cannot be read as a whole; the text says why and what to do. Nothing was changed."""


@dataclass(frozen=True)
class Line:
    """One row as it stands in the file; `number` counts as a spreadsheet does, the header is 1."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Book:
    """A file's header as written, and its rows without the blank ones."""

    header: list[str]
    places: dict[str, int]
    lines: list[Line]

    def cells(self, line: Line) -> dict[str, str]:
        """The line's trimmed cells by the names of the sheet's columns."""
        return {name: _plain(line.cells[place]) for name, place in self.places.items()}


def read_book(sheet: type[Sheet], content: bytes) -> Book:
    """Read a file of this kind.

    Raises:
        FileRefused: not UTF-8, not CSV, too large, a column missing, or without rows.
    """
    records = _records(_text(content))
    if not records:
        raise FileRefused("The file is empty.")
    header = [cell.strip() for cell in records[0].cells]
    returned = len(header) > len(ADDED) and tuple(map(_folded, header[-2:])) == ADDED
    header = header[:-2] if returned else header
    places = _places(sheet, header)
    if len(records) < 2:
        raise FileRefused("The file has no rows below its header.")
    lines = [Line(line.number, _fitted(line.cells, len(header), returned)) for line in records[1:]]
    return Book(header, places, lines)


def write_refused(header: Sequence[str], refused: Iterable[tuple[Line, str]]) -> bytes:
    """A CSV file of refused rows: their own cells, then `row` and `reason`.

    A cell a spreadsheet would take for a formula gets an apostrophe in front, which `read_book` takes off again.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*map(safe, header), *ADDED])
    writer.writerows([*map(safe, line.cells), line.number, safe(reason)] for line, reason in refused)
    return out.getvalue().encode("utf-8-sig")


def template(sheet: type[Sheet]) -> bytes:
    """An empty file of this kind: its header."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow([column.name for column in sheet.columns])
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: str) -> str:
    cell = cell.strip()
    return cell[1:].strip() if cell.startswith("'") and is_formula(cell[1:]) else cell


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise FileRefused(f"The file is too large: {size(len(content))}, the most is {size(MOST_BYTES)}.")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FileRefused(f"This is an Excel workbook or a zip file, not CSV. {SAVE_AS}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(
            f"The file is not saved as UTF-8, perhaps as Windows-1252; names with accents would break. {SAVE_AS}"
        ) from None


def _records(text: str) -> list[Line]:
    """The file's records, blank ones left out but counted."""
    if "\0" in text:
        raise FileRefused(f"The file cannot be read as CSV: it holds characters that are no text. {SAVE_AS}")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return [Line(number, cells) for number, cells in enumerate(reader, 1) if any(map(str.strip, cells))]
    except csv.Error as problem:
        raise FileRefused(f"The file cannot be read as CSV near line {reader.line_num}: {problem}.") from None


def _places(sheet: type[Sheet], header: list[str]) -> dict[str, int]:
    """Where each column stands; names are compared without regard to case, blanks and underscores."""
    folded = [_folded(name) for name in header]
    wanted = {column.name: _folded(column.name) for column in sheet.columns}
    missing = [name for name, key in wanted.items() if key not in folded]
    if missing:
        hint = (
            " Separate the columns by commas." if len(header) == 1 and re.search(r"[;\t|]", header[0]) else ""
        )
        raise FileRefused(f"The file has no column {', '.join(missing)}.{hint}")
    twice = [name for name, key in wanted.items() if folded.count(key) > 1]
    if twice:
        raise FileRefused(f"The column {', '.join(twice)} stands more than once.")
    return {name: folded.index(key) for name, key in wanted.items()}


def _folded(name: str) -> str:
    return re.sub(r"[\s_]", "", name).lower()


def _fitted(cells: list[str], width: int, returned: bool) -> list[str]:
    """The cells under the header, without blank ones behind it and without what `write_refused` had added."""
    beyond = cells[width:]
    return cells[:width] if returned or not any(map(str.strip, beyond)) else cells


def size(count: int) -> str:
    """Bytes as people read them."""
    return f"{count / 1024 / 1024:.0f} MB"
