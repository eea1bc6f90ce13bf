"""Matches: the list, one match, and the verbs of its life."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.permissions import Right
from matching import actions
from matching.filters import MatchFilter
from matching.forms import AcceptMatchForm, CloseEnrollmentForm, DeclineMatchForm, EndMatchForm
from matching.models import Match, Matches
from matching.steps import cover_of
from matching.story import facts, history, next_step
from matching.suggest import consider
from matching.waiting import waiting_for_partner
from referrals.models import Enrollment

SORTS = {
    "parent": ("parent__last_name", "parent__first_name"),
    "partner": ("partner__last_name", "partner__first_name"),
    "status": ("status", "-proposed_on"),
    "proposed": "proposed_on",
    "started": "starts_on",
    "ended": "ends_on",
}


@site_view(Right.MATCH_VIEW)
def list_matches(request: HttpRequest, site: str) -> HttpResponse:
    """Who walks beside whom; a parent partner sees their own running matches."""
    form = MatchFilter(request.GET, access=request.access)
    listing = paginate(request, form.narrow(visible_matches(request)), sorts=SORTS, default="-proposed")
    record("match.listed", kind="family", ids={match.parent.family_id for match in listing})
    suggests = Right.MATCH_SUGGEST in request.access
    context = {
        "title": "Matches",
        "form": form,
        "listing": listing,
        "suggests": suggests,
        "reassign_from": form.cleaned_data.get("partner") if Right.MATCH_END in request.access else None,
        "shows_end": request.GET.get("status") in ("ended", "all"),
        "waiting_count": waiting_for_partner(request.access).count() if suggests else 0,
    }
    return render_list(request, "matching/list.html", context)


@site_view(Right.MATCH_VIEW)
def detail(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """One match: what it is, how it came about, and what can be done now."""
    match = find(visible_matches(request).select_related("referral", "proposed_by"), pk=pk)
    record("match.viewed", match.parent.family, match)
    coordinates = Right.MATCH_SUGGEST in request.access
    context = {
        "title": f"{match.parent} and {match.partner}",
        "match": match,
        "facts": facts(match, coordinates),
        "history": history(match, coordinates),
        "score": match.score if coordinates else {},
        "next_step": next_step(match) if coordinates else None,
        "cover": cover_of(match) if coordinates and match.status == Match.Status.PAUSED else None,
        "is_waiting": coordinates
        and waiting_for_partner(request.access).filter(pk=match.referral_id).exists(),
        "breadcrumbs": [("Matches", reverse("matching:list", args=[site]))],
    }
    return render(request, "matching/detail.html", context)


@site_view(Right.MATCH_ACCEPT)
def accept(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Begin a proposed match: both have agreed."""
    match = find(visible_matches(request).select_related("referral"), pk=pk)
    seen = consider(match.partner, match.parent, request.site.settings, besides=match)
    form = AcceptMatchForm(
        request.POST or None, match=match, candidate=seen, initial={"starts_on": timezone.localdate()}
    )
    if form.answered(request, actions.accept_match, match=match):
        messages.success(request, f"{match.parent} and {match.partner} are matched now.")
        return redirect("matching:detail", site, pk)
    points = [
        "Both have agreed: the match begins on the start date.",
        f"{match.partner} sees the family from that day on.",
        "Next comes the participation agreement and the enrollment.",
    ]
    return match_form_page(request, match, form, title="Begin the match", points=points)


@site_view(Right.MATCH_DECLINE)
def decline(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Note that a proposal came to nothing."""
    match = find(visible_matches(request), pk=pk)
    form = DeclineMatchForm(request.POST or None)
    if form.answered(request, actions.decline_match, match=match):
        messages.success(request, "The proposal is closed. Suggest somebody else when you are ready.")
        return redirect("matching:suggest", site, match.referral_id)
    points = ["A pairing declined by the parent or the parent partner is not suggested again."]
    return match_form_page(request, match, form, title="Close the proposal", points=points)


@site_view(Right.MATCH_END)
def end(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """End a running match."""
    match = find(visible_matches(request), pk=pk)
    form = EndMatchForm(request.POST or None, initial={"ends_on": timezone.localdate()})
    if form.answered(request, actions.end_match, match=match):
        messages.success(
            request, f"The match has ended. {match.parent} waits for another parent partner now."
        )
        return redirect("matching:detail", site, pk)
    points = [
        "The enrollment stays open.",
        f"{match.partner} no longer sees the family from that day on.",
        f"{match.parent} goes to the list of parents who wait for a partner.",
    ]
    return match_form_page(request, match, form, title="End the match", points=points, danger=True)


@site_view(Right.ENROLLMENT_CLOSE)
def close_enrollment(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Close a family's enrollment, and with it the matches of its parents."""
    enrollment = find(Enrollment.objects.visible_to(request.access).select_related("family"), pk=pk)
    form = CloseEnrollmentForm(request.POST or None, initial={"closed_on": timezone.localdate()})
    if form.answered(request, actions.close_enrollment, enrollment=enrollment):
        messages.success(request, f"The enrollment of {enrollment.family} is closed.")
        return redirect("family", site, enrollment.family_id)
    record("family.viewed", enrollment.family, part="form")
    family_url = reverse("family", args=[site, enrollment.family_id])
    context = {
        "title": "Close the enrollment",
        "lead": f"{enrollment.family}, enrolled on {enrollment.enrolled_on:%m/%d/%Y}",
        "form": form,
        "submit_label": "Close the enrollment",
        "cancel_url": family_url,
        "danger": True,
        "points": [
            "Running matches of its parents end on the same day.",
            "Nothing is erased. A later referral opens a new enrollment that links to this one.",
        ],
        "breadcrumbs": [
            ("Families", reverse("families:list", args=[site])),
            (str(enrollment.family), family_url),
        ],
    }
    return render(request, "components/form_page.html", context)


def visible_matches(request: HttpRequest) -> Matches:
    return Match.objects.visible_to(request.access).select_related("parent__family", "partner")


def match_form_page(
    request: HttpRequest, match: Match, form: Form, *, title: str, **more: Any
) -> HttpResponse:
    record("family.viewed", match.parent.family, part="form")
    site = request.site.slug
    about = f"{match.parent} and {match.partner}"
    url = reverse("matching:detail", args=[site, match.pk])
    context = {
        "title": title,
        "lead": about,
        "form": form,
        "submit_label": title,
        "cancel_url": url,
        "breadcrumbs": [("Matches", reverse("matching:list", args=[site])), (about, url)],
    }
    return render(request, "components/form_page.html", context | more)
