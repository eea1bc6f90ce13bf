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
from counties.dates import in_future
from counties.free_text import scan_free_text
from counties.wall.scope import current_site_id
from partners.actions.partners import and_list
from partners.models import AgreedStep, ParentPartner, SessionAttendance, SupportSession


@transaction.atomic
def record_session(
    *, kind: str, held_on: dt.date, minutes: int, attendees: Iterable[ParentPartner], by: User,
    topic: str = "", agenda: Iterable[str] = (), confirmed: Collection[str] = (),
) -> SupportSession:  # fmt: skip
    """Record a session and who came. Of clinical support only the attendance is kept (`domain.md` 10.10)."""
    session = SupportSession(
        site_id=current_site_id(),
        kind=kind,
        held_on=held_on,
        minutes=minutes,
        topic=topic,
        agenda=list(agenda),
    )
    _save_session(session, list(attendees), confirmed)
    record("session.recorded", session, actor_id=by.pk, session_kind=kind)
    return session


@transaction.atomic
def edit_session(
    *, session: SupportSession, kind: str, held_on: dt.date, minutes: int, attendees: Iterable[ParentPartner],
    by: User, topic: str = "", agenda: Iterable[str] = (), confirmed: Collection[str] = (),
) -> SupportSession:  # fmt: skip
    """Correct a session; somebody who was not there is struck out, not erased."""
    session = SupportSession.objects.select_for_update().get(pk=session.pk)
    _refuse_struck(session)
    if session.kind != kind and session.attendances.exclude(note="", summary="").exists():
        raise ValidationError(
            {"kind": "Notes of supervision stand here. Strike the session out and record it anew."}
        )
    attendees = list(attendees)
    _refuse_leaving_agreed(session, attendees)
    session.kind, session.held_on, session.minutes, session.topic = kind, held_on, minutes, topic
    session.agenda = list(agenda)
    _save_session(session, attendees, confirmed)
    record("session.edited", session, actor_id=by.pk, session_kind=kind)
    return session


@transaction.atomic
def strike_session(
    *, session: SupportSession, reason: str, by: User, confirmed: Collection[str] = ()
) -> SupportSession:
    """Strike out a session entered by mistake: it stays in the history and counts in no figure.

    A completion of core training recorded with it stands and is struck on its own.
    """
    session = SupportSession.objects.select_for_update().get(pk=session.pk)
    _refuse_struck(session)
    ask_about(scan_free_text(reason=reason), confirmed)
    session.is_struck = True
    session.save(update_fields=["is_struck"])
    record("session.struck", session, actor_id=by.pk, reason=reason, session_kind=session.kind)
    return session


@transaction.atomic
def write_note(
    *, attendance: SessionAttendance, note: str, summary: str, by: User, confirmed: Collection[str] = ()
) -> SessionAttendance:
    """Write what a supervision was about: the note for coordinators, the summary for the parent partner as well."""
    attendance = SessionAttendance.objects.select_for_update().select_related("session").get(pk=attendance.pk)
    _refuse_struck(attendance.session)
    if not attendance.session.is_supervision:
        raise ValidationError(
            "Notes are kept of supervision alone. The content of clinical support is not stored."
        )
    ask_about(scan_free_text(note=note, summary=summary), confirmed)
    attendance.note, attendance.summary = note, summary
    attendance.save(update_fields=["note", "summary"])
    record("session.noted", attendance.session, actor_id=by.pk)
    return attendance


@transaction.atomic
def agree_step(
    *,
    session: SupportSession,
    partner: ParentPartner,
    words: str,
    due_on: dt.date,
    by: User,
    confirmed: Collection[str] = (),
) -> AgreedStep:
    """Something a parent partner agreed to in supervision, due on a day."""
    _refuse_struck(session)
    if not session.is_supervision:
        raise ValidationError("Follow-ups are agreed in supervision alone.")
    if due_on < session.held_on:
        raise ValidationError({"due_on": f"Choose {session.held_on:%m/%d/%Y}, the session's day, or later."})
    ask_about(scan_free_text(words=words), confirmed)
    row = AgreedStep.objects.create(
        site_id=session.site_id, session=session, partner=partner, words=words, due_on=due_on
    )
    record("agreed_step.agreed", partner, actor_id=by.pk)
    return row


@transaction.atomic
def finish_agreed_step(*, agreed_step: AgreedStep, by: User) -> AgreedStep:
    """It is done today."""
    agreed_step = AgreedStep.objects.select_for_update().get(pk=agreed_step.pk)
    if agreed_step.done_on is None:
        agreed_step.done_on = timezone.localdate()
        agreed_step.save(update_fields=["done_on"])
        record("agreed_step.done", agreed_step.partner, actor_id=by.pk)
    return agreed_step


@transaction.atomic
def strike_agreed_step(*, agreed_step: AgreedStep, by: User) -> AgreedStep:
    """Strike out what was written down by mistake; the row stays."""
    agreed_step = AgreedStep.objects.select_for_update().get(pk=agreed_step.pk)
    if not agreed_step.is_struck:
        agreed_step.is_struck = True
        agreed_step.save(update_fields=["is_struck"])
        record("agreed_step.struck", agreed_step.partner, actor_id=by.pk)
    return agreed_step


def _refuse_leaving_agreed(session: SupportSession, attendees: list[ParentPartner]) -> None:
    """Whoever is taken off a session no longer sees it, nor what they agreed to there."""
    steps = session.agreed_steps.filter(is_struck=False).exclude(partner__in=attendees)
    names = sorted({str(step.partner) for step in steps.select_related("partner")})
    if names:
        words = f"{and_list(names)} agreed to something here. Strike that out first."
        raise ValidationError({"attendees": words})


def _refuse_struck(session: SupportSession) -> None:
    if session.is_struck:
        raise ValidationError("This session is struck out. Record it anew if it was held after all.")


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
    problems = in_future(held_on=session.held_on)
    if not 1 <= session.minutes <= 720:
        problems["minutes"] = "A session takes from 1 to 720 minutes."
    if session.kind == SupportSession.Kind.CLINICAL and session.topic:
        problems["topic"] = "The content of clinical support is not stored. Leave this blank."
    if session.agenda and not session.is_supervision:
        problems["agenda"] = "An agenda belongs to supervision. Leave this blank."
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
