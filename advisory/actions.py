"""The only writers of this room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from advisory.models import CouncilAttendance, CouncilMeeting
from audit.record import record
from counties.wall.scope import current_site_id


@transaction.atomic
def record_meeting(
    *, council: str, held_on: dt.date, attendance: dict[str, int], by: User, confirmed: Collection[str] = ()
) -> CouncilMeeting:
    """Record a council meeting with how many people of each advisory role came.

    Raises:
        ValidationError: the date is in the future, or this council's meeting of the day is recorded already.
    """
    meeting = CouncilMeeting(site_id=current_site_id())
    if CouncilMeeting.objects.filter(council=council, held_on=held_on).exists():
        raise ValidationError({"held_on": "A meeting of this council is recorded for this day already."})
    _save(meeting, council, held_on, attendance)
    record("council.recorded", meeting)
    return meeting


@transaction.atomic
def edit_meeting(
    *,
    meeting: CouncilMeeting,
    council: str,
    held_on: dt.date,
    attendance: dict[str, int],
    by: User,
    confirmed: Collection[str] = (),
) -> CouncilMeeting:
    """Correct a meeting; a role not named keeps its number, and the history keeps what stood there."""
    meeting = CouncilMeeting.objects.select_for_update().get(pk=meeting.pk)
    _save(meeting, council, held_on, attendance)
    record("council.edited", meeting)
    return meeting


def _save(meeting: CouncilMeeting, council: str, held_on: dt.date, attendance: dict[str, int]) -> None:
    if held_on > timezone.localdate():
        raise ValidationError(
            {"held_on": "The date is in the future. Record the meeting once it has taken place."}
        )
    meeting.council, meeting.held_on = council, held_on
    meeting.save()
    for role, number in attendance.items():
        CouncilAttendance.objects.update_or_create(
            meeting=meeting,
            role=role,
            defaults={"number": number},
            create_defaults={"site_id": meeting.site_id, "number": number},
        )
