"""Dates as an iCalendar file (RFC 5545): references, never names, and nothing anybody typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from activities.models import FamilyEvent
from counties.models import Site

LASTS = dt.timedelta(hours=1)


def calendar(events: Iterable[FamilyEvent], *, site: Site) -> HttpResponse:
    """A calendar of these dates, each with kind and family reference; asks programs to come back every six hours."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//PSP Wisconsin//Dates//EN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{text(f'PSP {site.name}')}", "REFRESH-INTERVAL;VALUE=DURATION:PT6H", "X-PUBLISHED-TTL:PT6H",
        *(line for event in events for line in _event(event, site)),
        "END:VCALENDAR",
    ]  # fmt: skip
    headers = {
        "Content-Disposition": 'attachment; filename="psp.ics"', "Cache-Control": "no-store, private",
        "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer",
    }  # fmt: skip
    body = "".join(f"{folded(line)}\r\n" for line in lines)
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


def _event(event: FamilyEvent, site: Site) -> list[str]:
    family = event.referral.family
    url = settings.ADDRESS + reverse("family", args=[site.slug, family.pk])
    return [
        "BEGIN:VEVENT", f"UID:{event.pk}@psp", f"DTSTAMP:{_instant(timezone.now())}", *_when(event),
        f"SUMMARY:{text(f'{event.get_kind_display()}, {family.reference}')}", f"URL:{url}",
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}", "CLASS:PRIVATE", "END:VEVENT",
    ]  # fmt: skip


def _when(event: FamilyEvent) -> list[str]:
    if event.starts_at is None:
        after = event.held_on + dt.timedelta(days=1)
        return [f"DTSTART;VALUE=DATE:{event.held_on:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]
    start = timezone.make_aware(dt.datetime.combine(event.held_on, event.starts_at))
    return [f"DTSTART:{_instant(start)}", f"DTEND:{_instant(start + LASTS)}"]


def _instant(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def text(words: str) -> str:
    """Words as a calendar or address book takes them: on one line, whatever ends one."""
    words = "\n".join(words.splitlines())
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return words.replace("\n", "\\n")


def folded(line: str) -> str:
    """At most 75 octets a line; a longer one goes on after a blank."""
    octets, parts = line.encode(), []
    while len(octets) > 74:
        cut = 74
        while octets[cut] & 0xC0 == 0x80:  # not inside a character
            cut -= 1
        parts.append(octets[:cut].decode())
        octets = octets[cut:]
    return "\r\n ".join([*parts, octets.decode()])
