"""Asking for figures in tests, and the rows no other room's factory makes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import time_machine

from activities.models import Contact, ResourceLink
from advisory.models import CouncilAttendance, CouncilMeeting
from counties.models import Site, SiteSettings
from counties.wall import site_scope
from outreach.models import OutreachEvent
from reporting.measures import REGISTRY, RowsBehind, compute, rows_behind
from reporting.periods import Month

JUNE = "2025-06"
WEIGHED = {("G1", "attendance")}
"""Parts whose rows each stand for several people."""


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def figures(site: Site, month: str = JUNE) -> dict[str, Any]:
    with site_scope(site.id):
        return compute(site, Month.parse(month).first)


def behind(field: str, site: Site, month: str = JUNE, part: str = "") -> RowsBehind:
    with site_scope(site.id):
        return rows_behind(field, site, Month.parse(month).first, part)


def configure(site: Site, *, since: str = "2020-01-01", **settings: Any) -> None:
    """The site's settings from a day on; without one they count for every month of a test."""
    SiteSettings.objects.filter(site=site).update(**settings)
    now = SiteSettings.objects.values().get(site=site)
    history = SiteSettings.history.rel.related_model
    with time_machine.travel(f"{since} 12:00-06:00", tick=False):
        history.objects.create(pgh_label="update", pgh_obj_id=now["id"], **now)


def make_council(site: Site, held_on: str, council: str = "local", **people: int) -> CouncilMeeting:
    with site_scope(site.id):
        meeting = CouncilMeeting.objects.create(site=site, council=council, held_on=held_on)
        for role, number in people.items():
            CouncilAttendance.objects.create(site=site, meeting=meeting, role=role, number=number)
        return meeting


def make_outreach_event(site: Site, held_on: str, attendance: int = 10) -> OutreachEvent:
    with site_scope(site.id):
        return OutreachEvent.objects.create(
            site=site, held_on=held_on, kind="presentation", audience="court", attendance=attendance
        )


def make_link(
    site: Site, contact: Contact, kind: str, result: str, *, is_struck: bool = False
) -> ResourceLink:
    with site_scope(site.id):
        return ResourceLink.objects.create(
            site=site, contact=contact, kind=kind, result=result, is_struck=is_struck
        )


def rows_that_disagree(site: Site, month: str) -> list[str]:
    """Figures whose rows behind are not as many as the figure says."""
    values = figures(site, month)
    wrong = []
    for measure in REGISTRY:
        for part in measure.kind.behind():
            if (measure.field, part) in WEIGHED:
                continue
            said, found = (
                _number(values[measure.field], part),
                len(behind(measure.field, site, month, part).rows),
            )
            if said is not None and said != found:
                wrong.append(f"{measure.field} {part}: {said} is said, {found} rows stand behind")
    return wrong


def _number(value: Any, part: str) -> int | None:
    """The count a part of a value states; None where rows are weighed (hours, people, medians), not counted."""
    for key in part.split(".") if part else []:
        if value is None or key not in value:
            return None
        value = value[key]
    if isinstance(value, dict):
        value = sum(value.values()) if all(isinstance(n, int) for n in value.values()) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
