"""The only way in: an invitation to one address for one role, for seven days, once.

The link's token is computed from the invitation and the product's secret key, so that it needs to lie nowhere:
the database keeps its hash, the queue only the invitation's id.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from audit.record import record
from counties.actions.backing import may_invite
from counties.actions.people import RoleHeldAlready, give_role
from counties.models import Invitation, RoleAssignment, Site

VALID_FOR = dt.timedelta(days=7)


class InvitationNotOpen(ValidationError):
    """It was accepted, withdrawn or has expired, or there never was one."""


class InvitationForSomebodyElse(ValidationError):
    """The person signed in is not the one invited."""


class AlreadyInvited(ValidationError):
    """An open invitation to this address for this role is on its way."""


def token_of(invitation: Invitation) -> str:
    """The secret part of the invitation's link."""
    value = f"{invitation.pk} {invitation.email} {invitation.expires_at.isoformat()}"
    return salted_hmac("counties.invitation", value, algorithm="sha256").hexdigest()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_invitation(token: str) -> Invitation:
    """The open invitation behind a link.

    Raises:
        InvitationNotOpen: there is none, or no longer, or its sender may invite there no more.
    """
    invitation = behind(token)
    if invitation is None or not works(invitation):
        raise InvitationNotOpen("This invitation no longer works.")
    return invitation


def behind(token: str) -> Invitation | None:
    """The invitation behind a link, open or not."""
    rows = Invitation.objects.select_related("site__settings", "invited_by")
    return rows.filter(token_hash=_hash(token)).first()


def works(invitation: Invitation) -> bool:
    """Whether it is open, and its sender may still bring people in there."""
    return invitation.is_open and may_invite(invitation.invited_by, invitation.site)


def account_of(invitation: Invitation) -> User | None:
    """The account the invited address has already."""
    return User.objects.filter(email__iexact=invitation.email).first()


@transaction.atomic
def invite_person(*, email: str, name: str, role: str, site: Site | None, by: User) -> Invitation:
    """Invite an address to a role at a site (at the state: None); the mail leaves after the commit.

    Raises:
        AlreadyInvited: an open invitation to the same role exists.
        RoleHeldAlready: somebody with this address holds the role today.
    """
    from counties.tasks import send_invitation

    _refuse_repeated(email, role, site)
    invitation = Invitation(
        email=email.lower(), name=name, role=role, site=site, invited_by=by, token_hash=secrets.token_hex(32),
        expires_at=timezone.now() + VALID_FOR,
    )  # fmt: skip
    invitation.full_clean()
    invitation.save()
    invitation.token_hash = _hash(token_of(invitation))
    invitation.save(update_fields=["token_hash"])
    record("invitation.sent", invitation, site_id=site.id if site else None, actor_id=by.pk, role=str(role))
    send_invitation.delay_on_commit(invitation.pk)
    return invitation


def _refuse_repeated(email: str, role: str, site: Site | None) -> None:
    waiting = Invitation.objects.filter(
        email__iexact=email,
        role=role,
        site=site,
        accepted_at=None,
        withdrawn_at=None,
        expires_at__gt=timezone.now(),
    )
    if waiting.exists():
        raise AlreadyInvited(
            {"email": "An invitation to this role is on its way. Send it again from the list of people."}
        )
    _refuse_held(email, role, site)


def _refuse_held(email: str, role: str, site: Site | None) -> None:
    roles = RoleAssignment.objects.on(timezone.localdate()).filter(role=role, site=site)
    if roles.filter(person__email__iexact=email).exists():
        raise RoleHeldAlready({"email": "Somebody with this address holds that role already."})


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """Send an invitation anew, for seven days from now, in the name of who sends it; the former link stops working.

    Raises:
        InvitationNotOpen: it was accepted or withdrawn before.
        RoleHeldAlready: somebody with this address holds the role today.
    """
    from counties.tasks import send_invitation

    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise InvitationNotOpen("This invitation was accepted or withdrawn before.")
    _refuse_held(invitation.email, invitation.role, invitation.site)
    invitation.invited_by, invitation.expires_at = by, timezone.now() + VALID_FOR
    invitation.token_hash = _hash(token_of(invitation))
    invitation.save(update_fields=["invited_by", "expires_at", "token_hash"])
    record("invitation.resent", invitation, site_id=invitation.site_id, actor_id=by.pk, role=invitation.role)
    send_invitation.delay_on_commit(invitation.pk)
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """Take an invitation back; its link stops working.

    Raises:
        InvitationNotOpen: it was accepted or withdrawn before.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise InvitationNotOpen("This invitation was accepted or withdrawn before.")
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    record(
        "invitation.withdrawn", invitation, site_id=invitation.site_id, actor_id=by.pk, role=invitation.role
    )
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User | None, name: str = "", password: str = "") -> User:
    """Turn an invitation into a role: of the person signed in, or of a new account.

    Args:
        by: the person signed in; None makes an account with `name` and `password`.

    Raises:
        InvitationNotOpen: somebody was faster, or it expired meanwhile.
        InvitationForSomebodyElse: `by` has another address, or the address has an account that must sign in.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not works(invitation):
        raise InvitationNotOpen("This invitation no longer works.")
    account = account_of(invitation)
    if account != by:
        raise InvitationForSomebodyElse("Sign in with the address this invitation was sent to.")
    person = by or User.objects.create_user(invitation.email, name=name, password=password)
    _give(invitation, person)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record(
        "invitation.accepted",
        invitation,
        site_id=invitation.site_id,
        actor_id=person.pk,
        role=invitation.role,
    )
    return person


def _give(invitation: Invitation, person: User) -> None:
    """The role, unless the person got it by another way since."""
    today = timezone.localdate()
    held = person.roles.on(today).filter(site_id=invitation.site_id, role=invitation.role)
    if not held.exists():
        give_role(
            person=person,
            site=invitation.site,
            role=invitation.role,
            starts_on=today,
            by=invitation.invited_by,
        )
