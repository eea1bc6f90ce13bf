"""Incidents on screen, and what to do when a child may not be safe (`domain.md` 10.6)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from activities import actions
from activities.filters import IncidentFilter
from activities.forms_family import IncidentForm
from activities.models import Incident
from activities.vcards import address_book, numbers
from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.permissions import Right
from families.listing import record_offered


@site_view(Right.INCIDENT_VIEW)
def incidents(request: HttpRequest, site: str) -> HttpResponse:
    """Incidents, for coordinators."""
    filters = IncidentFilter(request.GET)
    rows = Incident.objects.visible_to(request.access).select_related("family", "partner", "recorded_by")
    sorts = {"when": "happened_at", "kind": "kind"}
    listing = paginate(request, filters.narrow(rows), sorts=sorts, default="-when")
    record("incident.listed", kind="incident", ids=[incident.pk for incident in listing])
    context = {"title": "Incidents", "filters": filters, "listing": listing}
    return render_list(request, "activities/incidents.html", context)


@site_view(Right.INCIDENT_RECORD)
def record_incident(request: HttpRequest, site: str) -> HttpResponse:
    """Record an incident; afterwards only coordinators see it."""
    form = IncidentForm(request.POST or None, access=request.access)
    seen = Right.INCIDENT_VIEW in request.access
    back = reverse("activities:incidents" if seen else "today", args=[site])
    if form.answered(request, actions.record_incident):
        messages.success(request, "The incident is recorded. Coordinators of your site can see it.")
        return redirect(back)
    record_offered(form.fields["family"].queryset.values_list("pk", flat=True))
    context = {"title": "Record an incident", "form": form, "cancel_url": back}
    context |= {
        "submit_label": "Record the incident",
        "lead": "Only coordinators of this site see it afterwards.",
    }
    return render(request, "components/form_page.html", context)


@site_view(Right.INCIDENT_VIEW)
@require_POST
def strike_incident(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Strike out an incident entered by mistake."""
    incident = find(Incident.objects.visible_to(request.access), pk=pk)
    actions.strike_incident(incident=incident, by=request.access.person)
    messages.success(request, "The incident is struck out. It stays on the list, marked.")
    return redirect("activities:incidents", site)


@site_view(Right.INCIDENT_RECORD)
def report_help(request: HttpRequest, site: str) -> HttpResponse:
    """What to do when a child may not be safe."""
    counties = [str(county) for county in request.site.counties.all()]
    settings = request.site.settings
    lines = _lines(request)
    context = {
        "title": "I need to report", "settings": settings, "counties": counties, "lines": lines,
        "numbers": len(numbers(lines)),
    }  # fmt: skip
    return render(request, "activities/report_help.html", context)


@site_view(Right.INCIDENT_RECORD)
def report_numbers(request: HttpRequest, site: str) -> HttpResponse:
    """The county's numbers for the phone's own address book, where they work without a connection."""
    return address_book(_lines(request))


def _lines(request: HttpRequest) -> list[str]:
    typed = request.site.settings.reporting_lines.splitlines()
    return [line.strip() for line in typed if line.strip()]
