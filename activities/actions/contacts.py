"""Logging and correcting contacts (`domain.md` V06, V07, V08, V17, V18)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable

import uuid_utils.compat as uuid_utils
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from activities.codes import Activity, ContactResult
from activities.models import Contact, ResourceLink
from audit.record import record
from counties.action_forms import ask_about
from counties.free_text import scan_free_text
from counties.models import SiteSettings
from partners.models import ParentPartner
from referrals.models import Enrollment, Referral

Links = Iterable[tuple[str, str]]
"""Pairs of resource type and result."""


@transaction.atomic
def log_contact(
    *,
    referral: Referral,
    partner: ParentPartner,
    held_on: dt.date,
    mode: str,
    result: str,
    by: User,
    minutes: int | None = None,
    activities: Collection[str] = (),
    note: str = "",
    resource_links: Links = (),
    id: uuid.UUID | None = None,
    confirmed: Collection[str] = (),
) -> Contact:
    """Log one contact; the same `id` again returns the entry that is there, so a retry writes nothing.

    `minutes` count for a completed contact only, any other takes 0 (V06).

    Raises:
        ValidationError: beside the field that a rule refuses.
    """
    known = Contact.objects.filter(pk=id).first() if id else None
    if known:
        return known
    ask_about(scan_free_text(note=note), confirmed)
    contact = Contact(
        id=id or uuid_utils.uuid7(),
        site_id=referral.site_id,
        referral=referral,
        partner=partner,
        entered_by=by,
        is_late=is_late(held_on, entered_on=timezone.localdate(), allowed=_late_after(referral.site_id)),
    )
    _fill(contact, held_on, mode, result, minutes, activities, note)
    contact.save(force_insert=True)
    _link(contact, resource_links)
    record("contact.logged", referral.family, contact, result=result, mode=mode, is_late=contact.is_late)
    return contact


@transaction.atomic
def correct_contact(
    *,
    contact: Contact,
    held_on: dt.date,
    mode: str,
    result: str,
    reason: str,
    by: User,
    minutes: int | None = None,
    activities: Collection[str] = (),
    note: str = "",
    resource_links: Links = (),
    confirmed: Collection[str] = (),
) -> Contact:
    """Correct a contact; the former words stay in the row's history, the reason in the trail."""
    if not reason.strip():
        raise ValidationError({"reason": "Say in a few words why the entry is corrected."})
    ask_about(scan_free_text(note=note, reason=reason), confirmed)
    contact = (
        Contact.objects.select_for_update(of=("self",)).select_related("referral__family").get(pk=contact.pk)
    )
    _fill(contact, held_on, mode, result, minutes, activities, note)
    contact.save()
    _link(contact, resource_links)
    record("contact.corrected", contact.referral.family, contact, reason=reason)
    return contact


def is_late(held_on: dt.date, *, entered_on: dt.date, allowed: int) -> bool:
    """Whether more than `allowed` business days (Monday to Friday) passed before the entry (V08)."""
    days = (held_on + dt.timedelta(days=n) for n in range(1, (entered_on - held_on).days + 1))
    return sum(1 for day in days if day.weekday() < 5) > allowed


def _late_after(site_id: int) -> int:
    return SiteSettings.objects.values_list("late_entry_business_days", flat=True).get(site_id=site_id)


def _fill(
    contact: Contact,
    held_on: dt.date,
    mode: str,
    result: str,
    minutes: int | None,
    activities: Collection[str],
    note: str,
) -> None:
    contact.held_on, contact.mode, contact.result, contact.note = held_on, mode, result, note
    contact.activities = list(activities)
    contact.minutes = (minutes or 0) if result == ContactResult.COMPLETED else 0
    _refuse_wrong_minutes(contact, minutes)
    contact.enrollment = enrollment_for(contact.referral, held_on, contact.activities)
    contact.full_clean(
        exclude=["site", "referral", "enrollment", "partner", "entered_by"], validate_constraints=False
    )


def _refuse_wrong_minutes(contact: Contact, minutes: int | None) -> None:
    completed = contact.result == ContactResult.COMPLETED
    if contact.held_on > timezone.localdate():
        raise ValidationError(
            {"held_on": "V06: The date is in the future. Log a contact once it has happened."}
        )
    if completed and not 1 <= contact.minutes <= 720:
        raise ValidationError({"minutes": "V06: A completed contact takes from 1 to 720 minutes."})
    if not completed and minutes:
        raise ValidationError({"minutes": "V06: Only a completed contact has minutes. Leave this blank."})


def enrollment_for(referral: Referral, held_on: dt.date, activities: Collection[str]) -> Enrollment | None:
    """The enrollment a contact of this day belongs to; before it only outreach, which belongs to the referral.

    Raises:
        ValidationError: outside the enrollment and not outreach (V07).
    """
    participation = getattr(referral, "participation", None)
    enrollment = participation.enrollment if participation else None
    inside = (
        enrollment
        and enrollment.enrolled_on <= held_on
        and (enrollment.closed_on is None or held_on <= enrollment.closed_on)
    )
    if inside:
        return enrollment
    if Activity.OUTREACH in activities and held_on >= referral.referred_on:
        return None
    if enrollment is None:
        words = "V07: This parent is not enrolled yet. Before enrollment choose “Outreach before enrollment”."
    else:
        until = f" to {enrollment.closed_on:%m/%d/%Y}" if enrollment.closed_on else ""
        words = f"V07: The date lies outside the enrollment, which runs from {enrollment.enrolled_on:%m/%d/%Y}{until}."
    raise ValidationError({"held_on": words})


def _link(contact: Contact, links: Links) -> None:
    """Write the resource links; a kind named again changes its result."""
    for kind, result in links:
        ResourceLink.objects.update_or_create(
            contact=contact, kind=kind, defaults={"result": result}, create_defaults={"site_id": contact.site_id, "result": result}
        )  # fmt: skip
