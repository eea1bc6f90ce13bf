"""Referrals on screen: list, entry, page, decision, withdrawal, enrollment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.permissions import Right
from families.codes import CourtTrack
from families.listing import record_offered
from referrals import actions
from referrals.forms import (
    BeginEnrollmentForm,
    CreateReferralForm,
    DecideReferralForm,
    EndParticipationForm,
    ReferralFilter,
    ScreenReferralForm,
    WithdrawReferralForm,
)
from referrals.models import SOURCES, IncomingReferral, Participation, Referral, Referrals
from referrals.panels import referral_story
from referrals.stages import show_stage, show_steps, with_stage, with_steps

SORTS = {
    "referral": "number",
    "parent": ("parent__last_name", "parent__first_name"),
    "referred": "referred_on",
    "decided": "decided_on",
    "stage": "stage",
}


@site_view(Right.REFERRAL_VIEW)
def referral_list(request: HttpRequest, site: str) -> HttpResponse:
    """Referrals of the site this person may see, the latest first."""
    filters = ReferralFilter(request.GET, settings=request.site.settings)
    listing = paginate(request, filters.narrow(_visible(request)), sorts=SORTS, default="-referred")
    for referral in listing:
        show_stage(referral, timezone.localdate()).steps = show_steps(referral, timezone.localdate())
    record("referral.listed", kind="family", ids={referral.family_id for referral in listing})
    new = IncomingReferral.objects.visible_to(request.access).waiting()
    context = {"title": "Referrals", "filters": filters, "listing": listing, "incoming_count": new.count()}
    return render_list(request, "referrals/list.html", context)


@site_view(Right.REFERRAL_CREATE)
def create(request: HttpRequest, site: str) -> HttpResponse:
    """Take in a referral."""
    asked_for = {name: request.GET[name] for name in ("parent", "family") if name in request.GET}
    form = CreateReferralForm(request.POST or None, access=request.access, initial=asked_for)
    if form.answered(request, actions.create_referral):
        messages.success(request, f"{form.result} is taken in. Decide it on this page.")
        return redirect("referrals:detail", site, form.result.pk)
    record_offered(form.fields["family"].queryset.values_list("pk", flat=True))
    return _form_page(request, form, title="New referral", submit_label="Save the referral")


@site_view(Right.REFERRAL_VIEW)
def detail(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """A referral and what came of it."""
    referral = show_stage(find(_visible(request), pk=pk), timezone.localdate())
    record("referral.viewed", referral.family, referral)
    context = {"title": referral.reference, "referral": referral}
    context["story"] = referral_story(referral, request.site.settings)
    context["breadcrumbs"] = _crumbs(request)
    context["steps"] = show_steps(referral, timezone.localdate())
    context["facts"] = _screened(referral)
    context["incoming"] = IncomingReferral.objects.visible_to(request.access).filter(referral=referral)
    return render(request, "referrals/detail.html", context)


@site_view(Right.REFERRAL_DECIDE)
def decide(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Record the decision on a referral."""
    referral = find(_visible(request), pk=pk)
    if request.method == "GET" and (referral.decided_on or referral.withdrawn_on):
        messages.info(request, f"There is nothing to decide: {referral} is decided or withdrawn.")
        return redirect("referrals:detail", site, pk)
    form = DecideReferralForm(request.POST or None, referral=referral)
    if form.answered(request, actions.decide_referral, referral=referral):
        return back(request, referral, f"{referral} is decided: {form.result.get_outcome_display().lower()}.")
    return _form_page(request, form, referral, title=f"Decide {referral}", submit_label="Record the decision")


@site_view(Right.REFERRAL_DECIDE)
def screen(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Note what is known about a referral before and after the decision."""
    referral = find(_visible(request), pk=pk)
    form = ScreenReferralForm(request.POST or None, referral=referral)
    if form.answered(request, actions.screen_referral, referral=referral):
        return back(request, referral, "Saved.")
    return _form_page(request, form, referral, title=f"Screen {referral}", submit_label="Save")


@site_view(Right.REFERRAL_WITHDRAW)
def withdraw(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Withdraw a referral."""
    referral = find(_visible(request), pk=pk)
    form = WithdrawReferralForm(request.POST or None)
    if form.answered(request, actions.withdraw_referral, referral=referral):
        return back(request, referral, f"{referral} is withdrawn.")
    points = ["The referral leaves the waiting list.", "A new referral can be made at any time."]
    title = f"Withdraw {referral}"
    return _form_page(request, form, referral, title=title, submit_label=title, danger=True, points=points)


@site_view(Right.ENROLLMENT_BEGIN)
def enroll(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Enroll the parent, with the participation agreement recorded in the same form."""
    referral = find(_visible(request), pk=pk)
    form = BeginEnrollmentForm(request.POST or None, referral=referral)
    if form.answered(request, actions.begin_enrollment, referral=referral):
        messages.success(request, f"{referral.parent} is enrolled since {form.result.starts_on:%m/%d/%Y}.")
        return redirect("family", site, referral.family_id)
    return _form_page(request, form, referral, title=f"Enroll {referral.parent}", submit_label="Enroll")


@site_view(Right.ENROLLMENT_CLOSE)
def end_participation(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """End one parent's part while the enrollment goes on."""
    rows = Participation.objects.visible_to(request.access).select_related("referral__family", "parent")
    part = find(rows, pk=pk)
    form = EndParticipationForm(request.POST or None)
    if form.answered(request, actions.end_participation, participation=part):
        messages.success(request, f"{part.parent} does not take part any more. The enrollment goes on.")
        return redirect("family", site, part.referral.family_id)
    points = [f"The enrollment goes on without {part.parent}.", "The match has to be ended before."]
    return _form_page(
        request, form, part.referral, title=f"End the participation of {part.parent}",
        submit_label="End the participation", danger=True, points=points,
    )  # fmt: skip


def _visible(request: HttpRequest) -> Referrals:
    referrals = Referral.objects.visible_to(request.access).select_related("parent", "family")
    return with_steps(with_stage(referrals, timezone.localdate()))


def _screened(referral: Referral) -> list[tuple[str, Any]]:
    answers = [
        (question, getattr(referral, f"get_{name}_display")()) for name, question in actions.SCREENING.items()
    ]
    tracks = ", ".join(str(CourtTrack(track).label) for track in referral.court_tracks)
    reached = f"{referral.reached_on:%m/%d/%Y}" if referral.reached_on else ""
    return [("First reached", reached), *answers, ("Court or program", tracks)]


def back(request: HttpRequest, referral: Referral, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("referrals:detail", request.site.slug, referral.pk)


def _crumbs(request: HttpRequest, referral: Referral | None = None) -> list[tuple[str, str]]:
    slug = request.site.slug
    crumbs = [("Referrals", reverse("referrals:list", args=[slug]))]
    if referral:
        crumbs.append((str(referral), reverse("referrals:detail", args=[slug, referral.pk])))
    return crumbs


def _form_page(
    request: HttpRequest, form: Any, referral: Referral | None = None, *, title: str, **more: Any
) -> HttpResponse:
    crumbs = _crumbs(request, referral)
    context = {"title": title, "form": form, "breadcrumbs": crumbs, "cancel_url": crumbs[-1][1], **more}
    if referral:
        record("family.viewed", referral.family, part="form")
        came = f"{referral.referred_on:%m/%d/%Y}"
        source = SOURCES.words(request.site.settings)[referral.source]
        context["lead"] = f"{referral.parent}, {referral.family}. Referred {came} by: {source}."
    return render(request, "components/form_page.html", context)
