"""Small steps, conditions of return, celebrations, and what a parent brings to the case plan."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Goal, GoalStep
from counties.wall import site_scope
from matching.models import Match
from tests.activities.conftest import rows
from tests.factories.activities import make_goal, make_step
from tests.raw_sql import refused
from tests.trail import recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal(rock, referral) -> Goal:
    return make_goal(rock, referral.parent)


def _url(name: str, row: object) -> str:
    return reverse(f"activities:{name}", args=["rock", row.pk])


def test_a_condition_of_return_in_the_parents_words(rock, rock_partner, referral, client_for):
    url = reverse("activities:set_goal", args=["rock", referral.parent_id])
    sent = {"kind": "condition", "words": "A bed for each of them", "set_on": "2025-06-05"}
    client_for(rock_partner).post(url, sent)
    assert [goal.kind for goal in rows(Goal, rock)] == ["condition"]
    page = client_for(rock_partner).get(reverse("family", args=["rock", referral.family_id])).content.decode()
    assert "Condition of return, as" in page


def test_a_step_is_added_done_and_open_again(rock, rock_partner, referral, goal, client_for):
    browser = client_for(rock_partner)
    assert browser.post(_url("goal", goal), {"words": "Call the school"}).status_code == 302
    (step,) = rows(GoalStep, rock)
    for _ in range(2):
        browser.post(_url("mark_step", step), {"done": "1"})
    assert rows(GoalStep, rock)[0].done_on == timezone.localdate()
    assert (
        "1 of 1 step done"
        in browser.get(reverse("family", args=["rock", referral.family_id])).content.decode()
    )
    browser.post(_url("mark_step", step), {"done": "0"})
    assert rows(GoalStep, rock)[0].done_on is None
    assert all(recorded(rock, verb, step) for verb in ("step.added", "step.done", "step.reopened"))


@pytest.mark.parametrize(
    ("words", "said"), [("", "Enter an answer"), ("Hers is 123-45-6789", "Social Security number")]
)
def test_a_step_is_refused_beside_the_field(words, said, rock, rock_partner, goal, client_for):
    page = client_for(rock_partner).post(_url("goal", goal), {"words": words})
    assert said in " ".join(page.context["form"].errors["words"]) and rows(GoalStep, rock) == []


def test_a_struck_step_stays_and_no_longer_shows(rock, rock_partner, goal, client_for):
    step = make_step(rock, goal)
    browser = client_for(rock_partner)
    browser.post(_url("strike_step", step))
    assert rows(GoalStep, rock)[0].is_struck
    assert "Call the school" not in browser.get(_url("goal", goal)).content.decode()
    assert browser.post(_url("mark_step", step), {"done": "1"}).status_code == 404


def test_an_ended_goal_takes_no_step(rock, rock_partner, referral, client_for):
    ended = make_goal(rock, referral.parent, status="set_aside", ended_on=dt.date(2025, 7, 1))
    page = client_for(rock_partner).post(_url("goal", ended), {"words": "Call the school"})
    assert page.status_code == 200 and rows(GoalStep, rock) == []


def test_a_reached_goal_is_celebrated(rock, rock_partner, referral, client_for):
    reached = make_goal(rock, referral.parent, status="reached", ended_on=dt.date(2025, 7, 1))
    browser, url = client_for(rock_partner), _url("celebrate_goal", reached)
    early = browser.post(url, {"celebrated_on": "2025-06-30", "celebration": "Cake"})
    assert "07/01/2025" in str(early.context["form"].errors["celebrated_on"])
    browser.post(url, {"celebrated_on": "2025-07-02", "celebration": "Cake"})
    assert [(one.celebration, one.celebrated_on) for one in rows(Goal, rock)] == [
        ("Cake", dt.date(2025, 7, 2))
    ]
    assert recorded(rock, "goal.celebrated", reached)


def test_an_open_goal_is_not_celebrated(rock, rock_partner, goal, client_for):
    sent = {"celebrated_on": "2025-07-02", "celebration": "Cake"}
    page = client_for(rock_partner).post(_url("celebrate_goal", goal), sent)
    assert "was reached" in str(page.context["form"].errors) and rows(Goal, rock)[0].celebrated_on is None
    sql = "UPDATE activities_goal SET celebration = 'Cake' WHERE id = %s"
    assert "goal_celebration_has_a_day" in refused(rock, sql, goal.pk)


def test_the_input_to_the_case_plan_is_printed_and_never_the_plan(
    rock, rock_partner, referral, goal, client_for
):
    make_step(rock, goal, done_on=dt.date(2025, 7, 1))
    make_goal(rock, referral.parent, kind="condition", words="A bed for each of them")
    make_goal(rock, referral.parent, words="Given up", status="set_aside", ended_on=dt.date(2025, 7, 1))
    page = client_for(rock_partner).get(reverse("activities:plan_input", args=["rock", referral.family_id]))
    text = page.content.decode()
    assert all(words in text for words in (goal.words, "Call the school", "A bed for each of them"))
    assert "This is not the case plan" in text and "Given up" not in text
    assert recorded(rock, "family.viewed", referral.family_id, by=rock_partner)


def test_when_the_match_ends_nothing_of_it_is_seen(rock, rock_partner, referral, goal, client_for):
    step = make_step(rock, goal)
    with site_scope(rock.id):
        Match.objects.update(status="ended", ends_on=timezone.localdate())
    browser = client_for(rock_partner)
    assert browser.get(_url("goal", goal)).status_code == 404
    assert browser.post(_url("mark_step", step), {"done": "1"}).status_code == 404
    assert browser.get(reverse("activities:plan_input", args=["rock", referral.family_id])).status_code == 404
