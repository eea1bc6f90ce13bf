"""Idle and absolute limits, deactivation, and coming back to the page one was on."""

import time
from collections.abc import Callable

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.actions import CannotDeactivateOwnAccount, deactivate_person, reactivate_person
from accounts.models import User
from tests.accounts.people import NOW, give_app, give_password, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/sites/rock/settings/people/"
Browsers = Callable[[User], Client]


def test_fifteen_idle_minutes_end_the_session(rock_coordinator: User, client_for: Browsers) -> None:
    browser = client_for(rock_coordinator)
    with time_machine.travel(time.time(), tick=False) as clock:
        assert browser.get(PAGE).status_code == 200
        clock.shift(14 * 60)
        assert browser.get(PAGE).status_code == 200
        clock.shift(15 * 60 + 1)
        answer = browser.get(f"{PAGE}?q=a&role=council_member")
    assert answer.status_code == 302
    assert (
        answer.headers["Location"]
        == f"/accounts/login/?next={PAGE.replace('/', '%2F')}%3Fq%3Da%26role%3Dcouncil_member"
    )
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "You were signed out after 15 idle minutes." in page
    assert f'value="{PAGE}?q=a&amp;role=council_member"' in page


def test_a_session_nobody_came_back_with_ends_too(rock_council: User) -> None:
    give_password(rock_council)
    with time_machine.travel(time.time(), tick=False) as clock:
        browser = sign_in(rock_council)
        clock.shift(15 * 60 + 1)
        assert (
            browser.get("/sites/rock/").headers.get("Location") == "/accounts/login/?next=%2Fsites%2Frock%2F"
        )


def test_a_sign_of_life_keeps_the_session(rock_coordinator: User, client_for: Browsers) -> None:
    browser = client_for(rock_coordinator)
    with time_machine.travel(time.time(), tick=False) as clock:
        browser.get(PAGE)
        for _ in range(4):
            clock.shift(10 * 60)
            assert browser.post("/accounts/alive/").status_code == 204
        assert browser.get(PAGE).status_code == 200
    assert browser.get("/accounts/alive/").status_code == 405


def test_twelve_hours_end_a_busy_session_too(rock_coordinator: User, client_for: Browsers) -> None:
    browser = client_for(rock_coordinator)
    with time_machine.travel(time.time(), tick=False) as clock:
        browser.get(PAGE)
        for _ in range(12 * 6):
            clock.shift(10 * 60)
            assert browser.post("/accounts/alive/").status_code == 204
        clock.shift(60)
        answer = browser.get(PAGE, follow=True)
    assert "12 hours after you signed in" in answer.content.decode()


def test_an_expired_fragment_sends_the_whole_window_to_the_page_it_is_on(
    rock_coordinator: User, client_for: Browsers
) -> None:
    browser = client_for(rock_coordinator)
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{PAGE}?page=2"}
    with time_machine.travel(time.time(), tick=False) as clock:
        browser.get(PAGE)
        clock.shift(16 * 60)
        answer = browser.get(f"{PAGE}?q=x", headers=headers)
        again = browser.get(f"{PAGE}?q=x", headers=headers)
    for reply in (answer, again):
        assert reply.status_code == 200
        assert reply.headers["HX-Redirect"].endswith(
            "?next=%2Fsites%2Frock%2Fsettings%2Fpeople%2F%3Fpage%3D2"
        )


def test_an_expired_form_comes_back_to_its_page(rock_coordinator: User, client_for: Browsers) -> None:
    browser = client_for(rock_coordinator)
    with time_machine.travel(time.time(), tick=False) as clock:
        browser.get(PAGE)
        clock.shift(16 * 60)
        answer = browser.post(PAGE, headers={"Referer": f"http://testserver{PAGE}invite/"})
        assert answer.headers["Location"].endswith("invite%2F")
    stranger = client_for(rock_coordinator)
    with time_machine.travel(time.time(), tick=False) as clock:
        stranger.get(PAGE)
        clock.shift(16 * 60)
        answer = stranger.post(PAGE, headers={"Referer": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/accounts/login/?next=%2F"


def test_a_page_does_not_write_the_session_each_time(
    rock_coordinator: User, client_for: Browsers, django_assert_num_queries
) -> None:
    browser = client_for(rock_coordinator)
    browser.get(PAGE)
    with django_assert_num_queries(1):  # the person; the session itself comes from the cache
        assert browser.post("/accounts/alive/").status_code == 204


def test_deactivation_ends_access_on_the_next_request(
    rock_coordinator: User, state_admin: User, settings
) -> None:
    give_app(give_password(rock_coordinator))
    browser = sign_in(rock_coordinator, code=NOW)
    assert browser.get(PAGE).status_code == 200
    deactivate_person(person=rock_coordinator, reason="Left the agency.", by=state_admin)
    assert browser.get(PAGE).headers["Location"].startswith("/accounts/login/")
    assert not UserSession.objects.filter(user=rock_coordinator).exists()
    assert not Session.objects.filter(pk=browser.cookies[settings.SESSION_COOKIE_NAME].value).exists()


def test_even_a_session_that_survived_is_nobodys(
    rock_coordinator: User, state_admin: User, client_for: Browsers
) -> None:
    browser = client_for(rock_coordinator)
    deactivate_person(person=rock_coordinator, reason="Left.", by=state_admin)
    assert browser.get(PAGE).headers["Location"].startswith("/accounts/login/")


def test_a_deactivated_person_cannot_sign_in_until_reactivated(rock_council: User, state_admin: User) -> None:
    give_password(rock_council)
    deactivate_person(person=rock_council, reason="Left.", by=state_admin)
    assert "_auth_user_id" not in sign_in(rock_council).session
    reactivate_person(person=rock_council, reason="Came back.", by=state_admin)
    assert "_auth_user_id" in sign_in(rock_council).session


def test_nobody_deactivates_their_own_account(state_admin: User) -> None:
    with pytest.raises(CannotDeactivateOwnAccount):
        deactivate_person(person=state_admin, reason="By mistake.", by=state_admin)
    state_admin.refresh_from_db()
    assert state_admin.is_active


def test_other_browsers_can_be_signed_out(rock_coordinator: User) -> None:
    give_app(give_password(rock_coordinator))
    here = sign_in(rock_coordinator, code=NOW)
    UserSession.objects.create(user=rock_coordinator, ip="127.0.0.1", user_agent="Other", session_key="gone")
    page = here.get("/accounts/sessions/")
    assert page.status_code == 200
    here.post("/accounts/sessions/")
    assert here.get(PAGE).status_code == 200
    assert UserSession.objects.filter(user=rock_coordinator).count() == 1


@pytest.mark.parametrize(
    "address",
    [
        PAGE,
        "/accounts/",
        "/accounts/2fa/",
        "/accounts/2fa/recovery-codes/",
        "/accounts/sessions/",
        "/sites/none/",
    ],
)
def test_no_browser_keeps_a_page_of_somebody_signed_in(
    address: str, rock_coordinator: User, client_for: Browsers
) -> None:
    assert "no-store" in client_for(rock_coordinator).get(address).headers["Cache-Control"]


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/invitation/none/", "/refer/rock/myself/"])
def test_nor_one_on_the_way_in(address: str, rock_coordinator: User) -> None:
    assert "no-store" in Client().get(address).headers["Cache-Control"]
