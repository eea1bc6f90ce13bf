"""Figures of several sites side by side, and over months.

Two sources, never mixed in one cell: `certified_cells()` are the figures as handed in, for authorised state
staff in the state's scope; `published_cells()` are what passed suppression (`domain.md` 11), for everybody else,
with the viewer's own site from its own report. Without totals over sites: a total would give a hidden cell away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from counties.models import Site
from reporting import display
from reporting.charts import NARROW, Point, trend_chart
from reporting.measures import REGISTRY, Measure, measure
from reporting.measures.kinds import Shape
from reporting.models import MonthlyReport, PublishedFigure, ReportFigure

PUBLISHED = [m for m in REGISTRY if m.publishing is not None]
CERTIFIED = [m for m in REGISTRY if m.section != "A" and m.collected]
"""What is compared: published figures among sites, every certified one for state staff."""

PUBLISHED_PARTS = {"G1": {"met"}}
"""Figures of which only some parts are compared; of the others all."""

TREND_MONTHS = 24
HIDDEN = "–"
OUTCOME_FIELDS = {"C9", "H1", "H2", "H3", "H4"}


@dataclass(frozen=True)
class Cell:
    """A value, or the fact that it is hidden."""

    value: Any
    is_hidden: bool = False


Cells = dict[tuple[int, str, str], Cell]
Measures = Sequence[Measure]


@dataclass(frozen=True)
class Row:
    """One line of the table; a headline row has no cells of its own when its parts follow."""

    measure: Measure
    label: str
    texts: list[str]
    is_part: bool = False


def cells_of(site_id: int, values: dict[str, Any], measures: Measures = PUBLISHED) -> Cells:
    """Every number of one report's figures; parts of published figures are named as published, by their last key."""
    found: Cells = {}
    for compared in measures:
        value = values.get(compared.field)
        if isinstance(value, dict):
            for path, leaf in display.leaves(compared, value):
                part = path[-1] if compared.publishing else ".".join(path)
                if part in PUBLISHED_PARTS.get(compared.field, {part}):
                    found[site_id, compared.field, part] = Cell(leaf)
        elif compared.field in values:
            found[site_id, compared.field, ""] = Cell(value)
    return found


def certified_cells(month: dt.date, measures: Measures = PUBLISHED) -> Cells:
    """As handed in: of each site the version DCF accepted, else the newest; one query."""
    reports = MonthlyReport.objects.accepted_or_newest().filter(month=month)
    figures = ReportFigure.objects.filter(report__in=reports.values("pk"))
    by_site: dict[int, dict[str, Any]] = {}
    for site_id, field, value in figures.values_list("site_id", "field", "value"):
        by_site.setdefault(site_id, {})[field] = value
    found: Cells = {}
    for site_id, values in by_site.items():
        found |= cells_of(site_id, values, measures)
    return found


def undecided(month: dt.date) -> set[int]:
    """Sites of which `certified_cells()` shows figures DCF has not accepted; one query."""
    shown = MonthlyReport.objects.accepted_or_newest().filter(month=month)
    return set(shown.exclude(status=MonthlyReport.Status.ACCEPTED).values_list("site_id", flat=True))


def published_cells(month: dt.date) -> Cells:
    """What every site may see of every other; one query."""
    return {
        (row.site_id, row.field, row.part): Cell(row.value, row.is_suppressed)
        for row in PublishedFigure.objects.filter(month=month)
    }


def table(sites: list[Site], cells: Cells, measures: Measures = PUBLISHED) -> list[Row]:
    """The figures as rows, sites as columns in the order given."""
    return [row for compared in measures for row in _rows(compared, sites, cells)]


def _rows(compared: Measure, sites: list[Site], cells: Cells) -> list[Row]:
    if compared.shape == Shape.RATE:
        return [Row(compared, compared.label, [_rate(compared, site.pk, cells) for site in sites])]
    parts = _parts(compared, cells)
    if parts in ([], [""]):
        return [Row(compared, compared.label, [_text(compared, site.pk, "", cells) for site in sites])]
    headline = Row(compared, compared.label, [])
    lines = [
        Row(
            compared,
            display.part_label(compared, part),
            [_text(compared, s.pk, part, cells) for s in sites],
            True,
        )
        for part in parts
    ]
    return [headline, *lines]


def _parts(compared: Measure, cells: Cells) -> list[str]:
    """The parts any site has, in the registry's order of codes and parts."""
    known = [*compared.parts, *compared.codes]
    found = {part for _, field, part in cells if field == compared.field}
    return sorted(found, key=lambda part: (known.index(part) if part in known else -1, part))


