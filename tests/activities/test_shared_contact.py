"""One entry for two families: a row for each, no minute counted twice (docs/adr/0021)."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from activities.models import Contact, ResourceLink
from counties.wall import site_scope
from tests.activities.conftest import rows
from tests.factories.families import make_parent
from tests.factories.matching import make_match
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.trail import recorded

LOG = reverse("activities:log", args=["rock"])
pytestmark = pytest.mark.django_db


@pytest.fixture
def other(rock, rock_partner_profile):
    """A referral of another family, enrolled, with the same parent partner."""
    referral = make_accepted_referral(rock, make_parent(rock, first_name="Zelda"))
    make_enrollment(rock, referral)
    make_match(rock, referral, rock_partner_profile)
    return referral


@pytest.fixture
def both(typed, other) -> dict:
    return typed | {"id": str(uuid.uuid4()), "also": str(other.pk), "minutes": "61", "resource_1": "food"}


def test_it_is_a_row_for_each_family(rock, rock_partner, enrollment, referral, other, both, client_for):
    browser = client_for(rock_partner)
    assert [browser.post(LOG, both).status_code for _ in range(2)] == [302, 302]
    found = {contact.referral_id: contact for contact in rows(Contact, rock)}
    assert {pk: contact.minutes for pk, contact in found.items()} == {referral.pk: 31, other.pk: 30}
    assert {str(contact.shared_id) for contact in found.values()} == {both["id"]}
    assert len(rows(ResourceLink, rock)) == 2
    with site_scope(rock.id):
        enrollments = {contact.enrollment.family_id for contact in Contact.objects.all()}
        families = [referral.family, other.family]
    assert enrollments == {family.pk for family in families}
    assert all(recorded(rock, "contact.logged", family) for family in families)
    page = browser.get(reverse("activities:detail", args=["rock", found[referral.pk].pk])).content.decode()
    assert "together with another family" in page and "Zelda" not in page


def test_an_attempt_has_no_minutes_for_either(rock, rock_partner, enrollment, both, client_for):
    client_for(rock_partner).post(LOG, both | {"result": "no_show", "minutes": ""})
    assert [contact.minutes for contact in rows(Contact, rock)] == [0, 0]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"minutes": "1"}, "minutes", "at least 2"),
        ({"held_on": "2025-05-31"}, "held_on", "enrollment"),
    ],
)
def test_a_refusal_writes_neither(changes, field, words, rock, rock_partner, enrollment, both, client_for):
    page = client_for(rock_partner).post(LOG, both | changes)
    assert words in str(page.context["form"].errors[field]) and rows(Contact, rock) == []


def test_the_other_familys_rules_are_said_beside_it(
    rock, rock_partner, rock_partner_profile, enrollment, typed, client_for
):
    waiting = make_accepted_referral(rock, make_parent(rock))
    make_match(rock, waiting, rock_partner_profile)
    page = client_for(rock_partner).post(LOG, typed | {"also": str(waiting.pk)})
    assert "not enrolled yet" in str(page.context["form"].errors["also"]) and rows(Contact, rock) == []


def test_both_parents_of_a_family_are_one_contact(
    rock, rock_partner, rock_partner_profile, enrollment, typed, client_for
):
    second = make_accepted_referral(rock, make_parent(rock, enrollment.family))
    make_match(rock, second, rock_partner_profile)
    page = client_for(rock_partner).post(LOG, typed | {"also": str(second.pk)})
    assert "one contact" in str(page.context["form"].errors["also"]) and rows(Contact, rock) == []


@pytest.mark.parametrize("site_of", ["rock", "door"])
def test_a_parent_of_others_is_refused_without_names(
    site_of, request, rock, rock_partner, enrollment, typed, client_for
):
    foreign = make_accepted_referral(
        request.getfixturevalue(site_of), make_parent(request.getfixturevalue(site_of))
    )
    page = client_for(rock_partner).post(LOG, typed | {"also": str(foreign.pk)})
    assert page.context["form"].errors["also"] == ["Choose one of the entries in the list."]
    assert rows(Contact, rock) == [] and recorded(rock, "access.refused", foreign, by=rock_partner)
