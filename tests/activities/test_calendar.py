"""Dates of several families, prepared and talked over; one as a file, all under a secret address."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from activities.ics import folded, text
from activities.models import CalendarFeed, FamilyEvent
from audit.models import AuditEvent
from counties.models import RoleAssignment
from counties.wall import site_scope
from families.models import FamilyTie
from matching.models import Match
from tests.activities.conftest import rows
from tests.factories.activities import make_event
from tests.factories.families import make_parent
from tests.factories.matching import make_match
from tests.factories.referrals import make_accepted_referral
from tests.raw_sql import refused
from tests.trail import recorded

AHEAD = timezone.localdate() + dt.timedelta(days=10)
NEW = reverse("activities:plan_event", args=["rock"])
FEED = reverse("activities:feed", args=["rock"])
pytestmark = pytest.mark.django_db


@pytest.fixture
def other(rock, rock_partner_profile):
    referral = make_accepted_referral(rock, make_parent(rock, first_name="Zelda"))
    make_match(rock, referral, rock_partner_profile)
    return referral


@pytest.fixture
def ahead(rock, referral) -> FamilyEvent:
    return make_event(rock, referral, held_on=AHEAD, starts_at=dt.time(9, 30), place="Room of Judge Zorn")


def _address(browser) -> str:
    """The path of a new calendar address."""
    return "/" + browser.post(FEED).context["address"].split("/", 3)[3]


def _text(answer) -> str:
    return answer.content.decode()


class TestDates:
    def test_one_date_for_several_families(
        self, rock, rock_partner, rock_partner_profile, referral, other, client_for
    ):
        sent = {
            "referral": str(referral.pk),
            "kind": "team_meeting",
            "held_on": f"{AHEAD}",
            "starts_at": "09:30",
        }
        sent |= {"also": [str(other.pk), str(referral.pk)], "partner_expected": str(rock_partner_profile.pk)}
        assert client_for(rock_partner).post(NEW, sent).status_code == 302
        events = rows(FamilyEvent, rock)
        assert {event.referral_id for event in events} == {referral.pk, other.pk} and len(events) == 2
        assert len({event.shared_id for event in events}) == 1 and events[0].starts_at == dt.time(9, 30)

    def test_a_parent_of_others_is_refused(self, rock, door, rock_partner, referral, client_for):
        foreign = make_accepted_referral(door, make_parent(door))
        sent = {
            "referral": str(referral.pk),
            "kind": "hearing",
            "held_on": f"{AHEAD}",
            "also": [str(foreign.pk)],
        }
        page = client_for(rock_partner).post(NEW, sent)
        assert page.context["form"].errors["also"] and rows(FamilyEvent, rock) == []
        assert recorded(rock, "access.refused", foreign)

    def test_prepared_and_talked_over(self, rock, rock_partner, referral, client_for):
        past = make_event(rock, referral)
        sent = {"starts_at": "13:15", "place": "Court", "is_prepared": "on", "is_debriefed": "on"}
        client_for(rock_partner).post(reverse("activities:edit_event", args=["rock", past.pk]), sent)
        (event,) = rows(FamilyEvent, rock)
        assert (event.is_prepared, event.is_debriefed, event.place) == (True, True, "Court")
        assert recorded(rock, "event.edited", event, by=rock_partner)

    def test_nobody_talks_over_a_date_to_come(self, rock, rock_partner, ahead, client_for):
        edit = reverse("activities:edit_event", args=["rock", ahead.pk])
        client_for(rock_partner).post(edit, {"is_debriefed": "on"})
        assert not rows(FamilyEvent, rock)[0].is_debriefed
        sql = "UPDATE activities_familyevent SET is_debriefed = true WHERE id = %s"
        assert "V06" in refused(rock, sql, ahead.pk)


class TestFile:
    def test_a_date_as_a_file_names_nobody(self, rock, rock_partner, referral, ahead, client_for):
        answer = client_for(rock_partner).get(reverse("activities:event_ics", args=["rock", ahead.pk]))
        text = _text(answer)
        assert answer["Content-Type"].startswith("text/calendar") and text.endswith("END:VCALENDAR\r\n")
        start = timezone.make_aware(dt.datetime.combine(AHEAD, dt.time(9, 30))).astimezone(dt.UTC)
        with site_scope(rock.id):
            family, parent = referral.family, referral.parent
        assert f"DTSTART:{start:%Y%m%dT%H%M%SZ}" in text and f"SUMMARY:Hearing\\, {family.reference}" in text
        assert parent.first_name not in text and "Zorn" not in text
        assert recorded(rock, "event.exported", ahead, by=rock_partner)

    def test_no_words_end_their_line(self) -> None:
        assert text("PSP\r\nATTENDEE:x\rURL:y\x0bz") == "PSP\\nATTENDEE:x\\nURL:y\\nz"

    def test_long_lines_are_folded_between_characters(self) -> None:
        lines = folded("é" * 100)
        assert all(len(line.encode()) <= 75 for line in lines.split("\r\n"))
        assert lines.replace("\r\n ", "") == "é" * 100


class TestFeed:
    def test_it_shows_current_families_by_reference(
        self, rock, rock_partner, referral, ahead, client, client_for
    ):
        make_event(rock, make_accepted_referral(rock, make_parent(rock)), held_on=AHEAD)
        answer = client.get(_address(client_for(rock_partner)))
        text = _text(answer)
        assert answer.status_code == 200 and text.count("BEGIN:VEVENT") == 1 and "Zorn" not in text
        with site_scope(rock.id):
            assert referral.parent.first_name not in text and referral.family.reference in text
        assert recorded(rock, "event.listed", referral.family, by=rock_partner)

    def test_a_day_of_readings_is_one_line_in_the_trail_until_more_is_shown(
        self, rock, rock_partner, rock_partner_profile, referral, ahead, client, client_for
    ):
        address = _address(client_for(rock_partner))
        for _ in range(3):
            client.get(address)
        assert _readings(rock) == 1
        client.get(address, REMOTE_ADDR="203.0.113.9")
        assert _readings(rock) == 2
        second = make_accepted_referral(rock, make_parent(rock))
        make_match(rock, second, rock_partner_profile)
        make_event(rock, second, held_on=AHEAD)
        client.get(address)
        client.get(address)
        assert _readings(rock) == 3

    def test_the_next_day_is_recorded_anew(self, rock, rock_partner, ahead, client, client_for):
        address = _address(client_for(rock_partner))
        client.get(address)
        with time_machine.travel(timezone.now() + dt.timedelta(days=1)):
            client.get(address)
        assert _readings(rock) == 2

    def test_every_refusal_is_recorded(self, rock, client):
        for _ in range(2):
            client.get("/calendar/rock/guess.ics")
        with site_scope(rock.id):
            assert AuditEvent.objects.filter(verb="access.refused").count() == 2

    def test_whoever_goes_on_guessing_does_not_fill_the_trail_and_stops_nobody(
        self, rock, rock_partner, ahead, client, client_for, monkeypatch
    ):
        monkeypatch.setattr("activities.views_calendar.REFUSED_AN_HOUR", 3)
        address = _address(client_for(rock_partner))
        answers = [client.get(f"/calendar/rock/guess{n}.ics").status_code for n in range(5)]
        assert answers == [404, 404, 404, 429, 429]
        with site_scope(rock.id):
            assert AuditEvent.objects.filter(verb="access.refused").count() == 3
        assert "VEVENT" in _text(client.get(address))

    def test_when_the_match_ends_its_dates_are_gone(self, rock, rock_partner, ahead, client, client_for):
        address = _address(client_for(rock_partner))
        with site_scope(rock.id):
            Match.objects.update(status="ended", ends_on=timezone.localdate())
        assert "VEVENT" not in _text(client.get(address))

    def test_when_the_role_or_the_account_ends_there_is_nothing(
        self, rock, rock_partner, ahead, client, client_for
    ):
        address = _address(client_for(rock_partner))
        RoleAssignment.objects.filter(person=rock_partner).update(ends_on=timezone.localdate())
        assert client.get(address).status_code == 404
        assert recorded(rock, "access.refused")

    def test_a_tie_hides_the_family(self, rock, rock_coordinator, referral, ahead, client, client_for):
        address = _address(client_for(rock_coordinator))
        assert "VEVENT" in _text(client.get(address))
        with site_scope(rock.id):
            FamilyTie.objects.create(
                site=rock,
                family=referral.family,
                person=rock_coordinator,
                kind="related",
                declared_by=rock_coordinator,
            )
        assert "VEVENT" not in _text(client.get(address))

    def test_only_a_hash_is_kept(self, rock, rock_partner, client_for):
        secret = _address(client_for(rock_partner)).rsplit("/", 1)[1].removesuffix(".ics")
        (feed,) = rows(CalendarFeed, rock)
        assert len(feed.token_hash) == 64 and secret not in feed.token_hash
        assert secret not in _text(client_for(rock_partner).get(FEED))

    def test_a_new_address_stops_the_old_one_and_it_can_be_stopped(
        self, rock, rock_partner, ahead, client, client_for
    ):
        browser = client_for(rock_partner)
        first, second = _address(browser), _address(browser)
        assert [client.get(address).status_code for address in (first, second)] == [404, 200]
        browser.post(reverse("activities:revoke_feed", args=["rock"]))
        assert client.get(second).status_code == 404

    def test_it_works_at_its_own_site_only(self, rock, door, rock_partner, client, client_for):
        address = _address(client_for(rock_partner))
        assert client.get(address.replace("/rock/", "/door/")).status_code == 404
        assert client.get(address.replace("/rock/", "/nowhere/")).status_code == 404
        assert client.get("/calendar/rock/guess.ics").status_code == 404


def _readings(site) -> int:
    with site_scope(site.id):
        return AuditEvent.objects.filter(verb="event.listed", facts__door="feed").count()
