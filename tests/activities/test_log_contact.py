"""Logging a contact: on screen, in the action, in the database."""

from __future__ import annotations

import datetime as dt
import threading
import time
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from activities.actions import log_contact
from activities.actions.contacts import is_late
from activities.models import Contact, ResourceLink
from counties.action_forms import Unconfirmed
from counties.models import SiteSettings
from counties.wall import site_scope
from tests.activities.conftest import rows, somebody_waits
from tests.factories.families import make_parent
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment, make_referral
from tests.raw_sql import refused
from tests.trail import recorded

D = dt.date
TOMORROW = f"{timezone.localdate() + dt.timedelta(days=1)}"
INSERT = (
    "INSERT INTO activities_contact (id, site_id, source_id, referral_id, enrollment_id, partner_id, held_on, mode,"
    " result, minutes, activities, note, is_late, entered_at) VALUES (gen_random_uuid(), %s, '', %s, %s, %s, %s,"
    " 'phone', %s, %s, %s, '', false, now())"
)

# What is typed differently, the field that is refused, the rule.
WRONG = {
    "V06 in the future": ({"held_on": TOMORROW}, "held_on", "V06"),
    "V06 completed without minutes": ({"minutes": ""}, "minutes", "V06"),
    "V06 completed with 0 minutes": ({"minutes": "0"}, "minutes", "V06"),
    "V06 over 720 minutes": ({"minutes": "721"}, "minutes", "V06"),
    "V06 minutes of an attempt": ({"result": "no_show", "minutes": "10"}, "minutes", "V06"),
    "V07 before the enrollment": ({"held_on": "2025-05-31"}, "held_on", "V07"),
    "V07 outreach before the referral": (
        {"held_on": "2025-04-30", "activities": ["outreach_attempt"]}, "held_on", "V07",
    ),
    "V17 a Social Security number": ({"note": "Hers is 123-45-6789"}, "note", "V17"),
    "V18 an activity not on the list": ({"activities": ["testify"]}, "activities", "testify"),
    "no mode": ({"mode": ""}, "mode", "Choose an answer"),
    "a date that is none": ({"held_on": "soon"}, "held_on", "valid date"),
    "a resource named twice": ({"resource_1": "food", "resource_2": "food"}, "resource_2", "named above"),
}  # fmt: skip

# Columns of a row by SQL: date, enrolled, result, minutes, activities; and the rule that refuses it.
WRONG_ROWS = {
    "V06 future": (D(2099, 1, 1), True, "completed", 60, ["mentoring"], "V06"),
    "V06 no minutes": (D(2025, 6, 10), True, "completed", 0, ["mentoring"], "v06_contact_minutes"),
    "V06 too many minutes": (D(2025, 6, 10), True, "completed", 721, ["mentoring"], "v06_contact_minutes"),
    "V06 attempt with minutes": (D(2025, 6, 10), True, "no_show", 5, ["mentoring"], "v06_contact_minutes"),
    "V07 before": (D(2025, 5, 31), True, "completed", 60, ["mentoring"], "V07"),
    "V07 not outreach": (D(2025, 5, 20), False, "completed", 60, ["mentoring"], "v07_outreach"),
    "V18": (D(2025, 6, 10), True, "completed", 60, ["transport_child"], "v18_contact_activities"),
}


def _url(site) -> str:
    return reverse("activities:log", args=[site.slug])


def _facts(**changes) -> dict:
    facts = {"held_on": D(2025, 6, 10), "mode": "phone", "result": "completed", "minutes": 20}
    return facts | {"activities": ["mentoring"]} | changes


