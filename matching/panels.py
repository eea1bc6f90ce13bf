"""This room's part of the family page (`docs/interface.md`)."""

from __future__ import annotations

from typing import Any

from counties.access import Access
from counties.permissions import Right
from families.models import Family
from matching.models import Conflict, Match
from matching.waiting import waiting_for_partner


def family_panel(access: Access, family: Family) -> dict[str, Any]:
    """Matches of the family's parents, who of them waits, and recorded conflicts; three queries."""
    matches = (
        Match.objects.visible_to(access).filter(parent__family=family).select_related("parent", "partner")
    )
    rows = list(matches.order_by("-starts_on", "-proposed_on"))
    present = [match for match in rows if match.status in (*Match.PRESENT, Match.Status.PAUSED)]
    conflicts = Conflict.objects.visible_to(access).filter(parent__family=family, lifted_at=None)
    waiting = waiting_for_partner(access).filter(family=family).select_related("parent")
    return {
        "match_present": present,
        "match_past": [match for match in rows if match not in present],
        "match_waiting": list(waiting) if Right.MATCH_SUGGEST in access else [],
        "match_conflicts": list(conflicts.select_related("parent", "partner")),
    }
