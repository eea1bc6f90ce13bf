"""Time without a family: a parent partner's other work. No figure of the report counts it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

import uuid_utils.compat as uuid_utils
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from activities.models import TimeEntry
from audit.record import record
from partners.models import ParentPartner


@transaction.atomic
def log_time(
    *,
    partner: ParentPartner,
    kind: str,
    held_on: dt.date,
    minutes: int,
    by: User,
    id: uuid.UUID | None = None,
    confirmed: Collection[str] = (),
) -> TimeEntry:
    """Log time; the same `id` again returns the entry that is there.

    Raises:
        ValidationError: a future day, one without a role here, not 1 to 720 minutes, or a retry with other words.
    """
    if held_on > timezone.localdate():
        raise ValidationError({"held_on": "The date is in the future. Log the time once it has passed."})
    if not 1 <= minutes <= 720:
        raise ValidationError({"minutes": "Enter 1 to 720 minutes."})
    if not partner.is_active_on(held_on):
        raise ValidationError({"held_on": f"{partner} had no role here on {held_on:%m/%d/%Y}."})
    known = TimeEntry.objects.filter(pk=id, entered_by=by).first() if id else None
    if known:
        return _same_words(known, (partner.pk, kind, held_on, minutes))
    entry = TimeEntry(
        id=id or uuid_utils.uuid7(),
        site_id=partner.site_id,
        partner=partner,
        kind=kind,
        held_on=held_on,
        minutes=minutes,
        entered_by=by,
    )
    _insert(entry)
    record("time.logged", entry, time_kind=kind)
    return entry


def _same_words(known: TimeEntry, sent: tuple) -> TimeEntry:
    """The entry a retry sent before; what somebody changed after going back is refused, never dropped in silence."""
    if known.is_struck or sent != (known.partner_id, known.kind, known.held_on, known.minutes):
        raise ValidationError(
            "This entry is logged already, and what you changed since is not kept. "
            "Open a new form; strike the entry out when it is wrong."
        )
    return known


@transaction.atomic
def strike_time(*, entry: TimeEntry, by: User, confirmed: Collection[str] = ()) -> TimeEntry:
    """Strike out an entry made by mistake; the row stays."""
    entry = TimeEntry.objects.select_for_update().get(pk=entry.pk)
    if not entry.is_struck:
        entry.is_struck = True
        entry.save(update_fields=["is_struck"])
        record("time.struck", entry)
    return entry


def _insert(entry: TimeEntry) -> None:
    """Nothing is told of somebody else's entry with the same id, nor of another site's."""
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        raise ValidationError("This form was sent before. Open a new one.") from None
