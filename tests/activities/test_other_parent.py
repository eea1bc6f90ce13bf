"""A parent partner sees the whole family, and writes only about the parent they are matched with."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import FamilyEvent, Goal
from tests.activities.conftest import rows
from tests.factories.activities import make_event, make_goal
from tests.factories.families import make_parent
from tests.factories.referrals import make_accepted_referral
from tests.trail import recorded

GOAL = {"words": "Read to them", "set_on": "2025-06-05"}
FORMS = {
    "set_goal": GOAL, "end_goal": {"status": "reached", "ended_on": "2025-07-01"},
    "attendance": {"partner_attended": ""}, "cancel_event": {},
}  # fmt: skip


@pytest.fixture
def others(rock, referral):
    """The other parent of the partner's family, with a goal and a hearing still to come."""
    parent = make_parent(rock, referral.family, first_name="Odell")
    hearing = make_event(
        rock,
        make_accepted_referral(rock, parent=parent),
        held_on=timezone.localdate() + dt.timedelta(days=9),
    )
    return {
        "set_goal": parent, "end_goal": make_goal(rock, parent), "attendance": hearing, "cancel_event": hearing,
    }  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_the_other_parent_is_somebody_elses_work(name, rock, rock_partner, others, client_for):
    browser, url = client_for(rock_partner), reverse(f"activities:{name}", args=["rock", others[name].pk])
    assert browser.get(url).status_code == browser.post(url, FORMS[name]).status_code == 404
    assert recorded(rock, "access.refused", others[name], by=rock_partner)
    (goal,), (hearing,) = rows(Goal, rock), rows(FamilyEvent, rock)
    assert goal.status == "open" and not hearing.is_cancelled


@pytest.mark.parametrize("name", FORMS)
def test_a_coordinator_may_write_about_both(name, rock, rock_coordinator, others, client_for):
    url = reverse(f"activities:{name}", args=["rock", others[name].pk])
    assert client_for(rock_coordinator).get(url).status_code == 200


def test_only_what_leads_somewhere_is_offered(rock, rock_partner, referral, others, client_for):
    browser = client_for(rock_partner)
    family = browser.get(reverse("family", args=["rock", referral.family_id])).content.decode()
    calendar = browser.get(reverse("activities:events", args=["rock"])).content.decode()
    assert "Odell" in family and "Odell" in calendar
    assert reverse("activities:set_goal", args=["rock", referral.parent_id]) in family
    for name in FORMS:
        assert reverse(f"activities:{name}", args=["rock", others[name].pk]) not in family + calendar
