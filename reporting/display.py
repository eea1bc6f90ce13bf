"""Figures in words: the one way a value becomes text, for pages, PDF, spreadsheets and comparison tables.

Same figures, same order everywhere, because everything shown goes through `sections()` or `flat()`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone

from reporting.measures import REGISTRY, Measure
from reporting.measures.measure import RATE_PARTS, SECTIONS

NARRATIVE = {
    "successes": ("K1", "Successes"),
    "barriers": ("K2", "Barriers"),
    "help_wanted": ("K3", "Help wanted from DCF"),
    "stories": ("K4", "Impact statements"),
    "staff_changes": ("K5", "Changes in staff or agreements"),
}
NOT_COLLECTED = "Not collected"
NOTHING = "None"
SHARES = {"value", "parent_share", "planned_share"}
ANSWERS = {"met", "held"}
UNITS_SHOWN = {"days", "hours"}


@dataclass(frozen=True)
class Line:
    """One number of a figure: `part` is its key inside the value ("" for the figure itself)."""

    part: str
    label: str
    value: Any
    text: str


SOURCE = re.compile(r" ?\(`?(?:domain\.md|docs/)[^)]*\)")


@dataclass(frozen=True)
class Shown:
    """One figure as people read it: one line, or a headline (perhaps) with its parts below."""

    measure: Measure
    value: Any
    text: str
    note: str = ""
    lines: list[Line] = field(default_factory=list)

    @property
    def definition(self) -> str:
        """The definition without the pointers to the project's texts, which readers do not have."""
        return SOURCE.sub("", self.measure.definition).replace("`", "")


@dataclass(frozen=True)
class Section:
    letter: str
    title: str
    figures: list[Shown]


def sections(values: dict[str, Any]) -> list[Section]:
    """The figures among `values`, in the registry's order under the report's headings."""
    shown = [show(measure, values[measure.field]) for measure in REGISTRY if measure.field in values]
    return [
        Section(letter, title, figures)
        for letter, title in SECTIONS.items()
        if (figures := [figure for figure in shown if figure.measure.section == letter])
    ]


def show(measure: Measure, value: Any) -> Shown:
    """One figure in words."""
    if value is None:
        return Shown(measure, value, NOT_COLLECTED if not measure.collected else "No value")
    if not isinstance(value, dict):
        return Shown(measure, value, words(value, measure.unit))
    if is_rate(value):
        return Shown(measure, value, percent(value["value"]), note=_of(value), lines=_extra(measure, value))
    lines = [_line(measure, path, leaf) for path, leaf in leaves(measure, value, rates_whole=True)]
    return Shown(measure, value, "" if lines else NOTHING, lines=lines)


def flat(values: dict[str, Any]) -> Iterator[tuple[Measure, Line]]:
    """Every number of the report, one after the other, as files list them."""
    for measure in REGISTRY:
        if measure.field not in values:
            continue
        value = values[measure.field]
        if isinstance(value, dict) and value:
            for path, leaf in leaves(measure, value):
                yield measure, _line(measure, path, leaf)
        else:
            shown = show(measure, value)
            yield measure, Line("", "", None if value == {} else value, shown.text)


def leaves(
    measure: Measure, value: dict[str, Any], path: tuple[str, ...] = (), *, rates_whole: bool = False
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Path and value of every number inside a figure, in the measure's order; rates in one piece for reading."""
    for key, inner in ordered(measure, value, path).items():
        if isinstance(inner, dict) and not (rates_whole and is_rate(inner)):
            yield from leaves(measure, inner, (*path, key), rates_whole=rates_whole)
        else:
            yield (*path, key), inner


def ordered(measure: Measure, value: dict[str, Any], path: tuple[str, ...] = ()) -> dict[str, Any]:
    """An object's keys as the measure names them: a stored object has lost its order (PostgreSQL's jsonb)."""
    known = [*measure.parts, *RATE_PARTS, *measure.codes]

    def place(key: str) -> int:
        names = (".".join((*path, key)), key)
        return min((known.index(name) for name in names if name in known), default=len(known))

    return {key: value[key] for key in sorted(value, key=lambda key: (place(key), key))}


def restored(measure: Measure, value: Any, path: tuple[str, ...] = ()) -> Any:
    """A stored value with the order of its keys put right, at every depth."""
    if not isinstance(value, dict):
        return value
    return {k: restored(measure, inner, (*path, k)) for k, inner in ordered(measure, value, path).items()}


def is_rate(value: Any) -> bool:
    return isinstance(value, dict) and {"n", "d", "value"} <= value.keys()


def percent(share: float | None) -> str:
    """0.8 as 80.0%; a share of nothing has no value."""
    return "No value" if share is None else f"{share * 100:.1f}%"


def words(value: Any, unit: str = "") -> str:
    """One number, date or answer as text."""
    match value:
        case None:
            return "No value"
        case bool():
            return "Yes" if value else "No"
        case str():
            return _day(value)
        case int() | float() if unit in UNITS_SHOWN:
            return f"{value:,} {unit}"
        case int() | float():
            return f"{value:,}"
    return str(value)


def part_label(measure: Measure, part: str) -> str:
    """What one part of a figure is called; a part inside a group is named with it ("Language: Spanish")."""
    path = part.split(".")
    names = [_name(measure, tuple(path[: n + 1])) for n in range(len(path))]
    groups = [name for name in names[:-1] if not name.startswith("By ")]
    return ": ".join([*groups, names[-1]])


def _name(measure: Measure, path: tuple[str, ...]) -> str:
    key = path[-1]
    known = (
        measure.parts.get(".".join(path))
        or measure.codes.get(key)
        or measure.parts.get(key)
        or RATE_PARTS.get(key)
    )
    return str(known or key.replace("_", " ").capitalize())


def part_text(measure: Measure, part: str, value: Any) -> str:
    """One part's value as text; shares as percent, whole decimals as whole numbers."""
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if part.split(".")[-1] in SHARES:
        return percent(value)
    if part in ANSWERS and value is not None:
        return words(bool(value))
    return words(value, "" if part else measure.unit)


def _line(measure: Measure, path: tuple[str, ...], leaf: Any) -> Line:
    part = ".".join(path)
    if is_rate(leaf):
        return Line(part, part_label(measure, part), leaf["value"], f"{percent(leaf['value'])} ({_of(leaf)})")
    return Line(part, part_label(measure, part), leaf, part_text(measure, part, leaf))


def _extra(measure: Measure, value: dict[str, Any]) -> list[Line]:
    """What stands beside a rate in the same figure (F5 also says whether a session was held)."""
    return [_line(measure, (key,), value[key]) for key in value if key not in {"n", "d", "value"}]


def date_us(day: dt.date | None) -> str:
    """MM/DD/YYYY; empty for nothing."""
    return f"{day:%m/%d/%Y}" if day else ""


def datetime_us(instant: dt.datetime | None) -> str:
    """MM/DD/YYYY h:mm AM in the site's time; empty for nothing."""
    local = timezone.localtime(instant) if instant else None
    return f"{local:%m/%d/%Y} {local.hour % 12 or 12}:{local:%M %p}" if local else ""


def _of(rate: dict[str, Any]) -> str:
    return f"{rate['n']:,} of {rate['d']:,}"


def _day(text: str) -> str:
    try:
        return date_us(dt.date.fromisoformat(text))
    except ValueError:
        return text
