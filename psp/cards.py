"""What a card of Today is made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

SHOWN = 5


@dataclass
class Row:
    """One line of a card."""

    label: str
    url: str
    note: str = ""
    kind: str = "neutral"
    family_id: Any = None


@dataclass
class Card:
    """One kind of work; without rows it says so in `empty`."""

    title: str
    empty: str
    url: str = ""
    rows: list[Row] = field(default_factory=list)
    total: int = 0


def card_of(title: str, rows: QuerySet, row: Callable[[Any], Row], *, empty: str, url: str) -> Card:
    """The first few rows and how many there are in all."""
    found = list(rows[: SHOWN + 1])
    total = len(found) if len(found) <= SHOWN else rows.count()
    return Card(title, empty, url, [row(one) for one in found[:SHOWN]], total)


def days_since(day: dt.date, since: dt.date) -> str:
    """How long ago, in words."""
    days = (day - since).days
    return "today" if days == 0 else f"{days} day" + ("" if days == 1 else "s")
