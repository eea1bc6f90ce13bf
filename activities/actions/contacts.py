"""Logging and correcting contacts (`domain.md` V06, V07, V08, V17, V18)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from typing import NamedTuple

import uuid_utils.compat as uuid_utils
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from activities.actions.drafts import end_draft, newer_elsewhere
from activities.codes import ACTIVITIES, Activity, ContactResult, ResourceResult
from activities.models import Contact, ResourceLink
from activities.questions import Answers, answered_alike, keep_answers
from audit.record import record
from counties.action_forms import ask_about
from counties.free_text import scan_free_text
from counties.models import SiteSettings
from partners.models import ParentPartner
from referrals.models import Enrollment, Referral

Links = Iterable[tuple[str, str]]
"""Pairs of resource type and result."""


class IdTaken(ValidationError):
    """The id sent with an entry belongs to another entry."""


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
    own_answers: Answers | None = None,
    also: Referral | None = None,
    id: uuid.UUID | None = None,
    window: uuid.UUID | None = None,
    version: int | None = None,
    confirmed: Collection[str] = (),
) -> Contact:
    """Log one contact; the same `id` again returns the entry that is there, so a retry writes nothing.

    A retry with other words is refused. `minutes` count for a completed contact only, any other takes 0 (V06). With
    `also`, a parent of another family, it is one entry with a row for each, the minutes divided (docs/adr/0021).
    `own_answers` answer the site's own questions and stay with the first family. `window` and `version` say which
    draft the form has seen.

    Raises:
        ValidationError: beside the field that a rule refuses.
    """
    sent = _Sent(partner.pk, held_on, mode, result, _own_minutes(result, minutes, also), note)
    beside = (activities, resource_links, also, own_answers or {})
    known = _sent_before(id, referral, by) if id else None
    if known:
        return _same_words(known, sent, *beside)
    newer = newer_elsewhere(id, window=window, version=version or 0, by=by) if id and window else []
    ask_about([*scan_free_text(note=note), *newer], confirmed)
    ACTIVITIES.refuse_off(_settings(referral.site_id), "activities", activities)
    _refuse_same_family(referral, also)
    if not partner.is_active_on(held_on) and held_on <= timezone.localdate():
        raise ValidationError({"held_on": f"{partner} had no role here on {held_on:%m/%d/%Y}."})
    contact = Contact(
        id=id or uuid_utils.uuid7(),
        site_id=referral.site_id,
        referral=referral,
        partner=partner,
        entered_by=by,
    )
    _fill(contact, held_on, mode, result, minutes, activities, note)
    shared = _beside(contact, also) if also else None
    double = _insert(contact)
    if double:
        return _same_words(double, sent, *beside)
    _logged(contact, resource_links)
    keep_answers(contact, own_answers or {})
    if shared:
        shared.save(force_insert=True)
        _logged(shared, resource_links)
    end_draft(contact.pk, by=by)
    return contact


def _logged(contact: Contact, resource_links: Links) -> None:
    _link(contact, resource_links)
    record(
        "contact.logged",
        contact.referral.family,
        contact,
        result=contact.result,
        mode=contact.mode,
        is_late=contact.is_late,
    )


def _refuse_same_family(referral: Referral, also: Referral | None) -> None:
    if also and also.family_id == referral.family_id:
        raise ValidationError(
            {
                "also": "A visit with both parents of one family is one contact. Choose a parent of another family."
            }
        )


def _beside(contact: Contact, also: Referral) -> Contact:
    """The row of the other family, not saved yet; named as one entry with the first; half of the minutes go to it."""
    half = contact.minutes // 2
    if contact.minutes == 1:
        raise ValidationError({"minutes": "Two families share these minutes: enter at least 2."})
    contact.minutes -= half
    contact.shared_id = contact.id
    shared = Contact(
        id=_id_beside(contact.id, also),
        site_id=contact.site_id,
        referral=also,
        partner=contact.partner,
        entered_by=contact.entered_by,
        shared_id=contact.shared_id,
    )
    try:
        _fill(shared, contact.held_on, contact.mode, contact.result, half, contact.activities, contact.note)
    except ValidationError as refusal:
        raise ValidationError({"also": refusal.messages}) from None
    return shared


class _Sent(NamedTuple):
    """What an entry said when it was first sent, under the names of its columns."""

    partner_id: uuid.UUID
    held_on: dt.date
    mode: str
    result: str
    minutes: int
    note: str


def _own_minutes(result: str, minutes: int | None, also: Referral | None) -> int:
    """Those of the first family, which gets the odd one."""
    counted = (minutes or 0) if result == ContactResult.COMPLETED else 0
    return counted - counted // 2 if also else counted


def _same_words(
    known: Contact,
    sent: _Sent,
    activities: Collection[str],
    resource_links: Links,
    also: Referral | None,
    own_answers: Answers,
) -> Contact:
    """The entry a retry sent before; what somebody changed after going back is refused, never dropped in silence.

    Compared with the entry as it was first sent: a correction made since is no reason to refuse a retry.
    """
    first = known.history.earliest("pgh_id")
    at_once = {"history_row__pgh_label": "insert", "history_row__pgh_request": first.pgh_request}
    links = known.resource_links.filter(**at_once).values_list("kind", "history_row__result")
    same = (
        sent == _Sent(*(getattr(first, name) for name in _Sent._fields))
        and set(activities) == set(first.activities)
        and dict(resource_links) == dict(links)
        and answered_alike(known, own_answers)
        and bool(also) == bool(first.shared_id)
        and (not also or Contact.objects.filter(pk=_id_beside(known.pk, also)).exists())
    )
    if not same:
        raise ValidationError(
            "This contact is logged already, and what you changed since is not kept. Open the entry and correct it."
        )
    return known


def _id_beside(contact_id: uuid.UUID, also: Referral) -> uuid.UUID:
    """The id of the other family's row, the same at each retry."""
    return uuid.uuid5(contact_id, str(also.pk))


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
    own_answers: Answers | None = None,
    confirmed: Collection[str] = (),
) -> Contact:
    """Correct a contact; the former words stay in the row's history, the reason in the trail.

    A resource not named again is struck.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Say in a few words why the entry is corrected."})
    ask_about(scan_free_text(note=note, reason=reason), confirmed)
    contact = (
        Contact.objects.select_for_update(of=("self",)).select_related("referral__family").get(pk=contact.pk)
    )
    ACTIVITIES.refuse_off(_settings(contact.site_id), "activities", activities, held=contact.activities)
    _fill(contact, held_on, mode, result, minutes, activities, note)
    contact.save()
    _link(contact, resource_links)
    keep_answers(contact, own_answers or {})
    record("contact.corrected", contact.referral.family, contact, reason=reason)
    return contact


def is_late(held_on: dt.date, *, entered_on: dt.date, allowed: int) -> bool:
    """Whether more than `allowed` business days (Monday to Friday) passed before the entry (V08)."""
    days = (held_on + dt.timedelta(days=n) for n in range(1, (entered_on - held_on).days + 1))
    return sum(1 for day in days if day.weekday() < 5) > allowed


def enrollment_for(referral: Referral, held_on: dt.date, activities: Collection[str]) -> Enrollment | None:
    """The enrollment a contact of this day belongs to; outside it only outreach, which belongs to the referral.

    Raises:
        ValidationError: outside the enrollment and not outreach, or before the referral came in (V07).
    """
    participation = getattr(referral, "participation", None)
    enrollment = participation.enrollment if participation else None
    if enrollment and _covers(enrollment, held_on):
        return enrollment
    if held_on < referral.referred_on:
        raise ValidationError(
            {"held_on": f"The referral came in on {referral.referred_on:%m/%d/%Y}. Choose a later date."}
        )
    if Activity.OUTREACH in activities:
        return None
    raise ValidationError({"held_on": _outside(enrollment)})


def _covers(enrollment: Enrollment, day: dt.date) -> bool:
    """Both the first and the closing day belong to the enrollment (V07)."""
    return enrollment.enrolled_on <= day and (enrollment.closed_on is None or day <= enrollment.closed_on)


def _outside(enrollment: Enrollment | None) -> str:
    tick = f"tick “{Activity.OUTREACH.label}”."
    if enrollment is None:
        return f"This parent is not enrolled yet. If this was outreach, {tick}"
    until = f" to {enrollment.closed_on:%m/%d/%Y}" if enrollment.closed_on else ""
    dates = f"The enrollment runs from {enrollment.enrolled_on:%m/%d/%Y}{until}."
    return f"{dates} Choose a date in it. If this was outreach, {tick}"


def _sent_before(contact_id: uuid.UUID, referral: Referral, by: User) -> Contact | None:
    """The entry this person sent with this id. Of anybody else's entry nothing is told."""
    known = Contact.objects.filter(pk=contact_id).select_related("referral__parent").first()
    if known and (known.referral_id, known.entered_by_id) != (referral.pk, by.pk):
        raise IdTaken({"id": "This form was sent before. Open a new one for another contact."})
    return known


