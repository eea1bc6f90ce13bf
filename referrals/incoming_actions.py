"""The only writers of what comes in from outside: received, taken up or not (`domain.md` 2, 10.1).

No family is opened before staff have seen who might be the same person.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from audit import context
from audit.record import record
from counties.free_text import refuse_free_text
from counties.models import SiteSettings
from counties.wall.scope import current_site_id
from families.models import Family, Parent
from referrals.actions import create_referral
from referrals.models import SOURCES, IncomingReferral, PublicForm, Referral
from referrals.models.incoming import facts_of_parent
from referrals.transfers import tell_sender

Status = IncomingReferral.Status
FREE_TEXT = [
    "sender_name", "sender_agency", "first_name", "last_name", "municipality", "state_case_id", "note",
]  # fmt: skip


class AnsweredAlready(ValidationError):
    """Somebody has taken this incoming referral up, or has declined it."""


def is_form_open() -> bool:
    """Whether the present site takes referrals from people without an account; open until switched off."""
    return not PublicForm.objects.filter(is_open=False).exists()


@transaction.atomic
def receive_referral(*, incoming_id: uuid.UUID, by: User | None = None, **facts: Any) -> IncomingReferral:
    """Keep what a stranger sent, once: the same id again gives the row that is there, unchanged.

    `is_repeat` on the result tells the two apart. `facts` are columns of `IncomingReferral`.

    Raises:
        ValidationError: a Social Security number, or words that may tell who made a report (V17).
    """
    incoming = IncomingReferral(id=incoming_id, site_id=current_site_id(), **facts)
    _refuse_source(incoming)
    # A stranger is not asked twice: a doubt is a refusal.
    refuse_free_text(**{name: getattr(incoming, name) for name in FREE_TEXT if name != "state_case_id"})
    if IncomingReferral.objects.filter(pk=incoming_id).exists() or not _inserted(incoming):
        incoming = IncomingReferral.objects.get(pk=incoming_id)
        incoming.is_repeat = True
        return incoming
    with context.acting(source="public"):
        record("referral.received", incoming, source=incoming.source, form_language=incoming.form_language)
    incoming.is_repeat = False
    return incoming


@transaction.atomic
def take_up_incoming(
    *,
    incoming: IncomingReferral,
    by: User,
    parent: Parent | None = None,
    family: Family | None = None,
    confirmed: Collection[str] = (),
) -> Referral:
    """Make the referral, for a parent PSP knows or for a new one; its date is the day it came in (B1).

    Raises:
        AnsweredAlready: somebody was quicker.
        Unconfirmed: the parent has a referral under way, or is enrolled.
    """
    incoming = _locked(incoming)
    new_parent = {} if parent else facts_of_parent(incoming)
    referral = create_referral(
        source=incoming.source, referred_on=incoming.received_on, parent=parent, family=family,
        state_case_id=incoming.state_case_id, court_tracks=incoming.court_tracks, came_in=True, by=by,
        confirmed=confirmed, **new_parent,
    )  # fmt: skip
    _answer(incoming, Status.TAKEN_UP, by, referral=referral)
    record("referral.taken_up", referral.family, referral, incoming, actor_id=by.pk)
    return referral


@transaction.atomic
def join_incoming(*, incoming: IncomingReferral, referral: Referral, by: User) -> IncomingReferral:
    """Note that the same parent was referred already: nothing new is opened, the sender sees where that stands."""
    incoming = _answer(_locked(incoming), Status.DUPLICATE, by, referral=referral)
    record("referral.joined", referral.family, referral, incoming, actor_id=by.pk)
    return incoming


@transaction.atomic
def decline_incoming(
    *, incoming: IncomingReferral, decline_reason: str, by: User, confirmed: Collection[str] = ()
) -> IncomingReferral:
    """Leave an incoming referral aside, with a reason; it counts in no figure and stays on record."""
    incoming = _answer(_locked(incoming), Status.DECLINED, by, decline_reason=decline_reason)
    record("referral.turned_away", incoming, why=decline_reason, actor_id=by.pk)
    return incoming


@transaction.atomic
def switch_public_form(
    *, is_open: bool, by: User, phone: str = "", confirmed: Collection[str] = ()
) -> PublicForm:
    """Open or close the form that needs no account, and say which number to call instead."""
    form = PublicForm.objects.select_for_update().first() or PublicForm(site_id=current_site_id())
    form.is_open, form.phone = is_open, phone
    form.full_clean()
    form.save()
    record("public_form.switched", form, is_open=is_open, actor_id=by.pk)
    return form


def _inserted(incoming: IncomingReferral) -> bool:
    incoming.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            incoming.save(force_insert=True)
    except IntegrityError as refusal:
        if "referrals_incomingreferral_pkey" not in str(refusal):
            raise
        return False
    return True


def _refuse_source(incoming: IncomingReferral) -> None:
    """The site may have switched a source off while the form was open; what it took in before stays."""
    if not IncomingReferral.objects.filter(pk=incoming.pk).exists():
        SOURCES.refuse_off(SiteSettings.objects.get(site_id=incoming.site_id), "source", [incoming.source])


def _answer(incoming: IncomingReferral, status: str, by: User, **facts: Any) -> IncomingReferral:
    incoming.status, incoming.answered_at, incoming.answered_by = status, timezone.now(), by
    for name, value in facts.items():
        setattr(incoming, name, value)
    incoming.full_clean()
    incoming.save()
    tell_sender(incoming, is_accepted=status != Status.DECLINED)
    return incoming


def _locked(incoming: IncomingReferral) -> IncomingReferral:
    incoming = IncomingReferral.objects.select_for_update().get(pk=incoming.pk)
    if incoming.status != Status.NEW:
        raise AnsweredAlready(
            f"{incoming} is {incoming.get_status_display().lower()} by now. Look at it again."
        )
    return incoming
