"""Signing in as a browser does, with password and authenticator app."""

from __future__ import annotations

import base64
import time

import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpResponse
from django.test import Client

from accounts.adapters import MFAAdapter
from accounts.models import User

PASSWORD = "seven quiet otters on a barn"  # noqa: S105 (made up for tests)
NOW = "now"
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
    """A browser that went through the sign-in form, and the second step when there is a code (NOW: the app's)."""
    browser = Client()
    browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    if code:
        show(browser, "/accounts/2fa/authenticate/", code)
    return browser


def show(browser: Client, url: str, code: str = NOW) -> HttpResponse:
    """Type a code. The clock stands still meanwhile, or a slow test would type it half a minute late."""
    with time_machine.travel(time.time(), tick=False):
        return browser.post(url, {"code": code_now() if code == NOW else code})
