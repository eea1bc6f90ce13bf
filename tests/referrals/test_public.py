"""Referrals from people without an account: what a stranger can do, and all they cannot (`domain.md` 10.1, V17)."""

from __future__ import annotations

import re
import time
import uuid

import pytest
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from counties.free_text import scan_free_text
from counties.wall import site_scope
from families.models import Family
from referrals.forms_public import ReferParentForm
from referrals.incoming_actions import receive_referral, switch_public_form
from referrals.models import IncomingReferral, Referral
from referrals.spam import ASKED_AN_HOUR, SALT, SENT_AN_HOUR
from tests.factories.families import make_parent
from tests.factories.referrals import make_incoming, make_referral
from tests.raw_sql import refused
from tests.trail import recorded

pytestmark = pytest.mark.django_db
MYSELF = {"first_name": "Ana", "last_name": "Flores", "phone": "608-555-0101"}
PARENT = {
    "source": "parent_attorney", "sender_name": "Lee Brook", "sender_email": "lee@law.example",
    "first_name": "Ana", "last_name": "Flores", "court_tracks": ["family_treatment_court", "clts"],
}  # fmt: skip


@pytest.fixture
def browser() -> Client:
    """A visitor from an address nobody else in these tests has: tries are counted by address."""
    return Client(
        REMOTE_ADDR=f"10.{uuid.uuid4().int % 250}.{uuid.uuid4().int % 250}.{uuid.uuid4().int % 250}"
    )


def _opened(site, seconds_ago: float = 60, *, of: int | None = None) -> str:
    note = {"site": of or site.id, "id": str(uuid.uuid4()), "at": time.time() - seconds_ago}
    return signing.dumps(note, salt=SALT)


def _send(browser, site, form="myself", **answers):
    answers = {"opened": _opened(site), **(MYSELF if form == "myself" else PARENT), **answers}
    return browser.post(reverse(f"refer:{form}", args=[site.slug]), answers)


def _incoming(site) -> list[IncomingReferral]:
    with site_scope(site.id):
        return list(IncomingReferral.objects.select_related("referral"))


def _code(answer) -> str:
    return re.search(r"psp-receipt-code\">([-\w]+)<", answer.content.decode())[1]


def _status(browser, site, code: str) -> str:
    answer = browser.post(reverse("refer:status", args=[site.slug]), {"code": code})
    found = re.search(r'role="status"><h2>([\w ]+)</h2>', answer.content.decode())
    return found[1] if found else ""


def test_a_parent_refers_herself_and_opens_no_family(rock, browser):
    answer = _send(browser, rock, municipality="Beloit", language="es", may_leave_message="False")
    (incoming,) = _incoming(rock)
    assert (incoming.status, incoming.source, incoming.municipality) == ("new", "self", "Beloit")
    assert incoming.may_leave_message is False
    assert _code(answer) == incoming.shown_code
    with site_scope(rock.id):
        assert not Family.objects.exists() and not Referral.objects.exists()


def test_a_worker_refers_a_parent_with_the_court_tracks(rock, browser):
    _send(browser, rock, "parent", parent_agrees="True")
    (incoming,) = _incoming(rock)
    assert (incoming.source, incoming.sender) == ("parent_attorney", "Lee Brook")
    assert incoming.court_tracks == ["family_treatment_court", "clts"]
    assert incoming.parent_agrees is True


def test_it_is_on_record_as_public_and_without_a_person(rock, browser, client_for, rock_coordinator):
    _send(client_for(rock_coordinator), rock)
    (incoming,) = _incoming(rock)
    assert recorded(rock, "referral.received", incoming)
    assert not recorded(rock, "referral.received", incoming, by=rock_coordinator)
    with connection.cursor() as cursor, site_scope(rock.id):
        cursor.execute("SELECT source, actor_id FROM audit_auditevent WHERE verb = 'referral.received'")
        assert cursor.fetchall() == [("public", None)]


def test_a_second_tap_and_a_retry_are_one_referral_with_one_receipt(rock, browser):
    opened = _opened(rock)
    first, second = (_send(browser, rock, opened=opened) for _ in range(2))
    assert len(_incoming(rock)) == 1
    assert _code(first) == _code(second)
    assert "Nothing was sent twice" in second.content.decode()


