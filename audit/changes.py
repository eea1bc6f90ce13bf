"""The row history of one request, read back as changes: which row, which fields, from what to what."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import CharField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from audit.history import RowHistory

MOST_ROWS = 200
"""Rows shown for one request; an import changes thousands."""
PLUMBING = {"id", "site"}


@dataclass(frozen=True)
class Change:
    """One row of one table, changed in one request; `what` is insert, update or delete."""

    table: str
    what: str
    fields: list[tuple[str, str, str]]


def histories() -> list[type[RowHistory]]:
    """Every row-history table."""
    return [model for model in apps.get_models() if issubclass(model, RowHistory)]


def changes_of(request_id: uuid.UUID) -> tuple[list[Change], int]:
    """What one request changed, at most `MOST_ROWS` rows, and how many it changed in all.

    Runs inside a site's scope; the wall narrows the history as it does the rows.
    """
    found = _touched(request_id)
    changes = [change for model, _ in found for change in _changes(model, request_id)]
    return changes[:MOST_ROWS], sum(count for _, count in found)


def _touched(request_id: uuid.UUID) -> list[tuple[type[RowHistory], int]]:
    """Tables the request wrote to, and how many rows; one query over all of them."""
    models = {model._meta.label: model for model in histories()}
    parts = [
        model._base_manager.filter(pgh_request=request_id).order_by().values_list(
            Value(label, output_field=CharField()), Cast("pgh_id", CharField())
        )
        for label, model in models.items()
    ]  # fmt: skip
    counts: dict[str, int] = {}
    for label, _ in parts[0].union(*parts[1:], all=True):
        counts[label] = counts.get(label, 0) + 1
    return [(models[label], count) for label, count in sorted(counts.items())]


def _changes(model: type[RowHistory], request_id: uuid.UUID) -> list[Change]:
    rows = list(model._base_manager.filter(pgh_request=request_id).order_by("pgh_id")[:MOST_ROWS])
    before = _rows_before(model, rows)
    tracked = model._meta.get_field("pgh_obj").related_model
    return [
        Change(
            table=str(tracked._meta.verbose_name),
            what=row.pgh_label,
            fields=_differences(row, before.get(row.pgh_id)),
        )
        for row in rows
    ]


def _rows_before(model: type[RowHistory], rows: list[Any]) -> dict[int, Any]:
    """For each history row the one written before it for the same object."""
    past: dict[Any, list[Any]] = {}
    for row in model._base_manager.filter(pgh_obj_id__in={r.pgh_obj_id for r in rows}).order_by("pgh_id"):
        past.setdefault(row.pgh_obj_id, []).append(row)
    pairs = [
        (later, earlier) for many in past.values() for earlier, later in zip(many, many[1:], strict=False)
    ]
    return {later.pgh_id: earlier for later, earlier in pairs}


def _differences(row: Any, former: Any | None) -> list[tuple[str, str, str]]:
    """(field, old, new) for each column that differs; of a new or deleted row, those that hold something."""
    differences = []
    for field in row._meta.fields:
        if field.name.startswith("pgh_") or field.name in PLUMBING:
            continue
        new, old = _shown(row, field), _shown(former, field) if former else ""
        if row.pgh_label == "delete":
            new, old = "", new
        if new != old:
            differences.append((str(field.verbose_name), old, new))
    return differences


def _shown(row: Any, field: Any) -> str:
    value = getattr(row, field.attname)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, bytes | memoryview):
        return "(file)"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if field.choices and value is not None:
        return str(dict(field.flatchoices).get(value, value))
    return "" if value is None else _words(value)


def _words(value: Any) -> str:
    """Dates as MM/DD/YYYY, instants in the site's time, a key by its end."""
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%m/%d/%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%m/%d/%Y}"
    return f"…{str(value)[-6:]}" if isinstance(value, uuid.UUID) else str(value)
