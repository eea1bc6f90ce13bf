"""An account is renamed, switched off and on. It is never deleted: the trail names it."""

from __future__ import annotations

import datetime as dt

from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record


class CannotDeactivateOwnAccount(ValidationError):
    """Nobody locks themselves out."""


@transaction.atomic
def deactivate_person(*, person: User, reason: str, by: User) -> User:
    """Switch an account off, everywhere, at once: its sessions end and its next request is nobody's.

    Raises:
        CannotDeactivateOwnAccount: `by` is the person.
    """
    if person.pk == by.pk:
        raise CannotDeactivateOwnAccount("You cannot switch off your own account. Ask another administrator.")
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.is_active:
        person.is_active, person.deactivated_at = False, timezone.now()
        person.save(update_fields=["is_active", "deactivated_at"])
        record("person.deactivated", person, actor_id=by.pk, reason=reason)
    end_sessions(person)
    return person


@transaction.atomic
def reactivate_person(*, person: User, reason: str, by: User) -> User:
    """Switch an account on again; roles that ended meanwhile stay ended."""
    person = User.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        person.is_active, person.deactivated_at = True, None
        person.save(update_fields=["is_active", "deactivated_at"])
        record("person.reactivated", person, actor_id=by.pk, reason=reason)
    return person


@transaction.atomic
def change_name(*, name: str, by: User) -> User:
    """Change how a person is called; only they themselves do."""
    person = User.objects.select_for_update().get(pk=by.pk)
    person.name = name
    person.full_clean(exclude=["password"])
    person.save(update_fields=["name"])
    record("person.renamed", person, actor_id=by.pk)
    return person


@transaction.atomic
def change_digest(
    *, digest: str, quiet_from: dt.time, quiet_until: dt.time, by: User, mobile: str | None = None
) -> User:
    """Change how often, when and where one is told that something new waits; None keeps the mobile number."""
    person = User.objects.select_for_update().get(pk=by.pk)
    person.digest, person.quiet_from, person.quiet_until = digest, quiet_from, quiet_until
    person.mobile = person.mobile if mobile is None else mobile
    person.full_clean(exclude=["password"])
    person.save(update_fields=["digest", "quiet_from", "quiet_until", "mobile"])
    record("person.digest_changed", person, actor_id=by.pk, digest=digest)
    return person


def end_sessions(person: User) -> None:
    """Sign the person out of every browser."""
    for session in UserSession.objects.filter(user=person):
        session.end()
