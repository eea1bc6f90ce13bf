"""Reporting periods: half-open inside, months by name outside (`house.md` "Dates and ids")."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta


class NotAMonth(ValueError):
    """The text does not name a month as YYYY-MM."""


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month: `first` is its first day, `next` the first day after it."""

    first: dt.date

    @classmethod
    def of(cls, day: dt.date) -> Month:
        """The month in which the day lies."""
        return cls(day.replace(day=1))

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `2026-10`.

        Raises:
            NotAMonth: the text is anything else.
        """
        found = re.fullmatch(r"(\d{4})-(\d{2})", text.strip())
        if found and int(found[1]) >= 2000 and 1 <= int(found[2]) <= 12:
            return cls(dt.date(int(found[1]), int(found[2]), 1))
        raise NotAMonth(f"“{text}” is not a month. Write it as YYYY-MM, for example 2026-10.")

    @property
    def next(self) -> dt.date:
        return self.first + relativedelta(months=1)

    @property
    def last(self) -> dt.date:
        return self.next - dt.timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.next - self.first).days

    @property
    def name(self) -> str:
        """`October 2026`."""
        return f"{self.first:%B %Y}"

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"
