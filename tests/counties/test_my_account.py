"""One's own account."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from counties.models import Site
from counties.roles import Role
from tests.factories.counties import give

pytestmark = pytest.mark.django_db


def test_it_shows_every_role_with_its_dates_and_place(
    rock: Site, door: Site, rock_partner: User, client_for: Callable[[User], Client]
) -> None:
    give(rock_partner, Role.COUNCIL_MEMBER, door, starts_on=dt.date(2023, 2, 1), ends_on=dt.date(2024, 2, 1))
    page = client_for(rock_partner).get("/accounts/").content.decode()
    for words in (
        "Parent Partner",
        "Rock County PSP",
        "Council Member",
        "Door County PSP",
        "02/01/2023",
        "02/01/2024",
    ):
        assert words in page
    assert "Second sign-in step" in page


def test_a_stranger_is_sent_to_the_sign_in() -> None:
    assert Client().get("/accounts/").headers["Location"].startswith("/accounts/login/")


def test_a_person_changes_how_they_are_called(
    rock_partner: User, client_for: Callable[[User], Client]
) -> None:
    browser = client_for(rock_partner)
    assert browser.post("/accounts/name/", {"name": "Mai Cornel"}).headers["Location"] == "/accounts/"
    rock_partner.refresh_from_db()
    assert rock_partner.name == "Mai Cornel"
    assert "Enter an answer." in browser.post("/accounts/name/", {"name": " "}).content.decode()
