"""What the report page shows, for the site and for the state."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEvent
from counties.models import Job
from families.models import FamilyTie
from reporting import display, files
from reporting.actions import Difference
from reporting.actions.certifying import files_key
from reporting.measures import measure
from reporting.measures.registry import BY_FIELD
from reporting.measures.rows import BehindRow, RowsBehind
from reporting.models import MonthlyReport

CERTIFYING = ("report.certified", "report.certification_taken_back")
ABOUT_A_FIGURE = re.compile(r"^\s*([A-Ka-k]\d{1,2}[a-z]?)\s*[:.)-]\s*(.+)$")


@dataclass(frozen=True)
class Comment:
    """DCF's comment: what concerns the whole report, and lines beside single figures."""

    whole: str
    by_field: dict[str, list[str]]


def read_comment(text: str) -> Comment:
    """Sort the lines of a review comment: `C5: ...` belongs beside figure C5, if the report has one of that id."""
    shown = {*BY_FIELD, *(number for number, _ in display.NARRATIVE.values())}
    whole: list[str] = []
    by_field: dict[str, list[str]] = {}
    for line in text.splitlines():
        found = ABOUT_A_FIGURE.match(line)
        field = found[1][0].upper() + found[1][1:] if found else ""
        if found and field in shown:
            by_field.setdefault(field, []).append(found[2])
        else:
            whole.append(line)
    return Comment("\n".join(whole).strip(), by_field)


def answered_by(report: MonthlyReport, versions: list[MonthlyReport]) -> MonthlyReport | None:
    """The returned version that a draft amends: whoever writes the amendment has DCF's comment beside it."""
    before = next((other for other in versions if other.version == report.version - 1), None)
    waits = report.status in (report.Status.DRAFT, report.Status.CERTIFIED)
    return before if waits and before and before.status == before.Status.RETURNED else None


@dataclass(frozen=True)
class Change:
    """A certified figure and what the records give today, in words."""

    field: str
    label: str
    before: str
    now: str


@dataclass(frozen=True)
class Step:
    """One step of an earlier certification: when, what, by whom and why."""

    at: dt.datetime
    title: str
    by: str
    reason: str


def taken_back(report: MonthlyReport) -> list[Step]:
    """Certifications that were taken back, each with its taking back, oldest first; from the trail."""
    if report.certification == 1:
        return []
    events = list(
        AuditEvent.objects.about("monthlyreport", report.pk).filter(verb__in=CERTIFYING).order_by("at", "id")
    )
    last = max((n for n, event in enumerate(events) if event.verb == CERTIFYING[1]), default=-1)
    names = dict(User.objects.filter(pk__in={e.actor_id for e in events}).values_list("pk", "name"))
    return [
        Step(e.at, "Certified" if e.verb == CERTIFYING[0] else "Certification taken back",
             names.get(e.actor_id, ""), e.reason)
        for e in events[: last + 1]
    ]  # fmt: skip


def changes(found: list[Difference]) -> list[Change]:
    """Differences as people read them, part by part: only the parts that differ."""
    listed = []
    for difference in found:
        of = measure(difference.field)
        before, now = _texts(of, difference.before), _texts(of, difference.now)
        for part in [*before, *(p for p in now if p not in before)]:
            if before.get(part) != now.get(part):
                label = of.label + (f": {display.part_label(of, part)}" if part else "")
                listed.append(Change(of.field, label, before.get(part, "0"), now.get(part, "0")))
    return listed


def _texts(of: Any, value: Any) -> dict[str, str]:
    if isinstance(value, dict) and value:
        return {
            ".".join(path): display.part_text(of, ".".join(path), leaf)
            for path, leaf in display.leaves(of, value)
        }
    return {"": display.show(of, value).text}


def narrative(report: MonthlyReport) -> list[tuple[str, str, str]]:
    """K1 to K5 as (id, label, text), empty ones included."""
    return [(number, label, getattr(report, name)) for name, (number, label) in display.NARRATIVE.items()]


def stored_files(report: MonthlyReport) -> list[dict[str, Any]]:
    """The certified report's files, without their contents."""
    rows = {row["kind"]: row for row in report.files.current().values("kind", "made_at")}
    return [
        {"kind": kind, "label": files.LABELS[kind], "made_at": rows[kind]["made_at"]}
        for kind in files.MAKERS
        if kind in rows
    ]


def files_job(report: MonthlyReport) -> Job | None:
    """The newest job that makes this report's files."""
    return Job.objects.filter(kind="report.files", key=files_key(report)).defer("file", "input_file").first()


def shown(rows: Iterable[BehindRow]) -> dict[str, Any]:
    """What the trail keeps of records shown: the families they lead to, so that a family's trail finds the look."""
    rows = list(rows)
    if families := {row.family_pk for row in rows if row.family_pk}:
        return {"kind": "family", "ids": families}
    return {"kind": rows[0].kind if rows else "", "ids": [row.pk for row in rows]}


@dataclass(frozen=True)
class RowsTable:
    """Records behind a figure as a table: the first column leads to the family where there is one."""

    heading: str
    columns: list[str]
    rows: list[dict[str, Any]]


def within_sight(request: HttpRequest, behind: RowsBehind) -> tuple[BehindRow, ...]:
    """The records without those of a family this person has a declared tie to; the figure itself counts all."""
    tied = set(FamilyTie.objects.tying(request.access.person).values_list("family", flat=True))
    return tuple(row for row in behind.rows if row.family_pk not in tied)


def rows_table(request: HttpRequest, behind: RowsBehind, shown: Any) -> RowsTable:
    """The records of one page; a column that only repeats the reference becomes the first one."""
    shown = list(shown)
    repeats = [
        n
        for n, _ in enumerate(behind.columns)
        if shown and all(row.cells[n] == row.reference for row in shown)
    ]
    kept = [n for n, _ in enumerate(behind.columns) if n not in repeats]
    rows = [
        {
            "reference": row.reference,
            "url": reverse("family", args=[request.site.slug, row.family_pk]) if row.family_pk else "",
            "cells": [(behind.columns[n], _cell(row.cells[n])) for n in kept],
        }
        for row in shown
    ]
    heading = behind.columns[repeats[0]] if repeats else "Record"
    return RowsTable(heading, [behind.columns[n] for n in kept], rows)


def _cell(cell: Any) -> str:
    if isinstance(cell, dt.date):
        return display.date_us(cell)
    return "Not recorded" if cell is None or cell == "" else display.words(cell)
