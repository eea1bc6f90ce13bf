"""Hearings and family team meetings: on the calendar, attended, cancelled."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from activities.actions import cancel_event, plan_event, record_attendance
from activities.models import FamilyEvent
from counties.wall import site_scope
from tests.activities.conftest import rows
from tests.factories.activities import make_event
from tests.factories.families import make_parent
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral
from tests.queries import own, questions
from tests.raw_sql import refused
from tests.trail import recorded

LIST_QUERIES = 4
"""Of the calendar itself: count, page, whose dates may be changed, and the trail."""

AHEAD = timezone.localdate() + dt.timedelta(days=10)
LIST = reverse("activities:events", args=["rock"])
NEW = reverse("activities:plan_event", args=["rock"])


def _url(name: str, event: FamilyEvent) -> str:
    return reverse(f"activities:{name}", args=["rock", event.pk])


@pytest.fixture
def past(rock, referral) -> FamilyEvent:
    return make_event(rock, referral)


@pytest.fixture
def ahead(rock, referral) -> FamilyEvent:
    return make_event(rock, referral, held_on=AHEAD)


def _shown(page) -> list:
    return [event.pk for event in page.context["listing"]]


def test_a_partner_adds_a_date_that_is_still_to_come(rock, rock_partner, referral, client_for):
    sent = {"referral": str(referral.pk), "kind": "hearing", "held_on": str(AHEAD)}
    page = client_for(rock_partner).post(NEW, sent, follow=True)
    (event,) = rows(FamilyEvent, rock)
    assert _shown(page) == [event.pk] and "never testifies" in page.content.decode()
    assert recorded(rock, "event.planned", event, by=rock_partner)


def test_a_past_date_is_added_with_who_went_along(
    rock, rock_partner, rock_partner_profile, referral, client_for
):
    sent = {"referral": str(referral.pk), "kind": "team_meeting", "held_on": "2025-06-20"}
    client_for(rock_partner).post(NEW, sent | {"partner_attended": str(rock_partner_profile.pk)})
    assert rows(FamilyEvent, rock)[0].partner_attended_id == rock_partner_profile.pk


def test_nobody_goes_along_without_a_role_here(rock, rock_coordinator, referral, client_for):
    gone = make_partner(rock, ends_on=dt.date(2025, 6, 1))
    browser = client_for(rock_coordinator)
    sent = {"referral": str(referral.pk), "kind": "hearing", "held_on": "2025-06-20"}
    assert "has no role here" in browser.post(NEW, sent | {"partner_attended": str(gone.pk)}).text
    page = browser.post(NEW, sent | {"partner_expected": str(gone.pk)})
    assert page.context["form"].errors["partner_expected"] and rows(FamilyEvent, rock) == []


def test_a_date_years_before_the_referral_is_asked_about(rock, rock_coordinator, referral, client_for):
    sent = {"referral": str(referral.pk), "kind": "hearing", "held_on": "2006-06-20"}
    page = client_for(rock_coordinator).post(NEW, sent)
    assert "more than a year before the referral" in page.text and rows(FamilyEvent, rock) == []


def test_a_form_sent_twice_is_one_date_and_another_kind_is_another(rock, rock_partner, referral, client_for):
    browser = client_for(rock_partner)
    sent = {"referral": str(referral.pk), "kind": "hearing", "held_on": "2025-06-20"}
    browser.post(NEW, sent)
    page = browser.post(NEW, sent)
    assert "for this day already" in page.content.decode() and len(rows(FamilyEvent, rock)) == 1
    assert browser.post(NEW, sent | {"kind": "team_meeting"}).status_code == 302


def test_nobody_attends_in_the_future(rock, rock_partner, rock_partner_profile, referral, ahead, client_for):
    sent = {"referral": str(referral.pk), "kind": "team_meeting", "held_on": str(AHEAD)}
    page = client_for(rock_partner).post(NEW, sent | {"partner_attended": str(rock_partner_profile.pk)})
    assert "Nobody has attended" in " ".join(page.context["form"].errors["partner_attended"])
    assert page.context["form"]["held_on"].value() == str(AHEAD)
    with site_scope(rock.id), pytest.raises(ValidationError, match="still to come"):
        record_attendance(event=ahead, partner_attended=rock_partner_profile, by=rock_partner)
    sql = "UPDATE activities_familyevent SET partner_attended_id = %s WHERE id = %s"
    assert "V06" in refused(rock, sql, rock_partner_profile.pk, ahead.pk)


def test_attendance_is_noted_and_can_be_taken_back(
    rock, rock_partner, rock_partner_profile, past, client_for
):
    browser = client_for(rock_partner)
    browser.post(_url("attendance", past), {"partner_attended": str(rock_partner_profile.pk)})
    assert rows(FamilyEvent, rock)[0].partner_attended_id == rock_partner_profile.pk
    browser.post(_url("attendance", past), {"partner_attended": ""})
    assert rows(FamilyEvent, rock)[0].partner_attended_id is None
    assert recorded(rock, "event.attended", past, by=rock_partner)


def test_a_partner_keeps_a_colleague_who_went_along(rock, rock_partner, referral, client_for):
    event = make_event(rock, referral, partner_attended=make_partner(rock, first_name="Ann"))
    form = client_for(rock_partner).get(_url("attendance", event)).context["form"]
    with site_scope(rock.id):
        assert {str(one) for one in form.fields["partner_attended"].queryset} == {"Ann Moua", "Mai Dogwood"}


def test_a_date_that_did_not_take_place_is_struck_not_erased(rock, rock_partner, ahead, client_for):
    browser = client_for(rock_partner)
    browser.post(_url("cancel_event", ahead))
    assert rows(FamilyEvent, rock)[0].is_cancelled
    assert "Cancelled" in browser.get(LIST).content.decode()
    assert recorded(rock, "event.cancelled", ahead)


def test_an_attended_date_cannot_be_cancelled_nor_a_cancelled_one_attended(
    rock, rock_partner, rock_partner_profile, referral, past
):
    attended = make_event(rock, referral, kind="team_meeting", partner_attended=rock_partner_profile)
    with site_scope(rock.id):
        with pytest.raises(ValidationError, match="it took place"):
            cancel_event(event=attended, by=rock_partner)
        cancel_event(event=past, by=rock_partner)
        with pytest.raises(ValidationError, match="cancelled"):
            record_attendance(event=past, partner_attended=rock_partner_profile, by=rock_partner)
        again = plan_event(referral=referral, kind="hearing", held_on=past.held_on, by=rock_partner)
    sql = "UPDATE activities_familyevent SET is_cancelled = true WHERE id = %s"
    assert "event_cancelled_not_attended" in refused(rock, sql, attended.pk) and again.pk


@pytest.mark.parametrize("field", ["referral", "partner_attended"])
def test_ids_of_another_site_are_refused_and_recorded(field, rock, door, rock_partner, referral, client_for):
    foreign = {
        "referral": make_accepted_referral(door, make_parent(door, first_name="Zelda")),
        "partner_attended": make_partner(door, first_name="Zelda"),
    }[field]
    sent = {"referral": str(referral.pk), "kind": "hearing", "held_on": "2025-06-20"} | {
        field: str(foreign.pk)
    }
    page = client_for(rock_partner).post(NEW, sent)
    assert page.status_code == 200 and "Zelda" not in page.content.decode()
    assert rows(FamilyEvent, rock) == []
    assert recorded(rock, "access.refused", about=foreign, by=rock_partner)


class TestTheCalendar:
    def test_shows_what_is_to_come_the_past_or_a_month(
        self, rock, rock_coordinator, referral, past, ahead, client_for
    ):
        other = make_event(rock, referral, kind="team_meeting", held_on=dt.date(2025, 7, 1))
        browser = client_for(rock_coordinator)
        wanted = {
            "": [ahead.pk],
            "when=past": [other.pk, past.pk],
            "when=all": [ahead.pk, other.pk, past.pk],
            "month=2025-06": [past.pk],
            "when=all&kind=team_meeting": [other.pk],
            "when=all&q=juniper": [ahead.pk, other.pk, past.pk],
            "when=all&q=nobody": [],
        }
        for query, events in wanted.items():
            assert _shown(browser.get(f"{LIST}?{query}")) == events, query

    @pytest.mark.parametrize("month", ["2025-13", "0000-01", "²025-01", "June"])
    def test_says_how_to_write_a_month(self, month, rock, rock_coordinator, past, client_for):
        page = client_for(rock_coordinator).get(LIST, {"month": month})
        assert page.status_code == 200 and "Write the month as YYYY-MM" in page.content.decode()

    def test_is_empty_with_a_way_on(self, rock, rock_coordinator, client_for):
        page = client_for(rock_coordinator).get(LIST).content.decode()
        assert "No hearing or meeting is coming up." in page and NEW in page

    @pytest.mark.parametrize("dates", [1, 30])
    def test_takes_a_constant_number_of_queries(self, dates, rock, rock_coordinator, client_for):
        for _ in range(dates):
            make_event(rock, make_match(rock).referral, held_on=AHEAD)
        asked = questions(client_for(rock_coordinator), LIST)
        assert own(asked) == LIST_QUERIES and len(asked) < 15

    def test_shows_a_partner_their_own_families_only(self, rock, rock_partner, ahead, client_for):
        make_event(rock, make_match(rock).referral, held_on=AHEAD)
        assert _shown(client_for(rock_partner).get(LIST)) == [ahead.pk]
