"""How full a parent partner's days are (`domain.md` 5.4): soft cap by weighted load, hard cap by families."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from counties.wall.scope import current_site_id
from partners.models import ParentPartner

WEIGHTS = {1: Decimal("1.00"), 2: Decimal("0.75"), 3: Decimal("0.50"), 4: Decimal("0.25")}
"""What a family weighs by its level of contact; before any level is recorded it is 1."""


@dataclass(frozen=True)
class Caseload:
    """A parent partner's families today.

    `families` have a running match, `load` is their weight, `proposed` are families of open proposals and
    of pauses, which weigh nothing now; `last_started_on` is the start of the newest match.
    """

    families: int = 0
    load: Decimal = Decimal("0.00")
    proposed: int = 0
    last_started_on: dt.date | None = None

    def room(self, soft_cap: int, hard_cap: int) -> int:
        """How many more families fit without anybody giving a reason; open proposals keep their place."""
        free = min(math.floor(soft_cap - self.load), hard_cap - self.families)
        return max(0, free - self.proposed)


# Levels live in a room above; their table is read here by name, so that no import points up. A family counts
# once, even when both its parents are matched with the same partner. Each partner's matches are looked up by
# index: a join of whole tables is as fast, but only once the planner has statistics.
SQL = """
    SELECT p.*, coalesce(l.families, 0) AS families, coalesce(l.load, 0) AS load, coalesce(l.proposed, 0) AS proposed,
           l.last_started_on, coalesce(lapsed.topics, '{}') AS lapsed_topics
    FROM partners_parentpartner p
    LEFT JOIN (
        SELECT partner_id, array_agg(topic::text ORDER BY topic) AS topics
        FROM (
            SELECT partner_id, topic FROM partners_trainingrecord
            WHERE site_id = %(site)s AND NOT is_struck
            GROUP BY 1, 2 HAVING max(coalesce(expires_on, 'infinity')) <= %(today)s
        ) r GROUP BY 1
    ) lapsed ON lapsed.partner_id = p.id
    LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE runs) AS families,
               sum((5 - level) * 0.25) FILTER (WHERE runs) AS load,
               count(*) FILTER (WHERE NOT runs AND waits) AS proposed,
               max(last_started_on) AS last_started_on
        FROM (
            SELECT bool_or(m.status = 'active') AS runs,
                   bool_or(m.status NOT IN ('active', 'declined', 'ended')) AS waits,
                   max(m.starts_on) AS last_started_on,
                   coalesce(min(level), 1) AS level
            FROM (
                SELECT m.id, m.status, m.starts_on,
                       (SELECT family_id FROM families_parent WHERE id = m.parent_id) AS family_id,
                       CASE WHEN m.status = 'active' THEN (
                           SELECT c.level FROM activities_levelchange c
                           WHERE c.site_id = %(site)s AND c.changed_on <= %(today)s AND c.enrollment_id = (
                               SELECT t.enrollment_id FROM referrals_participation t WHERE t.referral_id = m.referral_id
                           ) ORDER BY c.changed_on DESC LIMIT 1
                       ) END AS level
                FROM matching_match m WHERE m.site_id = %(site)s AND m.partner_id = p.id
            ) m GROUP BY m.family_id
        ) of_family
    ) l ON true
    WHERE p.site_id = %(site)s
      AND CASE WHEN %(one)s::uuid IS NULL THEN p.ends_on IS NULL OR p.ends_on > %(today)s ELSE p.id = %(one)s END
"""


LEVEL = """
    SELECT c.level FROM activities_levelchange c JOIN referrals_participation t ON t.enrollment_id = c.enrollment_id
    WHERE t.site_id = %(site)s AND t.referral_id = %(referral)s AND c.changed_on <= %(today)s
    ORDER BY c.changed_on DESC LIMIT 1
"""


def level_of(referral_id: Any, today: dt.date) -> int:
    """The level of contact a family has; before any is recorded it begins at 1."""
    with connection.cursor() as cursor:
        cursor.execute(LEVEL, {"site": current_site_id(), "referral": referral_id, "today": today})
        row = cursor.fetchone()
    return row[0] if row else 1


def with_caseloads(today: dt.date, partner_id: Any = None) -> list[tuple[ParentPartner, Caseload]]:
    """Everyone who has not left by the day, or the one asked about, with the caseload of today; one query."""
    facts = {"site": current_site_id(), "today": today, "one": partner_id}
    return [
        (p, Caseload(p.families, Decimal(p.load).quantize(WEIGHTS[1]), p.proposed, p.last_started_on))
        for p in ParentPartner.objects.raw(SQL, facts)
    ]
