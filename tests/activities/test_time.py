"""Time without a family: a parent partner's own log, which no figure counts."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from activities.codes import TimeKind
from activities.models import TimeEntry
from tests.activities.conftest import rows
from tests.factories.activities import make_time
from tests.factories.partners import make_partner
from tests.raw_sql import refused
from tests.trail import recorded

LOG = reverse("activities:log_time", args=["rock"])
LIST = reverse("activities:time", args=["rock"])
pytestmark = pytest.mark.django_db


@pytest.fixture
def hour(rock_partner_profile) -> dict[str, str]:
    sent = {
        "partner": str(rock_partner_profile.pk),
        "kind": "travel",
        "held_on": "2025-06-10",
        "minutes": "60",
    }
    return sent | {"id": str(uuid.uuid4())}


def test_the_kinds_are_those_of_the_field() -> None:
    """`domain.md` 3, non-family activity."""
    assert len(TimeKind.values) == 12 and {"documentation", "travel", "state_council"} <= set(TimeKind.values)


def test_a_double_tap_is_one_entry(rock, rock_partner, hour, client_for):
    browser = client_for(rock_partner)
    assert [browser.post(LOG, hour).status_code for _ in range(2)] == [302, 302]
    (entry,) = rows(TimeEntry, rock)
    assert (entry.kind, entry.minutes, str(entry.pk)) == ("travel", 60, hour["id"])
    assert recorded(rock, "time.logged", entry, by=rock_partner)
    assert "1.0 hours" in browser.get(LIST).content.decode()


def test_what_was_changed_after_going_back_is_refused(rock, rock_partner, hour, client_for):
    browser = client_for(rock_partner)
    browser.post(LOG, hour)
    page = browser.post(LOG, hour | {"minutes": "90"})
    assert "logged already" in page.text and [entry.minutes for entry in rows(TimeEntry, rock)] == [60]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"minutes": "0"}, "minutes"), ({"minutes": "721"}, "minutes"), ({"held_on": "2099-01-01"}, "held_on"),
     ({"held_on": "1999-01-01"}, "held_on"),
     ({"kind": "transport_child"}, "kind")],
)  # fmt: skip
def test_a_refusal(changes, field, rock, rock_partner, hour, client_for):
    page = client_for(rock_partner).post(LOG, hour | changes)
    assert page.context["form"].errors[field] and rows(TimeEntry, rock) == []


def test_a_partner_logs_and_sees_their_own_only(rock, rock_partner, rock_coordinator, hour, client_for):
    other = make_partner(rock, first_name="Zelda")
    entry = make_time(rock, other, rock_coordinator)
    browser = client_for(rock_partner)
    assert browser.post(LOG, hour | {"partner": str(other.pk)}).context["form"].errors["partner"]
    assert "Zelda" not in browser.get(LIST).content.decode()
    assert browser.post(reverse("activities:strike_time", args=["rock", entry.pk])).status_code == 404
    assert "Zelda" in client_for(rock_coordinator).get(LIST).content.decode()


def test_a_struck_entry_stays_and_no_longer_counts(rock, rock_partner, rock_partner_profile, client_for):
    entry = make_time(rock, rock_partner_profile, rock_partner)
    browser = client_for(rock_partner)
    browser.post(reverse("activities:strike_time", args=["rock", entry.pk]))
    page = browser.get(LIST).content.decode()
    assert "Struck out" in page and "0.0 hours" in page


@pytest.mark.parametrize(
    ("column", "words"), [("minutes = 0", "time_minutes"), ("held_on = '2099-01-01'", "V06")]
)
def test_the_database_refuses_as_well(column, words, rock, rock_partner, rock_partner_profile):
    entry = make_time(rock, rock_partner_profile, rock_partner)
    assert words in refused(rock, f"UPDATE activities_timeentry SET {column} WHERE id = %s", entry.pk)
