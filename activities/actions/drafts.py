"""Unfinished contacts: saved while somebody types, taken up again on any device, emptied when done."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from activities.models import Contact, ContactDraft, ContactDrafts
from audit.record import record
from counties.action_forms import Doubt
from counties.free_text import scan_free_text
from counties.wall.scope import current_site_id
from referrals.models import Referral

LONGEST_NOTE = 10_000


class DraftIsOver(ValidationError):
    """The contact was logged, thrown away or has expired; or the id belongs to somebody else."""


class DraftChangedElsewhere(ValidationError):
    """Another window saved a newer version."""


@transaction.atomic
def save_draft(
    *,
    id: uuid.UUID,
    window: uuid.UUID,
    version: int,
    answers: Mapping[str, list[str]],
    by: User,
    note: str = "",
    referral: Referral | None = None,
) -> ContactDraft:
    """Keep what is typed so far. `version` is the one this window began with or saved last.

    A window overwrites its own saves; over another window's it writes only when it has seen them.

    Raises:
        DraftIsOver: there is nothing to keep it for any more.
        DraftChangedElsewhere: another window has saved since.
        SocialSecurityNumber: V17; nothing is kept.
    """
    scan_free_text(note=note)
    if len(note) > LONGEST_NOTE:
        raise ValidationError({"note": f"The note is longer than {LONGEST_NOTE:,} characters."})
    draft = ContactDraft.objects.select_for_update().filter(pk=id).first()
    begins = draft is None
    if draft is None:
        draft = _begun(id, window, by)
    elif draft.writer_id != by.pk or not draft.is_open:
        raise DraftIsOver("This contact is logged already, or was thrown away. Start a new one.")
    elif draft.window != window and draft.version != version:
        raise DraftChangedElsewhere(_newer(draft))
    else:
        draft.version += 1
    draft.referral, draft.answers, draft.note, draft.window = referral, dict(answers), note, window
    draft.saved_at = timezone.now()
    _save(draft, begins)
    if begins:
        record("draft.begun", draft)
    return draft


@transaction.atomic
def discard_draft(*, draft: ContactDraft, by: User) -> None:
    """Throw an unfinished contact away; what was typed is gone."""
    end_draft(draft.pk, by=by)
    record("draft.discarded", draft)


def end_draft(draft_id: uuid.UUID, *, by: User) -> None:
    """Empty this person's draft, when there is one: its contact is logged or not wanted."""
    _empty(ContactDraft.objects.filter(pk=draft_id, writer=by, ended_at=None))


def expire_drafts() -> int:
    """Empty the drafts of this site that nobody has edited for `DRAFT_DAYS`; return how many."""
    ended = _empty(ContactDraft.objects.expired())
    if ended:
        record("draft.expired", kind="contactdraft", number=ended)
    return ended


def newer_elsewhere(draft_id: uuid.UUID, *, window: uuid.UUID, version: int, by: User) -> list[Doubt]:
    """A doubt when another window holds a newer version than the form being sent has seen."""
    draft = ContactDraft.objects.filter(pk=draft_id, writer=by, ended_at=None).first()
    if draft is None or draft.window == window or draft.version == version:
        return []
    return [Doubt("DRAFT", "note", _newer(draft))]


def _begun(draft_id: uuid.UUID, window: uuid.UUID, by: User) -> ContactDraft:
    if Contact.objects.filter(pk=draft_id).exists():
        raise DraftIsOver(
            "This contact is logged already. What you changed since is not kept: correct the entry."
        )
    return ContactDraft(id=draft_id, site_id=current_site_id(), writer=by, window=window)


def _save(draft: ContactDraft, begins: bool) -> None:
    """Another window, or another site, may have taken the id meanwhile; nothing is told of it."""
    try:
        with transaction.atomic():
            draft.save(force_insert=begins)
    except IntegrityError:
        raise DraftIsOver("This could not be kept. Copy the note and start a new contact.") from None


def _empty(drafts: ContactDrafts) -> int:
    return drafts.update(note="", answers={}, referral=None, ended_at=timezone.now())


def _newer(draft: ContactDraft) -> str:
    at = timezone.localtime(draft.saved_at)
    return f"Another window or device changed this contact at {at:%H:%M}. Open that version from Today first."
