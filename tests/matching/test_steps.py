"""Staged acceptance; pausing a match, who stands in, and taking it back."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from counties.access import access_to_site
from counties.wall import site_scope
from matching.actions import accept_match, decline_match, end_match
from matching.models import Match
from matching.refusals import MatchMoveRefused, PartnerAtCapacity, PartnerExcluded
from matching.steps import advance_match, pause_match, resume_match, settle_pause
from matching.waiting import waiting_for_partner
from tests.factories.activities import make_level
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.raw_sql import refused
from tests.trail import recorded

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = dt.date(2025, 7, 1)
BACK = dt.date(2025, 9, 1)
STEPS = ["offered_partner", "offered_parent", "accepted"]


def _at(site, status):
    return make_match(site, status=status)


def _pause(site, by, match, cover=None, **more):
    with site_scope(site.id):
        return pause_match(match=match, paused_on=DAY, cover=cover, by=by, **more)


def test_one_answer_after_the_other_leads_to_a_match(rock, rock_coordinator):
    match = _at(rock, "proposed")
    with site_scope(rock.id):
        for step in STEPS:
            assert advance_match(match=match, to=step, by=rock_coordinator).status == step
        assert accept_match(match=match, starts_on=DAY, by=rock_coordinator).status == "active"
    assert recorded(rock, "match.advanced", match)


@pytest.mark.parametrize(
    ("status", "to"),
    [
        ("proposed", "accepted"),
        ("accepted", "offered_parent"),
        ("active", "accepted"),
        ("accepted", "active"),  # a verb of its own
        ("proposed", "declined"),
    ],
)
def test_no_step_is_left_out_or_gone_back(status, to, rock, rock_coordinator):
    match = _at(rock, status)
    with site_scope(rock.id), pytest.raises(MatchMoveRefused):
        advance_match(match=match, to=to, by=rock_coordinator)


@pytest.mark.parametrize("status", STEPS)
def test_either_may_decline_at_every_step_without_a_reason(status, rock, rock_coordinator):
    match = _at(rock, status)
    with site_scope(rock.id):
        declined = decline_match(match=match, declined_by="partner", by=rock_coordinator)
        assert (declined.status, declined.decline_reason) == ("declined", "")


@pytest.mark.parametrize("status", STEPS)
def test_an_open_offer_keeps_the_parent_off_the_waiting_list_and_shows_a_partner_nothing(
    status, rock, rock_coordinator, rock_partner, rock_partner_profile
):
    make_match(rock, partner=rock_partner_profile, status=status)
    with site_scope(rock.id):
        assert not waiting_for_partner(access_to_site(rock_coordinator, rock)).exists()
        assert not Match.objects.visible_to(access_to_site(rock_partner, rock)).exists()


def test_a_return_is_expected_moves_nobody_and_reminds(rock, rock_coordinator, rock_partner, client_for):
    mine, cover = (
        make_partner(rock, first_name="Away"),
        make_partner(rock, first_name="Cora", person=rock_partner),
    )
    match, browser = make_match(rock, partner=mine), client_for(rock_coordinator)
    pause, expect = (
        reverse(f"matching:{verb}", args=["rock", match.pk]) for verb in ("pause", "expect_back")
    )
    answers = {"paused_on": f"{DAY}", "cover": cover.pk, "back_on": f"{DAY}"}
    assert "Choose a day after 07/01/2025" in browser.post(pause, answers).content.decode()
    browser.post(pause, answers | {"back_on": f"{BACK}"})
    today = browser.get(reverse("today", args=["rock"])).content.decode()
    assert "was expected back 09/01/2025, Cora Moua stands in" in today
    standing_in = reverse("matching:detail", args=["rock", _running(rock, cover)])
    assert "until about 09/01/2025" in client_for(rock_partner).get(standing_in).content.decode()
    soon = timezone.localdate() + dt.timedelta(days=5)
    assert browser.post(expect, {"back_on": f"{soon}"}).status_code == 302
    assert f"expected back {soon:%m/%d/%Y}" in browser.get(reverse("today", args=["rock"])).content.decode()
    assert "Choose a day after" in browser.post(expect, {"back_on": "2025-06-01"}).content.decode()
    with site_scope(rock.id):
        match.refresh_from_db()
        assert (match.status, match.ends_on, match.back_on) == ("paused", DAY, soon)
    assert recorded(rock, "match.expected", match)


def _running(site, partner):
    with site_scope(site.id):
        return Match.objects.get(partner=partner, status="active").pk


def test_v10_and_v11_hold_in_the_database_from_every_step(rock):
    match = make_match(rock, partner=make_partner(rock, core_training_completed_on=None), status="accepted")
    assert "V10" in refused(
        rock, "UPDATE matching_match SET status = 'active', starts_on = '2025-06-01' WHERE id = %s", match.pk
    )


def test_the_soft_cap_is_held_by_weighted_load_in_the_action_and_in_the_database(rock, rock_coordinator):
    """Half time has six places; six families at level 3 weigh 3, so a seventh needs no reason."""
    partner = make_partner(rock, fte=Decimal("0.50"))
    for _ in range(6):
        referral = make_accepted_referral(rock)
        make_match(rock, referral, partner)
        make_level(rock, make_enrollment(rock, referral), 3, dt.date(2025, 6, 2))
    match = make_match(rock, partner=partner, status="accepted")
    with site_scope(rock.id):
        assert accept_match(match=match, starts_on=DAY, by=rock_coordinator).status == "active"
    eighth = make_match(rock, partner=partner, status="accepted")
    with site_scope(rock.id), pytest.raises(PartnerExcluded):
        accept_match(match=eighth, starts_on=DAY, by=rock_coordinator, cap_override="Please")


def test_a_family_is_handed_over_and_taken_back_in_three_rows_without_rewriting_a_date(
    rock, rock_coordinator, rock_partner, rock_partner_profile
):
    match, other = make_match(rock, partner=rock_partner_profile), make_partner(rock)
    began = match.starts_on
    paused = _pause(rock, rock_coordinator, match, other)
    assert (paused.status, paused.starts_on, paused.ends_on, paused.end_reason) == (
        "paused",
        began,
        DAY,
        "handed_over",
    )
    with site_scope(rock.id):
        assert not Match.objects.visible_to(access_to_site(rock_partner, rock)).exists()
        assert not waiting_for_partner(access_to_site(rock_coordinator, rock)).exists()
        new = resume_match(match=paused, starts_on=BACK, by=rock_coordinator)
        rows = Match.objects.order_by("starts_on").values_list(
            "partner_id", "status", "starts_on", "ends_on", "end_reason", "is_cover"
        )
        assert list(rows) == [
            (rock_partner_profile.pk, "ended", began, DAY, "handed_over", False),
            (other.pk, "ended", DAY, BACK, "cover_over", True),
            (rock_partner_profile.pk, "active", BACK, None, "", False),
        ]
        assert list(Match.objects.visible_to(access_to_site(rock_partner, rock))) == [new]
    assert recorded(rock, "match.paused", match) and recorded(rock, "match.ended", match)


def test_the_rules_of_a_match_hold_for_who_stands_in_and_for_the_return(rock, rock_coordinator):
    partner = make_partner(rock)
    match = make_match(rock, partner=partner)
    with pytest.raises(PartnerExcluded):
        _pause(rock, rock_coordinator, match, make_partner(rock, is_on_leave=True))
    full = make_partner(rock, fte=Decimal("0.10"))
    make_match(rock, partner=full)
    with pytest.raises((PartnerAtCapacity, PartnerExcluded)):
        _pause(rock, rock_coordinator, match, full)
    with site_scope(rock.id):
        assert Match.objects.get(pk=match.pk).status == "active"
    paused = _pause(rock, rock_coordinator, match)
    with site_scope(rock.id):
        type(partner).objects.filter(pk=partner.pk).update(is_on_leave=True)
        with pytest.raises(PartnerExcluded, match="On leave"):
            resume_match(match=paused, starts_on=BACK, by=rock_coordinator)
        with pytest.raises(ValidationError, match="07/01/2025"):
            resume_match(match=paused, starts_on=DAY - dt.timedelta(days=1), by=rock_coordinator)


def test_a_pause_is_not_ended_with_another_date_but_may_be_settled(rock, rock_coordinator):
    paused = _pause(rock, rock_coordinator, make_match(rock))
    with site_scope(rock.id):
        with pytest.raises(MatchMoveRefused, match="paused"):
            end_match(match=paused, ends_on=BACK, end_reason="other", by=rock_coordinator)
        settled = settle_pause(match=paused, by=rock_coordinator)
        assert (settled.status, settled.ends_on) == ("ended", DAY)
        assert waiting_for_partner(access_to_site(rock_coordinator, rock)).exists()
        with pytest.raises(MatchMoveRefused):
            settle_pause(match=paused, by=rock_coordinator)


def test_the_way_on_screen(rock, rock_coordinator, client_for):
    match, other = make_match(rock, status="proposed"), make_partner(rock, first_name="Uma")
    browser, args = client_for(rock_coordinator), ["rock", match.pk]
    detail = reverse("matching:detail", args=args)
    for step in STEPS:
        assert f'value="{step}"' in browser.get(detail).content.decode()
        assert browser.post(reverse("matching:advance", args=args), {"to": step}).url == detail
    twice = browser.post(reverse("matching:advance", args=args), {"to": "accepted"}, follow=True)
    assert "Somebody has been quicker" in twice.content.decode()
    browser.post(reverse("matching:accept", args=args), {"starts_on": "2025-06-01"})
    pause = reverse("matching:pause", args=args)
    assert "reason is asked for" in browser.get(pause).content.decode()
    wrong = browser.post(pause, {"paused_on": "2025-05-01", "cover": ""})
    assert "paused_on" in wrong.context["form"].errors
    assert browser.post(pause, {"paused_on": "2025-07-01", "cover": other.pk}).url == detail
    page = browser.get(detail).content.decode()
    assert "Take the match back" in page and "Uma" in page
    again = browser.post(reverse("matching:resume", args=args), {"starts_on": "2025-08-01"}).url
    assert again != detail and "Matched since 08/01/2025" in browser.get(again).content.decode()
    assert "Handed over for a while" in browser.get(detail).content.decode()


def test_a_plain_parent_partner_takes_none_of_these_steps(
    rock, rock_partner, rock_partner_profile, client_for
):
    match = make_match(rock, partner=rock_partner_profile)
    for name in ("advance", "pause", "resume", "settle"):
        assert (
            client_for(rock_partner).post(reverse(f"matching:{name}", args=["rock", match.pk])).status_code
            == 403
        )
