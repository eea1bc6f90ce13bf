"""Cards of Today about matches: who waits, what is proposed, offered, or handed over for a while."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from counties.access import Access
from counties.roles import Role
from matching.models import Match
from psp.cards import Card, Row, card_of, days_since
from referrals.models import Referral


def parents_to_match(access: Access, day: dt.date) -> Card:
    slug = access.site.slug
    rows = (
        Referral.objects.visible_to(access).awaiting_match().select_related("parent").order_by("decided_on")
    )
    return card_of(
        "Waiting for a parent partner",
        rows,
        lambda r: Row(
            f"{r.reference} {r.parent}",
            reverse("matching:suggest", args=[slug, r.pk]),
            f"accepted {days_since(day, r.decided_on)} ago" if r.decided_on != day else "accepted today",
            "warning" if (day - r.decided_on).days > 7 else "neutral",
            r.family_id,
        ),
        empty="Nobody is waiting.",
        url=reverse("matching:waiting", args=[slug]),
    )


def matches_proposed(access: Access, day: dt.date) -> Card:
    slug = access.site.slug
    rows = (
        Match.objects.visible_to(access)
        .proposed()
        .select_related("parent", "partner")
        .order_by("proposed_on")
    )
    return card_of(
        "Proposed matches",
        rows,
        lambda m: Row(
            f"{m.parent} with {m.partner}",
            reverse("matching:detail", args=[slug, m.pk]),
            f"{m.get_status_display().lower()}, {days_since(day, m.proposed_on)}"
            + ("" if m.proposed_on == day else " ago"),
            family_id=m.parent.family_id,
        ),
        empty="No proposal is open.",
        url=reverse("matching:list", args=[slug]) + "?status=open",
    )


def offers_to_answer(access: Access, day: dt.date) -> Card | None:
    """Families offered to this person as a parent partner: no names before the match begins."""
    if Role.PARENT_PARTNER not in access.roles:
        return None
    slug = access.site.slug
    rows = Match.objects.to_answer(access).select_related("referral", "parent").order_by("offered_on", "id")
    return card_of(
        "Offered to you",
        rows,
        lambda m: Row(
            f"Referral {m.referral.reference}",
            reverse("matching:offer", args=[slug, m.pk]),
            f"offered {days_since(day, m.offered_on)}" + ("" if m.offered_on == day else " ago"),
            "warning" if (day - m.offered_on).days > 3 else "info",
            m.parent.family_id,
        ),
        empty="No offer waits for your answer.",
        url=reverse("today", args=[slug]),
    )
