"""Changing the level: coordinators, with a date and a reason (`domain.md` 5.5)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from activities.actions import change_level
from activities.models import LevelChange
from counties.wall import site_scope
from tests.activities.conftest import rows
from tests.factories.activities import make_level
from tests.factories.referrals import make_enrollment
from tests.raw_sql import refused
from tests.trail import recorded

D = dt.date
TOMORROW = timezone.localdate() + dt.timedelta(days=1)
INSERT = (
    "INSERT INTO activities_levelchange (id, site_id, enrollment_id, level, changed_on, reason)"
    " VALUES (gen_random_uuid(), %s, %s, %s, %s, %s)"
)


def _url(enrollment) -> str:
    return reverse("activities:change_level", args=["rock", enrollment.pk])


def test_a_coordinator_changes_the_level(rock, rock_coordinator, enrollment, client_for):
    browser = client_for(rock_coordinator)
    assert "on level 1 Intensive today" in browser.get(_url(enrollment)).content.decode()
    sent = {"level": "2", "changed_on": "2025-08-01", "reason": "case consultation"}
    answer = browser.post(_url(enrollment), sent, follow=True)
    assert "on level 2 Moderate from 08/01/2025" in answer.content.decode()
    (change,) = rows(LevelChange, rock)
    assert (change.level, change.changed_on, change.changed_by_id) == (2, D(2025, 8, 1), rock_coordinator.pk)
    assert recorded(rock, "level.changed", change, by=rock_coordinator)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"changed_on": str(TOMORROW)}, "changed_on", "in the future"),
        ({"changed_on": "2025-05-31"}, "changed_on", "day of the enrollment, from"),
        ({"changed_on": "2025-07-01"}, "changed_on", "on this day already"),
        ({"level": "3"}, "level", "on this level already"),
        ({"level": "9"}, "level", "in the list"),
        ({"reason": ""}, "reason", "Enter an answer"),
        ({"reason": "123-45-6789"}, "reason", "Social Security number"),
    ],
)
def test_the_screen_refuses_and_keeps_what_was_typed(
    changes, field, words, rock, rock_coordinator, enrollment, client_for
):
    make_level(rock, enrollment, 3, D(2025, 7, 1))
    sent = {"level": "2", "changed_on": "2025-08-01", "reason": "consultation"} | changes
    page = client_for(rock_coordinator).post(_url(enrollment), sent)
    form = page.context["form"]
    assert words in " ".join(form.errors[field])
    assert (form["changed_on"].value(), form["reason"].value()) == (sent["changed_on"], sent["reason"])
    assert len(rows(LevelChange, rock)) == 1


@pytest.mark.parametrize("day", [TOMORROW, D(2025, 5, 31), D(2025, 9, 2)])
def test_the_action_refuses_a_day_ahead_or_outside(day, rock, rock_coordinator):
    closed = make_enrollment(rock, closed_on=D(2025, 9, 1))
    with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
        change_level(enrollment=closed, level=2, changed_on=day, reason="x", by=rock_coordinator)
    assert "changed_on" in refusal.value.message_dict


@pytest.mark.parametrize(
    ("level", "day", "reason", "rule"),
    [
        (2, TOMORROW, "x", "V06"),
        (2, D(2025, 8, 1), "", "level_with_reason"),
        (5, D(2025, 8, 1), "x", "level_1_to_4"),
        (2, D(2025, 7, 1), "x", "level_one_per_day"),
    ],
)
def test_the_database_refuses(level, day, reason, rule, rock, enrollment):
    make_level(rock, enrollment, 3, D(2025, 7, 1))
    assert rule in refused(rock, INSERT, rock.id, enrollment.pk, level, day, reason)


def test_a_parent_partner_may_not(rock, rock_partner, enrollment, client_for):
    sent = {"level": "2", "changed_on": "2025-08-01", "reason": "x"}
    assert client_for(rock_partner).post(_url(enrollment), sent).status_code == 403
    assert rows(LevelChange, rock) == [] and recorded(rock, "access.refused", by=rock_partner)