def test_the_sender_sees_one_of_five_words_and_no_name(rock, browser):
    new = make_incoming(rock)
    assert _status(browser, rock, new.shown_code.lower()) == "Received"
    days = {"decided_on": "2025-05-09"}
    for facts, word in [
        ({}, "Being reviewed"),
        ({"outcome": "accepted", **days}, "Accepted"),
        ({"outcome": "parent_declined", **days}, "Not accepted"),
        ({"outcome": "accepted", **days, "withdrawn_on": "2025-05-10"}, "Withdrawn"),
    ]:
        taken_up = make_incoming(rock, status="taken_up", referral=make_referral(rock, **facts))
        assert _status(browser, rock, taken_up.code) == word
    for reason, word in [("elsewhere", "Not accepted"), ("taken_back", "Withdrawn")]:
        declined = make_incoming(rock, status="declined", decline_reason=reason)
        answer = browser.post(reverse("refer:status", args=["rock"]), {"code": declined.code})
        assert word in answer.content.decode()
        assert declined.first_name not in answer.content.decode()


def test_a_code_of_another_site_and_an_invented_one_look_the_same(rock, door, browser):
    theirs = make_incoming(door)
    url = reverse("refer:status", args=["rock"])
    answers = [browser.post(url, {"code": code}).content.decode() for code in (theirs.code, "7K2M94TXPWQ3")]
    varying = r'value="[\w-]+"|"x-csrftoken": "\w+"'
    words = [re.sub(varying, "", answer) for answer in answers]
    assert words[0] == words[1]
    assert "Nothing has this code here" in answers[0]
    assert recorded(rock, "access.refused")


def test_a_visitor_touches_no_table_but_these(rock, browser):
    """The whole traffic of a visit: nothing of a family is asked for, whatever the visitor sends."""
    make_parent(rock, first_name="Ana", last_name="Flores")
    with CaptureQueriesContext(connection) as asked:
        code = _code(_send(browser, rock))
        _send(browser, rock, "parent")
        assert _status(browser, rock, code) == "Received"
    tables = {
        t for q in asked.captured_queries for t in re.findall(r'(?:FROM|INTO|UPDATE|JOIN) "(\w+)"', q["sql"])
    }
    assert tables <= {
        "counties_site", "counties_sitesettings", "referrals_publicform", "referrals_incomingreferral",
        "referrals_referral", "audit_auditevent",
    }  # fmt: skip


class TestSpam:
    def test_a_field_that_people_do_not_see(self, rock, browser):
        assert "Leave this empty, then send" in _send(browser, rock, website="http://x").content.decode()
        assert _incoming(rock) == []

    @pytest.mark.parametrize(
        ("opened", "words"),
        [
            (lambda site: _opened(site, seconds_ago=0.5), "very quick"),
            (lambda site: _opened(site, of=site.id + 1), "another program"),
            (lambda site: "made up", "open for a long time"),
            (lambda site: "", "open for a long time"),
        ],
    )
    def test_a_form_that_was_not_opened_and_read(self, rock, browser, opened, words):
        answer = _send(browser, rock, opened=opened(rock)).content.decode()
        assert words in answer and 'value="Flores"' in answer
        assert _incoming(rock) == []

    def test_the_limit_of_an_hour_per_address(self, rock, browser):
        for _ in range(SENT_AN_HOUR):
            _send(browser, rock)
        assert "Too many tries" in _send(browser, rock).content.decode()
        assert len(_incoming(rock)) == SENT_AN_HOUR
        _send(Client(REMOTE_ADDR="10.251.0.1"), rock)
        assert len(_incoming(rock)) == SENT_AN_HOUR + 1

    def test_nobody_tries_codes_by_the_thousand(self, rock, browser):
        real = make_incoming(rock)
        for _ in range(ASKED_AN_HOUR):
            _status(browser, rock, "7K2M94TXPWQ3")
        assert _status(browser, rock, real.code) == ""


