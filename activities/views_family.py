"""Levels, hearings and meetings, goals and incidents on screen."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from activities import actions
from activities.forms import (
    AttendanceForm,
    EndGoalForm,
    EventFilter,
    EventForm,
    GoalForm,
    IncidentForm,
    LevelForm,
)
from activities.models import FamilyEvent, Goal, Incident
from audit.record import record
from counties.access import find
from counties.action_forms import ActionForm
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.permissions import Right
from families.models import Parent
from referrals.models import Enrollment


@site_view(Right.LEVEL_CHANGE)
def change_level(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Change the contact level of an enrollment."""
    enrollment = find(Enrollment.objects.visible_to(request.access).select_related("family"), pk=pk)
    form = LevelForm(request.POST or None)
    back = reverse("family", args=[site, enrollment.family_id])
    if form.answered(request, actions.change_level, enrollment=enrollment):
        messages.success(
            request, f"The family is on level {form.result.level} from {form.result.changed_on:%m/%d/%Y}."
        )
        return redirect(back)
    context = {
        "title": f"Change the level of {enrollment.family}", "form": form, "submit_label": "Change the level",
        "cancel_url": back, "points": ["The day itself counts at the new level.", "Earlier levels stay as they were."],
    }  # fmt: skip
    return render(request, "components/form_page.html", context)


@site_view(Right.EVENT_RECORD)
def events(request: HttpRequest, site: str) -> HttpResponse:
    """Hearings and family team meetings, coming up first."""
    filters = EventFilter(request.GET)
    rows = FamilyEvent.objects.visible_to(request.access)
    rows = filters.narrow(rows.select_related("referral__parent", "referral__family", "partner_attended"))
    is_past = request.GET.get("when") in ("past", "all")
    sorts = {"date": "held_on", "kind": "kind", "parent": "referral__parent__last_name"}
    listing = paginate(request, rows, sorts=sorts, default="-date" if is_past else "date")
    record("event.listed", kind="familyevent", ids=[event.pk for event in listing])
    context = {"title": "Hearings and meetings", "filters": filters, "listing": listing}
    return render_list(request, "activities/events.html", context)


@site_view(Right.EVENT_RECORD)
def plan_event(request: HttpRequest, site: str) -> HttpResponse:
    """Put a hearing or meeting on the calendar."""
    initial = {"referral": request.GET.get("referral")}
    form = EventForm(request.POST or None, access=request.access, initial=initial)
    back = reverse("activities:events", args=[site])
    if form.answered(request, actions.plan_event):
        messages.success(
            request, f"{form.result.get_kind_display()} on {form.result.held_on:%m/%d/%Y} is noted."
        )
        return redirect(back)
    context = {"title": "Add a hearing or meeting", "form": form, "cancel_url": back}
    return render(request, "components/form_page.html", context)


@site_view(Right.EVENT_RECORD)
def attendance(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Say who went along."""
    event = find(FamilyEvent.objects.visible_to(request.access).select_related("referral__parent"), pk=pk)
    initial = {"partner_attended": event.partner_attended_id}
    form = AttendanceForm(request.POST or None, access=request.access, initial=initial)
    back = reverse("activities:events", args=[site]) + "?when=past"
    if form.answered(request, actions.record_attendance, event=event):
        messages.success(request, "Attendance is noted.")
        return redirect(back)
    lead = f"{event.get_kind_display()} of {event.referral.parent}, {event.held_on:%m/%d/%Y}"
    context = {"title": "Who went along", "lead": lead, "form": form, "cancel_url": back}
    return render(request, "components/form_page.html", context)


@site_view(Right.EVENT_RECORD)
def cancel_event(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Strike a date that did not take place."""
    event = find(FamilyEvent.objects.visible_to(request.access).select_related("referral__parent"), pk=pk)
    form = ActionForm(request.POST or None)
    back = reverse("activities:events", args=[site])
    if form.answered(request, actions.cancel_event, event=event):
        messages.success(request, "The date is struck out.")
        return redirect(back)
    lead = f"{event.get_kind_display()} of {event.referral.parent}, {event.held_on:%m/%d/%Y}"
    context = {
        "title": "Cancel a date", "lead": lead, "form": form, "submit_label": "Strike it out", "danger": True,
        "cancel_url": back, "points": ["The date stays visible as cancelled.", "It no longer counts in the report."],
    }  # fmt: skip
    return render(request, "components/form_page.html", context)


@site_view(Right.GOAL_RECORD)
def set_goal(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Write down a parent's goal."""
    parent = find(Parent.objects.visible_to(request.access).select_related("family"), pk=pk)
    form = GoalForm(request.POST or None)
    back = reverse("family", args=[site, parent.family_id])
    if form.answered(request, actions.set_goal, parent=parent):
        messages.success(request, "The goal is noted.")
        return redirect(back)
    context = {"title": f"A goal of {parent}", "form": form, "cancel_url": back}
    return render(request, "components/form_page.html", context)


@site_view(Right.GOAL_RECORD)
def end_goal(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Mark a goal as reached or set aside."""
    goal = find(Goal.objects.visible_to(request.access).select_related("parent"), pk=pk)
    form = EndGoalForm(request.POST or None)
    back = reverse("family", args=[site, goal.parent.family_id])
    if form.answered(request, actions.end_goal, goal=goal):
        messages.success(request, f"The goal is {form.result.get_status_display().lower()}.")
        return redirect(back)
    context = {"title": "What came of the goal", "lead": goal.words, "form": form, "cancel_url": back}
    return render(request, "components/form_page.html", context)


@site_view(Right.INCIDENT_VIEW)
def incidents(request: HttpRequest, site: str) -> HttpResponse:
    """Incidents, for coordinators."""
    rows = Incident.objects.visible_to(request.access).select_related("family", "partner", "recorded_by")
    sorts = {"when": "happened_at", "kind": "kind"}
    listing = paginate(request, rows, sorts=sorts, default="-when")
    record("incident.listed", kind="incident", ids=[incident.pk for incident in listing])
    return render_list(request, "activities/incidents.html", {"title": "Incidents", "listing": listing})


@site_view(Right.INCIDENT_RECORD)
def record_incident(request: HttpRequest, site: str) -> HttpResponse:
    """Record an incident; afterwards only coordinators see it."""
    form = IncidentForm(request.POST or None, access=request.access)
    if form.answered(request, actions.record_incident):
        messages.success(request, "The incident is recorded. Coordinators of your site can see it.")
        return redirect("today", site)
    context = {"title": "Record an incident", "form": form, "cancel_url": reverse("today", args=[site])}
    return render(request, "components/form_page.html", context)


@site_view(Right.INCIDENT_RECORD)
def report_help(request: HttpRequest, site: str) -> HttpResponse:
    """What to do when a child may not be safe."""
    context = {"title": "I need to report", "settings": request.site.settings}
    return render(request, "activities/report_help.html", context)
