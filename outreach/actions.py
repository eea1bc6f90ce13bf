"""The only writers of this room."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.wall.scope import current_site_id
from outreach.models import OutreachEvent


@transaction.atomic
def record_outreach(*, by: User, confirmed: Collection[str] = (), **facts: Any) -> OutreachEvent:
    """Record an outreach event; `facts` are columns of `OutreachEvent`.

    Raises:
        ValidationError: the date is in the future.
    """
    event = OutreachEvent(site_id=current_site_id())
    _save(event, facts)
    record("outreach.recorded", event)
    return event


@transaction.atomic
def edit_outreach(
    *, event: OutreachEvent, by: User, confirmed: Collection[str] = (), **facts: Any
) -> OutreachEvent:
    """Correct an outreach event; the history keeps what stood there."""
    event = OutreachEvent.objects.select_for_update().get(pk=event.pk)
    _save(event, facts)
    record("outreach.edited", event)
    return event


def _save(event: OutreachEvent, facts: dict[str, Any]) -> None:
    if facts["held_on"] > timezone.localdate():
        raise ValidationError(
            {"held_on": "The date is in the future. Record the event once it has taken place."}
        )
    for name, value in facts.items():
        setattr(event, name, value)
    event.save()
