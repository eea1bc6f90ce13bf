"""Signing in with a real browser: passkeys, the authenticator app, the return after idle time; axe on each page."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from playwright.sync_api import Page, expect

from accounts.models import User
from counties.actions.invitations import invite_person, token_of
from counties.models import Site
from tests.accounts.people import PASSWORD, code_now, give_app, give_password

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]
Axe = Callable[[Page], list[str]]


@pytest.fixture(autouse=True)
def plain_http(settings) -> None:
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True


def add_virtual_key(page: Page) -> None:
    """A fingerprint reader that always says yes."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def type_password(page: Page, person: User) -> None:
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def type_code(page: Page, button: str) -> None:
    """The app's code; a new half minute is awaited when the present one is nearly over."""
    if time.time() % 30 > 25:
        page.wait_for_timeout(6_000)
    page.get_by_label("Code").fill(code_now())
    page.get_by_role("button", name=button, exact=True).click()


def test_a_passkey_is_added_and_then_signs_in_alone(
    live_server, open_page: Open, axe: Axe, rock_coordinator: User
) -> None:
    give_password(rock_coordinator)
    page = open_page(f"{live_server.url}/accounts/login/")
    add_virtual_key(page)
    assert axe(page) == []
    type_password(page, rock_coordinator)
    expect(page.get_by_text("Set up one of these to go on")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("link", name="Add a passkey").click()
    assert axe(page) == []
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert page.locator(".psp-codes li").count() == 10
    assert axe(page) == []
    page.get_by_role("link", name="I have them, go on").click()
    expect(page).to_have_url(f"{live_server.url}/sites/rock/")
    assert Authenticator.objects.get(type="webauthn").wrap().is_passwordless

    page.goto(f"{live_server.url}/accounts/2fa/webauthn/")
    assert axe(page) == []
    page.goto(f"{live_server.url}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{live_server.url}/sites/rock/")


def test_a_passkey_is_the_second_step_after_the_password(
    live_server, open_page: Open, rock_coordinator: User
) -> None:
    give_app(give_password(rock_coordinator))
    page = open_page(f"{live_server.url}/accounts/login/")
    add_virtual_key(page)
    type_password(page, rock_coordinator)
    type_code(page, "Sign in")
    page.goto(f"{live_server.url}/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_text("The passkey is added.")).to_be_visible()
    page.goto(f"{live_server.url}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    type_password(page, rock_coordinator)
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page).to_have_url(f"{live_server.url}/sites/rock/")


def test_a_key_that_does_not_answer_says_so(live_server, open_page: Open, rock_coordinator: User) -> None:
    page = open_page(f"{live_server.url}/accounts/login/")
    page.evaluate(
        "() => { navigator.credentials.get = async () => { throw new DOMException('', 'NotAllowedError'); }; }"
    )
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text(
        "The passkey did not answer. Try again, or use another way to sign in."
    )


def test_an_invited_person_gets_all_the_way_in_on_a_phone(
    live_server, open_page: Open, axe: Axe, rock: Site, rock_coordinator: User
) -> None:
    invitation = invite_person(
        email="nia@rock.example", name="Nia Maple", role="parent_partner", site=rock, by=rock_coordinator,
    )  # fmt: skip
    page = open_page(f"{live_server.url}/accounts/invitation/{token_of(invitation)}/", width=390)
    assert axe(page) == []
    page.get_by_role("button", name="Accept and make my account").click()
    expect(page.locator(".psp-error-summary")).to_be_focused()
    assert axe(page) == []
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Accept and make my account").click()
    page.get_by_role("link", name="Set up an authenticator app").click()
    assert axe(page) == []
    key = page.locator("code").inner_text()
    page.get_by_label("Code").fill(format_hotp_value(hotp_value(key, int(time.time()) // 30)))
    page.get_by_role("button", name="Turn on").click()
    page.get_by_role("link", name="I have them, go on").click()
    expect(page).to_have_url(f"{live_server.url}/sites/rock/")


def test_after_idle_time_the_page_and_the_typed_words_come_back(
    live_server, open_page: Open, axe: Axe, rock_coordinator: User, settings
) -> None:
    settings.IDLE_TIMEOUT_SECONDS = 8
    give_app(give_password(rock_coordinator))
    page = open_page(f"{live_server.url}/sites/rock/settings/people/invite/?from=list")
    type_password(page, rock_coordinator)
    assert axe(page) == []
    type_code(page, "Sign in")
    expect(page).to_have_url(f"{live_server.url}/sites/rock/settings/people/invite/?from=list")
    page.get_by_label("Name").press_sequentially("Nia Maple")
    expect(page.get_by_role("dialog")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("You were signed out after")).to_be_visible()
    settings.IDLE_TIMEOUT_SECONDS = 900
    cache.clear()  # forgets that this half minute's code was used
    type_password(page, rock_coordinator)
    type_code(page, "Sign in")
    expect(page).to_have_url(f"{live_server.url}/sites/rock/settings/people/invite/?from=list")
    page.get_by_role("button", name="Restore what you typed").click()
    expect(page.get_by_label("Name")).to_have_value("Nia Maple")
