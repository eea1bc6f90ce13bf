"""Changing the intensity of contact, after a case consultation (`domain.md` 5.5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from activities.models import LevelChange
from audit.record import record
from counties.action_forms import ask_about
from counties.dates import us_date
from counties.free_text import scan_free_text
from referrals.models import Enrollment


@transaction.atomic
def change_level(
    *,
    enrollment: Enrollment,
    level: int,
    changed_on: dt.date,
    reason: str,
    by: User,
    confirmed: Collection[str] = (),
) -> LevelChange:
    """Set the level from a day on; the day itself counts at the new level.

    Raises:
        ValidationError: in the future, outside the enrollment, no change at all, or a second one on the day.
    """
    enrollment = Enrollment.objects.select_for_update().get(pk=enrollment.pk)
    ask_about(scan_free_text(reason=reason), confirmed)
    if changed_on > timezone.localdate():
        raise ValidationError({"changed_on": "The date is in the future. Change the level on the day."})
    ended = enrollment.closed_on is not None and changed_on > enrollment.closed_on
    if changed_on < enrollment.enrolled_on or ended:
        last = us_date(enrollment.closed_on) or "today"
        words = f"Choose a day of the enrollment, from {us_date(enrollment.enrolled_on)} to {last}."
        raise ValidationError({"changed_on": words})
    if enrollment.level_changes.filter(changed_on=changed_on).exists():
        raise ValidationError(
            {"changed_on": "The level was changed on this day already. Choose another day."}
        )
    if level_on(enrollment, changed_on) == level:
        raise ValidationError({"level": "The family is on this level already."})
    change = LevelChange.objects.create(
        site_id=enrollment.site_id,
        enrollment=enrollment,
        level=level,
        changed_on=changed_on,
        reason=reason,
        changed_by=by,
    )
    record("level.changed", enrollment.family, change, reason=reason, level=level)
    return change


def level_on(enrollment: Enrollment, day: dt.date) -> int:
    """Level in force on the day; before any change it is 1."""
    latest = enrollment.level_changes.filter(changed_on__lte=day).order_by("-changed_on").first()
    return latest.level if latest else 1
