"""Ask each set of rows once, build every figure from the answers."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import connection

from activities.codes import FACE_TO_FACE, ContactMode
from counties.models import Site, SitePhase
from reporting.measures.measure import Measure
from reporting.measures.registry import REGISTRY
from reporting.measures.sets import RowSet
from reporting.periods import Month
from reporting.settings_then import settings_then


def compute(site: Site, month: dt.date, *, parameters: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Every figure of one site and month from the records as they are now, by field id, in the report's order.

    Args:
        site: the site in whose scope we are (`site_scope(site.id)`).
        month: its first day.
        parameters: `parameters_of()` as a report keeps them; None for the settings at the end of the month.
    """
    period = Month.of(month)
    phase = phase_on(site, period.last)
    asked = asked_of(site, period, phase, parameters)
    facts = _facts(site, period, phase)
    got: dict[str, Mapping[str, Any]] = {}
    for rows, measures in _by_rows():
        got.update(_ask(rows, measures, asked))
    values: dict[str, Any] = {}
    for measure in REGISTRY:
        values[measure.field] = measure.kind.build(got.get(measure.field, facts), values)
    return values


def parameters_of(site: Site, month: dt.date) -> dict[str, Any]:
    """The site's settings that figures depend on, at the end of the month; JSON, so that a report can keep them."""
    last = Month.of(month).last
    then = settings_then([site])[site.pk]
    settings, budget = then.on(last), then.budgeted_fte(last)
    face = [*FACE_TO_FACE, ContactMode.VIDEO] if settings.video_counts_face_to_face else FACE_TO_FACE
    return {
        "face": [str(mode) for mode in face],
        "standard": settings.face_to_face_standard,
        "soft": settings.soft_cap_per_fte,
        "hard": settings.hard_cap_per_fte,
        "supervisions": settings.supervision_sessions_per_month,
        "budget": None if budget is None else str(budget),
    }


def asked_of(
    site: Site, period: Month, phase: SitePhase | None, parameters: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What the SQL of `sets` takes; see its docstring."""
    used = parameters or parameters_of(site, period.first)
    return {
        "site": site.id,
        "start": period.first,
        "end": period.next,
        "last": period.last,
        "days": period.days,
        "year": period.first.replace(month=1),
        "contract": contract_year(phase.starts_on, period.last) if phase else None,
        **used,
        "budget": None if used["budget"] is None else Decimal(used["budget"]),
    }


def contract_year(begun: dt.date, day: dt.date) -> dt.date:
    """Latest anniversary of the phase's first day that is not after the day."""
    years = day.year - begun.year
    start = begun + relativedelta(years=years)
    return start if start <= day else begun + relativedelta(years=years - 1)


def with_rows(rows: RowSet, question: str) -> str:
    """SQL that asks something of a set of rows."""
    return f"WITH rows AS MATERIALIZED ({rows.sql}) {question}"


def phase_on(site: Site, day: dt.date) -> SitePhase | None:
    row = site.phases.filter(starts_on__lte=day).order_by("-starts_on").first()
    return row if row and (row.ends_on is None or row.ends_on > day) else None


def _facts(site: Site, period: Month, phase: SitePhase | None) -> dict[str, Any]:
    return {
        "site": site.name,
        "counties": ", ".join(county.fips for county in site.counties.order_by("fips")),
        "phase": phase.get_phase_display() if phase else None,
        "start": period.first.isoformat(),
        "end": period.last.isoformat(),
    }


def _by_rows() -> Iterable[tuple[RowSet, list[Measure]]]:
    groups: dict[str, tuple[RowSet, list[Measure]]] = {}
    for measure in REGISTRY:
        if measure.rows:
            groups.setdefault(measure.rows.name, (measure.rows, []))[1].append(measure)
    return groups.values()


def _ask(rows: RowSet, measures: list[Measure], asked: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """One statement for all figures of a set of rows; numbers come back exact, never as binary fractions."""
    wanted = {f"{m.field}/{name}": sql for m in measures for name, sql in m.kind.select().items()}
    pairs = ", ".join(f"'{key}', {sql}" for key, sql in wanted.items())
    with connection.cursor() as cursor:
        # count(*) makes it one row, even where every figure is a split.
        cursor.execute(
            with_rows(rows, f"SELECT count(*), jsonb_build_object({pairs})::text FROM rows"),
            asked,
        )
        answer = json.loads(cursor.fetchone()[1], parse_float=Decimal)
    got: dict[str, dict[str, Any]] = {m.field: {} for m in measures}
    for key, value in answer.items():
        field, _, name = key.partition("/")
        got[field][name] = value
    return got
