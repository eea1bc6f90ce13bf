"""Follow-ups: what is to be done for a family, by whom and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from activities.models import Contact, FollowUp
from audit.record import record
from counties.access import access_to_site
from counties.action_forms import ask_about
from counties.free_text import scan_free_text
from referrals.models import Referral


@transaction.atomic
def add_follow_up(
    *,
    referral: Referral,
    words: str,
    due_on: dt.date,
    owner: User,
    by: User,
    contact: Contact | None = None,
    confirmed: Collection[str] = (),
) -> FollowUp:
    """Note what is to be done, out of a contact or alone.

    Raises:
        ValidationError: due in the past, or its owner does not see the family.
    """
    _refuse_past_or_stranger(referral, due_on, owner)
    ask_about(scan_free_text(words=words), confirmed)
    follow_up = FollowUp.objects.create(
        site_id=referral.site_id,
        referral=referral,
        contact=contact,
        words=words,
        due_on=due_on,
        owner=owner,
        made_by=by,
    )
    record("follow_up.added", referral.family, follow_up)
    return follow_up


@transaction.atomic
def hand_on_follow_up(
    *, follow_up: FollowUp, owner: User, due_on: dt.date, by: User, confirmed: Collection[str] = ()
) -> FollowUp:
    """Give an open follow-up to somebody else, or another day; who had it before stays in its history.

    Raises:
        ValidationError: not open, due in the past, or the owner does not see the family.
    """
    follow_up = _locked(follow_up)
    if follow_up.status != FollowUp.Status.OPEN:
        raise ValidationError("Only an open follow-up can be handed on.")
    _refuse_past_or_stranger(follow_up.referral, due_on, owner)
    follow_up.owner, follow_up.due_on = owner, due_on
    follow_up.save(update_fields=["owner", "due_on"])
    record("follow_up.handed_on", follow_up.referral.family, follow_up)
    return follow_up


@transaction.atomic
def end_follow_up(*, follow_up: FollowUp, status: str, by: User, confirmed: Collection[str] = ()) -> FollowUp:
    """Mark an open follow-up as done, or not needed any more; once more changes nothing."""
    follow_up = _locked(follow_up)
    if follow_up.status == status:
        return follow_up
    if follow_up.status != FollowUp.Status.OPEN or status == FollowUp.Status.OPEN:
        raise ValidationError("Only an open follow-up can be ended.")
    follow_up.status, follow_up.ended_on = status, timezone.localdate()
    follow_up.save(update_fields=["status", "ended_on"])
    record(f"follow_up.{status}", follow_up.referral.family, follow_up)
    return follow_up


def _locked(follow_up: FollowUp) -> FollowUp:
    rows = FollowUp.objects.select_for_update(of=("self",)).select_related("referral__family")
    return rows.get(pk=follow_up.pk)


def _refuse_past_or_stranger(referral: Referral, due_on: dt.date, owner: User) -> None:
    if due_on < timezone.localdate():
        raise ValidationError({"due_on": "This day has passed. Choose today or a later day."})
    owners = access_to_site(owner, referral.site)
    if not Referral.objects.visible_to(owners).filter(pk=referral.pk).exists():
        raise ValidationError(
            {"owner": f"{owner} does not see this family. Choose somebody who works with it."}
        )
