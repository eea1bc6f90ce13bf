"""What keeps a form that anybody may send free of machines, without anybody else's help.

A field people do not see, a signed note of when the form was opened, and a limit per address. The same note
carries the id the referral will have, so that a second tap or a retry is one referral.
"""

from __future__ import annotations

import time
import uuid

import uuid_utils.compat as uuid_utils
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audit import context

SALT = "referrals.public"
QUICKEST_SECONDS = 3
LONGEST_SECONDS = 24 * 3600
HOUR = 3600
SENT_AN_HOUR = 30
"""Per address: a county office shares one, and no office sends more in an hour."""
ASKED_AN_HOUR = 20


class LooksLikeAMachine(ValidationError):
    """The form was not filled in as a person would; the message says how to go on."""


class TooManyFromThisAddress(ValidationError):
    """The limit of the hour is reached for the sender's address."""


def open_form(site_id: int) -> str:
    """A signed note of when and for which site a form was opened, with the id of what it will send."""
    return signing.dumps({"site": site_id, "id": str(uuid_utils.uuid7()), "at": time.time()}, salt=SALT)


def read_form(note: str, site_id: int) -> uuid.UUID:
    """The id that belongs to a form sent back by a person.

    Raises:
        LooksLikeAMachine: sent faster than anybody types, or the note is missing, old or made up.
    """
    try:
        found = signing.loads(note, salt=SALT, max_age=LONGEST_SECONDS)
    except signing.BadSignature:
        raise LooksLikeAMachine(
            _("This form was open for a long time. Check your answers and send it again.")
        ) from None
    if found["site"] != site_id:
        raise LooksLikeAMachine(
            _("This form belongs to another program. Check your answers and send it again.")
        )
    if time.time() - found["at"] < QUICKEST_SECONDS:
        raise LooksLikeAMachine(_("That was very quick. Check your answers and send it again."), "quick")
    return uuid.UUID(found["id"])


def count_in(site_id: int, what: str, limit: int) -> None:
    """Count one try from the present address, which is known by its hash alone.

    Raises:
        TooManyFromThisAddress: more than `limit` within an hour.
    """
    key = f"refer:{what}:{site_id}:{context.current().ip_hash}"
    cache.add(key, 0, HOUR)
    if cache.incr(key) > limit:
        raise TooManyFromThisAddress(_("Too many tries from here in one hour. Wait an hour, or call us."))
