"""The family page: one page a coordinator lives in, each room brings its part (`docs/interface.md`)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

import activities.panels
import families.panels
import matching.panels
import referrals.panels
from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.permissions import Right
from families.models import Family

PANELS = [
    families.panels.family_panel,
    referrals.panels.family_panel,
    matching.panels.family_panel,
    activities.panels.family_panel,
]
"""One function `(access, family) -> context` per room."""


@site_view(Right.FAMILY_VIEW)
def detail(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Everything this person may see of a family; each look is recorded."""
    family = find(Family.with_merged.visible_to(request.access), pk=pk)
    if family.merged_into_id:
        messages.info(request, f"{family} was merged into this record.")
        return redirect("family", site, family.merged_into_id)
    record("family.viewed", family)
    context = {"title": family.reference, "family": family}
    for panel in PANELS:
        context |= panel(request.access, family)
    context["breadcrumbs"] = [("Families", reverse("families:list", args=[site]))]
    return render(request, "psp/family.html", context)
