"""Cards of Today about matches: who waits, what is proposed, offered, or handed over for a while."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Concat
from django.urls import reverse

from counties.access import Access
from counties.roles import Role
from matching.models import Match
from psp.cards import Card, Row, card_of, days_since
from referrals.models import Referral

RETURN_NEAR = dt.timedelta(days=7)
RETURN_UNKNOWN = dt.timedelta(days=30)


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


def handed_over(access: Access, day: dt.date) -> Card:
    """Matches paused for a while: who stands in, and whose return is near or past."""
    slug = access.site.slug
    covers = Match.objects.filter(
        parent=OuterRef("parent"), is_secondary=OuterRef("is_secondary"), is_cover=True, status="active"
    )
    name = Concat("partner__first_name", Value(" "), "partner__last_name")
    rows = (
        Match.objects.visible_to(access)
        .filter(status=Match.Status.PAUSED)
        .annotate(cover=Subquery(covers.annotate(name=name).values("name")[:1]))
        .select_related("parent", "partner")
        .order_by(F("back_on").asc(nulls_last=True), "ends_on", "id")
    )
    return card_of(
        "Handed over for a while",
        rows,
        lambda m: Row(
            f"{m.parent}: {m.partner}",
            reverse("matching:detail", args=[slug, m.pk]),
            f"{_return(m, day)}, {f'{m.cover.strip()} stands in' if m.cover else 'nobody stands in'}",
            _urgency(m, day),
            m.parent.family_id,
        ),
        empty="Nobody is away from a family.",
        url=reverse("matching:list", args=[slug]) + "?status=paused",
    )


def _return(match: Match, day: dt.date) -> str:
    if match.back_on is None:
        return f"since {match.ends_on:%m/%d/%Y}, return not known"
    return f"{'expected' if match.back_on >= day else 'was expected'} back {match.back_on:%m/%d/%Y}"


def _urgency(match: Match, day: dt.date) -> str:
    """A return that is past, or near, or not known for a month wants a decision."""
    if match.back_on is None:
        return "warning" if day - match.ends_on > RETURN_UNKNOWN else "neutral"
    return "error" if match.back_on < day else "warning" if match.back_on - day <= RETURN_NEAR else "neutral"
