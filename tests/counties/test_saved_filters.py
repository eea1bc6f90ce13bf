"""Filters kept under a name: only what the list's own form accepted, for oneself or for the site."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from counties.models import SavedFilter, Site
from counties.wall import site_scope
from tests.factories.families import make_parent
from tests.queries import questions
from tests.trail import recorded

pytestmark = pytest.mark.django_db
FAMILIES = "/sites/rock/families/"
FILTERS = "/sites/rock/filters/"


def save_url(browser: Client, address: str) -> str:
    """Where the list offers to keep its filters; "" when it does not."""
    found = re.search(r'href="(/sites/rock/filters/save/[^"]+)"', browser.get(address).content.decode())
    return found[1] if found else ""


@pytest.fixture
def browser(rock_coordinator: User, client_for: Callable[[User], Client]) -> Client:
    return client_for(rock_coordinator)


def test_a_filter_is_kept_and_leads_back(browser: Client, rock: Site, rock_coordinator: User) -> None:
    make_parent(rock, first_name="Ana", last_name="Flores")
    url = save_url(browser, f"{FAMILIES}?status=not_enrolled&q=Flores&sort=name&page=1&foreign=1")
    answer = browser.post(url, {"name": "Never here"})
    assert answer.headers["Location"] == f"{FAMILIES}?status=not_enrolled"
    page = browser.get(FAMILIES).content.decode()
    assert f'<a href="{FAMILIES}?status=not_enrolled">Never here</a>' in page
    assert "Never here" not in browser.get("/sites/rock/referrals/").content.decode()
    assert "Never here" in browser.get(FILTERS).content.decode()
    with site_scope(rock.id):
        kept = SavedFilter.objects.get()
    assert (kept.page, kept.query, kept.is_shared) == ("families:list", "status=not_enrolled", False)
    assert recorded(rock, "filter.saved", kept, by=rock_coordinator)


@pytest.mark.parametrize(
    "query", ["", "q=Flores", "status=bogus", "foreign=1", "status=", f"case_type={'x' * 2000}"]
)
def test_what_the_form_refuses_or_words_alone_are_not_offered(
    query: str, browser: Client, rock: Site
) -> None:
    make_parent(rock, first_name="Ana", last_name="Flores")
    assert save_url(browser, f"{FAMILIES}?{query}") == ""


def test_nothing_that_was_not_signed_for_this_person_and_site_is_kept(
    browser: Client, rock: Site, door: Site, rock_partner_coordinator: User, door_coordinator: User,
    client_for: Callable[[User], Client],
) -> None:  # fmt: skip
    url = save_url(browser, f"{FAMILIES}?status=not_enrolled")
    tries = [
        (browser, url[:-3] + "xyz"),
        (browser, f"{FILTERS}save/?choice=families:list"),
        (client_for(rock_partner_coordinator), url),
        (client_for(door_coordinator), url.replace("/rock/", "/door/")),
    ]
    for who, address in tries:
        assert who.post(address, {"name": "Foreign"}).headers["Location"].endswith("/filters/")
    with site_scope(rock.id):
        assert not SavedFilter.objects.exists()


def test_a_shared_filter_shows_to_others_and_an_own_one_does_not(
    browser: Client,
    rock: Site,
    rock_partner: User,
    rock_council: User,
    door_coordinator: User,
    client_for: Callable[[User], Client],
) -> None:
    browser.post(save_url(browser, f"{FAMILIES}?status=not_enrolled"), {"name": "Mine"})
    browser.post(save_url(browser, f"{FAMILIES}?status=waiting"), {"name": "For all", "is_shared": "on"})
    theirs = client_for(rock_partner)
    page = theirs.get(FAMILIES).content.decode()
    assert "For all" in page and "Mine" not in page
    assert theirs.get(f"{FAMILIES}?status=waiting").status_code == 200
    assert "For all" not in client_for(door_coordinator).get("/sites/door/families/").content.decode()
    assert "For all" in theirs.get(FILTERS).content.decode()
    assert "For all" not in client_for(rock_council).get(FILTERS).content.decode()


def test_the_owner_and_who_configures_the_site_put_a_filter_away(
    browser: Client, rock: Site, rock_partner: User, rock_partner_coordinator: User,
    client_for: Callable[[User], Client],
) -> None:  # fmt: skip
    theirs = client_for(rock_partner)
    theirs.post(save_url(theirs, f"{FAMILIES}?status=not_enrolled"), {"name": "Theirs", "is_shared": "on"})
    with site_scope(rock.id):
        url = reverse("counties:retire_filter", args=["rock", SavedFilter.objects.get().pk])
    assert client_for(rock_partner_coordinator).post(url).status_code == 404
    assert browser.get(url).status_code == 405
    assert browser.post(url).status_code == 302 and browser.post(url).status_code == 404
    theirs.get("/sites/rock/")  # the message that it was saved is read
    assert "Theirs" not in theirs.get(FAMILIES).content.decode()


@pytest.mark.parametrize(
    ("name", "words"), [("Mine", "another name"), ("123-45-6789", "Social Security"), ("", "name")]
)
def test_a_name_that_cannot_be_is_refused(name: str, words: str, browser: Client, rock: Site) -> None:
    url = save_url(browser, f"{FAMILIES}?status=not_enrolled")
    browser.post(url, {"name": "Mine"})
    answer = browser.post(url, {"name": name})
    assert answer.status_code == 200 and words in str(answer.context["form"].errors["name"])


def test_the_menu_costs_no_query(browser: Client, rock: Site) -> None:
    before = len(questions(browser, FAMILIES))
    for number in range(5):
        browser.post(save_url(browser, f"{FAMILIES}?status=not_enrolled"), {"name": f"Filter {number}"})
    assert len(questions(browser, FAMILIES)) == before
