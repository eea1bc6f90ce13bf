"""What this room tells people."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from counties.access import Access
from counties.messages import Kind, register
from counties.permissions import Right
from matching.models import Match
from referrals.models import Referral


def _to_answer(access: Access, day: dt.date) -> QuerySet:
    return Match.objects.to_answer(access).select_related("referral")


def _agreed(access: Access, day: dt.date) -> QuerySet:
    agreed = Match.objects.visible_to(access).filter(status=Match.Status.OFFERED_PARENT)
    return agreed.select_related("referral")


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
register(
    Kind(
        "match.offered",
        "A family is offered to you: say yes or no",
        Right.MATCH_ANSWER,
        _to_answer,
        "matching:offer",
        reference=lambda match: match.referral.reference,
    )
)
register(
    Kind(
        "match.agreed",
        "A parent partner has said yes: ask the parent",
        Right.MATCH_ACCEPT,
        _agreed,
        "matching:detail",
        reference=lambda match: match.referral.reference,
        by_itself=False,
    )
)