def test_a_parent_partner_logs_a_contact_with_resources(
    rock, rock_partner, rock_partner_profile, enrollment, typed, client_for
):
    sent = typed | {"resource_1": "housing", "resource_result_1": "connected", "resource_2": "food"}
    answer = client_for(rock_partner).post(_url(rock), sent)
    assert answer.status_code == 302
    (contact,) = rows(Contact, rock)
    assert (contact.partner_id, contact.enrollment_id) == (rock_partner_profile.pk, enrollment.pk)
    assert (contact.minutes, contact.activities) == (60, ["mentoring", "court_prep"])
    assert {(link.kind, link.result) for link in rows(ResourceLink, rock)} == {
        ("housing", "connected"), ("food", "offered"),
    }  # fmt: skip
    assert recorded(rock, "contact.logged", contact, by=rock_partner)


@pytest.mark.parametrize(("changes", "field", "words"), WRONG.values(), ids=WRONG)
def test_the_screen_refuses_beside_the_field_and_keeps_what_was_typed(
    changes, field, words, rock, rock_partner, enrollment, typed, client_for
):
    page = client_for(rock_partner).post(_url(rock), typed | {"note": "Kept words"} | changes)
    form = page.context["form"]
    assert page.status_code == 200 and words in " ".join(form.errors[field])
    assert form["minutes"].value() == (typed | changes)["minutes"]
    assert (changes.get("note") or "Kept words") in page.content.decode()
    assert rows(Contact, rock) == []


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"held_on": timezone.localdate() + dt.timedelta(days=1)}, "held_on", "V06"),
        ({"minutes": 0}, "minutes", "V06"),
        ({"minutes": 721}, "minutes", "V06"),
        ({"result": "no_show"}, "minutes", "V06"),
        ({"held_on": D(2025, 5, 31)}, "held_on", "V07"),
        ({"activities": ["testify"]}, "activities", "not a valid choice"),
        ({"note": "SSN 123 45 6789"}, "note", "V17"),
    ],
)
def test_the_action_refuses(
    changes, field, rule, rock, rock_partner, rock_partner_profile, enrollment, referral
):
    with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
        log_contact(referral=referral, partner=rock_partner_profile, by=rock_partner, **_facts(**changes))
    assert rule in " ".join(refusal.value.message_dict[field])


@pytest.mark.parametrize(
    ("on", "enrolled", "result", "minutes", "activities", "rule"), WRONG_ROWS.values(), ids=WRONG_ROWS
)
def test_the_database_refuses(
    on, enrolled, result, minutes, activities, rule, rock, rock_partner_profile, enrollment, referral
):
    values = [rock.id, referral.pk, enrollment.pk if enrolled else None, rock_partner_profile.pk, on]
    assert rule in refused(rock, INSERT, *values, result, minutes, activities)


def test_a_word_about_the_reporter_is_asked_about_and_saved_once_confirmed(
    rock, rock_partner, enrollment, typed, client_for
):
    browser, sent = client_for(rock_partner), typed | {"note": "She asked who reported her."}
    page = browser.post(_url(rock), sent)
    assert "V17" in page.content.decode() and rows(Contact, rock) == []
    (key, _label) = page.context["form"].fields["confirmed"].choices[0]
    assert browser.post(_url(rock), sent | {"confirmed": [key]}).status_code == 302
    assert len(rows(Contact, rock)) == 1


def test_the_action_asks_about_the_reporter(rock, rock_partner, rock_partner_profile, enrollment, referral):
    with site_scope(rock.id), pytest.raises(Unconfirmed, match="V17"):
        log_contact(
            referral=referral,
            partner=rock_partner_profile,
            by=rock_partner,
            **_facts(note="reported by a neighbor"),
        )


