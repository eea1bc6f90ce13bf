"""A person's private calendar address: made, made anew, revoked."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from activities.models import CalendarFeed
from audit.record import record
from counties.wall.scope import current_site_id


@transaction.atomic
def make_feed(*, by: User) -> str:
    """Make this person's address at the present site and return its secret, which is kept nowhere.

    An address made before stops working.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two windows at once make one address
    _revoke(by)
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(site_id=current_site_id(), person=by, token_hash=hash_of(secret))
    record("feed.made", feed)
    return secret


@transaction.atomic
def revoke_feed(*, by: User) -> None:
    """Stop this person's address; once more changes nothing."""
    if _revoke(by):
        record("feed.revoked", kind="calendarfeed")


def hash_of(secret: str) -> str:
    """What is kept of a secret; it is random and long, so a plain hash suffices."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _revoke(person: User) -> int:
    return CalendarFeed.objects.working().filter(person=person).update(revoked_at=timezone.now())
