"""A parent partner answers an offer themselves, knowing no more of the parent than the answer needs."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.dates import us_date
from counties.messages import tell
from counties.models import SiteSettings
from matching.actions import locked
from matching.caseload import level_of
from matching.models import Match
from matching.pool import between, pool
from matching.refusals import MatchMoveRefused
from matching.suggest import circumstances


@transaction.atomic
def accept_offer(*, match: Match, by: User) -> Match:
    """The parent partner says yes; the parent is asked next. Said twice, it is said once.

    Raises:
        MatchMoveRefused: the offer is another's, or waits for an answer no more.
    """
    match = _to_answer(match, by)
    match.status = Match.Status.OFFERED_PARENT
    match.save()
    record("offer.accepted", match.parent.family, match)
    if match.proposed_by:
        tell(person=match.proposed_by, kind="match.agreed", about=match)
    return match


@transaction.atomic
def decline_offer(*, match: Match, by: User) -> Match:
    """The parent partner says no; nobody asks why, and the pairing is not suggested again (`domain.md` 5.2, 6)."""
    match = _to_answer(match, by)
    match.status, match.declined_by = Match.Status.DECLINED, Match.DeclinedBy.PARTNER
    match.save()
    record("offer.declined", match.parent.family, match)
    return match


def _to_answer(match: Match, by: User) -> Match:
    match = locked(match)
    if match.partner.person_id != by.pk:
        raise MatchMoveRefused("This offer is not yours to answer.")
    if over := why_over(match):
        raise MatchMoveRefused(over)
    return match


def why_over(match: Match) -> str:
    """Why nothing is to be answered any more, in words for the parent partner; "" while the offer waits."""
    if match.status == Match.Status.OFFERED_PARTNER:
        return ""
    if match.status == Match.Status.OFFERED_PARENT:
        return "You have said yes. The parent is asked next."
    if match.status == Match.Status.ACCEPTED:
        return "You have said yes, and so has the parent. Your coordinator begins the match with you."
    if match.declined_by == Match.DeclinedBy.PARTNER:
        return "You have said no. Nobody asks you why."
    return "This offer was taken back. Nothing is asked of you."


def what_is_told(match: Match, limits: SiteSettings) -> list[tuple[str, Any]]:
    """What a parent partner needs for an answer, and no name."""
    parent = match.parent
    standing = pool(limits, timezone.localdate(), match.partner)[0]
    miles = circumstances(standing, parent, limits, between([parent], match)).miles
    level = level_of(match.referral_id, timezone.localdate())
    meetings = limits.face_to_face_standard[level - 1]
    interpreter = ", with an interpreter" if parent.needs_interpreter == "yes" else ""
    return [
        ("Referral", match.referral.reference),
        ("Language", f"{parent.get_language_display()}{interpreter}" if parent.language else ""),
        ("Area", _area(parent.municipality, miles)),
        ("Contact", f"Level {level}: {meetings} meeting{'' if meetings == 1 else 's'} face to face a month"),
        ("Your part", "Beside another parent partner" if match.is_secondary else "The parent’s partner"),
        ("Your families now", standing.caseload.families),
        ("Offered on", us_date(match.offered_on)),
    ]


def _area(place: str, miles: int | None) -> str:
    if not place or miles is None:
        return place
    return f"{place}, {'where you live' if miles == 0 else f'about {miles} miles from you'}"
