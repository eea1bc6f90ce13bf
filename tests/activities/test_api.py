"""Contacts by API: the same rights, rules and refusals as on screen."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from activities.models import Contact, ResourceLink
from tests.activities.conftest import rows
from tests.factories.activities import make_contact
from tests.factories.families import make_parent
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.queries import own, questions
from tests.trail import recorded

LIST_QUERIES = 4
"""Of the list itself: count, page, resource links, and the trail."""

LIST = reverse("exchange:api_contacts", args=["rock"])
LOG = reverse("exchange:api_log_contact", args=["rock"])


@pytest.fixture
def sent(referral, enrollment) -> dict:
    return {
        "id": str(uuid.uuid4()), "referral": str(referral.pk), "held_on": "2025-06-10", "mode": "phone",
        "result": "completed", "minutes": 20, "activities": ["mentoring"], "note": "By phone",
        "resource_links": [{"kind": "food", "result": "connected"}, {"kind": "legal"}],
    }  # fmt: skip


def _post(browser, data):
    return browser.post(LOG, data, content_type="application/json")


def test_a_partner_logs_a_contact(rock, rock_partner, rock_partner_profile, sent, client_for):
    answer = _post(client_for(rock_partner), sent)
    assert answer.status_code == 201
    body = answer.json()
    assert (body["id"], body["partner"], body["minutes"]) == (sent["id"], str(rock_partner_profile.pk), 20)
    assert {(link["kind"], link["result"]) for link in body["resource_links"]} == {
        ("food", "connected"), ("legal", "offered"),
    }  # fmt: skip
    assert recorded(rock, "contact.logged", sent["id"], by=rock_partner)


def test_the_same_id_again_is_200_and_one_entry(rock, rock_partner, sent, client_for):
    browser = client_for(rock_partner)
    assert [_post(browser, sent).status_code for _ in range(2)] == [201, 200]
    assert len(rows(Contact, rock)) == 1 and len(rows(ResourceLink, rock)) == 2


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"minutes": 0}, "minutes", "from 1 to 720"),
        ({"held_on": "2099-01-01"}, "held_on", "in the future"),
        ({"held_on": "2025-05-30"}, "held_on", "enrollment"),
        ({"note": "123-45-6789"}, "note", "Social Security number"),
        ({"activities": ["transport_child"]}, "activities", "Choose among"),
        ({"activities": "mentoring"}, "activities", ""),
        ({"activities": [["mentoring"]]}, "activities", ""),
        ({"held_on": 5}, "held_on", ""),
        ({"minutes": {"a": 1}}, "minutes", ""),
        ({"referral": None}, "referral", ""),
        ({"referral": ["x"]}, "referral", ""),
        ({"id": "no uuid"}, "id", ""),
        ({"resource_links": [{"kind": "car"}]}, "resource_1", "Choose one of"),
        ({"resource_links": [{"kind": "food"}] * 5}, "resource_5", "named above"),
    ],
)
def test_a_refusal_is_400_with_words_by_field(changes, field, words, rock, rock_partner, sent, client_for):
    answer = _post(client_for(rock_partner), sent | changes)
    assert answer.status_code == 400
    assert words in " ".join(answer.json()["errors"][field])
    assert rows(Contact, rock) == []


@pytest.mark.parametrize("body", ["[]", '"x"', "5", "null"])
def test_a_body_that_is_no_object_is_400(body, rock, rock_partner, referral, client_for):
    assert _post(client_for(rock_partner), body).status_code == 400


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("[" * 100_000, "nested too deeply"),
        ('{"note": "\\ud800"}', "half of a character"),
        ('{"resource_links": [' + "{}, " * 40 + "{}]}", "at most 15 resources"),
    ],
    ids=["nested", "half a character", "too many links"],
)
def test_a_body_that_would_break_something_is_400(body, words, rock, rock_partner, referral, client_for):
    answer = _post(client_for(rock_partner), body)
    assert answer.status_code == 400 and words in answer.content.decode()


def test_links_that_are_no_list_of_objects_are_left_out(rock, rock_partner, sent, client_for):
    assert _post(client_for(rock_partner), sent | {"resource_links": [1, "x"]}).status_code == 201
    assert rows(ResourceLink, rock) == []


def test_a_doubt_comes_with_the_key_that_confirms_it(rock, rock_partner, sent, client_for):
    browser, told = client_for(rock_partner), sent | {"note": "They asked who reported."}
    (doubt,) = _post(browser, told).json()["confirm"]
    assert "who made a report" in doubt["text"]
    assert _post(browser, told | {"confirmed": [doubt["key"]]}).status_code == 201


@pytest.mark.parametrize("site_of", ["rock", "door"])
def test_a_referral_of_others_is_a_field_error_without_names_and_recorded(
    site_of, request, rock, rock_partner, sent, client_for
):
    site = request.getfixturevalue(site_of)
    other = make_accepted_referral(site, make_parent(site, first_name="Zelda"))
    answer = _post(client_for(rock_partner), sent | {"referral": str(other.pk)})
    assert answer.status_code == 400 and "Zelda" not in answer.content.decode()
    assert recorded(rock, "access.refused", about=other, by=rock_partner)


def test_who_may_not_log_is_refused(rock, rock_council, rock_clinical, sent, client_for):
    for person in (rock_council, rock_clinical):
        browser = client_for(person)
        assert _post(browser, sent).status_code == 403 and browser.get(LIST).status_code == 403
    assert rows(Contact, rock) == []


class TestTheList:
    def test_shows_what_the_person_may_see_and_is_recorded(
        self, rock, rock_partner, rock_partner_profile, enrollment, client_for
    ):
        mine = make_contact(rock, enrollment, rock_partner_profile, note="By the lake")
        make_contact(rock, make_enrollment(rock))
        answer = client_for(rock_partner).get(LIST).json()
        assert [one["id"] for one in answer["results"]] == [str(mine.pk)]
        assert answer["results"][0]["note"] == "By the lake" and "Juniper" not in str(answer)
        assert recorded(rock, "contact.listed", enrollment.family_id, by=rock_partner)

    def test_takes_the_filters_of_the_screen(self, rock, rock_coordinator, enrollment, client_for):
        call = make_contact(rock, enrollment, mode="phone")
        make_contact(rock, enrollment)
        browser = client_for(rock_coordinator)
        assert [one["id"] for one in browser.get(LIST, {"mode": "phone"}).json()["results"]] == [str(call.pk)]
        answer = browser.get(LIST, {"month": "June"})
        assert answer.status_code == 400 and "month" in answer.json()["errors"]

    @pytest.mark.parametrize("contacts", [1, 30])
    def test_takes_a_constant_number_of_queries(self, contacts, rock, rock_coordinator, client_for):
        for _ in range(contacts):
            make_contact(rock, make_enrollment(rock))
        assert own(questions(client_for(rock_coordinator), LIST)) == LIST_QUERIES
