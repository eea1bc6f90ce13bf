"""Nobody whose role demands a second factor gets past the account pages without one, by whatever door."""

import time
from urllib.parse import unquote, urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client

from accounts.models import User
from accounts.tasks import send_reset
from tests.accounts.people import NOW, SEED, code_now, give_app, give_password, show, sign_in

pytestmark = pytest.mark.django_db
SITE = "/sites/rock/settings/people/"
SETUP = "/accounts/2fa/"


def where(browser: Client, url: str = SITE) -> str:
    """ "" when the page opens, else the address it sends to."""
    answer = browser.get(url)
    return "" if answer.status_code == 200 else unquote(answer.headers["Location"])


def test_without_a_factor_only_the_account_pages_open(rock_coordinator: User) -> None:
    browser = sign_in(give_password(rock_coordinator))
    assert where(browser) == SETUP
    assert where(browser, "/") == SETUP
    assert where(browser, SETUP) == ""
    assert where(browser, "/accounts/") == ""


def test_with_password_and_code_the_site_opens(rock_coordinator: User) -> None:
    give_app(give_password(rock_coordinator))
    assert where(sign_in(rock_coordinator, code=NOW)) == ""


def test_the_password_alone_does_not_sign_in_who_has_a_factor(rock_coordinator: User) -> None:
    give_app(give_password(rock_coordinator))
    browser = sign_in(rock_coordinator)
    assert where(browser).startswith("/accounts/login/")
    assert "_auth_user_id" not in browser.session


def test_a_session_older_than_the_factor_must_show_it(rock_coordinator: User) -> None:
    """Somebody with the password alone is signed in; then the owner sets up an app in another browser."""
    browser = sign_in(give_password(rock_coordinator))
    app = give_app(rock_coordinator)
    for url in (SITE, SETUP, "/accounts/", "/accounts/2fa/totp/deactivate/", "/accounts/password/change/"):
        assert where(browser, url).startswith("/accounts/2fa/reauthenticate/"), url
    browser.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(pk=app.pk).exists()
    show(browser, "/accounts/2fa/reauthenticate/")
    assert where(browser) == ""


def test_a_code_works_once(rock_coordinator: User) -> None:
    give_app(give_password(rock_coordinator))
    with time_machine.travel(time.time(), tick=False):
        code = code_now()
        assert where(sign_in(rock_coordinator, code=code)) == ""
        assert where(sign_in(rock_coordinator, code=code)).startswith("/accounts/login/")


def test_a_recovery_code_works_once(rock_coordinator: User) -> None:
    give_app(give_password(rock_coordinator))
    code = RecoveryCodes.activate(rock_coordinator).get_unused_codes()[0]
    assert where(sign_in(rock_coordinator, code=code)) == ""
    assert where(sign_in(rock_coordinator, code=code)).startswith("/accounts/login/")


@pytest.mark.django_db(transaction=True)
def test_recovery_codes_are_offered_once_after_the_app_is_set_up(rock_coordinator: User) -> None:
    browser = sign_in(give_password(rock_coordinator))
    page = browser.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    session = browser.session
    session["mfa.totp.secret"] = SEED
    session.save()
    done = show(browser, "/accounts/2fa/totp/activate/")
    assert done.headers["Location"] == "/accounts/2fa/recovery-codes/"
    codes = browser.get(done.headers["Location"]).context["unused_codes"]
    assert len(codes) == 10 and "****" not in codes
    assert set(browser.get(done.headers["Location"]).context["unused_codes"]) == {"****"}
    assert where(browser) == ""


def test_a_wrong_code_is_refused_beside_the_field(rock_coordinator: User) -> None:
    browser = sign_in(give_password(rock_coordinator))
    browser.get("/accounts/2fa/totp/activate/")
    answer = browser.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert "This code is not right" in answer.content.decode()
    assert 'id="id_code_error"' in answer.content.decode()


def test_the_last_factor_of_a_role_that_needs_one_stays(rock_coordinator: User) -> None:
    app = give_app(give_password(rock_coordinator))
    browser = sign_in(rock_coordinator, code=NOW)
    answer = browser.post("/accounts/2fa/totp/deactivate/")
    assert "Your role needs a second sign-in step" in answer.content.decode()
    assert Authenticator.objects.filter(pk=app.pk).exists()


def test_a_factor_lost_meanwhile_shuts_the_site(rock_coordinator: User) -> None:
    key = Authenticator.objects.create(
        user=give_password(rock_coordinator), type="webauthn", data={"name": "K"}
    )
    give_app(rock_coordinator)
    browser = sign_in(rock_coordinator, code=NOW)
    Authenticator.objects.filter(type="totp").delete()
    assert where(browser) == ""
    browser.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")
    assert not Authenticator.objects.exists()
    assert where(browser) == SETUP


def test_a_council_member_needs_no_factor(rock_council: User) -> None:
    browser = sign_in(give_password(rock_council))
    assert where(browser, "/accounts/") == ""
    assert where(browser, "/") == "/sites/rock/"


def test_a_password_reset_does_not_pass_the_second_factor(rock_coordinator: User, mailoutbox) -> None:
    give_app(give_password(rock_coordinator))
    browser = Client()
    send_reset.run(rock_coordinator.pk)
    link = next(word for word in mailoutbox[0].body.split() if "/reset/key/" in word)
    form = browser.get(urlsplit(link).path).headers["Location"]
    browser.post(
        form, {"password1": "eleven slow herons by a lake", "password2": "eleven slow herons by a lake"}
    )
    assert where(browser).startswith("/accounts/login/")
    rock_coordinator.refresh_from_db()
    assert rock_coordinator.check_password("eleven slow herons by a lake")


def test_secrets_lie_sealed_in_the_database(rock_coordinator: User) -> None:
    app = give_app(rock_coordinator)
    codes = RecoveryCodes.activate(rock_coordinator)
    assert SEED not in str(app.data)
    assert not any(code in str(codes.instance.data) for code in codes.get_unused_codes())