class TestOutreach:
    """Stored against the referral, not the enrollment (`domain.md` 2)."""

    def test_before_enrollment(self, rock, rock_partner, rock_partner_profile, referral):
        with site_scope(rock.id):
            facts = _facts(activities=["outreach_attempt"], held_on=D(2025, 5, 21))
            contact = log_contact(referral=referral, partner=rock_partner_profile, by=rock_partner, **facts)
        assert contact.enrollment_id is None and contact.referral_id == referral.pk

    def test_without_enrollment_nothing_else_is_taken(
        self, rock, rock_partner, rock_partner_profile, referral
    ):
        with site_scope(rock.id), pytest.raises(ValidationError, match="not enrolled yet"):
            log_contact(referral=referral, partner=rock_partner_profile, by=rock_partner, **_facts())

    def test_after_closing_and_the_closing_day_is_still_inside(self, rock, rock_coordinator):
        partner = make_partner(rock)
        closed = make_enrollment(rock, closed_on=D(2025, 8, 1))
        with site_scope(rock.id):
            referral = closed.participations.get().referral
            last = log_contact(
                referral=referral, partner=partner, by=rock_coordinator, **_facts(held_on=D(2025, 8, 1))
            )
            after = _facts(held_on=D(2025, 8, 2), activities=["outreach_attempt"])
            outreach = log_contact(referral=referral, partner=partner, by=rock_coordinator, **after)
            with pytest.raises(ValidationError, match="06/01/2025 to 08/01/2025"):
                log_contact(
                    referral=referral, partner=partner, by=rock_coordinator, **_facts(held_on=D(2025, 8, 2))
                )
        assert (last.enrollment_id, outreach.enrollment_id) == (closed.pk, None)

    def test_a_coordinator_logs_it_for_a_referral_still_to_be_decided(
        self, rock, rock_coordinator, client_for
    ):
        partner, pending = make_partner(rock), make_referral(rock)
        sent = {
            "referral": str(pending.pk), "partner": str(partner.pk), "held_on": "2025-05-02", "mode": "phone",
            "result": "attempted_no_answer", "activities": ["outreach_attempt"],
        }  # fmt: skip
        assert client_for(rock_coordinator).post(_url(rock), sent).status_code == 302
        (contact,) = rows(Contact, rock)
        assert (contact.minutes, contact.enrollment_id) == (0, None)


class TestLate:
    """V08: more than five business days, Monday to Friday, between the contact and its entry."""

    @pytest.mark.parametrize(
        ("held", "entered", "late"),
        [
            (D(2026, 3, 2), D(2026, 3, 2), False),
            (D(2026, 3, 2), D(2026, 3, 9), False),
            (D(2026, 3, 2), D(2026, 3, 10), True),
            (D(2026, 3, 6), D(2026, 3, 15), False),
            (D(2026, 3, 7), D(2026, 3, 13), False),
            (D(2026, 3, 7), D(2026, 3, 16), True),
        ],
        ids=["same day", "Monday to Monday", "sixth day", "weekends free", "from a Saturday", "one more"],
    )
    def test_counts_business_days(self, held, entered, late):
        assert is_late(held, entered_on=entered, allowed=5) is late

    def test_follows_the_site_and_shows_on_the_page(
        self, rock, rock_partner, rock_partner_profile, enrollment, referral, client_for
    ):
        week_ago = timezone.localdate() - dt.timedelta(days=9)
        SiteSettings.objects.filter(site=rock).update(late_entry_business_days=10)
        with site_scope(rock.id):
            facts = {"referral": referral, "partner": rock_partner_profile, "by": rock_partner}
            punctual = log_contact(**facts, **_facts(held_on=week_ago))
            SiteSettings.objects.filter(site=rock).update(late_entry_business_days=2)
            late = log_contact(**facts, **_facts(held_on=week_ago))
        assert (punctual.is_late, late.is_late) == (False, True)
        page = client_for(rock_partner).get(reverse("activities:detail", args=[rock.slug, late.pk]))
        assert "Entered late" in page.content.decode()

    def test_nobody_takes_the_flag_off(self, rock, rock_partner, enrollment, typed, client_for):
        """The flag and the time of entry are the product's; a form that sends them is not listened to."""
        sent = typed | {"is_late": "false", "entered_at": "2025-06-10T12:00", "site": "1", "is_struck": "on"}
        assert client_for(rock_partner).post(_url(rock), sent).status_code == 302
        (contact,) = rows(Contact, rock)
        assert contact.is_late and contact.entered_at.date() >= timezone.localdate()


