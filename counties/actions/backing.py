"""An invitation is worth what its sender may do: when that right goes, the invitation goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.actions import deactivate_person
from audit.record import record
from counties.access import access_to_site, access_to_state
from counties.models import Invitation, RoleAssignment, Site
from counties.permissions import Right
from counties.roles import GRANTS, Role

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


def with_backing(invitations: QuerySet) -> list[Invitation]:
    """Invitations, each with `is_backed`: whether its sender may invite there today. Two questions for all of them."""
    rows = list(invitations)
    today = timezone.localdate()
    held = RoleAssignment.objects.on(today).filter(
        person__in={one.invited_by_id for one in rows} - {None}, person__is_active=True
    )
    holders = [(r.person_id, r.site_id, GRANTS[Role(r.role)].rights) for r in held]
    for one in rows:
        one.is_backed = one.invited_by_id is None or any(
            person == one.invited_by_id
            and (Right.STATE_PEOPLE in rights or (site == one.site_id and Right.PEOPLE_MANAGE in rights))
            for person, site, rights in holders
        )
    return rows


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
