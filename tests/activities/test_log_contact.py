"""Logging a contact: on screen, in the action, in the database."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from activities.actions import log_contact
from activities.actions.contacts import is_late
from activities.models import Contact, ResourceLink
from counties.action_forms import Unconfirmed
from counties.models import SiteSettings
from counties.wall import site_scope
from tests.activities.conftest import contact_facts, rows
from tests.factories.partners import make_partner
from tests.factories.referrals import make_enrollment, make_referral
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
    "V06 in the future": ({"held_on": TOMORROW}, "held_on", "in the future"),
    "V06 completed without minutes": ({"minutes": ""}, "minutes", "from 1 to 720"),
    "V06 completed with 0 minutes": ({"minutes": "0"}, "minutes", "from 1 to 720"),
    "V06 over 720 minutes": ({"minutes": "721"}, "minutes", "from 1 to 720"),
    "V06 minutes of an attempt": ({"result": "no_show", "minutes": "10"}, "minutes", "Only a completed"),
    "V07 before the enrollment": ({"held_on": "2025-05-31"}, "held_on", "enrollment"),
    "V07 outreach before the referral": (
        {"held_on": "2025-04-30", "activities": ["outreach_attempt"]}, "held_on", "The referral came in on",
    ),
    "V17 a Social Security number": ({"note": "Hers is 123-45-6789"}, "note", "Social Security number"),
    "V18 an activity not on the list": ({"activities": ["testify"]}, "activities", "in the list"),
    "no mode": ({"mode": ""}, "mode", "Choose an answer"),
    "a date that is none": ({"held_on": "soon"}, "held_on", "month, day and year"),
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
        ({"held_on": timezone.localdate() + dt.timedelta(days=1)}, "held_on", "in the future"),
        ({"minutes": 0}, "minutes", "from 1 to 720"),
        ({"minutes": 721}, "minutes", "from 1 to 720"),
        ({"result": "no_show"}, "minutes", "Only a completed"),
        ({"held_on": D(2025, 5, 31)}, "held_on", "enrollment"),
        ({"activities": ["testify"]}, "activities", "not a valid choice"),
        ({"note": "SSN 123 45 6789"}, "note", "Social Security number"),
    ],
)
def test_the_action_refuses(
    changes, field, rule, rock, rock_partner, rock_partner_profile, enrollment, referral
):
    with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
        log_contact(
            referral=referral, partner=rock_partner_profile, by=rock_partner, **contact_facts(**changes)
        )
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
    assert "may tell who made a report" in page.content.decode() and rows(Contact, rock) == []
    (key, _label) = page.context["form"].fields["confirmed"].choices[0]
    assert browser.post(_url(rock), sent | {"confirmed": [key]}).status_code == 302
    assert len(rows(Contact, rock)) == 1


def test_the_action_asks_about_the_reporter(rock, rock_partner, rock_partner_profile, enrollment, referral):
    with site_scope(rock.id), pytest.raises(Unconfirmed, match="who made a report"):
        log_contact(
            referral=referral,
            partner=rock_partner_profile,
            by=rock_partner,
            **contact_facts(note="reported by a neighbor"),
        )


class TestOutreach:
    """Stored against the referral, not the enrollment (`domain.md` 2)."""

    def test_before_enrollment(self, rock, rock_partner, rock_partner_profile, referral):
        with site_scope(rock.id):
            facts = contact_facts(activities=["outreach_attempt"], held_on=D(2025, 5, 21))
            contact = log_contact(referral=referral, partner=rock_partner_profile, by=rock_partner, **facts)
        assert contact.enrollment_id is None and contact.referral_id == referral.pk

    def test_without_enrollment_nothing_else_is_taken(
        self, rock, rock_partner, rock_partner_profile, referral
    ):
        with site_scope(rock.id), pytest.raises(ValidationError, match="not enrolled yet"):
            log_contact(referral=referral, partner=rock_partner_profile, by=rock_partner, **contact_facts())

    def test_after_closing_and_the_closing_day_is_still_inside(self, rock, rock_coordinator):
        partner = make_partner(rock)
        closed = make_enrollment(rock, closed_on=D(2025, 8, 1))
        with site_scope(rock.id):
            referral = closed.participations.get().referral
            last = log_contact(
                referral=referral,
                partner=partner,
                by=rock_coordinator,
                **contact_facts(held_on=D(2025, 8, 1)),
            )
            after = contact_facts(held_on=D(2025, 8, 2), activities=["outreach_attempt"])
            outreach = log_contact(referral=referral, partner=partner, by=rock_coordinator, **after)
            with pytest.raises(ValidationError, match="06/01/2025 to 08/01/2025"):
                log_contact(
                    referral=referral,
                    partner=partner,
                    by=rock_coordinator,
                    **contact_facts(held_on=D(2025, 8, 2)),
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
            punctual = log_contact(**facts, **contact_facts(held_on=week_ago))
            SiteSettings.objects.filter(site=rock).update(late_entry_business_days=2)
            late = log_contact(**facts, **contact_facts(held_on=week_ago))
        assert (punctual.is_late, late.is_late) == (False, True)
        page = client_for(rock_partner).get(reverse("activities:detail", args=[rock.slug, late.pk]))
        assert "Entered late" in page.content.decode()

    def test_nobody_takes_the_flag_off(self, rock, rock_partner, enrollment, typed, client_for):
        """The flag and the time of entry are the product's; a form that sends them is not listened to."""
        sent = typed | {"is_late": "false", "entered_at": "2025-06-10T12:00", "site": "1", "is_struck": "on"}
        assert client_for(rock_partner).post(_url(rock), sent).status_code == 302
        (contact,) = rows(Contact, rock)
        assert contact.is_late and contact.entered_at.date() >= timezone.localdate()
