"""The best overall assignment of many parents at once, and how it reads line by line; nothing is written.

Loaded where a plan is worked out and nowhere else: numpy and the solver take half a second and 60 MB to load.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any

import numpy as np

from counties.models import SiteSettings
from families.models import Parent
from matching import matrix
from matching.models import PlanLine
from matching.pool import Between, Standing, between, pool
from matching.score import score
from matching.solver import assign
from matching.suggest import circumstances
from partners.models import ParentPartner
from referrals.models import Referral

POINTS_PER_DAY = 1
MOST_WAITING_POINTS = 100
"""A day of waiting weighs as much as one point of the score, up to as much as the whole score (docs/adr/0024)."""


def work_out(
    waiting: list[Referral], limits: SiteSettings, today: dt.date, without: ParentPartner | None = None
) -> list[PlanLine]:
    """The plan's lines in the order of waiting; a handful of queries for any number of parents.

    Args:
        without: who is to be left out, because their families are handed on.
    """
    parents = [referral.parent for referral in waiting]
    standings = [standing for standing in pool(limits, today) if standing.partner != without]
    if not parents or not standings:
        return [_line(n, referral) for n, referral in enumerate(waiting)]
    known = between(parents)
    scores = matrix.points(parents, standings, known, limits)
    stops, codes = matrix.stops(parents, standings, known)
    chosen = assign(scores + waiting_points(waiting, today), stops == 0, _room(standings), _filled(standings))
    best = np.where(stops == 0, scores, -1).max(axis=1)
    lines = []
    for n, referral in enumerate(waiting):
        line = _line(n, referral)
        line.fits = int((stops[n] == 0).sum())
        line.stopped = {codes[int(k)]: int(v) for k, v in Counter(stops[n].tolist()).items() if k}
        line.best_total = Decimal(int(best[n])) / 10 if line.fits else None
        if chosen[n] >= 0:
            _give(line, standings[chosen[n]], referral.parent, limits, known)
        line.advised = line.partner
        lines.append(line)
    return lines


def waiting_points(waiting: list[Referral], today: dt.date) -> Any:
    """Tenths of a point that placing each parent is worth for the days they waited; a column."""
    days = np.array([max(0, (today - referral.waiting_since).days) for referral in waiting])
    return 10 * np.minimum(MOST_WAITING_POINTS, POINTS_PER_DAY * days)[:, None]


def _line(position: int, referral: Referral) -> PlanLine:
    return PlanLine(referral=referral, position=position, waiting_since=referral.waiting_since)


def _give(line: PlanLine, standing: Standing, parent: Parent, limits: SiteSettings, known: Between) -> None:
    line.partner = standing.partner
    line.score = score(parent, standing.partner, circumstances(standing, parent, limits, known)).as_json()


def _room(standings: list[Standing]) -> Any:
    return np.array([standing.room for standing in standings], dtype=np.int64)


def _filled(standings: list[Standing]) -> Any:
    return np.array([s.caseload.families + s.caseload.proposed for s in standings], dtype=np.int64)
