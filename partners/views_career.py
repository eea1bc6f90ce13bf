"""A parent partner's career, and the wellness check that is theirs alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from counties.access import find
from counties.decorators import site_view
from counties.permissions import Right
from partners import actions
from partners.forms_career import CareerForm, WellnessForm
from partners.models import ParentPartner
from partners.models.career import CareerEntry, WellnessCheck


@site_view(Right.PARTNER_EDIT)
def add_career_entry(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Add a milestone, credential, committee seat or stipend."""
    partner = find(ParentPartner.objects.visible_to(request.access), pk=pk)
    form = CareerForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    back = reverse("partners:detail", args=[site, pk])
    if form.answered(request, actions.add_career_entry, partner=partner):
        messages.success(request, "It is on the profile.")
        return redirect(back)
    crumbs = [("Parent partners", reverse("partners:list", args=[site])), (str(partner), back)]
    context = {"title": "Add to the career", "lead": str(partner), "form": form, "cancel_url": back}
    return render(request, "components/form_page.html", context | {"breadcrumbs": crumbs})


@site_view(Right.PARTNER_EDIT)
@require_POST
def strike_career_entry(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Strike an entry made by mistake."""
    entry = find(CareerEntry.objects.visible_to(request.access).standing(), pk=pk)
    actions.strike_career_entry(entry=entry, by=request.access.person)
    messages.success(request, f"{entry} is struck out. It stays in the history.")
    return redirect("partners:detail", site, entry.partner_id)


@site_view(Right.PARTNER_VIEW)
def wellness(request: HttpRequest, site: str) -> HttpResponse:
    """The voluntary check and the person's own results; nobody else has a page with them."""
    partner = ParentPartner.objects.own(request.access).first()
    form = WellnessForm(request.POST or None)
    if partner and form.answered(request, actions.take_wellness_check, partner=partner):
        messages.success(request, form.result.words)
        return redirect("partners:wellness", site)
    context = {
        "title": "Wellness check",
        "breadcrumbs": [("My profile", reverse("partners:my_profile", args=[site]))],
        "partner": partner,
        "form": form,
        "checks": list(WellnessCheck.objects.visible_to(request.access)[:12]),
    }
    return render(request, "partners/wellness.html", context)
