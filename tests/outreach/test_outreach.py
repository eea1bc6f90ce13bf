"""Outreach events: recorded, corrected, counted in the report (G3)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from counties.action_forms import Unconfirmed
from counties.wall import site_scope
from outreach.actions import edit_outreach, record_outreach
from outreach.models import OutreachEvent
from tests.queries import own, questions
from tests.raw_sql import refused
from tests.reporting.figures import figures, make_outreach_event
from tests.trail import recorded

LIST_QUERIES = 2
"""Count and page."""

LIST = reverse("outreach:list", args=["rock"])
NEW = reverse("outreach:record", args=["rock"])
TOMORROW = timezone.localdate() + dt.timedelta(days=1)
SENT = {"held_on": "2025-06-10", "kind": "presentation", "audience": "schools", "attendance": "12"}


def _edit(event) -> str:
    return reverse("outreach:edit", args=["rock", event.pk])


def _events(site) -> list[OutreachEvent]:
    with site_scope(site.id):
        return list(OutreachEvent.objects.all())


def test_an_event_is_recorded_listed_and_counted(rock, rock_coordinator, client_for):
    page = client_for(rock_coordinator).post(NEW, SENT, follow=True).content.decode()
    assert "schools" in page and "06/10/2025" in page
    (event,) = _events(rock)
    assert recorded(rock, "outreach.recorded", event, by=rock_coordinator)
    assert figures(rock, "2025-06")["G3"]["attendance"] == 12


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"held_on": str(TOMORROW)}, "held_on", "future"),
        ({"audience": ""}, "audience", "Enter an answer"),
        ({"audience": "Ann, 123-45-6789"}, "audience", "Social Security number"),
        ({"attendance": "-1"}, "attendance", "0"),
        ({"attendance": "a dozen"}, "attendance", "whole number"),
        ({"kind": "sermon"}, "kind", "in the list"),
    ],
)
def test_an_event_is_refused_and_what_was_typed_stays(
    changes, field, words, rock, rock_coordinator, client_for
):
    form = client_for(rock_coordinator).post(NEW, SENT | changes).context["form"]
    assert words in " ".join(form.errors[field])
    assert form["audience"].value() == (SENT | changes)["audience"]
    assert _events(rock) == []


def test_the_same_event_again_is_asked_about(rock, rock_coordinator, client_for):
    browser = client_for(rock_coordinator)
    browser.post(NEW, SENT)
    page = browser.post(NEW, SENT)
    assert "for this day already" in page.content.decode() and len(_events(rock)) == 1
    (key, _label) = page.context["form"].fields["confirmed"].choices[0]
    assert browser.post(NEW, SENT | {"confirmed": [key]}).status_code == 302
    assert len(_events(rock)) == 2


def test_a_correction_is_recorded_and_keeps_what_stood_there(rock, rock_coordinator, client_for):
    event = make_outreach_event(rock, "2025-06-10", 10)
    browser = client_for(rock_coordinator)
    assert browser.get(_edit(event)).context["form"]["attendance"].value() == 10
    assert browser.post(_edit(event), SENT | {"attendance": "15"}).status_code == 302
    assert _events(rock)[0].attendance == 15
    assert recorded(rock, "outreach.edited", event, by=rock_coordinator)
    with site_scope(rock.id):
        assert list(event.history.order_by("pgh_id").values_list("attendance", flat=True)) == [10, 15]


def test_the_actions_and_the_database_refuse_the_future(rock, rock_coordinator):
    event = make_outreach_event(rock, "2025-06-10")
    facts = {
        "held_on": TOMORROW,
        "kind": "other",
        "audience": "court",
        "attendance": 3,
        "by": rock_coordinator,
    }
    with site_scope(rock.id):
        with pytest.raises(ValidationError):
            record_outreach(**facts)
        with pytest.raises(ValidationError):
            edit_outreach(event=event, **facts)
        with pytest.raises(Unconfirmed):
            past = facts | {"held_on": dt.date(2025, 6, 10), "audience": "the reporter was there"}
            edit_outreach(event=event, **past)
    sql = "UPDATE outreach_outreachevent SET held_on = %s WHERE id = %s"
    assert "V06" in refused(rock, sql, TOMORROW, event.pk)


def test_the_list_filters(rock, rock_coordinator, client_for):
    court = make_outreach_event(rock, "2025-06-10")
    browser = client_for(rock_coordinator)
    browser.post(NEW, SENT | {"kind": "training_given"})
    for query, audiences in {
        "q=COURT": ["court"],
        "kind=training_given": ["schools"],
        "q=nobody": [],
    }.items():
        assert [e.audience for e in browser.get(f"{LIST}?{query}").context["listing"]] == audiences
    assert court.pk


def test_council_members_read_and_do_not_record(rock, rock_council, client_for):
    event = make_outreach_event(rock, "2025-06-10")
    browser = client_for(rock_council)
    page = browser.get(LIST).content.decode()
    assert "court" in page and NEW not in page and _edit(event) not in page
    assert browser.post(NEW, SENT).status_code == browser.post(_edit(event), SENT).status_code == 403


def test_an_event_of_another_site_is_404_and_recorded(rock, door, rock_coordinator, client_for):
    foreign = make_outreach_event(door, "2025-06-10")
    assert client_for(rock_coordinator).post(_edit(foreign), SENT).status_code == 404
    assert recorded(rock, "access.refused", about=foreign, by=rock_coordinator)


def test_an_empty_list_offers_the_first_event(rock, rock_coordinator, client_for):
    page = client_for(rock_coordinator).get(LIST).content.decode()
    assert "No outreach is recorded yet." in page and page.count(NEW) > 1


@pytest.mark.parametrize("events", [1, 28])
def test_the_list_takes_a_constant_number_of_queries(events, rock, rock_coordinator, client_for):
    for day in range(1, events + 1):
        make_outreach_event(rock, f"2025-02-{day:02}")
    asked = questions(client_for(rock_coordinator), LIST)
    assert own(asked) == LIST_QUERIES and len(asked) < 15
