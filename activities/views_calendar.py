"""Dates for a calendar program: one as a file, or all of a person's under a secret address."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

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
from audit.context import current
from audit.models import AuditEvent
from audit.record import record
from counties.access import Access, access_to_site, find
from counties.decorators import public_view, site_view
from counties.models import Site
from counties.permissions import Right
from counties.wall import site_scope
from referrals.spam import TooManyFromThisAddress, count_in

BEHIND, AHEAD = dt.timedelta(days=60), dt.timedelta(days=366)
REFUSED_AN_HOUR = 30
"""Answers that nothing is here, recorded each; an address taken back is still asked for every few minutes."""


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

    A reading is recorded when it tells the trail something new (docs/adr/0022). A wrong secret, a foreign site and a
    revoked address look the same.
    """
    place = Site.objects.select_related("settings").filter(slug=site).first()
    if place is None:
        raise Http404("calendar")
    with site_scope(place.id):
        address = (
            CalendarFeed.objects.working().select_related("person").filter(token_hash=hash_of(token)).first()
        )
        access = _access_of(address, place)
        if access is None:
            return _refused(place)
        events = list(dates_of(access))
        seen = sorted({event.referral.family_id for event in events})
        _record_reading(address, seen)
        return calendar(events, site=place)


def dates_of(access: Access) -> FamilyEvents:
    """Dates from two months back to a year ahead of the families this person sees today."""
    today = timezone.localdate()
    rows = FamilyEvent.objects.visible_to(access).filter(held_on__range=(today - BEHIND, today + AHEAD))
    return rows.select_related("referral__family").order_by("held_on", "pk")


def _access_of(address: CalendarFeed | None, site: Site) -> Access | None:
    if address is None or not address.person.is_active:
        return None
    access = access_to_site(address.person, site)
    return access if Right.EVENT_RECORD in access else None


def _record_reading(address: CalendarFeed, families: list[UUID]) -> None:
    """A calendar asks every few minutes: the first reading of a day stands for those that show nothing more.

    One from another place, or with a family not yet shown that day, is recorded by itself.
    """
    shown = [str(pk) for pk in families]
    door: dict[str, Any] = {"door": "feed", "address": str(address.pk)}
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    known = AuditEvent.objects.filter(
        site_id=address.site_id, actor_id=address.person_id, at__gte=midnight, verb="event.listed", facts=door,
        ip_hash=current().ip_hash, object_ids__contains=shown,
    )  # fmt: skip
    if not known.exists():
        record(
            "event.listed",
            kind="family",
            ids=shown,
            actor_id=address.person_id,
            site_id=address.site_id,
            **door,
        )


def _refused(site: Site) -> HttpResponse:
    """Not an exception: the refusal must stay in the trail.

    From one network address so many an hour; whoever goes on trying secrets must not fill the trail.
    """
    try:
        count_in(site.pk, "calendar", REFUSED_AN_HOUR)
    except TooManyFromThisAddress:
        return HttpResponse("Too many tries. Try again in an hour.", status=429, content_type="text/plain")
    record("access.refused", site_id=site.pk, path="calendar_feed")
    return HttpResponse("No calendar here.", status=404, content_type="text/plain")
