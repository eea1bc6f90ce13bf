"""Goals in the parent's words: set, reached, set aside, and no way back."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, connection, transaction
from django.urls import reverse

from activities.actions import end_goal
from activities.models import MOVES, Goal
from counties.wall import site_scope
from tests.activities.conftest import rows
from tests.factories.activities import make_goal
from tests.trail import recorded

D = dt.date


@pytest.fixture
def goal(rock, referral) -> Goal:
    return make_goal(rock, referral.parent)


def _end(goal: Goal) -> str:
    return reverse("activities:end_goal", args=["rock", goal.pk])


def test_a_partner_writes_down_a_goal(rock, rock_partner, referral, client_for):
    url = reverse("activities:set_goal", args=["rock", referral.parent_id])
    client_for(rock_partner).post(
        url, {"kind": "goal", "words": "Read to them at night", "set_on": "2025-06-05"}
    )
    (goal,) = rows(Goal, rock)
    assert (goal.words, goal.status, goal.set_on) == ("Read to them at night", "open", D(2025, 6, 5))
    assert recorded(rock, "goal.set", goal, by=rock_partner)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"words": ""}, "words", "Enter an answer"),
        ({"words": "x" * 301}, "words", "300"),
        ({"words": "call 123-45-6789"}, "words", "Social Security number"),
        ({"set_on": "2099-01-01"}, "set_on", "future"),
    ],
)
def test_a_goal_is_refused_beside_the_field(changes, field, words, rock, rock_partner, referral, client_for):
    url = reverse("activities:set_goal", args=["rock", referral.parent_id])
    sent = {"kind": "goal", "words": "Read to them", "set_on": "2025-06-05"} | changes
    form = client_for(rock_partner).post(url, sent).context["form"]
    assert words in " ".join(form.errors[field]) and form["words"].value() == sent["words"]
    assert rows(Goal, rock) == []


@pytest.mark.parametrize("status", ["reached", "set_aside"])
def test_a_goal_is_reached_or_set_aside_once(status, rock, rock_partner, goal, client_for):
    browser = client_for(rock_partner)
    assert browser.post(_end(goal), {"status": status, "ended_on": "2025-07-01"}).status_code == 302
    (now,) = rows(Goal, rock)
    assert (now.status, now.ended_on) == (status, D(2025, 7, 1))
    assert recorded(rock, f"goal.{status}", goal, by=rock_partner)
    again = browser.post(_end(goal), {"status": "reached", "ended_on": "2025-07-02"})
    assert "Only an open goal" in again.content.decode()


@pytest.mark.parametrize("day", ["2025-06-04", "2099-01-01"])
def test_it_ends_between_its_setting_and_today(day, rock, rock_partner, goal, client_for):
    form = client_for(rock_partner).post(_end(goal), {"status": "reached", "ended_on": day}).context["form"]
    assert "06/05/2025 to today" in " ".join(form.errors["ended_on"])


def test_the_action_knows_no_way_back(rock, rock_partner, goal):
    with site_scope(rock.id), pytest.raises(ValidationError, match="open goal"):
        end_goal(goal=goal, status="open", ended_on=D(2025, 7, 1), by=rock_partner)


@pytest.mark.parametrize(("before", "after"), list(itertools.permutations(Goal.Status.values, 2)))
def test_the_database_knows_the_same_moves(before, after, rock, referral):
    dates = {} if before == "open" else {"ended_on": D(2025, 7, 1)}
    goal = make_goal(rock, referral.parent, status=before, **dates)

    def move() -> None:
        ended = None if after == "open" else D(2025, 7, 2)
        sql = "UPDATE activities_goal SET status = %s, ended_on = %s WHERE id = %s"
        with site_scope(rock.id), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [after, ended, goal.pk])

    if (before, after) in MOVES:
        move()
        assert rows(Goal, rock)[0].status == after
    else:
        with pytest.raises(Error):
            move()
