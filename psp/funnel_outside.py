"""The referral funnel of a calendar year as it may leave the site: small numbers hidden (`domain.md` 11).

Each referral stands where it got to, so that no number follows from two others. Whole years only, and each once: two
periods that overlap, or one before and after a correction, would tell what both hide. All tables are one release with
one decision for each number (docs/adr/0030).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.models import Site
from referrals import funnel
from referrals.models import FunnelRelease, Referral, Referrals
from reporting.suppression import Key, Line, Table, suppress

REACHED_TO = ["Not reached", "Reached only", "Accepted only", "Matched only", "Enrolled"]
ENROLLED = len(REACHED_TO) - 1
ALL = -1
GROUPED_BY = ("source", "race", "language")
HIDDEN = None


@dataclass(frozen=True)
class OutsideTable:
    """One table: heading, and per row its label and numbers, the last one their sum; `HIDDEN` stands for no number."""

    title: str
    rows: list[tuple[str, list[int | None]]]


@dataclass(frozen=True)
class OutsideFunnel:
    """What may be shown: the reasons of those not enrolled, and how far each group got."""

    losses: list[tuple[str, int | None]]
    tables: list[OutsideTable]


def outside(referrals: Referrals, *, threshold: int) -> OutsideFunnel:
    """The funnel of these referrals without counts below `threshold`, nor what gives them away; four queries."""
    grouped = {name: _by_group(referrals, name) for name in GROUPED_BY}
    losses = funnel.losses(referrals)
    table = _release(grouped, losses)
    hidden = suppress(table, threshold=threshold)
    return OutsideFunnel(
        [(why, _shown(table, hidden, ("loss", why))) for why, _ in losses],
        [_table(name, rows, table, hidden) for name, rows in grouped.items()],
    )


def release_funnel(*, site: Site, year: int, by: User) -> FunnelRelease:
    """Work out the funnel of a year and keep it as it is; the one there is, if it was released before.

    It counts every referral of the site, also of families `by` may not open: what goes out is the same, whoever
    takes it.

    Raises:
        ValidationError: the year is not over.
    """
    if year >= timezone.localdate().year:
        raise ValidationError({"year": "Release a year when it is over."})
    threshold = site.settings.suppression_threshold
    figures = asdict(outside(Referral.objects.filter(referred_on__year=year), threshold=threshold))
    facts = {"threshold": threshold, "figures": figures, "released_by": by}
    release, is_new = FunnelRelease.objects.get_or_create(site=site, year=year, defaults=facts)
    if is_new:
        record("referral.funnel_released", year=year)
    return release


def _by_group(referrals: Referrals, name: str) -> dict[str, Counter[int]]:
    """For each group, how many got how far; groups in the order of their words."""
    _, column, words = funnel.GROUPS[name]
    rows = funnel.with_funnel(referrals).annotate(value=column).values_list(
        "value", "reached", "accepted_once", "matched", "enrolled"
    )  # fmt: skip
    found: dict[str, Counter[int]] = {}
    for value, *steps in rows:
        label = str(words.get(value, value) or "Not recorded")
        furthest = max((n for n, took in enumerate(steps, 1) if took), default=0)
        found.setdefault(label, Counter())[furthest] += 1
    return dict(sorted(found.items()))


def _release(grouped: dict[str, dict[str, Counter[int]]], losses: Iterable[tuple[str, int]]) -> Table:
    """Every number of the page and what adds up to what."""
    steps = range(len(REACHED_TO))
    values: dict[Key, int] = {("loss", why): n for why, n in losses}
    lines = []
    for name, rows in grouped.items():
        for label, counts in rows.items():
            values |= {(name, label, step): counts[step] for step in steps}
            values[name, label, ALL] = counts.total()
            lines.append(Line((name, label, ALL), tuple((name, label, step) for step in steps)))
        for step in (*steps, ALL):
            values["all", step] = sum(values[name, label, step] for label in rows)
            lines.append(Line(("all", step), tuple((name, label, step) for label in rows)))
    lines.append(Line(("all", ALL), tuple(("all", step) for step in steps)))
    reasons = tuple(key for key in values if key[0] == "loss")
    lines.append(Line(("all", ALL), (*reasons, ("all", ENROLLED))))
    return Table(values=values, lines=lines)


def _table(name: str, rows: dict[str, Any], table: Table, hidden: frozenset[Key]) -> OutsideTable:
    columns = (*range(len(REACHED_TO)), ALL)
    found = [(label, [_shown(table, hidden, (name, label, step)) for step in columns]) for label in rows]
    found.append(("All", [_shown(table, hidden, ("all", step)) for step in columns]))
    return OutsideTable(funnel.GROUPS[name][0], found)


def _shown(table: Table, hidden: frozenset[Key], key: Key) -> int | None:
    return HIDDEN if key in hidden else table.values[key]
