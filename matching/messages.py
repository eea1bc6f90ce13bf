"""What this room tells people."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from counties.access import Access
from counties.messages import Kind, register
from counties.permissions import Right
from matching.models import Match
from referrals.models import Referral


def _proposed(access: Access, day: dt.date) -> QuerySet:
    return Match.objects.visible_to(access).proposed().select_related("referral")


register(
    Kind(
        "referral.to_match",
        "A parent waits for a parent partner",
        Right.MATCH_SUGGEST,
        lambda access, day: Referral.objects.visible_to(access).awaiting_match(),
        "matching:suggest",
    )
)
register(
    Kind(
        "match.proposed",
        "A proposed match waits for an answer",
        Right.MATCH_ACCEPT,
        _proposed,
        "matching:detail",
        reference=lambda match: match.referral.reference,
    )
)
