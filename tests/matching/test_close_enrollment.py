"""Closing an enrollment ends the matches of its parents on the same day."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from counties.wall import site_scope
from matching.actions import close_enrollment
from matching.models import Match
from referrals.models import Enrollment
from tests.factories.activities import make_contact
from tests.factories.families import make_parent
from tests.factories.matching import make_match
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.trail import recorded

pytestmark = pytest.mark.django_db

CLOSED = dt.date(2025, 9, 1)


@pytest.fixture
def enrollment(rock) -> Enrollment:
    referral = make_accepted_referral(rock)
    make_match(rock, referral)
    return make_enrollment(rock, referral)


def _close(site, enrollment, by, closed_on=CLOSED) -> Enrollment:
    with site_scope(site.id):
        return close_enrollment(
            enrollment=enrollment, closed_on=closed_on, closure_reason="goals_met_reunified", by=by
        )


def _matches(site) -> list[tuple]:
    with site_scope(site.id):
        return list(
            Match.objects.order_by("pk").values_list("status", "ends_on", "end_reason", "declined_by")
        )


def test_running_matches_end_and_proposals_are_taken_back(rock, enrollment, rock_coordinator):
    parent = make_parent(rock, enrollment.family)
    make_match(rock, make_accepted_referral(rock, parent))  # not enrolled: goes on
    with site_scope(rock.id):
        referral = enrollment.participations.get().referral
    make_match(rock, referral, status="proposed")
    closed = _close(rock, enrollment, rock_coordinator)
    assert (closed.closed_on, closed.closure_reason) == (CLOSED, "goals_met_reunified")
    assert _matches(rock) == [
        ("ended", CLOSED, "enrollment_closed", ""),
        ("active", None, "", ""),
        ("declined", None, "", "coordinator"),
    ]
    assert recorded(rock, "enrollment.closed", closed)
    assert recorded(rock, "match.ended", enrollment.family)


def test_a_match_that_began_later_keeps_the_enrollment_open(rock, rock_coordinator):
    referral = make_accepted_referral(rock)
    make_match(rock, referral, starts_on=dt.date(2025, 9, 2))
    enrollment = make_enrollment(rock, referral)
    with pytest.raises(ValidationError, match="began on 09/02/2025"):
        _close(rock, enrollment, rock_coordinator)
    assert _matches(rock) == [("active", None, "", "")]


def test_a_refusal_of_the_enrollment_leaves_the_match_as_it_was(rock, enrollment, rock_coordinator):
    with pytest.raises(ValidationError):
        _close(rock, enrollment, rock_coordinator, dt.date(2025, 5, 25))
    assert _matches(rock) == [("active", None, "", "")]


def test_on_screen(rock, enrollment, rock_coordinator, client_for):
    url = reverse("matching:close_enrollment", args=[rock.slug, enrollment.pk])
    browser = client_for(rock_coordinator)
    assert "Running matches" in browser.get(url).content.decode()
    answer = browser.post(url, {"closed_on": "2025-05-25", "closure_reason": "moved"})
    assert 'value="2025-05-25"' in answer.content.decode()
    assert answer.context["form"].errors["closed_on"]
    make_contact(rock, enrollment, held_on=dt.date(2025, 6, 21))
    answer = browser.post(url, {"closed_on": "2025-06-20", "closure_reason": "moved"})
    assert "A contact is recorded on" in answer.context["form"].errors["closed_on"][0]
    answer = browser.post(url, {"closed_on": "2025-09-01", "closure_reason": "moved"})
    assert answer.url == reverse("family", args=[rock.slug, enrollment.family_id])
    assert _matches(rock)[0][0] == "ended"


def test_a_parent_partner_closes_no_enrollment(rock, enrollment, rock_partner, client_for):
    url = reverse("matching:close_enrollment", args=[rock.slug, enrollment.pk])
    assert client_for(rock_partner).get(url).status_code == 403