def _text(compared: Measure, site_id: int, part: str, cells: Cells) -> str:
    cell = cells.get((site_id, compared.field, part))
    if cell is None:
        # A code that does not occur counts 0; anything else is simply not there.
        return "0" if part.split(".")[-1] in compared.codes else ""
    if cell.is_hidden:
        return HIDDEN
    return display.part_text(compared, part, cell.value)


def _rate(compared: Measure, site_id: int, cells: Cells) -> str:
    share = cells.get((site_id, compared.field, "value"))
    if share is None:
        return ""
    n, d = cells.get((site_id, compared.field, "n")), cells.get((site_id, compared.field, "d"))
    if share.is_hidden:
        return HIDDEN
    text = display.percent(share.value)
    if n and d and not n.is_hidden and not d.is_hidden:
        text += f" ({int(n.value)} of {int(d.value)})"
    return text


@dataclass(frozen=True)
class Trend:
    """One figure over months: drawings for a wide and a narrow page, and the table behind them."""

    title: str
    wide: str
    narrow: str
    months: list[dt.date]
    rows: list[tuple[Site, list[str]]]
    is_outcome: bool
    has_hidden: bool


def trend_choices(measures: Measures = PUBLISHED) -> list[tuple[str, str]]:
    """What can be drawn over months: every single number of the compared figures, splits left out."""
    choices = []
    for compared in measures:
        for part in _single_parts(compared):
            label = (
                compared.label
                if part in ("", "value")
                else f"{compared.label}: {display.part_label(compared, part)}"
            )
            choices.append(
                (f"{compared.field}:{part}" if part else compared.field, f"{compared.field} {label}")
            )
    return choices


def _single_parts(compared: Measure) -> list[str]:
    if compared.shape == Shape.RATE:
        return ["value"]
    if compared.shape in (Shape.COUNT, Shape.NUMBER):
        return [""]
    return [
        part
        for part in compared.parts
        if part and part not in ("n", "d", "met", "held", "by_mode", "attendance")
    ]


def trend(
    choice: str, sites: list[Site], cells: dict[dt.date, Cells], *, highlight: Site | None = None
) -> Trend:
    """Draw one figure; `cells` are those of every month to show."""
    field, _, part = choice.partition(":")
    compared = measure(field)
    months = sorted(cells)
    found = {(s.pk, m): cells[m].get((s.pk, field, part)) for s in sites for m in months}
    shown = [s for s in sites if any(found[s.pk, m] for m in months)]
    points = [Point(s.name, m, _number(found[s.pk, m], part)) for s in shown for m in months]
    title = dict(trend_choices(CERTIFIED))[choice]
    words = f"{title}, {months[0]:%B %Y} to {months[-1]:%B %Y}, by site." if months else title
    drawing: dict[str, Any] = {"title": words, "description": "The values stand in the table below the chart.",
               "highlight": highlight.name if highlight else ""}  # fmt: skip
    drawn = any(p.value is not None for p in points)
    return Trend(
        title=title,
        wide=trend_chart(points, **drawing) if drawn else "",
        narrow=trend_chart(points, **drawing, width=NARROW) if drawn else "",
        months=months,
        rows=[(s, [_cell_text(compared, part, found[s.pk, m]) for m in months]) for s in shown],
        is_outcome=field in OUTCOME_FIELDS,
        has_hidden=any(c.is_hidden for c in found.values() if c),
    )


def _number(cell: Cell | None, part: str) -> float | None:
    if cell is None or cell.is_hidden or cell.value is None:
        return None
    return round(float(cell.value) * 100, 1) if part == "value" else float(cell.value)


def _cell_text(compared: Measure, part: str, cell: Cell | None) -> str:
    if cell is None:
        return ""
    return HIDDEN if cell.is_hidden else display.part_text(compared, part, cell.value)


def trend_cells_published(months: list[dt.date], field: str) -> dict[dt.date, Cells]:
    """Published values of one figure for the months; one query."""
    found: dict[dt.date, Cells] = {month: {} for month in months}
    for row in PublishedFigure.objects.filter(month__in=months, field=field):
        found[row.month][row.site_id, row.field, row.part] = Cell(row.value, row.is_suppressed)
    return found


def trend_cells_certified(months: list[dt.date], field: str) -> dict[dt.date, Cells]:
    """Handed-in values of one figure for the months, in the scope at hand; one query."""
    reports = MonthlyReport.objects.accepted_or_newest().filter(month__in=months)
    figures = ReportFigure.objects.filter(report__in=reports.values("pk"), field=field)
    found: dict[dt.date, Cells] = {month: {} for month in months}
    for month, site_id, name, value in figures.values_list("report__month", "site_id", "field", "value"):
        found[month] |= cells_of(site_id, {name: value}, CERTIFIED)
    return found
