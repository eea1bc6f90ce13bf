"""Outreach events on screen."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from counties.access import find
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.permissions import Right
from outreach import actions
from outreach.forms import OutreachFilter, OutreachForm
from outreach.models import OutreachEvent


@site_view(Right.OUTREACH_VIEW)
def outreach_list(request: HttpRequest, site: str) -> HttpResponse:
    """Outreach events, newest first."""
    sorts = {"date": "held_on", "kind": "kind", "audience": "audience", "attendance": "attendance"}
    filters = OutreachFilter(request.GET)
    events = filters.narrow(OutreachEvent.objects.visible_to(request.access))
    context = {"listing": paginate(request, events, sorts=sorts, default="-date"), "filters": filters}
    return render_list(request, "outreach/list.html", {"title": "Outreach", **context})


@site_view(Right.OUTREACH_RECORD)
def record_outreach(request: HttpRequest, site: str) -> HttpResponse:
    """Record an event."""
    form = OutreachForm(request.POST or None)
    back = reverse("outreach:list", args=[site])
    if form.answered(request, actions.record_outreach):
        messages.success(request, f"The event of {form.result.held_on:%m/%d/%Y} is recorded.")
        return redirect(back)
    return render(
        request,
        "components/form_page.html",
        {"title": "Record outreach", "form": form, "cancel_url": back, "breadcrumbs": [("Outreach", back)]},
    )


@site_view(Right.OUTREACH_RECORD)
def edit_outreach(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Correct an event."""
    event = find(OutreachEvent.objects.visible_to(request.access), pk=pk)
    form = OutreachForm(request.POST or None, instance=event)
    back = reverse("outreach:list", args=[site])
    if form.answered(request, actions.edit_outreach, event=event):
        messages.success(request, "The event is saved.")
        return redirect(back)
    return render(
        request,
        "components/form_page.html",
        {"title": "Edit outreach", "form": form, "cancel_url": back, "breadcrumbs": [("Outreach", back)]},
    )
