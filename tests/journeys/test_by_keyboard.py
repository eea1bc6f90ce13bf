"""A contact logged and a match assigned with the keyboard alone: every stop is reached by Tab and seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from activities.models import Contact
from counties.models import Site
from counties.wall import site_scope
from matching.models import Match
from partners.models import ParentPartner
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment

pytestmark = pytest.mark.django_db(transaction=True)

MOST_STOPS = 90
STOP = """() => {
    const at = document.activeElement, label = at.labels && at.labels[0];
    const words = (label || at).innerText || at.value || at.getAttribute("aria-label") || "";
    const has_stops_of_its_own = ["date", "time"].includes(at.type);  // the browser shows them inside the field
    return [words.replace(/\\s+/g, " ").trim(), has_stops_of_its_own || at.matches(":focus-visible")];
}"""
"""What stands at the place of the keyboard, and whether the browser shows that it is there."""


@pytest.fixture
def visit(
    live_server: Any, open_page: Callable[..., Page], client_for: Callable[[User], Any]
) -> Callable[[User, str], Page]:
    def opened(person: User, address: str) -> Page:
        cookie = client_for(person).cookies[settings.SESSION_COOKIE_NAME].value
        host = urlsplit(live_server.url).hostname
        kept = {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "domain": host, "path": "/"}
        return open_page(live_server.url + address, storage_state={"cookies": [kept]})

    return opened


def _tab_to(page: Page, words: str) -> None:
    """Press Tab until the named thing has the focus."""
    passed = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        found, is_seen = page.evaluate(STOP)
        assert is_seen, f"The focus on {found!r} is not seen."
        if found.startswith(words):
            return
        passed.append(found)
    raise AssertionError(f"{words!r} is not among {passed}")


def _press(page: Page, words: str) -> None:
    _tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_contact_is_logged(
    rock: Site, rock_partner: User, rock_partner_profile: ParentPartner, visit: Callable[[User, str], Page]
) -> None:
    referral = make_accepted_referral(rock)
    make_match(rock, referral, rock_partner_profile)
    enrollment = make_enrollment(rock, referral)
    page = visit(rock_partner, reverse("family", args=["rock", enrollment.family_id]))
    _press(page, "Log a contact")
    _tab_to(page, "How")
    page.keyboard.type("Phone")
    _tab_to(page, "Minutes")
    page.keyboard.type("20")
    _tab_to(page, "Mentoring")
    page.keyboard.press("Space")
    _press(page, "Log the contact")
    expect(page.locator("#messages")).to_contain_text("is logged")
    with site_scope(rock.id):
        contact = Contact.objects.get()
    assert (contact.mode, contact.minutes, contact.activities) == ("phone", 20, ["mentoring"])


def test_a_match_is_assigned(rock: Site, rock_coordinator: User, visit: Callable[[User, str], Page]) -> None:
    referral = make_accepted_referral(rock)
    make_partner(rock, first_name="Pia", last_name="Ray")
    page = visit(rock_coordinator, reverse("matching:waiting", args=["rock"]))
    _press(page, "Find a partner")
    _press(page, "Propose")
    _press(page, "Propose the match")
    expect(page.locator("#messages")).to_contain_text("Proposed")
    _press(page, "Both agree: begin")
    _tab_to(page, "Start date")
    page.keyboard.type("06012025")
    _press(page, "Begin the match")
    with site_scope(rock.id):
        match = Match.objects.select_related("partner").get(referral=referral)
    assert (match.status, match.partner.first_name, str(match.starts_on)) == ("active", "Pia", "2025-06-01")
