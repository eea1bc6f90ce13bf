"""The coordinator's board: on track, follow-up or without families; nobody without families is behind."""

import datetime as dt
from decimal import Decimal

import pytest
from dateutil.relativedelta import relativedelta
from django.urls import reverse
from django.utils import timezone

from counties.access import access_to_site
from counties.wall import site_scope
from psp.board import FOLLOW_UP, ON_TRACK, WITHOUT, _expected, lines_for
from tests.factories.activities import make_contact
from tests.factories.families import make_parent
from tests.factories.matching import make_match
from tests.factories.partners import make_agreed_step, make_partner, make_session, make_training
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.queries import questions
from tests.trail import recorded

pytestmark = pytest.mark.django_db

BOARD_QUERIES = 13
"""Of the board, however many parent partners and families."""
TODAY = timezone.localdate()


def _with_family(site, name: str, *, supervised: bool = True, contact: bool = True):
    """A parent partner with one enrolled family since long ago."""
    partner = make_partner(site, first_name=name)
    referral = make_accepted_referral(site, make_parent(site))
    enrollment = make_enrollment(site, referral)
    make_match(site, referral, partner)
    if supervised:
        make_session(site, partner, held_on=TODAY)
    if contact:
        for _ in range(4):
            make_contact(site, enrollment, partner, held_on=TODAY)
    return partner


def _board(site, person) -> dict[str, tuple[str, list[str]]]:
    with site_scope(site.id):
        lines = lines_for(access_to_site(person, site), TODAY)
        return {line.partner.first_name: (line.state, line.reasons) for line in lines}


def test_each_stands_where_their_work_stands(rock, rock_coordinator):
    _with_family(rock, "Good")
    _with_family(rock, "Quiet", contact=False)
    _with_family(rock, "Alone", supervised=False)
    make_partner(rock, first_name="Free")
    found = _board(rock, rock_coordinator)
    assert list(found)[:2] == ["Alone", "Quiet"]
    assert found["Good"] == (ON_TRACK, [])
    assert found["Quiet"][0] == FOLLOW_UP
    assert "No contact for 14 days: 1 family" in found["Quiet"][1]
    assert [reason[:20] for reason in found["Alone"][1]] == ["Supervision was due "]
    assert found["Free"][0] == WITHOUT


def test_training_and_what_was_agreed_ask_for_a_follow_up(rock, rock_coordinator):
    partner = _with_family(rock, "Ann")
    make_training(rock, partner, topic="confidentiality", expires_on=dt.date(2025, 1, 1))
    make_agreed_step(make_session(rock, partner), partner)
    state, reasons = _board(rock, rock_coordinator)["Ann"]
    assert state == FOLLOW_UP
    assert reasons == ["Something agreed was due 06/09/2025", "Training has lapsed: Confidentiality"]


@pytest.mark.parametrize(("hours", "flagged"), [((48, 48), True), ((48, 40), False), ((47, 48), False)])
def test_overload_is_two_months_running_above_the_hours(hours, flagged, rock, rock_coordinator):
    """A quarter of full time is 43.3 hours a month; 110 % of it 47.7."""
    partner = make_partner(rock, fte=Decimal("0.25"))
    this = TODAY.replace(day=1)
    for back, total in zip((2, 1), hours, strict=True):
        for number in range(total // 4):
            day = this - relativedelta(months=back) + dt.timedelta(days=number % 28)
            make_session(rock, partner, kind="training", held_on=day, minutes=240)
        if rest := total % 4:
            make_session(
                rock, partner, kind="training", held_on=this - relativedelta(months=back), minutes=rest * 60
            )
    reasons = _board(rock, rock_coordinator)["Pao"][1]
    assert any("Overload" in reason for reason in reasons) is flagged


@pytest.mark.parametrize(
    ("required", "day", "expected"),
    [(4, dt.date(2025, 6, 1), 0), (4, dt.date(2025, 6, 15), 2), (4, dt.date(2025, 6, 30), 4), (0, TODAY, 0)],
)
def test_an_even_pace(required, day, expected):
    assert _expected(required, day) == expected


def test_the_screen_narrows_and_asks_few_times(rock, rock_coordinator, client_for):
    for name in ("Ann", "Bea", "Cat"):
        partner = _with_family(rock, name)
    make_partner(rock, first_name="Free")
    browser, url = client_for(rock_coordinator), reverse("partner_board", args=[rock.slug])
    assert len(questions(browser, url)) == BOARD_QUERIES < 15
    page = browser.get(url)
    assert [figure["value"] for figure in page.context["figures"]] == [0, 3, 1]
    narrowed = browser.get(f"{url}?state=without").context["lines"]
    assert [line.partner.first_name for line in narrowed] == ["Free"]
    assert recorded(rock, "partner.listed", partner)


def test_a_parent_partner_has_no_board_and_another_site_is_not_on_it(
    rock, rock_coordinator, rock_partner, door_partner, client_for
):
    assert client_for(rock_partner).get(reverse("partner_board", args=[rock.slug])).status_code == 403
    assert _board(rock, rock_coordinator) == {}
