"""Council meetings on screen."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from advisory import actions
from advisory.forms import MeetingFilter, MeetingForm
from advisory.models import CouncilMeeting
from counties.access import find
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.permissions import Right


@site_view(Right.COUNCIL_VIEW)
def meeting_list(request: HttpRequest, site: str) -> HttpResponse:
    """Meetings with attendance and the share of parents at the table (G1)."""
    filters = MeetingFilter(request.GET)
    meetings = filters.narrow(CouncilMeeting.objects.visible_to(request.access)).with_voices()
    sorts = {"date": "held_on", "council": "council", "people": "people", "share": "parent_share"}
    listing = paginate(request, meetings, sorts=sorts, default="-date")
    context = {"title": "Advisory council", "listing": listing, "filters": filters}
    return render_list(request, "advisory/list.html", context)


@site_view(Right.COUNCIL_RECORD)
def record_meeting(request: HttpRequest, site: str) -> HttpResponse:
    """Record a meeting."""
    form = MeetingForm(request.POST or None)
    back = reverse("advisory:list", args=[site])
    if form.answered(request, actions.record_meeting):
        messages.success(request, f"The meeting of {form.result.held_on:%m/%d/%Y} is recorded.")
        return redirect(back)
    context = {"title": "Record a council meeting", "form": form, "cancel_url": back}
    context["breadcrumbs"] = [("Advisory council", back)]
    return render(request, "components/form_page.html", context)


@site_view(Right.COUNCIL_RECORD)
def edit_meeting(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Correct a meeting."""
    meeting = find(CouncilMeeting.objects.visible_to(request.access), pk=pk)
    form = MeetingForm(request.POST or None, meeting=meeting)
    back = reverse("advisory:list", args=[site])
    if form.answered(request, actions.edit_meeting, meeting=meeting):
        messages.success(request, "The meeting is saved.")
        return redirect(back)
    context = {"title": f"Meeting of {meeting.held_on:%m/%d/%Y}", "form": form, "cancel_url": back}
    context["breadcrumbs"] = [("Advisory council", back)]
    return render(request, "components/form_page.html", context)
