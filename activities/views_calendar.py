"""Dates for a calendar program: one as a file, or all of a person's under a secret address."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from activities import actions
from activities.actions.feeds import hash_of
from activities.ics import calendar
from activities.models import CalendarFeed, FamilyEvent, FamilyEvents
from audit.record import record
from counties.access import Access, access_to_site, find
from counties.decorators import public_view, site_view
from counties.models import Site
from counties.permissions import Right
from counties.wall import site_scope

BEHIND, AHEAD = dt.timedelta(days=60), dt.timedelta(days=366)


@site_view(Right.EVENT_RECORD)
def event_ics(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """One date as a file for any calendar program."""
    events = FamilyEvent.objects.visible_to(request.access).select_related("site", "referral__family")
    event = find(events, pk=pk)
    record("event.exported", event.referral.family, event)
    return calendar([event], site=event.site)


@site_view(Right.EVENT_RECORD)
def feed_settings(request: HttpRequest, site: str) -> HttpResponse:
    """One's own calendar address; making it shows it once."""
    address = ""
    if request.method == "POST":
        secret = actions.make_feed(by=request.access.person)
        address = settings.ADDRESS + reverse("calendar_feed", args=[site, secret])
    listed = reverse("activities:events", args=[site])
    context = {
        "title": "Calendar address", "address": address, "breadcrumbs": [("Hearings and meetings", listed)],
        "feed": CalendarFeed.objects.visible_to(request.access).working().first(),
    }  # fmt: skip
    return render(request, "activities/feed.html", context)


@site_view(Right.EVENT_RECORD)
@require_POST
def revoke_feed(request: HttpRequest, site: str) -> HttpResponse:
    """Stop one's own calendar address."""
    actions.revoke_feed(by=request.access.person)
    messages.success(request, "The calendar address no longer works.")
    return redirect("activities:feed", site)


@public_view
@require_safe
def feed(request: HttpRequest, site: str, token: str) -> HttpResponse:
    """The dates of whoever holds this secret: those the person may see today, and none once their role ended.

    Each reading is recorded. A wrong secret, a foreign site and a revoked address look the same.
    """
    place = Site.objects.select_related("settings").filter(slug=site).first()
    if place is None:
        raise Http404("calendar")
    with site_scope(place.id):
        access = _access_of(token, place)
        if access is None:
            record("access.refused", site_id=place.id, path="calendar_feed")
            return _nothing()
        events = list(dates_of(access))
        seen = sorted({event.referral.family_id for event in events})
        record(
            "event.listed", kind="family", ids=seen, actor_id=access.person.pk, site_id=place.id, door="feed"
        )
        return calendar(events, site=place)


def dates_of(access: Access) -> FamilyEvents:
    """Dates from two months back to a year ahead of the families this person sees today."""
    today = timezone.localdate()
    rows = FamilyEvent.objects.visible_to(access).filter(held_on__range=(today - BEHIND, today + AHEAD))
    return rows.select_related("referral__family").order_by("held_on", "pk")


def _access_of(token: str, site: Site) -> Access | None:
    found = CalendarFeed.objects.working().select_related("person").filter(token_hash=hash_of(token)).first()
    if found is None or not found.person.is_active:
        return None
    access = access_to_site(found.person, site)
    return access if Right.EVENT_RECORD in access else None


def _nothing() -> HttpResponse:
    """Not an exception: the refusal it stands for must stay in the trail."""
    return HttpResponse("No calendar here.", status=404, content_type="text/plain")
