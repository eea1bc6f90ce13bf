"""One import asked for on screen: a `Job`, what it was given, and what it left behind.

The refused rows themselves are kept only in the job's file, which expires with it; the result holds counts, row
numbers and reasons.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from counties.access import Access
from counties.jobs import Result, ask_for
from counties.models import Job
from counties.permissions import Right
from exchange.importer import Report
from exchange.reading import write_refused
from exchange.sheets import SHEETS
from exchange.uploads import pack, zip_of

KIND = "import.site"
SHOWN = 50
"""Refused rows, and warnings that differ, of a file shown on the page; all are counted."""


def runs_visible_to(access: Access) -> QuerySet[Job]:
    """The site's imports for everybody who may import, newest first, without their files."""
    if Right.IMPORT_RUN not in access:
        return Job.objects.none()
    return Job.objects.filter(kind=KIND).select_related("asked_by").defer("input_file", "file")


def ask_for_import(*, files: dict[str, bytes], check_only: bool, by: User) -> Job:
    """Ask for an import of these files; the same files sent twice are one run."""
    packed = pack(files)
    digest = hashlib.sha256(b"".join(files[name] for name in sorted(files))).hexdigest()
    return ask_for(
        kind=KIND,
        key=f"{'check' if check_only else 'load'}-{digest}",
        by=by,
        arguments={"files": [name for name in SHEETS if name in files], "check_only": check_only},
        input_file=packed,
    )


def result_of(reports: list[Report]) -> Result:
    """What the run leaves behind: counts and reasons for the page, refused rows for the download."""
    refused = {f"{r.name}.refused.csv": write_refused(r.header, r.refused) for r in reports if r.refused}
    facts = {"files": [_facts(report) for report in reports]}
    if not refused:
        return Result(facts)
    if len(refused) == 1:
        [(name, content)] = refused.items()
        return Result(facts, file=content, file_name=name, file_type="text/csv")
    return Result(facts, file=zip_of(refused), file_name="refused-rows.zip", file_type="application/zip")


def _facts(report: Report) -> dict[str, Any]:
    return {
        "name": report.name,
        **report.figures(),
        "problem": report.problem,
        "families": report.families,
        "warned": [{"text": text, "rows": rows} for text, rows in _alike(report.warnings)[:SHOWN]],
        "rows": [{"row": line.number, "reason": reason} for line, reason in report.refused[:SHOWN]],
    }


def _alike(warnings: list[tuple[int, str]]) -> list[tuple[str, list[int]]]:
    """Warnings that say the same, each once with its rows."""
    rows: dict[str, list[int]] = {}
    for row, text in warnings:
        rows.setdefault(text, []).append(row)
    return list(rows.items())


def is_kept(job: Job) -> bool:
    """Whether the refused rows of a finished run can still be downloaded."""
    return bool(job.file_name) and (job.expires_at is None or job.expires_at > timezone.now())


def totals(job: Job) -> dict[str, int]:
    """Counts of a finished run over all its files."""
    files = job.result.get("files", [])
    columns = ("created", "updated", "unchanged", "refused", "warnings")
    return {column: sum(file[column] for file in files) for column in columns}
