"""Correcting a contact: the reason, what stood before, and what is struck."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from activities.actions import correct_contact, log_contact
from activities.models import Contact, ResourceLink
from counties.wall import site_scope
from tests.activities.conftest import rows
from tests.factories.activities import make_contact
from tests.factories.partners import make_partner
from tests.trail import recorded

D = dt.date


@pytest.fixture
def contact(rock, rock_partner, rock_partner_profile, referral, enrollment) -> Contact:
    with site_scope(rock.id):
        return log_contact(
            referral=referral, partner=rock_partner_profile, by=rock_partner, held_on=D(2025, 6, 10), mode="phone",
            result="completed", minutes=20, activities=["mentoring"], note="First words",
            resource_links=[("housing", "offered"), ("food", "offered")],
        )  # fmt: skip


@pytest.fixture
def corrected() -> dict:
    return {
        "held_on": "2025-06-11", "mode": "video", "result": "completed", "minutes": "30",
        "activities": ["mentoring"], "note": "Second words", "reason": "wrong day",
        "resource_1": "housing", "resource_result_1": "connected",
    }  # fmt: skip


def _url(name: str, contact: Contact) -> str:
    return reverse(f"activities:{name}", args=["rock", contact.pk])


def test_a_correction_replaces_the_entry_and_keeps_the_former_one(
    rock, rock_partner, rock_coordinator, contact, corrected, client_for
):
    assert client_for(rock_partner).post(_url("correct", contact), corrected).status_code == 302
    (now,) = rows(Contact, rock)
    assert (now.held_on, now.mode, now.minutes, now.note) == (D(2025, 6, 11), "video", 30, "Second words")
    assert recorded(rock, "contact.corrected", contact, by=rock_partner)
    page = client_for(rock_coordinator).get(_url("detail", contact)).content.decode()
    for words in ("First words", "Second words", "wrong day", "by Mai Dogwood", "06/10/2025, Phone"):
        assert words in page, words


def test_former_words_are_for_coordinators(rock, rock_partner, contact, corrected, client_for):
    browser = client_for(rock_partner)
    browser.post(_url("correct", contact), corrected)
    page = browser.get(_url("detail", contact)).content.decode()
    assert "Second words" in page and "First words" not in page


def test_a_resource_left_out_is_struck_and_may_come_back(rock, rock_partner, contact, corrected, client_for):
    browser = client_for(rock_partner)
    browser.post(_url("correct", contact), corrected)
    links = {link.kind: link for link in rows(ResourceLink, rock)}
    assert links["housing"].result == "connected" and links["housing"].result_on is not None
    assert links["food"].is_struck and not links["housing"].is_struck
    page = browser.get(_url("detail", contact)).content.decode()
    assert "Housing: connected" in page and "Food" not in page
    form = browser.get(_url("correct", contact)).context["form"]
    assert [form[f"resource_{n}"].value() for n in (1, 2)] == ["housing", None]
    again = corrected | {"resource_2": "food", "resource_result_2": "declined"}
    browser.post(_url("correct", contact), again)
    (food,) = rows(ResourceLink, rock, kind="food")
    assert (food.is_struck, food.result) == (False, "declined")


def test_a_contact_with_many_resources_keeps_them_all_in_the_form(rock, contact, rock_partner, client_for):
    with site_scope(rock.id):
        for kind in ("legal", "health", "education"):
            ResourceLink.objects.create(site=rock, contact=contact, kind=kind)
    form = client_for(rock_partner).get(_url("correct", contact)).context["form"]
    shown = {form[f"resource_{n}"].value() for n in form.places}
    assert shown == {"housing", "food", "legal", "health", "education", None}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"reason": "  "}, "reason", "Enter an answer"),
        ({"reason": "it was 123-45-6789"}, "reason", "Social Security number"),
        ({"held_on": "2025-05-31"}, "held_on", "enrollment"),
        ({"held_on": "2099-01-01"}, "held_on", "in the future"),
        ({"minutes": "900"}, "minutes", "from 1 to 720"),
        ({"note": "123-45-6789"}, "note", "Social Security number"),
    ],
)
def test_the_rules_hold_and_what_was_typed_stays(
    changes, field, words, rock, rock_partner, contact, corrected, client_for
):
    page = client_for(rock_partner).post(_url("correct", contact), corrected | changes)
    assert words in " ".join(page.context["form"].errors[field])
    assert page.context["form"]["minutes"].value() == (corrected | changes)["minutes"]
    assert rows(Contact, rock)[0].note == "First words"


def test_the_action_wants_a_reason(rock, rock_partner, contact):
    facts = {"held_on": D(2025, 6, 10), "mode": "phone", "result": "no_show"}
    with site_scope(rock.id), pytest.raises(ValidationError, match="why"):
        correct_contact(contact=contact, by=rock_partner, reason=" ", **facts)


def test_a_moved_date_moves_the_late_flag_and_an_import_is_never_late(
    rock, rock_partner, rock_partner_profile, contact, enrollment, today
):
    facts = {"mode": "phone", "result": "no_show", "reason": "the day was wrong", "by": rock_partner}
    imported = make_contact(rock, enrollment, rock_partner_profile, source_id="C-1")
    with site_scope(rock.id):
        assert contact.is_late
        assert not correct_contact(contact=contact, held_on=today, **facts).is_late
        assert not correct_contact(contact=imported, held_on=D(2025, 6, 20), **facts).is_late


def test_a_partner_corrects_only_their_own_contacts(rock, rock_partner, enrollment, client_for):
    theirs = make_contact(rock, enrollment, make_partner(rock, first_name="Before"))
    browser = client_for(rock_partner)
    page = browser.get(_url("detail", theirs))
    assert page.status_code == 200 and _url("correct", theirs) not in page.content.decode()
    assert browser.get(_url("correct", theirs)).status_code == 404
    assert recorded(rock, "access.refused", about=theirs, by=rock_partner)


def test_a_coordinator_corrects_any_contact(rock, rock_coordinator, contact, corrected, client_for):
    browser = client_for(rock_coordinator)
    assert _url("correct", contact) in browser.get(_url("detail", contact)).content.decode()
    assert browser.post(_url("correct", contact), corrected).status_code == 302


class TestARetryAfterwards:
    """The phone sends the first entry once more, because the answer never reached it."""

    @pytest.fixture
    def sent(self, referral, contact) -> dict:
        return {
            "id": str(contact.pk), "referral": str(referral.pk), "held_on": "2025-06-10", "mode": "phone",
            "result": "completed", "minutes": "20", "activities": ["mentoring"], "note": "First words",
            "resource_1": "housing", "resource_2": "food",
        }  # fmt: skip

    def test_after_a_correction_leads_to_the_entry(
        self, rock, rock_partner, rock_coordinator, contact, corrected, sent, client_for
    ):
        corrected |= {"resource_2": "legal"}
        assert client_for(rock_coordinator).post(_url("correct", contact), corrected).status_code == 302
        assert (
            client_for(rock_partner).post(reverse("activities:log", args=["rock"]), sent).status_code == 302
        )
        (now,) = rows(Contact, rock)
        assert (now.pk, now.note, now.minutes) == (contact.pk, "Second words", 30)

    @pytest.mark.parametrize(
        "changed",
        [{"minutes": "45"}, {"mode": "video"}, {"activities": []}, {"resource_2": "legal"},
         {"resource_result_1": "connected"}, {"held_on": "2025-06-11"}],
    )  # fmt: skip
    def test_what_was_changed_after_going_back_is_refused(
        self, changed, rock, rock_partner, contact, sent, client_for
    ):
        page = client_for(rock_partner).post(reverse("activities:log", args=["rock"]), sent | changed)
        assert "logged already" in page.content.decode()
        (now,) = rows(Contact, rock)
        assert (now.minutes, now.mode, now.activities) == (20, "phone", ["mentoring"])
