"""The steps between a proposal and a beginning, and handing a family over for a while."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.dates import refuse_future, us_date
from matching.actions import accept_match, end_match, locked, propose_match, refuse_move
from matching.models import EndReason, Match
from matching.refusals import overtaken
from partners.models import ParentPartner

NEXT = {
    Match.Status.PROPOSED: Match.Status.OFFERED_PARTNER,
    Match.Status.OFFERED_PARTNER: Match.Status.OFFERED_PARENT,
    Match.Status.OFFERED_PARENT: Match.Status.ACCEPTED,
}
"""One answer after the other: the parent partner is asked first, so that no parent hopes in vain."""


@transaction.atomic
def advance_match(*, match: Match, to: str, by: User) -> Match:
    """Note the next step of a proposal: offered to the parent partner, then to the parent, then accepted by both.

    Raises:
        MatchMoveRefused: somebody was quicker, or the step is not the next one.
    """
    match = locked(match)
    if NEXT.get(Match.Status(match.status)) != to:
        raise overtaken(match)
    match.status = to
    if match.status == Match.Status.OFFERED_PARTNER:
        match.offered_on = timezone.localdate()
    match.save()
    record("match.advanced", match.parent.family, match, to=str(match.status))
    return match


@transaction.atomic
def pause_match(
    *,
    match: Match,
    paused_on: dt.date,
    cover: ParentPartner | None,
    by: User,
    back_on: dt.date | None = None,
    cap_override: str = "",
    confirmed: Collection[str] = (),
) -> Match:
    """Hand a parent over for a while; why is nobody's business and has no place to be written.

    `paused_on` is the first day without this partner and the first of who covers. All rules of a match hold for the
    cover; without one the parent keeps their place with the partner and nobody else is suggested.
    """
    match = locked(match)
    refuse_move(match, Match.Status.PAUSED)
    refuse_future(paused_on=paused_on)
    if paused_on < match.starts_on:
        words = f"Choose {us_date(match.starts_on)}, the start of the match, or later."
        raise ValidationError({"paused_on": words})
    _refuse_return(back_on, paused_on)
    match.back_on = back_on
    match.status, match.ends_on, match.end_reason = Match.Status.PAUSED, paused_on, EndReason.HANDED_OVER
    match.save()
    record("match.paused", match.parent.family, match)
    if cover is not None:
        _begin(match, cover, paused_on, by, cap_override, confirmed, is_cover=True)
    return match


@transaction.atomic
def expect_back(*, match: Match, back_on: dt.date | None, by: User, confirmed: Collection[str] = ()) -> Match:
    """Note when the partner is expected back, or that nobody knows; it moves nobody and reminds the coordinator."""
    match = locked(match)
    _refuse_unless_paused(match)
    _refuse_return(back_on, match.ends_on)
    match.back_on = back_on
    match.save()
    record("match.expected", match.parent.family, match, back_on=str(back_on or ""))
    return match


@transaction.atomic
def resume_match(
    *, match: Match, starts_on: dt.date, by: User, cap_override: str = "", confirmed: Collection[str] = ()
) -> Match:
    """The partner takes the parent back: a new row begins, the cover ends on the same day, no date is rewritten."""
    match = locked(match)
    _refuse_unless_paused(match)
    refuse_future(starts_on=starts_on)
    cover = cover_of(match)
    first = max(match.ends_on, cover.starts_on if cover else match.ends_on)
    if starts_on < first:
        raise ValidationError({"starts_on": f"Choose {us_date(first)}, the day of handing over, or later."})
    if cover:
        end_match(match=cover, ends_on=starts_on, end_reason=EndReason.COVER_OVER, by=by)
    _end_pause(match)
    return _begin(match, match.partner, starts_on, by, cap_override, confirmed)


@transaction.atomic
def settle_pause(*, match: Match, by: User) -> Match:
    """The partner does not take the parent back; who covers goes on, otherwise the parent waits again."""
    match = locked(match)
    _refuse_unless_paused(match)
    _end_pause(match)
    return match


def cover_of(match: Match) -> Match | None:
    """Who stands in for this paused match now."""
    covers = Match.objects.filter(
        parent=match.parent_id, is_cover=True, is_secondary=match.is_secondary, status=Match.Status.ACTIVE
    )
    return covers.select_related("partner", "parent").first()


def paused_for(cover: Match) -> Match | None:
    """The paused match this one stands in for."""
    paused = Match.objects.filter(
        parent=cover.parent_id, is_secondary=cover.is_secondary, status=Match.Status.PAUSED
    )
    return paused.order_by("-ends_on").first()


def _refuse_return(back_on: dt.date | None, paused_on: dt.date) -> None:
    if back_on is not None and back_on <= paused_on:
        words = f"Choose a day after {us_date(paused_on)}, the handing over, or leave it empty."
        raise ValidationError({"back_on": words})


def _refuse_unless_paused(match: Match) -> None:
    if match.status != Match.Status.PAUSED:
        raise overtaken(match)


def _end_pause(match: Match) -> None:
    match.status = Match.Status.ENDED
    match.save()
    record("match.ended", match.parent.family, match, end_reason=match.end_reason)


def _begin(
    match: Match,
    partner: ParentPartner,
    day: dt.date,
    by: User,
    cap_override: str,
    confirmed: Collection[str],
    *,
    is_cover: bool = False,
) -> Match:
    """A further period of the same parent, proposed and begun at once."""
    new = propose_match(
        referral=match.referral, partner=partner, by=by, is_secondary=match.is_secondary, is_cover=is_cover,
        cap_override=cap_override, training_override=match.training_override if not is_cover else "",
        confirmed=confirmed,
    )  # fmt: skip
    return accept_match(match=new, starts_on=day, by=by, confirmed=confirmed)