class TestWhatIsTyped:
    def test_a_way_to_reach_the_parent_is_needed(self, rock, browser):
        assert "Enter a phone number or an e-mail" in _send(browser, rock, phone="").content.decode()
        assert "so that PSP can ask back" in _send(browser, rock, "parent", sender_email="").content.decode()
        assert _incoming(rock) == []

    @pytest.mark.parametrize(
        ("note", "words"),
        [
            ("Her number is 123-45-6789", "Social Security number"),
            ("Reported by her sister", "who made a report"),
        ],
    )
    def test_v17_by_screen_and_action(self, rock, browser, note, words):
        assert words in _send(browser, rock, note=note).content.decode()
        facts = MYSELF | {"source": "self", "note": note}
        with site_scope(rock.id), pytest.raises(ValidationError, match=words):
            receive_referral(incoming_id=uuid.uuid4(), **facts)
        assert _incoming(rock) == []

    def test_the_database_takes_no_social_security_number(self, rock):
        row = make_incoming(rock)
        sql = "UPDATE referrals_incomingreferral SET note = '123-45-6789' WHERE id = %s"
        assert "v17_incomingreferral_note" in refused(rock, sql, row.pk)

    def test_no_form_has_a_field_for_allegations(self):
        from referrals.forms_public import ReferMyselfForm, ReferParentForm

        for form in (ReferMyselfForm, ReferParentForm):
            free = [n for n, f in form.base_fields.items() if f.widget.__class__.__name__ == "Textarea"]
            assert free == ["note"]


class TestLanguages:
    @pytest.mark.parametrize(
        ("code", "heading"),
        [("en", "I am a parent"), ("es", "Soy padre o madre"), ("hmn", "Kuv yog niam txiv")],
    )
    def test_a_parent_reads_their_own(self, rock, browser, code, heading):
        page = browser.get(reverse("refer:myself", args=["rock"]) + f"?lang={code}").content.decode()
        assert f'<html lang="{code}"' in page and f"<h1>{heading}</h1>" in page
        assert ("(optional)" in page) is (code == "en")

    def test_the_language_of_the_form_is_kept(self, rock, browser):
        url = reverse("refer:myself", args=["rock"]) + "?lang=hmn"
        browser.post(url, MYSELF | {"opened": _opened(rock)})
        assert _incoming(rock)[0].form_language == "hmn"

    def test_a_language_nobody_has_is_english(self, rock, browser):
        assert '<html lang="en"' in browser.get("/refer/rock/?lang=xx").content.decode()


class TestOpenAndClosed:
    def test_a_site_switches_its_form_off(self, rock, door, rock_coordinator, browser):
        with site_scope(rock.id):
            switch_public_form(is_open=False, phone="608-555-0100", by=rock_coordinator)
        answer = _send(browser, rock).content.decode()
        assert "does not take forms" in answer and "608-555-0100" in answer
        assert _incoming(rock) == []
        _send(browser, door)
        assert len(_incoming(door)) == 1

    def test_no_such_site_and_a_closed_one_look_the_same(self, rock, browser, today):
        rock.closed_on = today
        rock.save()
        for slug in ("rock", "nowhere"):
            for name in ("start", "myself", "parent", "status"):
                assert browser.get(reverse(f"refer:{name}", args=[slug])).status_code == 404

    def test_nothing_is_kept_by_the_browser(self, rock, browser):
        for name in ("start", "myself", "parent", "status"):
            answer = browser.get(reverse(f"refer:{name}", args=["rock"]))
            assert answer.status_code == 200
            assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("number", "is_taken"), [("notaphone", False), ("1", False), ("(608) 555-0100 x2", True)]
)
def test_a_phone_number_can_be_dialed_or_is_refused_once(number, is_taken, rock):
    with site_scope(rock.id):
        form = ReferParentForm({"sender_phone": number}, site_id=rock.id)
        assert ("sender_phone" not in form.errors) == is_taken
        assert is_taken or form.errors["sender_phone"] == [
            "Enter a phone number with its area code, such as 608-555-0100."
        ]


def test_what_may_not_be_written_is_said_in_the_language_of_the_form():
    with translation.override("es"), pytest.raises(ValidationError, match="Seguro Social"):
        scan_free_text(note="123-45-6789")
    with translation.override("hmn"):
        assert "tshaj tawm" in scan_free_text(note="denunciado por")[0].text


def test_a_language_not_chosen_is_told_in_the_language_of_the_form(rock, browser):
    page = browser.get(reverse("refer:myself", args=[rock.slug]), {"lang": "es"}).content.decode()
    assert "Elija una opción" in page and "Not recorded" not in page
    assert "Soomaali" in page and "Somali<" not in page
