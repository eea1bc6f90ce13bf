"""Parents who wait, who could walk beside them, and proposing somebody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from audit.record import record
from counties.access import find
from counties.codes import Experience
from counties.decorators import site_view
from counties.lists import ListPage, paginate, render_list
from counties.permissions import Right
from families.models import Parent
from matching import actions
from matching.filters import WaitingFilter
from matching.forms import ProposeMatchForm
from matching.models import Match
from matching.suggest import consider
from matching.suggest import suggest as suggestions_for
from matching.waiting import waiting_for_partner
from partners.models import ParentPartner
from referrals.models import Referral

SORTS = {"since": "waiting_since", "parent": ("parent__last_name", "parent__first_name")}
CARDS = 10
"""Candidates on one page."""
EXCLUDED_SHOWN = 50


@site_view(Right.MATCH_SUGGEST)
def waiting(request: HttpRequest, site: str) -> HttpResponse:
    """Parents who wait for a parent partner, the longest wait first."""
    form = WaitingFilter(request.GET)
    rows = form.narrow(waiting_for_partner(request.access).select_related("parent__family"))
    listing = paginate(request, rows, sorts=SORTS, default="since")
    record("match.waiting_listed", kind="family", ids={referral.family_id for referral in listing})
    today = timezone.localdate()
    for referral in listing:
        referral.days = (today - referral.waiting_since).days
    context = {"title": "Waiting for a partner", "form": form, "listing": listing}
    return render_list(request, "matching/waiting.html", context | {"breadcrumbs": [_matches_crumb(site)]})


@site_view(Right.MATCH_SUGGEST)
def suggest(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Who could walk beside this parent: each score explained, each exclusion with its reason."""
    referral = find(_referrals(request), pk=pk)
    parent = referral.parent
    record("match.suggested", referral.family, parent)
    found = suggestions_for(parent, request.site.settings)
    page = Paginator(found.candidates, CARDS).get_page(request.GET.get("page"))
    context = {
        "title": f"Partners for {parent}",
        "referral": referral,
        "parent": parent,
        "facts": wishes(parent),
        "is_open": referral.outcome == "accepted" and not referral.withdrawn_on,
        "present": [m for m in found.known.matches if m.parent_id == parent.pk and m.status in Match.PRESENT],
        "conflicts": found.known.conflicts,
        "listing": ListPage(page=page, sort="", sorts=(), page_size=CARDS),
        "excluded": found.excluded[:EXCLUDED_SHOWN],
        "excluded_more": max(0, len(found.excluded) - EXCLUDED_SHOWN),
        "limits": request.site.settings,
        "weights": found.known.weights,
        "breadcrumbs": [_matches_crumb(site), ("Waiting", reverse("matching:waiting", args=[site]))],
    }
    return render(request, "matching/suggest.html", context)


@site_view(Right.MATCH_PROPOSE)
def propose(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Propose the parent partner named in `?partner=`; without one, choose from the suggestions."""
    referral = find(_referrals(request), pk=pk)
    if "partner" not in request.GET:
        return redirect("matching:suggest", site, pk)
    partner = find(ParentPartner.objects.visible_to(request.access), pk=request.GET["partner"])
    pair = Match.objects.visible_to(request.access).filter(parent=referral.parent, partner=partner)
    if there := pair.filter(status__in=Match.PRESENT).first():
        messages.info(request, f"{partner} is proposed or matched already; this is the match.")
        return redirect("matching:detail", site, there.pk)
    seen = consider(partner, referral.parent, request.site.settings)
    primaries = Match.objects.filter(parent=referral.parent, status=Match.Status.ACTIVE, is_secondary=False)
    form = ProposeMatchForm(request.POST or None, candidate=seen, has_primary=primaries.exists())
    pairing = {"referral": referral, "partner": partner}
    if form.answered(request, actions.propose_match, **pairing):
        messages.success(request, "Proposed. Ask both, then note here what they say.")
        return redirect("matching:detail", site, form.result.pk)
    record("family.viewed", referral.family, part="form")
    back = reverse("matching:suggest", args=[site, pk])
    context = {
        "title": f"Propose {partner}",
        "lead": f"To {referral.parent}, {referral.family}",
        "form": form,
        "candidate": seen,
        "submit_label": "Propose the match",
        "cancel_url": back,
        "points": [f"Nothing begins yet: {referral.parent} and {partner} may each decline."],
        "breadcrumbs": [_matches_crumb(site), (f"Partners for {referral.parent}", back)],
    }
    return render(request, "matching/propose.html", context)


def wishes(parent: Parent) -> list[tuple[str, Any]]:
    """What the parent chose to tell for matching; blank means not recorded."""
    experience = ", ".join(label for code, label in Experience.choices if code in parent.shared_experience)
    interpreter = "Yes" if parent.needs_interpreter == "yes" else ""
    return [
        ("Preferred language", parent.get_language_display()),
        *([("Interpreter", interpreter)] if interpreter else []),
        ("Shared experience", experience),
        ("Prefers a partner who is", parent.get_prefers_gender_display() or "No preference stated"),
        ("Prefers a partner of this culture", parent.prefers_culture or "No preference stated"),
        ("Municipality", parent.municipality),
    ]


def _referrals(request: HttpRequest) -> Any:
    return Referral.objects.visible_to(request.access).select_related("family", "parent")


def _matches_crumb(site: str) -> tuple[str, str]:
    return ("Matches", reverse("matching:list", args=[site]))
