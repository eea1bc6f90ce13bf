"""The contact standard of the running month, before it is over (`domain.md` 5.5).

Required is counted as if the family stayed enrolled, at its present level, to the end of the month; the report
of the finished month is computed in `reporting` by the same rule.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce

from activities.codes import FACE_TO_FACE, ContactMode, ContactResult
from activities.models import Contact, LevelChange
from counties.models import SiteSettings
from referrals.models import Enrollment, Enrollments


@dataclass(frozen=True)
class Standard:
    """Face-to-face contacts of one enrollment this month: required, made so far, and the level they follow from."""

    required: int
    made: int
    level: int

    @property
    def missing(self) -> int:
        return max(0, self.required - self.made)


def face_to_face_modes(settings: SiteSettings) -> list[str]:
    """Modes that count as face-to-face here; video only where the site switched it on."""
    return [*FACE_TO_FACE, ContactMode.VIDEO] if settings.video_counts_face_to_face else list(FACE_TO_FACE)


def with_standard(enrollments: Enrollments, day: dt.date, settings: SiteSettings) -> Enrollments:
    """Add `made` (face-to-face contacts this month) and the level changes `required_for` needs; two queries in all."""
    first = day.replace(day=1)
    made = (
        Contact.objects.filter(
            enrollment=OuterRef("pk"), held_on__gte=first, held_on__lte=day, result=ContactResult.COMPLETED,
            mode__in=face_to_face_modes(settings),
        ).order_by().values("enrollment").annotate(n=Count("pk")).values("n")
    )  # fmt: skip
    changes = Prefetch("level_changes", LevelChange.objects.order_by("changed_on"), to_attr="changes")
    return enrollments.annotate(made=Coalesce(Subquery(made), 0)).prefetch_related(changes)


def standard_of(enrollment: Enrollment, day: dt.date, settings: SiteSettings) -> Standard:
    """The standard of one enrollment that came through `with_standard`."""
    days = calendar.monthrange(day.year, day.month)[1]
    first = day.replace(day=1)
    share = Fraction(0)
    for number in range(days):
        on = first + dt.timedelta(days=number)
        if enrollment.enrolled_on <= on and (enrollment.closed_on is None or enrollment.closed_on > on):
            share += Fraction(settings.face_to_face_standard[_level(enrollment.changes, on) - 1], days)
    return Standard(ceil(share), enrollment.made, _level(enrollment.changes, day))


def _level(changes: Iterable[LevelChange], on: dt.date) -> int:
    level = 1
    for change in changes:
        if change.changed_on <= on:
            level = change.level
    return level