class TestSentTwice:
    def test_a_double_tap_is_one_entry(self, rock, rock_partner, enrollment, typed, client_for):
        browser = client_for(rock_partner)
        sent = typed | {"id": str(uuid.uuid4()), "resource_1": "food"}
        assert [browser.post(_url(rock), sent).status_code for _ in range(2)] == [302, 302]
        (contact,) = rows(Contact, rock)
        assert str(contact.pk) == sent["id"] and len(rows(ResourceLink, rock)) == 1

    def test_the_form_brings_an_id_of_its_own_each_time(self, rock, rock_partner, enrollment, client_for):
        browser = client_for(rock_partner)
        first, second = (browser.get(_url(rock)).context["form"]["id"].value() for _ in range(2))
        assert first != second

    def test_an_id_of_somebody_elses_entry_tells_nothing(
        self, rock, rock_partner, rock_coordinator, enrollment, typed, client_for
    ):
        other = make_enrollment(rock, make_accepted_referral(rock, make_parent(rock, first_name="Zelda")))
        with site_scope(rock.id):
            referral = other.participations.get().referral
            theirs = log_contact(
                referral=referral,
                partner=make_partner(rock),
                by=rock_coordinator,
                **_facts(),
                id=uuid.uuid4(),
            )
        page = client_for(rock_partner).post(_url(rock), typed | {"id": str(theirs.pk)})
        assert page.status_code == 200 and "Open a new one" in page.content.decode()
        assert "Zelda" not in page.content.decode() and len(rows(Contact, rock)) == 1
        assert recorded(rock, "access.refused", theirs, by=rock_partner)

    def test_an_id_of_another_sites_entry_tells_nothing(
        self, rock, door, door_coordinator, rock_partner, enrollment, typed, client_for
    ):
        foreign = make_enrollment(door)
        with site_scope(door.id):
            referral = foreign.participations.get().referral
            theirs = log_contact(
                referral=referral,
                partner=make_partner(door),
                by=door_coordinator,
                **_facts(),
                id=uuid.uuid4(),
            )
        page = client_for(rock_partner).post(_url(rock), typed | {"id": str(theirs.pk)})
        assert page.status_code == 200 and rows(Contact, rock) == []

    @pytest.mark.django_db(transaction=True)
    def test_two_at_the_same_moment_are_one_entry(
        self, rock, rock_partner, rock_partner_profile, enrollment, referral
    ):
        same, start, got = uuid.uuid4(), threading.Barrier(2), []

        def send() -> None:
            try:
                start.wait()
                with site_scope(rock.id):
                    got.append(
                        log_contact(
                            referral=referral,
                            partner=rock_partner_profile,
                            by=rock_partner,
                            **_facts(),
                            id=same,
                        )
                    )
            finally:
                connection.close()

        taps = [threading.Thread(target=send) for _ in range(2)]
        for tap in taps:
            tap.start()
        for tap in taps:
            tap.join()
        assert [contact.pk for contact in got] == [same, same]
        assert len(rows(Contact, rock)) == 1

    @pytest.mark.django_db(transaction=True)
    def test_of_two_at_the_same_moment_that_differ_the_later_is_refused(
        self, rock, rock_partner, rock_partner_profile, enrollment, referral
    ):
        """The first waits with its entry unsettled until the second is stopped by it."""
        who = {"referral": referral, "partner": rock_partner_profile, "by": rock_partner, "id": uuid.uuid4()}
        got = []

        def send() -> None:
            try:
                with site_scope(rock.id):
                    log_contact(**who, **_facts(minutes=45))
            except ValidationError as refusal:
                got.extend(refusal.messages)
            finally:
                connection.close()

        second = threading.Thread(target=send)
        with site_scope(rock.id):
            log_contact(**who, **_facts(minutes=20))
            second.start()
            while not somebody_waits():
                assert second.is_alive() or got == [], "The second entry was not stopped."
                time.sleep(0.02)
        second.join()
        assert "logged already" in " ".join(got)
        assert [contact.minutes for contact in rows(Contact, rock)] == [20]


