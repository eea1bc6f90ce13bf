"""A site asks a few questions of its own with every contact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from activities.actions import log_contact
from activities.models import Contact, ContactAnswer
from activities.questions import field_name
from counties.models import ContactQuestion, Site
from counties.wall import site_scope
from exchange.exporting.lists import LISTS
from partners.models import ParentPartner
from referrals.models import Enrollment, Referral
from tests.activities.conftest import rows
from tests.trail import recorded

pytestmark = pytest.mark.django_db
URL = "/sites/rock/settings/questions/"
LOG = "/sites/rock/contacts/log/"
Ask = Callable[..., ContactQuestion]


@pytest.fixture
def office(rock_coordinator: User, client_for: Callable[[User], Client]) -> Client:
    return client_for(rock_coordinator)


@pytest.fixture
def phone(rock_partner: User, client_for: Callable[[User], Client]) -> Client:
    return client_for(rock_partner)


@pytest.fixture
def ask(office: Client, rock: Site) -> Ask:
    """Ask something on the screen."""

    def ask(words: str = "Seen the children?", kind: str = "yes_no", choices: str = "") -> ContactQuestion:
        sent = office.post(f"{URL}new/", {"words": words, "kind": kind, "choices": choices})
        assert sent.status_code == 302, sent.context["form"].errors
        (question,) = rows(ContactQuestion, rock, words=words, retired_at=None)
        return question

    return ask


def test_answers_stay_with_the_contact_and_are_seen_with_it(
    ask: Ask, office: Client, phone: Client, rock: Site, enrollment: Enrollment, typed: dict[str, Any]
) -> None:
    seen, where = ask(), ask("Where?", "choice", "At home\nIn a park")
    often, skipped = ask("How often", "number"), ask("Anything new?")
    page = phone.get(LOG).content.decode()
    assert page.index("Seen the children?") < page.index("Where?") < page.index("How often")
    own = {
        field_name(seen): "no",
        field_name(where): "In a park",
        field_name(often): "3",
        field_name(skipped): "",
    }
    assert phone.post(LOG, typed | own).status_code == 302
    (contact,) = rows(Contact, rock)
    kept = {answer.question_id: answer.value for answer in rows(ContactAnswer, rock)}
    assert kept == {seen.pk: "no", where.pk: "In a park", often.pk: "3"}
    with site_scope(rock.id):
        contact = Contact.objects.prefetch_related("answers__question").get()
        cell = LISTS["contacts"].columns["Own questions"](contact)
    assert set(cell.split("; ")) == {"Seen the children? No", "Where? In a park", "How often: 3"}
    assert "In a park" in phone.get(f"/sites/rock/contacts/{contact.pk}/").content.decode()
    (told,) = office.get("/sites/rock/exchange/api/v1/contacts/").json()["results"]
    assert {"question": str(often.pk), "words": "How often", "value": "3"} in told["own_answers"]


def test_a_correction_keeps_what_was_answered_before(
    ask: Ask, office: Client, phone: Client, rock: Site, enrollment: Enrollment, typed: dict[str, Any]
) -> None:
    seen = ask()
    phone.post(LOG, typed | {field_name(seen): "yes"})
    (contact,) = rows(Contact, rock)
    assert office.post(f"{URL}{seen.pk}/retire/").status_code == 302 and recorded(rock, "question.retired")
    assert field_name(seen) not in phone.get(LOG).context["form"].fields
    address = f"/sites/rock/contacts/{contact.pk}/"
    form = office.get(f"{address}correct/").context["form"]
    assert form[field_name(seen)].value() == "yes"
    office.post(f"{address}correct/", typed | {"reason": "Misheard", field_name(seen): ""})
    page = " ".join(office.get(address).content.decode().split())
    assert "Not answered" in page and "Before: Yes" in page
    (answer,) = rows(ContactAnswer, rock)
    assert answer.value == ""


def test_an_answer_that_does_not_fit_is_refused_on_screen_and_in_the_action(
    ask: Ask, phone: Client, rock: Site, rock_partner: User, rock_partner_profile: ParentPartner,
    enrollment: Enrollment, referral: Referral, typed: dict[str, Any],
) -> None:  # fmt: skip
    seen, where = ask(), ask("Where?", "choice", "Home\nPark")
    often = ask("How often", "number")
    for question, value in (
        (seen, "perhaps"),
        (where, "Nowhere"),
        (often, "1000"),
        (often, "-1"),
        (often, "x"),
    ):
        form = phone.post(LOG, typed | {field_name(question): value}).context["form"]
        assert field_name(question) in form.errors and form[field_name(question)].value() == value
        facts = {"held_on": enrollment.enrolled_on, "mode": "phone", "result": "completed", "minutes": 5}
        with site_scope(rock.id), pytest.raises(ValidationError, match="Choose one of the answers"):
            log_contact(
                referral=referral, partner=rock_partner_profile, by=rock_partner, own_answers={question: value},
                **facts,
            )  # fmt: skip
    assert rows(Contact, rock) == []


def test_a_draft_keeps_the_answers(
    ask: Ask, phone: Client, rock: Site, enrollment: Enrollment, typed: dict[str, Any]
) -> None:
    seen, often = ask(), ask("How often", "number")
    own = {field_name(seen): "no", field_name(often): "4"}
    draft = "0197a000-0000-7000-8000-000000000002"
    keys = {"id": draft, "window": "0197a000-0000-7000-8000-000000000003", "version": "0"}
    assert phone.post(f"{LOG}draft/", typed | own | keys).status_code == 200
    form = phone.get(f"{LOG}?draft={draft}").context["form"]
    assert {name: form[name].value() for name in own} == own


def test_a_retry_with_another_answer_is_refused_and_the_same_is_taken(
    ask: Ask, phone: Client, rock: Site, enrollment: Enrollment, typed: dict[str, Any]
) -> None:
    seen = ask()
    sent = typed | {"id": "0197a000-0000-7000-8000-000000000001", field_name(seen): "yes"}
    assert phone.post(LOG, sent).status_code == 302
    assert phone.post(LOG, sent).status_code == 302
    page = phone.post(LOG, sent | {field_name(seen): "no"})
    assert "logged already" in page.content.decode()
    assert [answer.value for answer in rows(ContactAnswer, rock)] == ["yes"]


@pytest.mark.parametrize(
    ("sent", "field", "says"),
    [
        ({"words": "Who reported her?", "kind": "yes_no"}, "words", "who made a report"),
        ({"words": "Where?", "kind": "choice", "choices": "Home"}, "choices", "from 2 to 8"),
        ({"words": "Where?", "kind": "choice", "choices": "Home\nhome"}, "choices", "the same"),
        ({"words": "Where?", "kind": "choice", "choices": f"Home\n{'x' * 41}"}, "choices", "at most 40"),
        ({"words": "Where?", "kind": "number", "choices": "Home\nPark"}, "choices", "Leave this blank"),
        ({"words": "seen the children?", "kind": "yes_no"}, "words", "asked already"),
        ({"words": "Where?", "kind": "text"}, "kind", "in the list"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(
    ask: Ask, office: Client, rock: Site, sent: dict[str, str], field: str, says: str
) -> None:
    ask()
    form = office.post(f"{URL}new/", sent).context["form"]
    assert says in " ".join(form.errors[field]) and form["words"].value() == sent["words"]
    assert len(rows(ContactQuestion, rock)) == 1


def test_no_more_than_five_are_asked_at_a_time(ask: Ask, office: Client, rock: Site) -> None:
    for n in range(5):
        ask(f"Question {n}?")
    assert "Add a question" not in office.get(URL).content.decode()
    page = office.post(f"{URL}new/", {"words": "A sixth?", "kind": "yes_no"})
    assert "5 questions are asked already" in page.content.decode()
    assert len(rows(ContactQuestion, rock)) == 5
