"""Whose contact is logged: which parents the form offers, and which parent partner had it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse_lazy

from activities.models import Contact
from counties.wall import site_scope
from tests.activities.conftest import rows
from tests.factories.families import make_parent
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.trail import recorded

D = dt.date
URL = reverse_lazy("activities:log", args=["rock"])


def test_a_partner_is_offered_the_parents_matched_now_and_no_other(
    rock, rock_partner, rock_partner_profile, referral, client_for
):
    make_match(rock, partner=rock_partner_profile, ends_on=D(2025, 6, 1))
    make_match(rock, partner=rock_partner_profile, status="proposed")
    make_match(rock)
    form = client_for(rock_partner).get(URL).context["form"]
    with site_scope(rock.id):
        assert list(form.fields["referral"].queryset) == [referral]
    assert "partner" not in form.fields


@pytest.mark.parametrize("site_of", ["rock", "door"])
def test_a_parent_of_others_is_refused_without_names_and_recorded(
    site_of, request, rock, rock_partner, enrollment, typed, client_for
):
    site = request.getfixturevalue(site_of)
    other = make_accepted_referral(site, make_parent(site, first_name="Zelda"))
    page = client_for(rock_partner).post(URL, typed | {"referral": str(other.pk)})
    assert page.context["form"].errors["referral"] == ["Choose one of the entries in the list."]
    assert "Zelda" not in page.content.decode()
    assert recorded(rock, "access.refused", about=other, by=rock_partner)


def test_a_partner_of_another_site_is_refused_and_recorded(
    rock, door, rock_coordinator, enrollment, typed, client_for
):
    foreign = make_partner(door, first_name="Zelda")
    page = client_for(rock_coordinator).post(URL, typed | {"partner": str(foreign.pk)})
    assert page.status_code == 200 and "Zelda" not in page.content.decode()
    assert recorded(rock, "access.refused", about=foreign, by=rock_coordinator)


def test_a_coordinator_leaves_the_partner_blank_for_the_one_matched_on_that_day(
    rock, rock_coordinator, client_for
):
    before, now = make_partner(rock, first_name="Ann"), make_partner(rock, first_name="Bea")
    referral = make_accepted_referral(rock)
    make_enrollment(rock, referral)
    make_match(rock, referral, before, starts_on=D(2025, 5, 20), ends_on=D(2025, 7, 1))
    make_match(rock, referral, now, starts_on=D(2025, 7, 1))
    sent = {"referral": str(referral.pk), "mode": "phone", "result": "no_show"}
    browser = client_for(rock_coordinator)
    for on in ("2025-06-10", "2025-07-10"):
        assert browser.post(URL, sent | {"held_on": on}).status_code == 302
    who = {contact.held_on: contact.partner_id for contact in rows(Contact, rock)}
    assert who == {D(2025, 6, 10): before.pk, D(2025, 7, 10): now.pk}


def test_without_a_match_a_coordinator_must_say_who(rock, rock_coordinator, client_for):
    enrolled = make_enrollment(rock)
    with site_scope(rock.id):
        referral = enrolled.participations.get().referral
    sent = {"referral": str(referral.pk), "held_on": "2025-06-10", "mode": "phone", "result": "no_show"}
    page = client_for(rock_coordinator).post(URL, sent)
    assert page.context["form"].errors["partner"] == ["Choose who had the contact."]


def test_the_address_chooses_the_parent_and_a_foreign_one_is_404(
    rock, door, rock_partner, referral, client_for
):
    browser, foreign = client_for(rock_partner), make_accepted_referral(door)
    page = browser.get(URL, {"referral": str(referral.pk)})
    assert page.context["form"]["referral"].value() == referral.pk
    assert browser.get(URL, {"referral": str(foreign.pk)}).status_code == 404
    assert browser.get(URL, {"referral": "nonsense"}).status_code == 404
    assert recorded(rock, "access.refused", about=foreign, by=rock_partner)


def test_log_and_start_another_stays_at_the_form(rock, rock_partner, enrollment, typed, client_for):
    answer = client_for(rock_partner).post(URL, typed | {"another": "1"})
    assert answer.url == URL
