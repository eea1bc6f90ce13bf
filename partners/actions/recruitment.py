"""The only writers of the way into the work: interest, moves, and what is known on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.action_forms import ask_about
from counties.dates import in_future, refuse_future
from counties.free_text import scan_free_text
from counties.wall.scope import current_site_id
from partners.models.partner import ParentPartner
from partners.models.recruitment import CLEARED, MOVES, LeftBecause, Recruitment, RecruitmentMove, Stage

FACTS = {
    "first_name", "last_name", "email", "phone", "eligibility_basis", "eligibility_on", "eligibility_verified_by",
    "eligibility_override", "background_requested_on", "background_cleared_on",
}  # fmt: skip


class NotYetEligible(ValidationError):
    """Something of the one-year rule or of the background check is missing."""


class MoveNotPossible(ValidationError):
    """The way does not lead there from here."""


@transaction.atomic
def register_interest(
    *, moved_on: dt.date, by: User, confirmed: Collection[str] = (), **facts: Any
) -> Recruitment:
    """Begin the way of somebody who is interested in becoming a parent partner."""
    recruitment = Recruitment(site_id=current_site_id())
    _take(recruitment, facts, by, confirmed)
    refuse_future(moved_on=moved_on)
    recruitment.save()
    _note(recruitment, "", moved_on, by)
    record("recruitment.begun", recruitment, actor_id=by.pk)
    return recruitment


@transaction.atomic
def edit_recruitment(
    *, recruitment: Recruitment, by: User, confirmed: Collection[str] = (), **facts: Any
) -> Recruitment:
    """Correct or complete what is known: the basis, its date, who verified it, the dates of the background check."""
    recruitment = Recruitment.objects.select_for_update().get(pk=recruitment.pk)
    was = {name: getattr(recruitment, name) for name in facts}
    _take(recruitment, facts, by, confirmed)
    if recruitment.status in CLEARED and (missing := recruitment.missing(timezone.localdate())):
        raise NotYetEligible(f"At this stage these cannot be taken back: {'; '.join(missing)}.")
    recruitment.save()
    changed = sorted(name for name, value in was.items() if getattr(recruitment, name) != value)
    record("recruitment.edited", recruitment, actor_id=by.pk, changed=changed)
    return recruitment


@transaction.atomic
def move_recruitment(
    *,
    recruitment: Recruitment,
    status: str,
    moved_on: dt.date,
    by: User,
    left_because: str = "",
    confirmed: Collection[str] = (),
) -> Recruitment:
    """Take a recruitment to another stage before the role, or end it with a reason.

    Raises:
        MoveNotPossible: the stage cannot be chosen from here, or the role has begun.
        NotYetEligible: the check is not cleared, or the one-year rule not met or not verified.
    """
    recruitment = Recruitment.objects.select_for_update().get(pk=recruitment.pk)
    if status not in recruitment.ahead():
        here, there = recruitment.get_status_display(), Stage(status).label
        raise MoveNotPossible({"status": f"From “{here}” the way does not lead to “{there}”. Look again."})
    refuse_future(moved_on=moved_on)
    last = recruitment.moves.order_by("-moved_on").first()
    if last and moved_on < last.moved_on:
        raise ValidationError(
            {"moved_on": f"Choose {last.moved_on:%m/%d/%Y}, the last move, or a later date."}
        )
    if status == Stage.LEFT and not left_because:
        raise ValidationError({"left_because": "Choose why it ended."})
    if status in CLEARED and (missing := recruitment.missing(moved_on)):
        raise NotYetEligible({"status": f"Still missing: {'; '.join(missing)}."})
    _move(recruitment, status, moved_on, by, left_because if status == Stage.LEFT else "")
    return recruitment


def begin_role(*, recruitment: Recruitment, partner: ParentPartner, by: User) -> None:
    """The way has led into the role; `create_partner` calls this with the profile it made.

    Raises:
        MoveNotPossible: onboarding has not begun, or the role has begun already.
    """
    recruitment = Recruitment.objects.select_for_update().get(pk=recruitment.pk)
    if (recruitment.status, Stage.ACTIVE) not in MOVES or recruitment.partner_id:
        raise MoveNotPossible("The role begins after onboarding. Move this person to onboarding first.")
    recruitment.partner = partner
    _move(recruitment, Stage.ACTIVE, min(partner.starts_on, timezone.localdate()), by)


def follow_roles(partners: Iterable[ParentPartner], by: User | None = None) -> None:
    """Bring recruitments to the stage their parent partners are in, after leave, return or the end of a role."""
    by_id = {partner.pk: partner for partner in partners}
    today = timezone.localdate()
    for recruitment in Recruitment.objects.select_for_update().filter(partner__in=by_id):
        partner = by_id[recruitment.partner_id]
        status, reason = _stage_of(partner)
        if (recruitment.status, status) in MOVES:
            _move(recruitment, status, min(partner.ends_on or today, today), by, reason)


def _stage_of(partner: ParentPartner) -> tuple[str, str]:
    if partner.ends_on:
        return Stage.LEFT, partner.separation or LeftBecause.PERSONAL
    return (Stage.ON_LEAVE if partner.is_on_leave else Stage.ACTIVE), ""


def _move(
    recruitment: Recruitment, status: str, moved_on: dt.date, by: User | None, reason: str = ""
) -> None:
    before, recruitment.status, recruitment.left_because = recruitment.status, status, reason
    recruitment.save(update_fields=["status", "left_because", "partner"])
    _note(recruitment, before, moved_on, by)
    record("recruitment.moved", recruitment, actor_id=by.pk if by else None, before=before, after=str(status))


def _note(recruitment: Recruitment, before: str, moved_on: dt.date, by: User | None) -> None:
    RecruitmentMove.objects.create(
        site_id=recruitment.site_id,
        recruitment=recruitment,
        before=before,
        after=recruitment.status,
        moved_on=moved_on,
        moved_by=by,
    )


def _take(recruitment: Recruitment, facts: dict[str, Any], by: User, confirmed: Collection[str]) -> None:
    if unknown := set(facts) - FACTS:
        raise TypeError(f"Not facts of a recruitment: {sorted(unknown)}")
    for step in ("requested", "cleared"):
        name = f"background_{step}_on"
        if name in facts and facts[name] != getattr(recruitment, name):
            setattr(recruitment, f"background_{step}_by", by if facts[name] else None)
    for name, value in facts.items():
        setattr(recruitment, name, value)
    _refuse_dates(recruitment)
    ask_about(scan_free_text(eligibility_override=recruitment.eligibility_override), confirmed)
    recruitment.full_clean(validate_constraints=False)


def _refuse_dates(recruitment: Recruitment) -> None:
    asked, cleared = recruitment.background_requested_on, recruitment.background_cleared_on
    problems = in_future(background_requested_on=asked, background_cleared_on=cleared)
    if cleared and not asked:
        problems["background_requested_on"] = "Enter when the check was asked for."
    elif cleared and asked and cleared < asked:
        problems["background_cleared_on"] = f"Choose {asked:%m/%d/%Y}, when it was asked for, or later."
    if problems:
        raise ValidationError(problems)