def _insert(contact: Contact) -> Contact | None:
    """Save a new contact, or return the entry that a double tap has just saved in its place."""
    try:
        with transaction.atomic():
            contact.save(force_insert=True)
    except IntegrityError as refusal:
        diagnosis = getattr(refusal.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) != "activities_contact_pkey":
            raise
        double = _sent_before(contact.pk, contact.referral, contact.entered_by)
        if double is None:
            raise IdTaken({"id": "This form was sent before. Open a new one."}) from None
        return double
    return None


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
    contact.activities = list(dict.fromkeys(activities))
    contact.minutes = (minutes or 0) if result == ContactResult.COMPLETED else 0
    _refuse_wrong_minutes(contact, minutes)
    contact.enrollment = enrollment_for(contact.referral, held_on, contact.activities)
    # Whether the id is free only the insert itself can tell: a double tap may save it after any question.
    contact.full_clean(
        exclude=["site", "referral", "enrollment", "partner", "entered_by"],
        validate_unique=False,
        validate_constraints=False,
    )
    # Nobody knows when an imported contact was entered (`import-format.md`), so it is never late.
    if contact.entered_by_id:
        entered_on = timezone.localdate(contact.entered_at)
        contact.is_late = is_late(
            held_on, entered_on=entered_on, allowed=_settings(contact.site_id).late_entry_business_days
        )


def _settings(site_id: int) -> SiteSettings:
    return SiteSettings.objects.get(site_id=site_id)


def _refuse_wrong_minutes(contact: Contact, minutes: int | None) -> None:
    completed = contact.result == ContactResult.COMPLETED
    if contact.held_on > timezone.localdate():
        raise ValidationError({"held_on": "The date is in the future. Log a contact once it has happened."})
    if completed and not 1 <= contact.minutes <= 720:
        raise ValidationError({"minutes": "A completed contact takes from 1 to 720 minutes."})
    if not completed and minutes:
        raise ValidationError({"minutes": "Only a completed contact has minutes. Leave this blank."})


def _link(contact: Contact, links: Links) -> None:
    """Make the contact's standing links those named; the others are struck."""
    named = dict(links)
    there = {link.kind: link for link in contact.resource_links.all()}
    for kind, link in there.items():
        if kind not in named and not link.is_struck:
            link.is_struck = True
            link.save(update_fields=["is_struck"])
    for kind, result in named.items():
        link = there.get(kind) or ResourceLink(site_id=contact.site_id, contact=contact, kind=kind)
        if link.result != result:
            link.result_on = None if result == ResourceResult.OFFERED else timezone.localdate()
        link.result, link.is_struck = result, False
        link.save()
