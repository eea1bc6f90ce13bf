"""The only writers of this room."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.action_forms import Doubt, ask_about
from counties.free_text import scan_free_text
from counties.wall.scope import current_site_id
from outreach.models import OutreachEvent


@transaction.atomic
def record_outreach(*, by: User, confirmed: Collection[str] = (), **facts: Any) -> OutreachEvent:
    """Record an outreach event; `facts` are columns of `OutreachEvent`.

    Raises:
        ValidationError: the date is in the future.
    """
    event = OutreachEvent(site_id=current_site_id())
    ask_about(scan_free_text(audience=facts["audience"]) + _recorded_before(facts), confirmed)
    _save(event, facts)
    record("outreach.recorded", event)
    return event


@transaction.atomic
def edit_outreach(
    *, event: OutreachEvent, by: User, confirmed: Collection[str] = (), **facts: Any
) -> OutreachEvent:
    """Correct an outreach event; the history keeps what stood there."""
    ask_about(scan_free_text(audience=facts["audience"]), confirmed)
    event = OutreachEvent.objects.select_for_update().get(pk=event.pk)
    _save(event, facts)
    record("outreach.edited", event)
    return event


def _recorded_before(facts: dict[str, Any]) -> list[Doubt]:
    """The same event twice, or a form sent twice."""
    same = {name: facts[name] for name in ("held_on", "kind", "audience")}
    words = "An event of this kind for this audience is recorded for this day already."
    return [Doubt("twice", "audience", words)] if OutreachEvent.objects.filter(**same).exists() else []


def _save(event: OutreachEvent, facts: dict[str, Any]) -> None:
    if facts["held_on"] > timezone.localdate():
        raise ValidationError(
            {"held_on": "The date is in the future. Record the event once it has taken place."}
        )
    for name, value in facts.items():
        setattr(event, name, value)
    event.save()
