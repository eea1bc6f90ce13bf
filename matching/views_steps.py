"""The steps between a proposal and a beginning; pausing a match and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from counties.access import find
from counties.decorators import site_view
from counties.permissions import Right
from matching import steps as actions
from matching.forms import ExpectBackForm, PauseMatchForm, ResumeMatchForm
from matching.views import match_form_page, visible_matches


@site_view(Right.MATCH_ACCEPT)
@require_POST
def advance(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Note the answer that has come, and offer the match to the next who is asked."""
    match = find(visible_matches(request), pk=pk)
    try:
        match = actions.advance_match(match=match, to=request.POST.get("to", ""), by=request.access.person)
        answers = match.status == match.Status.OFFERED_PARTNER and match.partner.person_id
        told = f" {match.partner} can answer under Today." if answers else ""
        messages.success(request, f"{match.get_status_display()}.{told}")
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("matching:detail", site, pk)


@site_view(Right.MATCH_END)
def pause(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Hand a parent over for a while."""
    match = find(visible_matches(request).select_related("referral"), pk=pk)
    first = {"paused_on": timezone.localdate()}
    form = PauseMatchForm(request.POST or None, access=request.access, match=match, initial=first)
    if form.answered(request, actions.pause_match, match=match):
        messages.success(request, "The match is paused. Take it back here when the parent partner returns.")
        return redirect("matching:detail", site, pk)
    points = [
        f"{match.partner} no longer sees the family from that day on.",
        "Who stands in sees the family from the same day; ask both before.",
        "No reason is asked for, and none is kept.",
    ]
    return match_form_page(request, match, form, title="Pause the match", points=points)


@site_view(Right.MATCH_END)
def expect_back(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Note another day on which the parent partner is expected back."""
    match = find(visible_matches(request), pk=pk)
    form = ExpectBackForm(request.POST or None, initial={"back_on": match.back_on})
    if form.answered(request, actions.expect_back, match=match):
        messages.success(request, "Noted. Today reminds you a week before.")
        return redirect("matching:detail", site, pk)
    return match_form_page(request, match, form, title="Change the expected return")


@site_view(Right.MATCH_END)
def resume(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """The parent partner takes the parent back."""
    match = find(visible_matches(request).select_related("referral"), pk=pk)
    form = ResumeMatchForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if form.answered(request, actions.resume_match, match=match):
        messages.success(request, f"{match.partner} walks beside {match.parent} again.")
        return redirect("matching:detail", site, form.result.pk)
    points = [
        "A new match begins; the earlier one keeps its dates.",
        "Who stood in no longer sees the family.",
    ]
    return match_form_page(request, match, form, title="Take the match back", points=points)


@site_view(Right.MATCH_END)
@require_POST
def settle(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """The parent partner does not take the parent back."""
    match = find(visible_matches(request), pk=pk)
    try:
        actions.settle_pause(match=match, by=request.access.person)
        messages.success(request, "The pause is over; the match has ended on the day it was handed over.")
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("matching:detail", site, pk)
