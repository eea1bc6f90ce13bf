"""The only writers of matches, and the verb that closes an enrollment with its matches.

Each verb locks parent partner, parent and match in this order, so that two coordinators cannot fill the same
place at once; the database holds V10, V11, V12 and the moves as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.action_forms import ask_about
from counties.dates import refuse_future, us_date
from counties.free_text import scan_free_text
from counties.models import SiteSettings
from families.models import Parent
from matching.models import MOVES, EndReason, Match
from matching.refusals import (
    MatchMoveRefused,
    ParentAlreadyMatched,
    PartnerAtCapacity,
    PartnerExcluded,
    PartnerNotTrained,
    ReferralNotOpen,
    overtaken,
)
from matching.suggest import Candidate, consider
from partners.models import ParentPartner
from referrals import actions as referral_actions
from referrals.models import Enrollment, Referral, ReferralOutcome


@transaction.atomic
def propose_match(
    *,
    referral: Referral,
    partner: ParentPartner,
    by: User,
    is_secondary: bool = False,
    is_cover: bool = False,
    cap_override: str = "",
    training_override: str = "",
    confirmed: Collection[str] = (),
) -> Match:
    """Propose a parent partner to the parent of an accepted referral; either may still decline.

    `is_cover`: to stand in for somebody who is away.

    Raises:
        ReferralNotOpen: not accepted, withdrawn or closed.
        PartnerExcluded: a hard stop of `domain.md` 5.2.
        PartnerAtCapacity, PartnerNotTrained: V11 or V10 without a reason.
    """
    _lock(partner, referral.parent)
    referral = Referral.objects.select_related("parent__family").get(pk=referral.pk)
    _refuse_unless_open(referral)
    ask_about(scan_free_text(cap_override=cap_override, training_override=training_override), confirmed)
    seen = consider(partner, referral.parent, _limits(referral))
    _refuse_stops(seen, cap_override, training_override)
    match = Match.objects.create(
        site_id=referral.site_id,
        referral=referral,
        parent=referral.parent,
        partner=partner,
        proposed_by=by,
        is_secondary=is_secondary,
        is_cover=is_cover,
        cap_override=cap_override,
        training_override=training_override,
        score=seen.score.as_json(),
    )
    record(
        "match.proposed", referral.parent.family, match, score=str(seen.score.total), secondary=is_secondary
    )
    return match


@transaction.atomic
def accept_match(
    *,
    match: Match,
    starts_on: dt.date,
    by: User,
    cap_override: str = "",
    training_override: str = "",
    confirmed: Collection[str] = (),
) -> Match:
    """Begin a proposed match: parent and parent partner have both agreed. Everything is checked again.

    Raises:
        MatchMoveRefused: the match is not proposed any more.
        ParentAlreadyMatched: V12, another primary match overlaps.
    """
    match = locked(match)
    refuse_move(match, Match.Status.ACTIVE)
    _refuse_unless_open(match.referral)
    ask_about(scan_free_text(cap_override=cap_override, training_override=training_override), confirmed)
    _refuse_start(match, starts_on)
    match.cap_override = cap_override or match.cap_override
    match.training_override = training_override or match.training_override
    seen = consider(match.partner, match.parent, _limits(match), besides=match)
    _refuse_stops(seen, match.cap_override, match.training_override, on=starts_on)
    _refuse_second_primary(match, starts_on)
    match.status, match.starts_on = Match.Status.ACTIVE, starts_on
    match.save()
    record("match.accepted", match.parent.family, match)
    return match


@transaction.atomic
def decline_match(
    *, match: Match, declined_by: str, by: User, decline_reason: str = "", confirmed: Collection[str] = ()
) -> Match:
    """Note that a proposal came to nothing. Nobody owes a reason; one given is for coordinators only."""
    match = locked(match)
    refuse_move(match, Match.Status.DECLINED)
    ask_about(scan_free_text(decline_reason=decline_reason), confirmed)
    match.status, match.declined_by = Match.Status.DECLINED, Match.DeclinedBy(declined_by)
    match.decline_reason = decline_reason
    match.save()
    record("match.declined", match.parent.family, match, declined_by=declined_by)
    return match


@transaction.atomic
def end_match(
    *, match: Match, ends_on: dt.date, end_reason: str, by: User, confirmed: Collection[str] = ()
) -> Match:
    """End a running match; `ends_on` is the first day the two are no longer matched. The enrollment stays open."""
    match = locked(match)
    if match.status == Match.Status.PAUSED:
        raise MatchMoveRefused("This match is paused: it is taken back, or ended without a further date.")
    refuse_move(match, Match.Status.ENDED)
    if ends_on < match.starts_on:
        raise ValidationError(
            {"ends_on": f"Choose {us_date(match.starts_on)}, the start of the match, or later."}
        )
    refuse_future(ends_on=ends_on)
    match.status, match.ends_on, match.end_reason = Match.Status.ENDED, ends_on, EndReason(end_reason)
    match.save()
    record("match.ended", match.parent.family, match, end_reason=end_reason)
    return match


@transaction.atomic
def close_enrollment(
    *,
    enrollment: Enrollment,
    closed_on: dt.date,
    closure_reason: str,
    by: User,
    confirmed: Collection[str] = (),
) -> Enrollment:
    """Close a family's enrollment and end the matches of the parents who took part in it, on the same day.

    Proposals still waiting for an answer are taken back.
    """
    parents = Parent.objects.filter(participations__enrollment=enrollment)
    matches = list(Match.objects.filter(parent__in=parents).select_related("parent").order_by("partner_id"))
    for match in matches:
        if match.status == Match.Status.ACTIVE and match.starts_on > closed_on:
            words = (
                f"The match of {match.parent} began on {us_date(match.starts_on)}: choose that date or later."
            )
            raise ValidationError({"closed_on": words})
    closed = referral_actions.close_enrollment(
        enrollment=enrollment, closed_on=closed_on, closure_reason=closure_reason, by=by, confirmed=confirmed
    )
    for match in matches:
        if match.status == Match.Status.ACTIVE:
            end_match(match=match, ends_on=closed_on, end_reason=EndReason.ENROLLMENT_CLOSED, by=by)
        elif match.status == Match.Status.PAUSED:
            match.status = Match.Status.ENDED
            match.save()
            record("match.ended", match.parent.family, match, end_reason=match.end_reason)
        elif match.status in Match.OPEN:
            decline_match(match=match, declined_by=Match.DeclinedBy.COORDINATOR, by=by)
    return closed


def _lock(partner: ParentPartner, parent: Parent) -> None:
    ParentPartner.objects.select_for_update().get(pk=partner.pk)
    Parent.objects.select_for_update().get(pk=parent.pk)


def locked(match: Match) -> Match:
    _lock(match.partner, match.parent)
    Match.objects.select_for_update().get(pk=match.pk)
    return Match.objects.select_related("parent__family", "partner", "referral").get(pk=match.pk)


def _limits(row: Referral | Match) -> SiteSettings:
    return SiteSettings.objects.get(site_id=row.site_id)


def _refuse_unless_open(referral: Referral) -> None:
    if referral.outcome != ReferralOutcome.ACCEPTED or referral.withdrawn_on:
        raise ReferralNotOpen(
            f"{referral} is not an accepted referral any more, so nobody can be matched for it."
        )
    if Enrollment.objects.filter(participations__referral=referral, closed_on__isnull=False).exists():
        raise ReferralNotOpen(f"The enrollment of {referral} is closed. A new referral opens the way again.")


def refuse_move(match: Match, status: str) -> None:
    if (match.status, status) not in MOVES:
        raise overtaken(match)


def _refuse_start(match: Match, starts_on: dt.date) -> None:
    refuse_future(starts_on=starts_on)
    decided, partner = match.referral.decided_on, match.partner
    if starts_on < decided:
        raise ValidationError({"starts_on": f"Choose {us_date(decided)}, the day of the decision, or later."})
    if not partner.is_active_on(starts_on):
        raise ValidationError({"starts_on": f"{partner} had no role here on {us_date(starts_on)}."})


def _refuse_stops(
    seen: Candidate, cap_override: str, training_override: str, on: dt.date | None = None
) -> None:
    """Hard stops first; then V10 and V11, which a reason lifts."""
    final = [stop.words for stop in seen.stops if not stop.reason_field]
    if final:
        raise PartnerExcluded(f"{seen.partner} cannot be matched with this parent: {'; '.join(final)}.")
    trained = seen.partner.is_trained_on(on or timezone.localdate())
    lapsed = not seen.partner.may_work_alone_on(timezone.localdate())
    if (not trained or (on is None and lapsed)) and not training_override:
        raise PartnerNotTrained(seen.partner)
    if seen.is_over_soft_cap and not cap_override:
        raise PartnerAtCapacity(seen.partner)


def _refuse_second_primary(match: Match, starts_on: dt.date) -> None:
    if match.is_secondary:
        return
    others = Match.objects.filter(parent=match.parent, is_secondary=False, status__in=Match.BEGUN)
    other = others.exclude(ends_on__lte=starts_on).select_related("partner").order_by("-starts_on").first()
    if other:
        raise ParentAlreadyMatched(other)
