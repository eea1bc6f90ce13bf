"""Kinds of figures: how a set of rows becomes a value, in SQL, and which of the rows stand behind it.

A kind gives SQL expressions over `rows` (`select`), builds the value from their results (`build`), and tells by
the same conditions which rows count in it (`behind`). So a figure and its rows cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from reporting.measures.exact import half_up, rate


class Shape(StrEnum):
    """How a value looks (`import-format.md` "Shape of the JSON"); screens and files choose their layout by it."""

    COUNT = "count"
    NUMBER = "number"
    SPLIT = "split"
    RATE = "rate"
    GROUP = "group"
    NONE = "none"


@dataclass(frozen=True)
class Part:
    """Rows that count in one part of a figure: an SQL condition, and what makes two rows the same one."""

    where: str
    distinct: str = ""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Base of all kinds. `build` sees the SQL results and the values of the measures before it."""

    shape: Shape = Shape.NONE

    def select(self) -> dict[str, str]:
        return {}

    def build(self, got: Mapping[str, Any], before: Mapping[str, Any]) -> Any:
        return None

    def behind(self) -> dict[str, Part]:
        return {}


def count(where: str, distinct: str = "") -> str:
    """SQL: number of rows that meet the condition."""
    return f"count({'DISTINCT ' + distinct if distinct else '*'}) FILTER (WHERE {where})"


def split(where: str, by: str, total: str = "count(*)") -> str:
    """SQL: JSON object from each code that occurs to its total; zero left out."""
    return (
        "(SELECT coalesce(jsonb_object_agg(code, total), '{}') FROM"
        f" (SELECT {by} AS code, {total} AS total FROM rows WHERE {where} GROUP BY 1) codes WHERE total <> 0)"
    )


@dataclass(frozen=True, kw_only=True)
class Count(Kind):
    """Number of rows, or of distinct values of a column among them."""

    where: str
    distinct: str = ""
    shape: Shape = Shape.COUNT

    def select(self) -> dict[str, str]:
        return {"count": count(self.where, self.distinct)}

    def build(self, got: Mapping[str, Any], before: Mapping[str, Any]) -> int:
        return got["count"]

    def behind(self) -> dict[str, Part]:
        return {"": Part(self.where, self.distinct)}


@dataclass(frozen=True, kw_only=True)
class Counts(Kind):
    """Several named counts over the same rows."""

    parts: dict[str, str]
    shape: Shape = Shape.GROUP

    def select(self) -> dict[str, str]:
        return {name: count(where) for name, where in self.parts.items()}

    def build(self, got: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, int]:
        return {name: got[name] for name in self.parts}

    def behind(self) -> dict[str, Part]:
        return {name: Part(where) for name, where in self.parts.items()}


@dataclass(frozen=True, kw_only=True)
class Split(Kind):
    """Number of rows for each code that occurs."""

    by: str
    where: str = "true"
    shape: Shape = Shape.SPLIT

    def select(self) -> dict[str, str]:
        return {"split": split(self.where, self.by)}

    def build(self, got: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, int]:
        return in_order(got["split"])

    def behind(self) -> dict[str, Part]:
        return {"": Part(self.where)}


@dataclass(frozen=True, kw_only=True)
class Rate(Kind):
    """Share of the rows of `d` that also meet `n`."""

    n: str
    d: str
    shape: Shape = Shape.RATE

    def select(self) -> dict[str, str]:
        return {"n": count(f"({self.d}) AND ({self.n})"), "d": count(self.d)}

    def build(self, got: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        return rate(got["n"], got["d"])

    def behind(self) -> dict[str, Part]:
        return {"n": Part(f"({self.d}) AND ({self.n})"), "d": Part(self.d)}


@dataclass(frozen=True, kw_only=True)
class Median(Kind):
    """Median of a whole-number column, one decimal, null without rows."""

    of: str
    where: str
    shape: Shape = Shape.NUMBER

    def select(self) -> dict[str, str]:
        # The two middle values, added up: twice the median as a whole number, so nothing is lost before rounding.
        middle = f"percentile_disc(0.5) WITHIN GROUP (ORDER BY {self.of} {{}}) FILTER (WHERE {self.where})"
        return {"twice": f"{middle.format('ASC')} + {middle.format('DESC')}"}

    def build(self, got: Mapping[str, Any], before: Mapping[str, Any]) -> float | None:
        return None if got["twice"] is None else half_up(Fraction(got["twice"], 2), 1)

    def behind(self) -> dict[str, Part]:
        return {"": Part(f"({self.where}) AND {self.of} IS NOT NULL")}


@dataclass(frozen=True, kw_only=True)
class Made(Kind):
    """A value of its own making: SQL expressions, and a function of their results and earlier values."""

    make: Callable[[Mapping[str, Any], Mapping[str, Any]], Any]
    sql: dict[str, str] = field(default_factory=dict)
    rows: dict[str, Part] = field(default_factory=dict)

    def select(self) -> dict[str, str]:
        return self.sql

    def build(self, got: Mapping[str, Any], before: Mapping[str, Any]) -> Any:
        return self.make(got, before)

    def behind(self) -> dict[str, Part]:
        return self.rows


class NotCollected(Kind):
    """No data source in this version: the value is null, which is not zero."""


def in_order(codes: Mapping[str, Any]) -> dict[str, Any]:
    """The object with its codes in alphabetical order, so that the same figures are the same text."""
    return {code: codes[code] for code in sorted(codes)}
