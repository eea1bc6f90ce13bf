"""The contact standard of the running month, before it is over (`domain.md` 5.5).

Required is counted as if the family stayed enrolled, at its present level, to the end of the month. The report of
the finished month is computed in `reporting` by the same rule; a test holds the two together.
"""

from __future__ import annotations

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.db.models import (
    Case,
    Count,
    DateField,
    Expression,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, Greatest, Lead, Least

from activities.codes import FACE_TO_FACE, ContactMode, ContactResult
from activities.models import Contact, LevelChange
from counties.models import SiteSettings
from referrals.models import Enrollments

COUNTED_FROM = 7
"""Enrollments with fewer active days in the month stay out of the report's figure (E5)."""


class Days(Func):
    """Days from the second date to the first, never below 0."""

    template = "greatest(0, %(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


class SumOf(Subquery):
    """Sum of the column `asked` over the rows of a subquery; 0 without rows."""

    template = "(SELECT coalesce(sum(rows.asked), 0) FROM (%(subquery)s) rows)"
    output_field = IntegerField()


def face_to_face_modes(settings: SiteSettings) -> list[str]:
    """Modes that count as face-to-face here; video only where the site switched it on."""
    return [*FACE_TO_FACE, ContactMode.VIDEO] if settings.video_counts_face_to_face else list(FACE_TO_FACE)


def with_standard(enrollments: Enrollments, day: dt.date, settings: SiteSettings) -> Enrollments:
    """Add what the month of `day` asks of each enrollment and what is done by then, in the same query.

    `level_now`; `required` and `made` face-to-face contacts, `missing` of them; `contacts` completed in any mode;
    `active_days` of the month (enrolled at the end of the day).
    """
    first = day.replace(day=1)
    end = first + relativedelta(months=1)
    ends_on = Coalesce("closed_on", _date(end))
    enrollments = enrollments.annotate(
        month_from=Greatest("enrolled_on", _date(first)), month_to=Least(ends_on, _date(end))
    )
    asked = _asked(first, end, settings.face_to_face_standard)
    done = Q(held_on__gte=first, held_on__lt=end, result=ContactResult.COMPLETED)
    return enrollments.annotate(
        active_days=Days("month_to", "month_from"),
        level_now=_level_on(day),
        required=(asked + ((end - first).days - 1)) / (end - first).days,  # whole numbers: this rounds up
        made=_number_of(done & Q(mode__in=face_to_face_modes(settings))),
        contacts_made=_number_of(done),
    ).annotate(missing=Greatest(Value(0), F("required") - F("made")))


def _date(day: dt.date) -> Value:
    return Value(day, output_field=DateField())


def _asked(first: dt.date, end: dt.date, standard: list[int]) -> Expression:
    """Sum over levels of standard times active days; before any change the level is 1."""
    changes = LevelChange.objects.filter(enrollment=OuterRef("pk"), changed_on__lt=end).order_by("changed_on")
    per_level = Case(*(When(level=n, then=Value(asked)) for n, asked in enumerate(standard, start=1)))
    next_change = Window(Lead("changed_on", default=_date(end)), order_by="changed_on")
    in_force = Days(Least(next_change, OuterRef("month_to")), Greatest("changed_on", OuterRef("month_from")))
    first_change = Coalesce(Subquery(changes.values("changed_on")[:1]), _date(end))
    before_any = Days(Least(first_change, F("month_to")), F("month_from")) * standard[0]
    return before_any + SumOf(changes.annotate(asked=per_level * in_force).values("asked"))


def _level_on(day: dt.date) -> Expression:
    changes = LevelChange.objects.filter(enrollment=OuterRef("pk"), changed_on__lte=day)
    return Coalesce(Subquery(changes.order_by("-changed_on").values("level")[:1]), Value(1))


def _number_of(wanted: Q) -> Expression:
    rows = Contact.objects.filter(wanted, enrollment=OuterRef("pk")).order_by().values("enrollment")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), Value(0))