class TestWhose:
    def test_a_partner_is_offered_the_parents_matched_now_and_no_other(
        self, rock, rock_partner, rock_partner_profile, referral, client_for
    ):
        make_match(rock, partner=rock_partner_profile, ends_on=D(2025, 6, 1))
        make_match(rock, partner=rock_partner_profile, status="proposed")
        make_match(rock)
        form = client_for(rock_partner).get(_url(rock)).context["form"]
        with site_scope(rock.id):
            assert list(form.fields["referral"].queryset) == [referral]
        assert "partner" not in form.fields

    @pytest.mark.parametrize("site_of", ["rock", "door"])
    def test_a_parent_of_others_is_refused_without_names_and_recorded(
        self, site_of, request, rock, rock_partner, enrollment, typed, client_for
    ):
        site = request.getfixturevalue(site_of)
        other = make_accepted_referral(site, make_parent(site, first_name="Zelda"))
        page = client_for(rock_partner).post(_url(rock), typed | {"referral": str(other.pk)})
        assert page.context["form"].errors["referral"] == ["Choose one of the entries in the list."]
        assert "Zelda" not in page.content.decode()
        assert recorded(rock, "access.refused", about=other, by=rock_partner)

    def test_a_partner_of_another_site_is_refused_and_recorded(
        self, rock, door, rock_coordinator, enrollment, typed, client_for
    ):
        foreign = make_partner(door, first_name="Zelda")
        page = client_for(rock_coordinator).post(_url(rock), typed | {"partner": str(foreign.pk)})
        assert page.status_code == 200 and "Zelda" not in page.content.decode()
        assert recorded(rock, "access.refused", about=foreign, by=rock_coordinator)

    def test_a_coordinator_leaves_the_partner_blank_for_the_one_matched_on_that_day(
        self, rock, rock_coordinator, client_for
    ):
        before, now = make_partner(rock, first_name="Ann"), make_partner(rock, first_name="Bea")
        referral = make_accepted_referral(rock)
        make_enrollment(rock, referral)
        make_match(rock, referral, before, starts_on=D(2025, 5, 20), ends_on=D(2025, 7, 1))
        make_match(rock, referral, now, starts_on=D(2025, 7, 1))
        sent = {"referral": str(referral.pk), "mode": "phone", "result": "no_show"}
        browser = client_for(rock_coordinator)
        for on in ("2025-06-10", "2025-07-10"):
            assert browser.post(_url(rock), sent | {"held_on": on}).status_code == 302
        who = {contact.held_on: contact.partner_id for contact in rows(Contact, rock)}
        assert who == {D(2025, 6, 10): before.pk, D(2025, 7, 10): now.pk}

    def test_without_a_match_a_coordinator_must_say_who(self, rock, rock_coordinator, client_for):
        enrolled = make_enrollment(rock)
        with site_scope(rock.id):
            referral = enrolled.participations.get().referral
        sent = {"referral": str(referral.pk), "held_on": "2025-06-10", "mode": "phone", "result": "no_show"}
        page = client_for(rock_coordinator).post(_url(rock), sent)
        assert page.context["form"].errors["partner"] == ["Choose who had the contact."]

    def test_the_address_chooses_the_parent_and_a_foreign_one_is_404(
        self, rock, door, rock_partner, referral, client_for
    ):
        browser, foreign = client_for(rock_partner), make_accepted_referral(door)
        page = browser.get(_url(rock), {"referral": str(referral.pk)})
        assert page.context["form"]["referral"].value() == referral.pk
        assert browser.get(_url(rock), {"referral": str(foreign.pk)}).status_code == 404
        assert browser.get(_url(rock), {"referral": "nonsense"}).status_code == 404
        assert recorded(rock, "access.refused", about=foreign, by=rock_partner)

    def test_log_and_start_another_stays_at_the_form(self, rock, rock_partner, enrollment, typed, client_for):
        answer = client_for(rock_partner).post(_url(rock), typed | {"another": "1"})
        assert answer.url == _url(rock)
