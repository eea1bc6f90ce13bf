"""Signing in as a browser does, with password and authenticator app."""

from __future__ import annotations

import base64
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from accounts.adapters import MFAAdapter
from accounts.models import User

PASSWORD = "seven quiet otters on a barn"  # noqa: S105 (made up for tests)
SEED = base64.b32encode(b"twenty bytes of seed").decode()


def give_password(person: User) -> User:
    person.set_password(PASSWORD)
    person.save()
    return person


def give_app(person: User) -> Authenticator:
    """An authenticator app with a known seed."""
    return Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": MFAAdapter().encrypt(SEED)}
    )


def code_now() -> str:
    """What the app shows."""
    return format_hotp_value(hotp_value(SEED, int(time.time()) // 30))


def sign_in(person: User, *, code: str = "") -> Client:
    """A browser that went through the sign-in form, and the second step when there is a code."""
    browser = Client()
    browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    if code:
        browser.post("/accounts/2fa/authenticate/", {"code": code})
    return browser
