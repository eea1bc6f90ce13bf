"""The only writers of the sessions that support parent partners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.action_forms import ask_about
from counties.free_text import scan_free_text
from counties.wall.scope import current_site_id
from partners.actions.partners import and_list
from partners.models import ParentPartner, SessionAttendance, SupportSession


@transaction.atomic
def record_session(
    *, kind: str, held_on: dt.date, minutes: int, attendees: Iterable[ParentPartner], by: User,
    topic: str = "", confirmed: Collection[str] = (),
) -> SupportSession:  # fmt: skip
    """Record a session and who came. Of clinical support only the attendance is kept (`domain.md` 10.10)."""
    session = SupportSession(
        site_id=current_site_id(), kind=kind, held_on=held_on, minutes=minutes, topic=topic
    )
    _save_session(session, list(attendees), confirmed)
    record("session.recorded", session, actor_id=by.pk, session_kind=kind)
    return session


@transaction.atomic
def edit_session(
    *, session: SupportSession, kind: str, held_on: dt.date, minutes: int, attendees: Iterable[ParentPartner],
    by: User, topic: str = "", confirmed: Collection[str] = (),
) -> SupportSession:  # fmt: skip
    """Correct a session; somebody who was not there is struck out, not erased."""
    session = SupportSession.objects.select_for_update().get(pk=session.pk)
    session.kind, session.held_on, session.minutes, session.topic = kind, held_on, minutes, topic
    _save_session(session, list(attendees), confirmed)
    record("session.edited", session, actor_id=by.pk, session_kind=kind)
    return session


def _save_session(
    session: SupportSession, attendees: list[ParentPartner], confirmed: Collection[str]
) -> None:
    _refuse_unlikely(session, attendees)
    ask_about(scan_free_text(topic=session.topic), confirmed)
    session.full_clean(validate_constraints=False)
    session.save()
    _mark_present(session, attendees)


def _refuse_unlikely(session: SupportSession, attendees: list[ParentPartner]) -> None:
    """V06, minutes, who can have been there, and no content of clinical support."""
    problems: dict[str, str] = {}
    if session.held_on > timezone.localdate():
        problems["held_on"] = "V06: choose today or an earlier date."
    if not 1 <= session.minutes <= 720:
        problems["minutes"] = "A session takes from 1 to 720 minutes."
    if session.kind == SupportSession.Kind.CLINICAL and session.topic:
        problems["topic"] = "The content of clinical support is not stored. Leave this blank."
    absent = [str(partner) for partner in attendees if not partner.is_active_on(session.held_on)]
    if absent:
        problems["attendees"] = f"{and_list(absent)} had no role here on {session.held_on:%m/%d/%Y}."
    elif not attendees:
        problems["attendees"] = "Choose who attended."
    elif session.kind == SupportSession.Kind.INDIVIDUAL and len(attendees) > 1:
        problems["attendees"] = (
            "Individual supervision has one attendee. For several choose group supervision."
        )
    if problems:
        raise ValidationError(problems)


def _mark_present(session: SupportSession, attendees: list[ParentPartner]) -> None:
    present = {partner.pk for partner in attendees}
    known = {row.partner_id: row for row in SessionAttendance.objects.filter(session=session)}
    for partner_id, row in known.items():
        if row.is_present != (partner_id in present):
            row.is_present = partner_id in present
            row.save(update_fields=["is_present"])
    for partner in attendees:
        if partner.pk not in known:
            SessionAttendance.objects.create(site_id=session.site_id, session=session, partner=partner)
