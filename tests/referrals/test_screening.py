"""Screening, the days of each step, and one parent's part ending alone."""

from __future__ import annotations

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.urls import reverse

from counties.action_forms import Unconfirmed
from counties.wall import site_scope
from referrals.actions import AlreadyDecided, CannotClose, decide_referral, end_participation, screen_referral
from referrals.models import Participation, Referral
from tests.factories.activities import make_contact
from tests.factories.families import make_consent, make_parent
from tests.factories.matching import make_match
from tests.factories.referrals import make_accepted_referral, make_enrollment, make_referral
from tests.raw_sql import refused
from tests.trail import recorded

pytestmark = pytest.mark.django_db
D = dt.date


def _url(name: str, row) -> str:
    return reverse(f"referrals:{name}", args=["rock", row.pk])


def _text(page) -> str:
    return " ".join(BeautifulSoup(page.content, "html.parser").get_text(" ").split())


class TestScreening:
    def test_is_kept_and_shown_with_what_it_waits_for(self, rock, rock_coordinator, client_for):
        referral, browser = make_referral(rock), client_for(rock_coordinator)
        answers = {
            "reached_on": "2025-05-03", "waiting_for": "parent_reply", "parent_wants_it": "yes",
            "court_tracks": ["healthy_infant_court"],
        }  # fmt: skip
        assert browser.post(_url("screen", referral), answers).status_code == 302
        text = _text(browser.get(_url("detail", referral)))
        assert "First reached 05/03/2025" in text and "Healthy Infant Court" in text
        assert "waits for: The parent's answer" in text
        assert recorded(rock, "referral.screened", referral, by=rock_coordinator)

    def test_accepting_against_a_no_is_asked_about(self, rock, rock_coordinator):
        referral = make_referral(rock)
        told = {"outcome": "accepted", "decided_on": D(2025, 5, 9), "is_in_our_counties": "no"}
        with site_scope(rock.id):
            with pytest.raises(Unconfirmed, match="answered with no") as asked:
                decide_referral(referral=referral, by=rock_coordinator, **told)
            keys = [doubt.key for doubt in asked.value.doubts]
            decide_referral(referral=referral, by=rock_coordinator, confirmed=keys, **told)
            assert Referral.objects.get().is_in_our_counties == "no"

    def test_declining_asks_nothing(self, rock, rock_coordinator):
        with site_scope(rock.id):
            decided = decide_referral(
                referral=make_referral(rock, parent_wants_it="no"), outcome="parent_declined",
                decided_on=D(2025, 5, 9), by=rock_coordinator,
            )  # fmt: skip
        assert decided.outcome == "parent_declined"

    def test_nobody_is_reached_before_the_referral_or_tomorrow(self, rock, rock_coordinator, today):
        referral = make_referral(rock)
        for day in (D(2025, 4, 30), today + dt.timedelta(days=1)):
            with site_scope(rock.id), pytest.raises(ValidationError):
                screen_referral(referral=referral, reached_on=day, by=rock_coordinator)
        sql = "UPDATE referrals_referral SET reached_on = %s WHERE id = %s"
        assert "referral_reached_after_referred" in refused(rock, sql, D(2025, 4, 30), referral.pk)
        assert "V06" in refused(rock, sql, today + dt.timedelta(days=2), referral.pk)

    def test_a_referral_that_is_over_is_not_screened(self, rock, rock_coordinator):
        over = make_referral(rock, outcome="not_reached", decided_on=D(2025, 5, 9))
        with site_scope(rock.id), pytest.raises(AlreadyDecided):
            screen_referral(referral=over, waiting_for="parent_reply", by=rock_coordinator)


def test_days_in_each_step(rock, rock_coordinator, client_for):
    referral = make_match(rock, starts_on=D(2025, 5, 18), status="active").referral
    make_enrollment(rock, referral, enrolled_on=D(2025, 6, 1))
    text = _text(client_for(rock_coordinator).get(_url("detail", referral)))
    decided = (referral.decided_on - referral.referred_on).days
    matched = (D(2025, 5, 18) - referral.decided_on).days
    assert f"{decided} days" in text.split("Referred to decided")[1][:60]
    assert f"{matched} day" in text.split("Decided to matched")[1][:60]
    assert "14 days" in text.split("Matched to enrolled")[1][:60]


class TestEndingOneParticipation:
    @pytest.fixture
    def parts(self, rock) -> list[Participation]:
        """Two parents in one enrollment."""
        first = make_enrollment(rock)
        other = make_accepted_referral(rock, make_parent(rock, first.family))
        agreement = make_consent(rock, other.parent, starts_on=D(2025, 6, 2))
        with site_scope(rock.id):
            Participation.objects.create(
                site=rock, enrollment=first, referral=other, parent=other.parent, starts_on=D(2025, 6, 2),
                agreement=agreement,
            )  # fmt: skip
            return list(first.participations.order_by("starts_on").select_related("referral", "parent"))

    def test_leaves_the_enrollment_open(self, rock, rock_coordinator, client_for, parts):
        browser = client_for(rock_coordinator)
        page = browser.get(reverse("family", args=["rock", parts[0].referral.family_id])).content.decode()
        assert _url("end_participation", parts[1]) in page
        browser.post(_url("end_participation", parts[1]), {"ends_on": "2025-07-01"})
        with site_scope(rock.id):
            ended = Participation.objects.select_related("enrollment").get(pk=parts[1].pk)
            assert (ended.ends_on, ended.enrollment.closed_on) == (D(2025, 7, 1), None)
        assert recorded(rock, "participation.ended", ended, by=rock_coordinator)

    def test_the_last_one_closes_the_enrollment_instead(self, rock, rock_coordinator, parts):
        with site_scope(rock.id):
            end_participation(participation=parts[1], ends_on=D(2025, 7, 1), by=rock_coordinator)
            for part, words in ((parts[0], "only parent"), (parts[1], "any more")):
                with pytest.raises(CannotClose, match=words):
                    end_participation(participation=part, ends_on=D(2025, 7, 2), by=rock_coordinator)

    def test_a_match_or_a_later_contact_stands_against_it(self, rock, rock_coordinator, parts):
        make_match(rock, parts[1].referral, status="proposed")
        make_contact(rock, parts[0].enrollment, held_on=D(2025, 7, 5))
        with site_scope(rock.id):
            with pytest.raises(CannotClose, match="has a match"):
                end_participation(participation=parts[1], ends_on=D(2025, 7, 1), by=rock_coordinator)
            with pytest.raises(CannotClose, match="A contact is recorded on"):
                end_participation(participation=parts[0], ends_on=D(2025, 7, 1), by=rock_coordinator)
