"""Opening earlier parent partners' notes to the partner of a match, and taking that back (docs/adr/0026)."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from activities.models import NoteOpening
from audit.record import record
from counties.action_forms import ask_about
from counties.free_text import scan_free_text
from matching.models import Match


class MatchNotRunning(ValidationError):
    """Nobody is to read the notes: the match has not begun or is over."""


@transaction.atomic
def open_notes(*, match: Match, reason: str, by: User, confirmed: Collection[str] = ()) -> NoteOpening:
    """Let the match's parent partner read the notes written about the parent before the match began.

    Raises:
        MatchNotRunning: the match has not begun or is over.
        ValidationError: open already, or no reason.
    """
    match = Match.objects.select_for_update(of=("self",)).select_related("parent__family").get(pk=match.pk)
    if not Match.objects.running().filter(pk=match.pk).exists():
        raise MatchNotRunning("Notes can be opened only while the match runs.")
    if match.note_openings.standing().exists():
        raise ValidationError("The earlier notes are open already.")
    _refuse_no_reason("reason", reason)
    ask_about(scan_free_text(reason=reason), confirmed)
    opening = NoteOpening.objects.create(site_id=match.site_id, match=match, reason=reason, opened_by=by)
    record("note.opened", match.parent.family, match, opening, reason=reason)
    return opening


@transaction.atomic
def close_notes(
    *, opening: NoteOpening, close_reason: str, by: User, confirmed: Collection[str] = ()
) -> NoteOpening:
    """Keep the earlier notes from the match's parent partner again.

    Raises:
        ValidationError: taken back already, or no reason.
    """
    rows = NoteOpening.objects.select_for_update(of=("self",)).select_related("match__parent__family")
    opening = rows.get(pk=opening.pk)
    if opening.closed_at:
        raise ValidationError("This was taken back already.")
    _refuse_no_reason("close_reason", close_reason)
    ask_about(scan_free_text(close_reason=close_reason), confirmed)
    opening.closed_at, opening.closed_by, opening.close_reason = timezone.now(), by, close_reason
    opening.save(update_fields=["closed_at", "closed_by", "close_reason"])
    record("note.closed", opening.match.parent.family, opening.match, opening, reason=close_reason)
    return opening


def _refuse_no_reason(field: str, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({field: "Say in a few words why."})
