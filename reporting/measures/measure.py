"""What a figure is: id, words, kind, rows, and what of it may leave its site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as column
from typing import Any

from reporting.measures.kinds import Kind, NotCollected, Shape
from reporting.measures.sets import RowSet

SECTIONS = {
    "A": "Header",
    "B": "Referrals",
    "C": "Families served",
    "D": "Who was served",
    "E": "Contacts and dosage",
    "F": "Workforce",
    "G": "Council and system change",
    "H": "Child outcome events",
}


@dataclass(frozen=True)
class Measure:
    """One figure of the monthly report (`domain.md` 6).

    `parts` names what a value is made of (keys of its object, and what `rows_behind` takes), `codes` labels the
    codes of a split. `compares` is False for a figure that moves on without anybody editing the month.
    `publishing` says how it is suppressed outside its site; None: it never leaves.
    """

    field: str
    label: str
    definition: str
    kind: Kind
    rows: RowSet | None = None
    unit: str = ""
    parts: Mapping[str, str] = column(default_factory=dict)
    codes: Mapping[str, str] = column(default_factory=dict)
    compares: bool = True
    publishing: str | None = None

    @property
    def section(self) -> str:
        return self.field[0]

    @property
    def shape(self) -> Shape:
        return self.kind.shape

    @property
    def collected(self) -> bool:
        return not isinstance(self.kind, NotCollected)

    @property
    def has_rows(self) -> bool:
        return bool(self.rows and self.kind.behind())


@dataclass(frozen=True)
class Line:
    """One printed line of a figure: `part` is its path ("by_mode.phone"), `value` a plain number, text or None."""

    part: str
    label: str
    value: Any


def lines(measure: Measure, value: Any) -> list[Line]:
    """A figure as printed lines, in order: one for a plain value, one for each part or code of an object."""
    if not isinstance(value, Mapping):
        return [Line("", measure.label, value)]
    return list(_lines(measure, value, "", ""))


def _lines(measure: Measure, value: Mapping[str, Any], path: str, said: str):
    for key, inner in value.items():
        part = f"{path}{key}"
        label = said + str(measure.parts.get(part) or measure.codes.get(key) or RATE_PARTS.get(key) or key)
        if isinstance(inner, Mapping):
            yield from _lines(measure, inner, f"{part}.", f"{label}: ")
        else:
            yield Line(part, label, inner)


RATE_PARTS = {"n": "Numerator", "d": "Denominator", "value": "Share"}
