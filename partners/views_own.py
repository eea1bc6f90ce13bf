"""What a parent partner decides for themself: My profile."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.record import record
from counties.decorators import site_view
from counties.permissions import Right
from partners import actions
from partners.forms import OwnExperienceForm
from partners.models import ParentPartner


@site_view(Right.PARTNER_VIEW)
def my_profile(request: HttpRequest, site: str) -> HttpResponse:
    """The person's own lived experience: what is told, what matching may use, what may be named."""
    partner = ParentPartner.objects.own(request.access).first()
    if partner is None:
        return render(request, "partners/my_profile.html", {"title": "My profile", "partner": None})
    form = OwnExperienceForm(request.POST or None, partner=partner)
    if form.answered(request, actions.choose_experience, partner=partner):
        messages.success(request, "Your choices are saved.")
        return redirect("partners:my_profile", site)
    record("partner.viewed", partner)
    return render(
        request, "partners/my_profile.html", {"title": "My profile", "partner": partner, "form": form}
    )
