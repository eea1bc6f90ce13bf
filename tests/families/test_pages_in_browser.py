"""The pages of families and referrals in a real browser: axe, width, normal and refused."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from tests.factories.activities import make_contact
from tests.factories.families import make_child, make_consent, make_episode, make_family, make_parent
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("PSP_SHOTS")
"""A folder to keep a picture of every page in; none by default."""


@pytest.fixture
def family(rock):
    """A family with a bit of everything."""
    today = timezone.localdate()
    family = make_family(rock, source_id="R-118", notes="Prefers mornings; a text before calls.")
    ana = make_parent(
        rock, family, first_name="Ana", last_name="Flores", municipality="Beloit", phone="608-555-0142",
        language="es", needs_interpreter="yes", races=["white"], date_of_birth=dt.date(1991, 4, 2),
        shared_experience=["housing", "substance_use"],
    )  # fmt: skip
    make_parent(rock, family, first_name="Tom", last_name="Birch", municipality="Janesville")
    ximena = make_child(rock, family, first_name="Ximena", date_of_birth=dt.date(2019, 8, 14))
    make_child(rock, family, first_name="Bo", date_of_birth=None)
    home = {"discharged_on": dt.date(2023, 9, 1), "discharge_reason": "reunification"}
    make_episode(rock, ximena, removed_on=dt.date(2023, 2, 1), **home)
    make_episode(rock, ximena, removed_on=dt.date(2025, 3, 1), verified_on=dt.date(2025, 4, 2))
    referral = make_accepted_referral(rock, ana)
    mai = make_partner(rock, first_name="Mai", last_name="Vang")
    make_match(rock, referral, mai)
    enrollment = make_enrollment(rock, referral)
    make_contact(rock, enrollment, mai)
    make_consent(
        rock, ana, kind="release_cps_agency", recipient="Rock County CPS", categories=["attendance"],
        purpose="case planning", expires_on=today + dt.timedelta(days=20),
    )  # fmt: skip
    revoked = {"revoked_at": timezone.now(), "revoked_how": "by phone"}
    make_consent(rock, ana, kind="story", recipient="Advisory council", **revoked)
    return family


@pytest.fixture
def address(live_server, rock):
    return lambda name, *args: live_server.url + reverse(name, args=[rock.slug, *args])


@pytest.fixture
def look(live_server, client_for, rock_coordinator, open_page, axe):
    """Open a page as the coordinator, hold it to axe and to its width, keep a picture when asked."""
    cookie = client_for(rock_coordinator).cookies[settings.SESSION_COOKIE_NAME].value
    state = {
        "cookies": [
            {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "domain": "localhost", "path": "/"}
        ]
    }

    def check(url, name, act=None):
        page = open_page(url, storage_state=state | {"origins": []})
        if act:
            with page.expect_navigation():
                act(page)
        assert axe(page) == [], name
        for width in (1280, 390) if SHOTS else ():
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 320, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        return page

    return check


def save(page):
    page.locator("form.psp-form button[type=submit]").first.click()


def test_lists_that_hold_nothing_and_a_filter_that_is_wrong(look, address, family):
    """Each page and each refused form is looked at in tests/journeys; these states are not on its way."""
    look(address("families:list") + "?q=nobody&status=closed", "families-none")
    look(address("families:disclosures"), "disclosures-none")
    look(address("referrals:list") + "?since=soon", "referrals-bad-date")


def test_a_doubt_is_shown_with_its_box(look, address, rock, family):
    child = make_child(rock, family)

    def same_day(page):
        page.locator("[name=removed_on]").fill("2025-03-01")
        page.locator("[name=discharged_on]").fill("2025-03-01")
        page.locator("[name=discharge_reason]").select_option("reunification")
        save(page)

    page = look(address("families:record_episode", child.pk), "episode-doubt", same_day)
    page.get_by_label("Yes, this is right").check(force=True)
    with page.expect_navigation():
        save(page)
    assert page.url == address("family", family.pk)
