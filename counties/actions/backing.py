"""An invitation is worth what its sender may do: when that right goes, the invitation goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.actions import deactivate_person
from audit.record import record
from counties.access import access_to_site, access_to_state
from counties.models import Invitation, Site
from counties.permissions import Right

if TYPE_CHECKING:
    from accounts.models import User


def may_invite(person: User | None, site: Site | None) -> bool:
    """Whether this person may bring people in there today (the state: None); nobody stands for a command."""
    if person is None:
        return True
    if not person.is_active:
        return False
    at_site = site is not None and Right.PEOPLE_MANAGE in access_to_site(person, site)
    return at_site or Right.STATE_PEOPLE in access_to_state(person)


def withdraw_unbacked(*, sender: User, by: User) -> int:
    """Withdraw the sender's open invitations to places where they may invite no more; how many."""
    waiting = Invitation.objects.select_for_update(of=["self"]).filter(
        invited_by=sender, accepted_at=None, withdrawn_at=None
    )
    lost = [one for one in waiting.select_related("site") if not may_invite(sender, one.site)]
    for invitation in lost:
        invitation.withdrawn_at = timezone.now()
        invitation.save(update_fields=["withdrawn_at"])
        record(
            "invitation.withdrawn",
            invitation,
            site_id=invitation.site_id,
            actor_id=by.pk,
            role=invitation.role,
        )
    return len(lost)


@transaction.atomic
def switch_off(*, person: User, reason: str, by: User) -> User:
    """Switch an account off everywhere, and withdraw the invitations it sent.

    Raises:
        CannotDeactivateOwnAccount: `by` is the person.
    """
    person = deactivate_person(person=person, reason=reason, by=by)
    withdraw_unbacked(sender=person, by=by)
    return person
