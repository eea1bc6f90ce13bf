"""Follow-ups: what, by when and who sees to it; out of a contact or alone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import FollowUp
from counties.wall import site_scope
from matching.models import Match
from tests.activities.conftest import rows
from tests.factories.activities import make_contact, make_follow_up
from tests.factories.families import make_parent
from tests.factories.referrals import make_accepted_referral
from tests.trail import recorded

ADD = reverse("activities:add_follow_up", args=["rock"])
LIST = reverse("activities:follow_ups", args=["rock"])
TODAY = reverse("today", args=["rock"])
pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(referral, rock_partner) -> dict[str, str]:
    due = timezone.localdate() + dt.timedelta(days=2)
    return {
        "referral": str(referral.pk),
        "words": "Bring the form",
        "due_on": f"{due}",
        "owner": str(rock_partner.pk),
    }


def test_out_of_a_contact(rock, rock_partner, rock_partner_profile, enrollment, asked, client_for):
    contact = make_contact(rock, enrollment, rock_partner_profile)
    browser = client_for(rock_partner)
    page = browser.get(reverse("activities:detail", args=["rock", contact.pk])).content.decode()
    assert f"{ADD}?contact={contact.pk}" in page
    assert browser.post(f"{ADD}?contact={contact.pk}", asked).status_code == 302
    (row,) = rows(FollowUp, rock)
    assert (row.contact_id, row.owner, row.made_by) == (contact.pk, rock_partner, rock_partner)
    assert recorded(rock, "follow_up.added", row)
    for address in (TODAY, LIST, reverse("family", args=["rock", enrollment.family_id])):
        assert "Bring the form" in browser.get(address).content.decode(), address


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"due_on": "2025-06-01"}, "due_on", "has passed"),
        ({"words": "Hers is 123-45-6789"}, "words", "Social Security number"),
        ({"words": ""}, "words", ""),
        ({"owner": "0"}, "owner", "Choose one"),
    ],
)
def test_a_refusal_keeps_what_was_typed(changes, field, words, rock, rock_partner, asked, client_for):
    page = client_for(rock_partner).post(ADD, asked | changes)
    assert words in str(page.context["form"].errors[field]) and rows(FollowUp, rock) == []


def test_its_owner_must_see_the_family(rock, rock_coordinator, rock_partner, referral, asked, client_for):
    other = make_accepted_referral(rock, make_parent(rock))
    page = client_for(rock_coordinator).post(ADD, asked | {"referral": str(other.pk)})
    assert "does not see this family" in str(page.context["form"].errors["owner"])


def test_done_once_is_done(rock, rock_partner, referral, client_for):
    row = make_follow_up(rock, referral, rock_partner)
    browser, end = client_for(rock_partner), reverse("activities:end_follow_up", args=["rock", row.pk])
    assert [browser.post(end, {"status": "done"}).status_code for _ in range(2)] == [302, 302]
    assert [one.status for one in rows(FollowUp, rock)] == ["done"]
    assert browser.post(end, {"status": "dropped"}).status_code == 200
    assert "Bring the housing form" not in browser.get(TODAY).content.decode()
    assert "Bring the housing form" in browser.get(LIST, {"show": "ended"}).content.decode()


def test_when_the_match_ends_it_is_out_of_sight(rock, rock_partner, referral, client_for):
    row = make_follow_up(rock, referral, rock_partner)
    with site_scope(rock.id):
        Match.objects.update(status="ended", ends_on=timezone.localdate())
    browser = client_for(rock_partner)
    assert browser.get(reverse("activities:end_follow_up", args=["rock", row.pk])).status_code == 404
    for address in (TODAY, f"{LIST}?whose=all"):
        assert "Bring the housing form" not in browser.get(address).content.decode()


def test_the_list_takes_a_constant_number_of_queries(
    rock, rock_coordinator, referral, client_for, django_assert_num_queries
):
    browser = client_for(rock_coordinator)
    for _ in range(2):
        make_follow_up(rock, referral, rock_coordinator)
    browser.get(LIST)
    with django_assert_num_queries(11) as few:
        browser.get(LIST)
    for _ in range(8):
        make_follow_up(rock, referral, rock_coordinator)
    with django_assert_num_queries(len(few)):
        browser.get(LIST)


def test_this_months_missing_contacts_stand_on_today(
    rock, rock_partner, rock_coordinator, enrollment, client_for
):
    for person in (rock_partner, rock_coordinator):
        page = client_for(person).get(TODAY).content.decode()
        assert "Contacts this month still asks for" in page and "0 of 4 made" in page


def test_it_is_handed_on_to_somebody_who_sees_the_family(
    rock, rock_coordinator, rock_partner, rock_council, referral, asked, client_for
):
    client_for(rock_partner).post(ADD, asked)
    (row,) = rows(FollowUp, rock)
    browser, url = (
        client_for(rock_coordinator),
        reverse("activities:hand_on_follow_up", args=["rock", row.pk]),
    )
    later = f"{timezone.localdate() + dt.timedelta(days=9)}"
    for wrong in ({"owner": str(rock_council.pk)}, {"due_on": "2025-06-01"}):
        sent = {"owner": str(rock_coordinator.pk), "due_on": later} | wrong
        assert browser.post(url, sent).context["form"].errors
    assert browser.post(url, {"owner": str(rock_coordinator.pk), "due_on": later}).status_code == 302
    (row,) = rows(FollowUp, rock)
    assert (row.owner_id, f"{row.due_on}") == (rock_coordinator.pk, later)
    assert recorded(rock, "follow_up.handed_on", row, by=rock_coordinator)
    assert "Bring the form" not in client_for(rock_partner).get(TODAY).text
