"""The rows behind a figure, by the same conditions that count them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from counties.models import Site
from reporting.measures.compute import asked_of, phase_on, with_rows
from reporting.measures.kinds import Part
from reporting.measures.registry import measure
from reporting.measures.sets import RowSet
from reporting.periods import Month


class NoRowsBehind(LookupError):
    """The figure has no rows of its own: it is made of other figures, or not collected."""


@dataclass(frozen=True)
class BehindRow:
    """One row: `cells` in the order of the columns, `parts` of the figure in which it counts."""

    kind: str
    pk: UUID
    reference: str
    family_pk: UUID | None
    cells: tuple[Any, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True)
class RowsBehind:
    """Headings, and rows in the order of their cells."""

    columns: tuple[str, ...]
    rows: tuple[BehindRow, ...]


def rows_behind(
    field: str,
    site: Site,
    month: dt.date,
    part: str = "",
    *,
    parameters: Mapping[str, Any] | None = None,
) -> RowsBehind:
    """Rows that count in a figure of a month, for people with `figure.rows` (coordinators, who see every family).

    Args:
        field: field id, e.g. "B7".
        site: the site in whose scope we are.
        month: first day of the month.
        part: one part of the figure ("start", "n", "calendar_year.new"); "" for rows of any part.
        parameters: as for `compute()`.

    Raises:
        KeyError: no such figure.
        NoRowsBehind: the figure, or this part of it, has no rows.
    """
    asked = measure(field)
    parts = asked.kind.behind()
    if asked.rows is None or not parts or (part and part not in parts):
        raise NoRowsBehind(f"{field} {part}".strip())
    wanted = {part: parts[part]} if part else parts
    period = Month.of(month)
    values = asked_of(site, period, phase_on(site, period.last), parameters)
    with connection.cursor() as cursor:
        cursor.execute(_question(asked.rows, wanted), values)
        found = tuple(_row(asked.rows, tuple(wanted), row) for row in cursor.fetchall())
    return RowsBehind(tuple(asked.rows.columns), found)


def _question(rows: RowSet, parts: dict[str, Part]) -> str:
    tests = ", ".join(f"({p.where}) IS TRUE" for p in parts.values())
    distinct = {p.distinct for p in parts.values()}
    same = distinct.pop() if len(distinct) == 1 else ""
    columns = ", ".join(rows.columns.values())
    return with_rows(
        rows,
        f"SELECT {f'DISTINCT ON ({same})' if same else ''} pk, reference, family_pk, ARRAY[{tests}], {columns}"
        f" FROM rows WHERE {' OR '.join(f'({p.where})' for p in parts.values())}"
        f" ORDER BY {f'{same}, ' if same else ''}{columns}, pk",
    )


def _row(rows: RowSet, parts: tuple[str, ...], found: tuple[Any, ...]) -> BehindRow:
    pk, reference, family_pk, counts, *cells = found
    codes = [rows.codes.get(column, {}) for column in rows.columns.values()]
    return BehindRow(
        rows.kind,
        pk,
        reference,
        family_pk,
        tuple(labels.get(cell, cell) for labels, cell in zip(codes, cells, strict=True)),
        tuple(part for part, counted in zip(parts, counts, strict=True) if counted),
    )
