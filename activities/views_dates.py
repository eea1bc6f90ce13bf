"""Hearings and family team meetings on screen. A parent partner goes along and never testifies."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from activities import actions
from activities.filters import EventFilter
from activities.forms import parents_worked_with, workable
from activities.forms_family import AttendanceForm, EditEventForm, EventForm
from activities.models import FamilyEvent, FamilyEvents
from activities.views import chosen_parent
from audit.record import record
from counties.access import find
from counties.action_forms import ActionForm
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.permissions import Right
from families.listing import record_offered

WITH = ("referral__parent", "referral__family", "partner_attended", "partner_expected")
SORTS = {
    "date": ("held_on", "starts_at"),
    "kind": "kind",
    "parent": ("referral__parent__last_name", "referral__parent__first_name"),
}


@site_view(Right.EVENT_RECORD)
def events(request: HttpRequest, site: str) -> HttpResponse:
    """Hearings and family team meetings, coming up first."""
    filters = EventFilter(request.GET)
    rows = filters.narrow(FamilyEvent.objects.visible_to(request.access).select_related(*WITH))
    listing = paginate(request, rows, sorts=SORTS, default="-date" if filters.looks_back else "date")
    record("event.listed", kind="family", ids={event.referral.family_id for event in listing})
    shown = {event.referral.parent_id for event in listing}
    theirs = set(parents_worked_with(request.access).filter(pk__in=shown).values_list("pk", flat=True))
    for event in listing:
        event.may_change = event.referral.parent_id in theirs
    context = {"title": "Hearings and meetings", "filters": filters, "listing": listing}
    return render_list(request, "activities/events.html", context | {"today": timezone.localdate()})


@site_view(Right.EVENT_RECORD)
def plan_event(request: HttpRequest, site: str) -> HttpResponse:
    """Put a hearing or meeting on the calendar; `?referral=` chooses the parent beforehand."""
    form = EventForm(request.POST or None, access=request.access, initial=chosen_parent(request))
    if form.answered(request, actions.plan_event):
        event = form.result
        messages.success(request, f"{event.get_kind_display()} on {event.held_on:%m/%d/%Y} is noted.")
        return redirect(_back(request, event))
    record_offered(workable(request.access).values_list("family", flat=True))
    return _page(request, form, title="Add a hearing or meeting", submit_label="Add the date")


@site_view(Right.EVENT_RECORD)
def attendance(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Say who went along."""
    event = find(_theirs(request).select_related(*WITH), pk=pk)
    form = AttendanceForm(request.POST or None, event=event, access=request.access)
    if form.answered(request, actions.record_attendance, event=event):
        messages.success(request, "Attendance is noted.")
        return redirect(_back(request, event))
    return _date_form(request, event, form, title="Who went along")


@site_view(Right.EVENT_RECORD)
def edit_event(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Say when and where, who goes along, and whether it was prepared and talked over."""
    event = find(_theirs(request).select_related(*WITH), pk=pk)
    form = EditEventForm(request.POST or None, event=event, access=request.access)
    if form.answered(request, actions.edit_event, event=event):
        messages.success(request, "The date is changed.")
        return redirect(_back(request, event))
    return _date_form(request, event, form, title="Prepare a date")


@site_view(Right.EVENT_RECORD)
def cancel_event(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Strike a date that did not take place."""
    event = find(_theirs(request).select_related(*WITH), pk=pk)
    form = ActionForm(request.POST if request.method == "POST" else None)
    if form.answered(request, actions.cancel_event, event=event):
        messages.success(request, "The date is struck out.")
        return redirect(_back(request, event))
    points = ["The date stays visible as cancelled.", "It no longer counts in the report."]
    return _date_form(
        request, event, form, title="Cancel a date", points=points, submit_label="Strike it out", danger=True
    )


def _theirs(request: HttpRequest) -> FamilyEvents:
    """Dates this person may change: those of parents they work with."""
    return FamilyEvent.objects.filter(referral__parent__in=parents_worked_with(request.access))


def _date_form(request: HttpRequest, event: FamilyEvent, form: ActionForm, **more: object) -> HttpResponse:
    """A form about one date; showing it is a look at the family."""
    record("family.viewed", event.referral.family, part="form")
    lead = f"{event.get_kind_display()} of {event.referral.parent}, {event.held_on:%m/%d/%Y}"
    return _page(request, form, lead=lead, cancel_url=_back(request, event), **more)


def _back(request: HttpRequest, event: FamilyEvent) -> str:
    """The list that shows this date: the coming ones, or those past."""
    listed = reverse("activities:events", args=[request.site.slug])
    return listed if event.held_on >= timezone.localdate() else f"{listed}?when=past"


def _page(request: HttpRequest, form: ActionForm, **more: object) -> HttpResponse:
    listed = reverse("activities:events", args=[request.site.slug])
    context = {"form": form, "cancel_url": listed, "breadcrumbs": [("Hearings and meetings", listed)], **more}
    return render(request, "components/form_page.html", context)
