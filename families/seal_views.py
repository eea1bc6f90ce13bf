"""Seals and ties on screen."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.permissions import Right
from families import sealing as actions
from families.models import Family, FamilyTie
from families.seal_forms import LiftTieForm, ReasonForm, TieFilter, TieForm
from families.views import back, form_page


@site_view(Right.FAMILY_SEAL)
def seal(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Mark a family as known to somebody on the staff."""
    family = find(Family.objects.visible_to(request.access), pk=pk)
    form = ReasonForm(request.POST or None)
    if form.answered(request, actions.seal_family, family=family):
        return back(request, family, f"{family} is sealed.")
    points = [
        "Every page of the family says that somebody on the staff knows it.",
        "Who may not open it at all is told by a declared tie: declare one for each person.",
    ]
    title, label = f"Seal {family.reference}", "Seal the family"
    return form_page(request, family, form, title=title, points=points, submit_label=label)


@site_view(Right.FAMILY_SEAL)
def unseal(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Take a seal off."""
    family = find(Family.objects.visible_to(request.access), pk=pk)
    form = ReasonForm(request.POST or None)
    if form.answered(request, actions.unseal_family, family=family):
        return back(request, family, f"{family} is not sealed any more.")
    title, label = f"Take the seal off {family.reference}", "Take the seal off"
    return form_page(request, family, form, title=title, submit_label=label)


@site_view(Right.FAMILY_VIEW)
def declare_tie(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Say that you, or for a coordinator somebody else, have a tie to this family."""
    family = find(Family.objects.visible_to(request.access), pk=pk)
    form = TieForm(request.POST or None, access=request.access)
    if form.answered(request, actions.declare_tie, family=family):
        if form.result.person_id != request.user.pk:
            return back(request, family, f"{form.result.person.name} can neither open nor find {family} now.")
        messages.success(request, f"Thank you. {family} is out of your sight from now on.")
        return redirect("families:list", site)
    points = [
        "The person can neither open nor find this family from this moment: no page, list, search or count.",
        "Only another coordinator can lift the tie.",
        "A running match is not ended by it; the coordinator decides how it goes on.",
    ]
    return form_page(
        request, family, form, title=f"Declare a tie to {family.reference}", points=points,
        submit_label="Declare the tie",
    )  # fmt: skip


@site_view(Right.FAMILY_SEAL)
def lift_tie(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """A tie holds no longer."""
    rows = FamilyTie.objects.visible_to(request.access).select_related("family", "person")
    tie = find(rows, pk=pk)
    form = LiftTieForm(request.POST or None)
    if form.answered(request, actions.lift_tie, tie=tie):
        words = f"{tie.person.name} may see {tie.family} again, as far as their role goes. The seal stays."
        return back(request, tie.family, words)
    lead = f"{tie.person.name}: {tie.get_kind_display().lower()}"
    title = f"Lift a tie to {tie.family}"
    return form_page(request, tie.family, form, title=title, lead=lead, submit_label="Lift the tie")


@site_view(Right.FAMILY_SEAL)
def ties(request: HttpRequest, site: str) -> HttpResponse:
    """Who of the staff is kept from which family."""
    filters = TieFilter(request.GET)
    rows = FamilyTie.objects.visible_to(request.access).select_related("family", "person", "declared_by")
    sorts = {"family": "family__number", "person": "person__name", "declared": "declared_at"}
    listing = paginate(request, filters.narrow(rows), sorts=sorts, default="-declared")
    record("tie.listed", kind="family", ids={tie.family_id for tie in listing})
    context = {
        "title": "Declared ties", "filters": filters, "listing": listing,
        "breadcrumbs": [("Families", reverse("families:list", args=[site]))],
    }  # fmt: skip
    return render_list(request, "families/ties.html", context)
