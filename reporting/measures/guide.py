"""docs/measures.md, written from the registry, so that the text cannot drift from the code."""

from __future__ import annotations

from itertools import groupby

from reporting.measures.measure import SECTIONS, Measure
from reporting.measures.registry import REGISTRY

INTRODUCTION = """\
# Where figures are defined

Written from `reporting/measures` by `manage.py write_measures_guide`; a test fails when it differs. Change the
registry, not this file.

A report covers one site and one calendar month, first to last day. Dates are the site's local dates. An enrollment
is active on the morning of a day when it began before the day and was not closed before it; at the end of a day
when it began by it and was not closed by it. A parent partner is active on a day from the start date up to the day
before the end date. All figures are computed in PostgreSQL from whole numbers; rounding is half up from exact
fractions. A rate is its numerator, denominator and share (4 decimals), the share empty when the denominator is 0. A
split leaves codes that do not occur out. "Not collected" is printed where this version has no data source; it is
not zero.

A1 to A3 head the report; A3 (preparer, submitted at, version) is what the report itself records. An id with a
letter behind it (C9b) is the second half of a field of the report.
"""


def guide() -> str:
    """The whole text of docs/measures.md."""
    sections = groupby(REGISTRY, key=lambda measure: measure.section)
    return "\n".join([INTRODUCTION, *(_section(letter, list(measures)) for letter, measures in sections)])


def _section(letter: str, measures: list[Measure]) -> str:
    head = [f"## {letter}. {SECTIONS[letter]}", "", "| id | figure | definition | unit | outside the site |"]
    return "\n".join([*head, "|---|---|---|---|---|", *map(_row, measures), ""])


def _row(measure: Measure) -> str:
    outside = measure.publishing or "not shown"
    return f"| {measure.field} | {measure.label} | {measure.definition} | {measure.unit or '-'} | {outside} |"
