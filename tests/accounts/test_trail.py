"""Sign-ins, failures and changes of the second factor are on record, without a site and without an address."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.people import NOW, SEED, give_app, give_password, show, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail(as_owner) -> Iterator[Callable[[], list[tuple]]]:
    """Events without a site: (verb, actor, ids, facts), oldest first; only the owner reads them."""

    def read() -> list[tuple]:
        with as_owner() as cursor:
            cursor.execute(
                "SELECT verb, actor_id, object_ids::text, facts::text, source FROM audit_auditevent"
                " WHERE site_id IS NULL ORDER BY id"
            )
            return cursor.fetchall()

    yield read


def test_a_sign_in_with_both_steps(rock_coordinator: User, trail) -> None:
    give_app(give_password(rock_coordinator))
    browser = sign_in(rock_coordinator, code=NOW)
    browser.post("/accounts/logout/")
    events = trail()
    assert [e[0] for e in events] == ["factor.used", "person.signed_in", "person.signed_out"]
    assert {e[1] for e in events} == {rock_coordinator.pk}
    assert '"second_factor": true' in events[1][3]
    assert {e[4] for e in events} == {"web"}


def test_a_wrong_password_names_the_account_but_not_the_address(rock_coordinator: User, trail) -> None:
    Client().post("/accounts/login/", {"login": rock_coordinator.email.upper(), "password": "wrong"})
    Client().post("/accounts/login/", {"login": "nobody@rock.example", "password": "wrong"})
    known, unknown = trail()
    assert (known[0], known[1], known[2]) == ("person.sign_in_failed", None, f'["{rock_coordinator.pk}"]')
    assert unknown[2] == "[]"
    assert "@" not in str(known) + str(unknown)


def test_a_wrong_code(rock_coordinator: User, trail) -> None:
    give_app(give_password(rock_coordinator))
    sign_in(rock_coordinator, code="000000")
    assert [e[0] for e in trail()] == ["factor.refused"]


@pytest.mark.django_db(transaction=True)
def test_setting_up_and_renewing(rock_coordinator: User, trail) -> None:
    browser = sign_in(give_password(rock_coordinator))
    browser.get("/accounts/2fa/totp/activate/")
    session = browser.session
    session["mfa.totp.secret"] = SEED
    session.save()
    show(browser, "/accounts/2fa/totp/activate/")
    browser.post("/accounts/2fa/recovery-codes/generate/")
    assert [e[0] for e in trail()][1:] == ["factor.added", "factor.added", "factor.renewed"]


def test_a_session_that_ran_out_says_so(rock_coordinator: User, client_for, trail, settings) -> None:
    browser = client_for(rock_coordinator)
    browser.get("/accounts/")
    settings.IDLE_TIMEOUT_SECONDS = -1
    browser.get("/accounts/")
    assert '"why": "limit"' in trail()[-1][3]


def test_a_changed_password(rock_council: User, trail, mailoutbox) -> None:
    browser = sign_in(give_password(rock_council))
    fields = {"oldpassword": "seven quiet otters on a barn", "password1": "eleven slow herons by a lake"}
    browser.post("/accounts/password/change/", fields | {"password2": fields["password1"]})
    assert "password.changed" in [e[0] for e in trail()]
    assert mailoutbox[0].to == [rock_council.email] and mailoutbox[0].subject.startswith("PSP: ")
