"""The staff's own "New referral" asks who may be recorded already, before anybody is entered twice."""

from __future__ import annotations

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from counties.wall import site_scope
from families.models import Family, Parent
from referrals.models import Referral
from tests.factories.families import make_family, make_parent, make_tie
from tests.trail import recorded

URL = reverse("referrals:create", args=["rock"])
SAID = {
    "source": "gal", "referred_on": "2025-05-01", "first_name": "Dana", "last_name": "Oake",
    "date_of_birth": "1990-04-07", "phone": "608-555-0100", "municipality": "Beloit",
}  # fmt: skip


@pytest.fixture
def known(rock):
    return make_parent(rock, first_name="Dana", last_name="Oak", date_of_birth=dt.date(1990, 4, 7), phone="")


@pytest.fixture
def browser(rock_coordinator, client_for):
    return client_for(rock_coordinator)


def _answers(page) -> dict[str, str]:
    """What can be answered to the question, by its label."""
    soup = BeautifulSoup(page.content, "html.parser")
    boxes = soup.select("input[name=who]")
    return {
        soup.select_one(f"label[for={box['id']}]").get_text(" ", strip=True): box["value"] for box in boxes
    }


def _counts(rock) -> tuple[int, int, int]:
    with site_scope(rock.id):
        return Family.objects.count(), Parent.objects.count(), Referral.objects.count()


def test_shows_the_likely_ones_and_keeps_what_was_typed(rock, rock_coordinator, known, browser):
    page = browser.post(URL, SAID)
    words = page.content.decode()
    assert page.status_code == 200 and _counts(rock) == (1, 1, 0)
    assert list(_answers(page)) == [
        "The same person: Dana Oak", f"Same family, another parent: {known.family}", "Nobody of these: a new parent",
    ]  # fmt: skip
    for typed in (
        "Sounds the same, same birth date",
        'value="Oake"',
        'value="608-555-0100"',
        'value="1990-04-07"',
    ):
        assert typed in words
    assert recorded(rock, "family.listed", known.family_id, by=rock_coordinator)


def test_the_same_person_gets_a_referral_and_what_was_missing(rock, known, browser):
    answer = browser.post(URL, SAID | {"who": f"parent-{known.pk}"})
    assert answer.status_code == 302 and _counts(rock) == (1, 1, 1)
    with site_scope(rock.id):
        parent = Parent.objects.get()
        assert (parent.last_name, parent.phone) == ("Oak", "608-555-0100")


def test_another_parent_of_the_same_family(rock, known, browser):
    browser.post(URL, SAID | {"who": f"family-{known.family_id}"})
    assert _counts(rock) == (1, 2, 1)


def test_somebody_new_is_confirmed_and_asked_anew_when_the_list_has_grown(rock, known, browser):
    new = _answers(browser.post(URL, SAID))["Nobody of these: a new parent"]
    make_parent(rock, first_name="Dana", last_name="Oake")
    again = browser.post(URL, SAID | {"who": new})
    assert again.context["form"].errors["who"] and _counts(rock) == (2, 2, 0)
    new = _answers(again)["Nobody of these: a new parent"]
    assert browser.post(URL, SAID | {"who": new}).status_code == 302
    assert _counts(rock) == (3, 3, 1)


def test_the_case_number_alone_is_enough(rock, browser):
    parent = make_parent(rock, make_family(rock, state_case_id="AB-77"), first_name="Una", last_name="Elm")
    page = browser.post(URL, SAID | {"state_case_id": "ab-77"})
    assert f"parent-{parent.pk}" in _answers(page).values()


def test_nobody_is_asked_about_when_nobody_is_alike(rock, browser):
    make_parent(rock, first_name="Maria", last_name="Lopez")
    assert browser.post(URL, SAID).status_code == 302


@pytest.mark.parametrize("place", ["another site", "behind a tie"])
def test_who_is_out_of_sight_is_neither_shown_nor_taken(place, rock, door, rock_coordinator, known, browser):
    hidden = make_parent(door if place == "another site" else rock, first_name="Dana", last_name="Oake")
    if place == "behind a tie":
        with site_scope(rock.id):
            family = hidden.family
        make_tie(rock, family, rock_coordinator)
    page = browser.post(URL, SAID | {"who": f"parent-{hidden.pk}"})
    assert page.context["form"].errors["who"] == ["Choose one of the entries in the list."]
    assert str(hidden.pk) not in "".join(_answers(page).values())
    assert recorded(rock, "access.refused", about=hidden.pk, by=rock_coordinator)
    with site_scope(rock.id):
        assert not Referral.objects.exists()
