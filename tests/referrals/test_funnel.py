"""The funnel: each step holds those of the later ones, the losses add up, and the number of queries stays."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from counties.wall import site_scope
from referrals.funnel import bars, groups, losses
from referrals.models import Referral
from tests.factories.families import make_parent
from tests.factories.matching import make_match
from tests.factories.referrals import make_accepted_referral, make_enrollment, make_referral
from tests.queries import own, questions

pytestmark = pytest.mark.django_db
FUNNEL = reverse("referrals:funnel", args=["rock"])
PERIOD = "?since=2025-05-01&until=2025-05-31"


@pytest.fixture
def ten(rock, door) -> None:
    """One of each, and two that do not belong."""
    day = {"decided_on": dt.date(2025, 5, 9)}
    make_referral(rock, make_parent(rock, language="es"), source="self")
    make_referral(rock, reached_on=dt.date(2025, 5, 2))
    make_referral(rock, outcome="not_reached", **day)
    make_referral(rock, outcome="parent_declined", **day)
    make_referral(rock, outcome="withdrawn", withdrawn_on=dt.date(2025, 5, 9), **day)
    make_accepted_referral(rock)
    make_accepted_referral(rock, withdrawn_on=dt.date(2025, 5, 20))
    make_match(rock, status="active", starts_on=dt.date(2025, 5, 12))
    make_enrollment(rock, make_match(rock, status="active", starts_on=dt.date(2025, 5, 12)).referral)
    make_enrollment(rock)
    make_referral(rock, referred_on=dt.date(2025, 4, 30))
    make_referral(door)


def test_steps_losses_and_groups(rock, ten):
    with site_scope(rock.id):
        of_may = Referral.objects.filter(referred_on__month=5)
        steps = {bar.label: bar.count for bar in bars(of_may)}
        lost = dict(losses(of_may))
        by_group = dict(groups(of_may))
    assert steps == {"Referred": 10, "Reached": 7, "Accepted": 5, "Matched": 3, "Enrolled": 2}
    assert lost == {
        "Not decided yet": 2, "Not reached": 1, "Parent declined": 1, "Withdrawn before the decision": 1,
        "Withdrawn after it was accepted": 1, "Accepted, waits for a match": 1, "Matched, not enrolled yet": 1,
    }  # fmt: skip
    assert steps["Referred"] - steps["Enrolled"] == sum(lost.values())
    for lines in by_group.values():
        assert [sum(step) for step in zip(*(line.counts for line in lines), strict=True)] == list(
            steps.values()
        )
        assert sum(line.lost for line in lines) == 4
    assert {line.label: line.counts[0] for line in by_group["Source"]} == {
        "CPS social worker": 9,
        "The parent": 1,
    }


@pytest.mark.parametrize(
    ("chosen", "reasons"),
    [
        ("source=self", {"Not decided yet": 1}),
        ("language=es&gender=", {"Not decided yet": 1}),
        ("source=self&language=en", {}),
        ("race=-&source=cps_social_worker", {"Not reached": 1, "Parent declined": 1}),
    ],
)
def test_the_reasons_of_one_group(chosen, reasons, rock, rock_coordinator, client_for, ten):
    page = client_for(rock_coordinator).get(f"{FUNNEL}{PERIOD}&{chosen}")
    found = dict(page.context["losses"])
    assert found.items() >= reasons.items() and (reasons or not found)


def test_a_group_that_is_none_is_said(rock, rock_coordinator, client_for, ten):
    page = client_for(rock_coordinator).get(f"{FUNNEL}{PERIOD}&source=nobody")
    assert "source" in page.context["form"].errors


@pytest.mark.parametrize("more", [0, 8])
def test_a_constant_number_of_queries(more, rock, rock_coordinator, client_for, ten):
    for _ in range(more):
        make_referral(rock)
    assert own(questions(client_for(rock_coordinator), FUNNEL + PERIOD)) == 7


def test_a_period_that_is_none_is_said(rock, rock_coordinator, client_for):
    page = client_for(rock_coordinator).get(FUNNEL + "?since=2025-05-02&until=2025-05-01").content.decode()
    assert "Choose 05/02/2025 or a later date." in page


def test_only_inside_the_site_and_for_coordinators(rock, rock_partner, state_staff, client_for):
    assert client_for(rock_partner).get(FUNNEL).status_code == 403
    assert client_for(state_staff).get(FUNNEL).status_code == 404
