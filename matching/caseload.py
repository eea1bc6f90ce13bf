"""How full a parent partner's days are (`domain.md` 5.4): soft cap by weighted load, hard cap by families."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from counties.wall.scope import current_site_id
from partners.models import ParentPartner

WEIGHTS = {1: Decimal("1.00"), 2: Decimal("0.75"), 3: Decimal("0.50"), 4: Decimal("0.25")}
"""What a family weighs by its level of contact; before any level is recorded it is 1."""


@dataclass(frozen=True)
class Caseload:
    """A parent partner's families today.

    `families` have a running match, `load` is their weight, `proposed` are families of open proposals, which
    weigh nothing yet; `last_started_on` is the start of the newest match.
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
# once, even when both its parents are matched with the same partner.
SQL = """
    WITH levels AS (
        SELECT DISTINCT ON (t.referral_id) t.referral_id, l.level
        FROM activities_levelchange l
        JOIN referrals_participation t ON t.site_id = l.site_id AND t.enrollment_id = l.enrollment_id
        WHERE l.site_id = %(site)s AND l.changed_on <= %(today)s
        ORDER BY t.referral_id, l.changed_on DESC
    ), running AS (
        SELECT DISTINCT ON (m.partner_id, p.family_id) m.partner_id, coalesce(levels.level, 1) AS level
        FROM matching_match m
        JOIN families_parent p ON p.site_id = m.site_id AND p.id = m.parent_id
        LEFT JOIN levels ON levels.referral_id = m.referral_id
        WHERE m.site_id = %(site)s AND m.status = 'active'
        ORDER BY m.partner_id, p.family_id, m.id
    ), load AS (
        SELECT partner_id, count(*) AS families, sum((5 - level) * 0.25) AS load FROM running GROUP BY 1
    ), every AS (
        SELECT m.partner_id, max(m.starts_on) AS last_started_on,
               count(DISTINCT p.family_id) FILTER (WHERE m.status IN ('proposed')) AS proposed
        FROM matching_match m
        JOIN families_parent p ON p.site_id = m.site_id AND p.id = m.parent_id
        WHERE m.site_id = %(site)s AND (%(one)s::uuid IS NULL OR m.partner_id = %(one)s)
        GROUP BY 1
    )
    SELECT p.*, coalesce(load.families, 0) AS families, coalesce(load.load, 0) AS load,
           coalesce(every.proposed, 0) AS proposed, every.last_started_on
    FROM partners_parentpartner p
    LEFT JOIN every ON every.partner_id = p.id
    LEFT JOIN load ON load.partner_id = p.id
    WHERE p.site_id = %(site)s
      AND CASE WHEN %(one)s::uuid IS NULL THEN p.ends_on IS NULL OR p.ends_on > %(today)s ELSE p.id = %(one)s END
    ORDER BY p.id
"""


def with_caseloads(today: dt.date, partner_id: Any = None) -> list[tuple[ParentPartner, Caseload]]:
    """Everyone who has not left by the day, or the one asked about, with the caseload of today; one query."""
    facts = {"site": current_site_id(), "today": today, "one": partner_id}
    return [
        (p, Caseload(p.families, Decimal(p.load).quantize(WEIGHTS[1]), p.proposed, p.last_started_on))
        for p in ParentPartner.objects.raw(SQL, facts)
    ]
