"""Whether this very session has shown a second factor.

A flag in the session says so. It is set anew at every sign-in, from what allauth recorded about that sign-in, and
by a passkey or code shown later. An account that gained its factor in another browser proves it here before
it goes on, and one that lost its last factor sets up another.
"""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from accounts.models import User

FACTOR = "psp_factor"
REAL_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def has_factor(user: User) -> bool:
    """Whether the account has an authenticator app or a passkey; recovery codes alone are none."""
    return get_adapter().is_mfa_enabled(user, REAL_FACTORS)


def shown_at_sign_in(request: HttpRequest, user: User) -> bool:
    """Whether the sign-in that is just ending went through a second factor or a passkey."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, user))


def note_factor(request: HttpRequest, *, shown: bool) -> None:
    request.session[FACTOR] = shown


def is_shown(request: HttpRequest) -> bool:
    return bool(request.session.get(FACTOR))
