"""A parent partner's own page of an offer, and the two answers to it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.permissions import Right
from matching import offers as actions
from matching.models import Match


@site_view(Right.MATCH_ANSWER)
def offer(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """What is offered, without a name; once it is answered or taken back, only that."""
    match = _offered(request, pk)
    record("offer.viewed", match.parent.family, match)
    over = actions.why_over(match)
    context = {
        "title": f"Offer {match.referral.reference}",
        "match": match,
        "over": over,
        "facts": [] if over else actions.what_is_told(match, request.site.settings),
        "breadcrumbs": [("Today", reverse("today", args=[site]))],
    }
    return render(request, "matching/offer.html", context)


@site_view(Right.MATCH_ANSWER)
def accept_offer(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Say yes."""
    points = [
        "The parent is asked next and may still say no.",
        "You see the family, with names, from the day the match begins.",
    ]
    said = "Thank you. Your coordinator asks the parent next."
    return _answer(request, pk, actions.accept_offer, "Say yes to this offer", said, points)


@site_view(Right.MATCH_ANSWER)
def decline_offer(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Say no; no reason is asked for."""
    points = ["Nobody asks you why, and it counts for nothing.", "You are not asked for this parent again."]
    said = "Thank you for answering. Nothing more is asked of you."
    return _answer(request, pk, actions.decline_offer, "Say no to this offer", said, points)


def _answer(
    request: HttpRequest,
    pk: str,
    action: Callable[..., Match],
    title: str,
    said: str,
    points: list[str],
) -> HttpResponse:
    match = _offered(request, pk)
    site = request.site.slug
    url = reverse("matching:offer", args=[site, pk])
    if actions.why_over(match):
        return redirect(url)
    if request.method == "POST":
        try:
            action(match=match, by=request.access.person)
        except ValidationError:  # answered or taken back this very moment; the page says which
            return redirect(url)
        messages.success(request, said)
        return redirect("today", site)
    context = {
        "title": title,
        "lead": match.referral.reference,
        "submit_label": "Yes, I accept" if action is actions.accept_offer else "No, I decline",
        "cancel_url": url,
        "points": points,
        "breadcrumbs": [("Today", reverse("today", args=[site])), (f"Offer {match.referral.reference}", url)],
    }
    return render(request, "components/form_page.html", context)


def _offered(request: HttpRequest, pk: str) -> Match:
    rows = Match.objects.offered_to(request.access)
    return find(rows.select_related("referral", "parent__family", "partner"), pk=pk)
