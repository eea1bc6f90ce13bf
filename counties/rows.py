"""What a column of a site's spreadsheet may hold (`import-format.md` "Rules").

A column turns one trimmed cell into a value or refuses it in plain words that name the column. A blank cell is
unknown: "" for text and codes, None for dates and numbers, [] for several values. Nothing is ever guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Container
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
US_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
WHOLE = re.compile(r"[0-9]{1,9}")
DECIMAL = re.compile(r"[0-9]{0,6}(\.[0-9]{1,2})?")
FIRST_YEAR = 1900


class RowRefused(Exception):
    """A row cannot be loaded; the text says why, naming the column or the rule."""


class UnknownId(RowRefused):
    """A cell names an id this site does not have: mistyped, or another site's."""

    def __init__(self, column: str, own_id: str) -> None:
        super().__init__(f"unknown {column}: {own_id}")
        self.own_id = own_id


@dataclass(frozen=True)
class Column:
    """A column by its name; `required` cells may not be blank."""

    name: str
    required: bool = False
    blank: Any = ""

    def read(self, cell: str, today: dt.date) -> Any:
        """Return the cell's value.

        Raises:
            RowRefused: naming the column.
        """
        if not cell:
            if self.required:
                raise RowRefused(f"{self.name} is missing")
            return [] if self.blank == [] else self.blank
        return self.value(cell, today)

    def value(self, cell: str, today: dt.date) -> Any:
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Column):
    """Words of at most `longest` characters; `free` texts are scanned by V17."""

    longest: int = 60
    free: bool = False

    def value(self, cell: str, today: dt.date) -> str:
        if len(cell) > self.longest:
            raise RowRefused(f"{self.name} is longer than {self.longest} characters")
        return cell


def Id(name: str) -> Text:  # noqa: N802 (reads as a column among columns)
    """The site's own id of a row, or of the row it hangs on."""
    return Text(name, required=True, longest=40)


@dataclass(frozen=True)
class Email(Text):
    """An e-mail address."""

    def value(self, cell: str, today: dt.date) -> str:
        try:
            validate_email(super().value(cell, today))
        except ValidationError:
            raise RowRefused(f"{self.name} is not an e-mail address: {_short(cell)}") from None
        return cell


@dataclass(frozen=True)
class Day(Column):
    """A date, `YYYY-MM-DD` or `M/D/YYYY`; with `past` not after today (V06)."""

    blank: Any = None
    past: bool = False

    def value(self, cell: str, today: dt.date) -> dt.date:
        day = _day(cell)
        if day is None:
            raise RowRefused(f"{self.name} is not a date: {_short(cell)}")
        if self.past and day > today:
            raise RowRefused(f"{self.name} is in the future")
        return day


@dataclass(frozen=True)
class Code(Column):
    """One of a list's codes, in any case; `one` is the word used when it is unknown."""

    codes: Container[str] = ()
    one: str = ""

    def value(self, cell: str, today: dt.date) -> Any:
        code = cell.lower()
        if code not in self.codes:
            raise RowRefused(f"unknown {self.one or self.name}: {_short(cell)}")
        return code


@dataclass(frozen=True)
class Codes(Code):
    """Several codes in one cell, separated by `;`; each is kept once."""

    blank: Any = ()

    def read(self, cell: str, today: dt.date) -> list[str]:
        return list(super().read(cell, today))

    def value(self, cell: str, today: dt.date) -> list[str]:
        return [super(Codes, self).value(part, today) for part in parts(cell)]


@dataclass(frozen=True)
class Ids(Column):
    """Several of the site's own ids in one cell, separated by `;`."""

    blank: Any = ()

    def read(self, cell: str, today: dt.date) -> list[str]:
        return list(super().read(cell, today))

    def value(self, cell: str, today: dt.date) -> list[str]:
        return parts(cell)


@dataclass(frozen=True)
class Whole(Column):
    """A whole number from `low` to `high`."""

    blank: Any = None
    low: int = 0
    high: int = 32_767

    def value(self, cell: str, today: dt.date) -> int:
        if not WHOLE.fullmatch(cell):
            raise RowRefused(f"{self.name} is not a whole number: {_short(cell)}")
        if not self.low <= int(cell) <= self.high:
            raise RowRefused(f"{self.name} is not from {self.low} to {self.high}: {cell}")
        return int(cell)


@dataclass(frozen=True)
class Amount(Column):
    """A number with at most two decimals from `low` to `high`."""

    blank: Any = None
    low: str = "0"
    high: str = "999999"

    def value(self, cell: str, today: dt.date) -> Decimal:
        if not DECIMAL.fullmatch(cell):
            raise RowRefused(f"{self.name} is not a number with at most two decimals: {_short(cell)}")
        if not Decimal(self.low) <= Decimal(cell) <= Decimal(self.high):
            raise RowRefused(f"{self.name} is not from {self.low} to {self.high}: {cell}")
        return Decimal(cell).quantize(Decimal("0.01"))


class LanguageCodes(Container[str]):
    """The listed languages and any other three-letter code (ISO 639-3, `domain.md` 3)."""

    def __init__(self, listed: Container[str]) -> None:
        self.listed = listed

    def __contains__(self, code: object) -> bool:
        return code in self.listed or bool(re.fullmatch("[a-z]{3}", str(code)))


def parts(cell: str) -> list[str]:
    """The values of a cell with several, in their order, each once."""
    return list(dict.fromkeys(part for part in (piece.strip() for piece in cell.split(";")) if part))


def words(day: dt.date | None) -> str:
    """A date as people read it; an open end is "now"."""
    return f"{day:%m/%d/%Y}" if day else "now"


def _day(cell: str) -> dt.date | None:
    iso, us = ISO_DATE.fullmatch(cell), US_DATE.fullmatch(cell)
    try:
        if iso:
            day = dt.date(*map(int, iso.groups()))
        elif us:
            month, number, year = map(int, us.groups())
            day = dt.date(year, month, number)
        else:
            return None
    except ValueError:
        return None
    return day if day.year >= FIRST_YEAR else None


def _short(cell: str) -> str:
    return cell if len(cell) <= 60 else f"{cell[:57]}..."
