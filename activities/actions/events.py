"""Hearings and family team meetings: known dates, and whether a parent partner went along. Never testimony."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import uuid_utils.compat as uuid_utils
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from activities.models import FamilyEvent
from audit.record import record
from counties.action_forms import Doubt, ask_about
from counties.free_text import scan_free_text
from partners.models import ParentPartner
from referrals.models import Referral


@transaction.atomic
def plan_event(
    *,
    referral: Referral,
    kind: str,
    held_on: dt.date,
    by: User,
    starts_at: dt.time | None = None,
    place: str = "",
    partner_expected: ParentPartner | None = None,
    partner_attended: ParentPartner | None = None,
    also: Collection[Referral] = (),
    confirmed: Collection[str] = (),
) -> FamilyEvent:
    """Put a hearing or meeting on the calendar; for a past day with who attended.

    With `also`, parents of other families, it is a row for each of them (E8, E9 count by family).

    Raises:
        ValidationError: attended in the future (V06), by somebody without a role here that day, or noted already.
    """
    _refuse_future_attendance(held_on, partner_attended)
    _refuse_without_role(held_on, partner_expected=partner_expected, partner_attended=partner_attended)
    ask_about([*scan_free_text(place=place), *_long_before(referral, held_on)], confirmed)
    everybody = [referral, *(one for one in also if one.pk != referral.pk)]
    shared_id = uuid_utils.uuid7() if len(everybody) > 1 else None
    facts = {
        "kind": kind, "held_on": held_on, "starts_at": starts_at, "place": place, "shared_id": shared_id,
        "partner_expected": partner_expected, "partner_attended": partner_attended,
    }  # fmt: skip
    return [_planned(one, facts) for one in everybody][0]


def _planned(referral: Referral, facts: dict[str, Any]) -> FamilyEvent:
    _refuse_twice(referral, facts["kind"], facts["held_on"])
    event = FamilyEvent.objects.create(site_id=referral.site_id, referral=referral, **facts)
    record("event.planned", referral.family, event, event_kind=event.kind)
    return event


@transaction.atomic
def edit_event(
    *,
    event: FamilyEvent,
    by: User,
    starts_at: dt.time | None = None,
    place: str = "",
    partner_expected: ParentPartner | None = None,
    is_prepared: bool = False,
    is_debriefed: bool = False,
    confirmed: Collection[str] = (),
) -> FamilyEvent:
    """Say when and where, who goes along, and whether it was prepared and talked over with the parent."""
    ask_about(scan_free_text(place=place), confirmed)
    event = _locked(event)
    if event.is_cancelled:
        raise ValidationError("This date was cancelled.")
    if is_debriefed and event.held_on > timezone.localdate():
        raise ValidationError({"is_debriefed": "This date is still to come."})
    if partner_expected != event.partner_expected:
        _refuse_without_role(event.held_on, partner_expected=partner_expected)
    event.starts_at, event.place, event.partner_expected = starts_at, place, partner_expected
    event.is_prepared, event.is_debriefed = is_prepared, is_debriefed
    event.save()
    record("event.edited", event.referral.family, event, prepared=is_prepared, debriefed=is_debriefed)
    return event


@transaction.atomic
def record_attendance(
    *, event: FamilyEvent, partner_attended: ParentPartner | None, by: User, confirmed: Collection[str] = ()
) -> FamilyEvent:
    """Say which parent partner went along, or that none did."""
    event = _locked(event)
    if event.is_cancelled:
        raise ValidationError("This date was cancelled.")
    if event.held_on > timezone.localdate():
        raise ValidationError({"partner_attended": "This date is still to come."})
    if partner_attended != event.partner_attended:
        _refuse_without_role(event.held_on, partner_attended=partner_attended)
    event.partner_attended = partner_attended
    event.save(update_fields=["partner_attended"])
    record("event.attended", event.referral.family, event, attended=partner_attended is not None)
    return event


@transaction.atomic
def cancel_event(*, event: FamilyEvent, by: User, confirmed: Collection[str] = ()) -> FamilyEvent:
    """Strike a date that did not take place; the row stays."""
    event = _locked(event)
    if event.partner_attended_id:
        raise ValidationError("A parent partner attended this date, so it took place.")
    event.is_cancelled = True
    event.save(update_fields=["is_cancelled"])
    record("event.cancelled", event.referral.family, event)
    return event


def _locked(event: FamilyEvent) -> FamilyEvent:
    return (
        FamilyEvent.objects.select_for_update(of=("self",))
        .select_related("referral__family")
        .get(pk=event.pk)
    )


def _refuse_twice(referral: Referral, kind: str, held_on: dt.date) -> None:
    """One hearing is one row, or it would count twice (E8, E9); also a form sent twice."""
    Referral.objects.select_for_update().get(pk=referral.pk)
    if referral.family_events.filter(kind=kind, held_on=held_on, is_cancelled=False).exists():
        label = FamilyEvent.Kind(kind).label.lower()
        raise ValidationError({"held_on": f"A {label} of this parent is noted for this day already."})


def _refuse_future_attendance(held_on: dt.date, partner: ParentPartner | None) -> None:
    if partner and held_on > timezone.localdate():
        raise ValidationError({"partner_attended": "Nobody has attended a date in the future."})


def _refuse_without_role(day: dt.date, **partners: ParentPartner | None) -> None:
    """Nobody goes along before their role here begins or after it has ended."""
    absent = {
        field: f"{partner} has no role here on {day:%m/%d/%Y}."
        for field, partner in partners.items()
        if partner and not partner.is_active_on(day)
    }
    if absent:
        raise ValidationError(absent)


def _long_before(referral: Referral, held_on: dt.date) -> list[Doubt]:
    """A doubt about a date more than a year before the referral: most likely another year was meant."""
    if held_on >= referral.referred_on - dt.timedelta(days=366):
        return []
    words = f"This is more than a year before the referral, which came in on {referral.referred_on:%m/%d/%Y}."
    return [Doubt("DATE", "held_on", words)]
