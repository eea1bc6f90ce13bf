"""Council meetings: numbers by role, the share of parents, corrections with a trail (G1)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from advisory.actions import edit_meeting, record_meeting
from advisory.models import CouncilAttendance, CouncilMeeting
from counties.wall import site_scope
from tests.queries import own, questions
from tests.raw_sql import refused
from tests.reporting.figures import figures, make_council
from tests.trail import recorded

LIST_QUERIES = 3
"""Count, page, and who came."""

LIST = reverse("advisory:list", args=["rock"])
NEW = reverse("advisory:record", args=["rock"])
TOMORROW = timezone.localdate() + dt.timedelta(days=1)
SENT = {"council": "local", "held_on": "2025-06-10", "role_judge": "1", "role_parent_partner": "2"}


def _numbers(site) -> dict[str, int]:
    with site_scope(site.id):
        return dict(CouncilAttendance.objects.values_list("role", "number"))


def _edit(meeting) -> str:
    return reverse("advisory:edit", args=["rock", meeting.pk])


def test_a_meeting_is_recorded_with_numbers_by_role(rock, rock_coordinator, client_for):
    page = client_for(rock_coordinator).post(NEW, SENT, follow=True).content.decode()
    assert _numbers(rock) == {"judge": 1, "parent_partner": 2}
    for words in ("06/10/2025", "Judge 1", "Parent partner 2", "2 (67 %)"):
        assert words in page, words
    with site_scope(rock.id):
        meeting = CouncilMeeting.objects.get()
    assert recorded(rock, "council.recorded", meeting, by=rock_coordinator)


def test_it_counts_in_the_report(rock, rock_coordinator, client_for):
    client_for(rock_coordinator).post(NEW, SENT)
    assert figures(rock, "2025-06")["G1"]["attendance"] == {"judge": 1, "parent_partner": 2}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"held_on": str(TOMORROW)}, "held_on", "future"),
        ({"held_on": "2025-06-03"}, "held_on", "recorded for this day already"),
        ({"held_on": ""}, "held_on", "Enter"),
        ({"role_judge": "-1"}, "role_judge", "0"),
        ({"role_judge": "many"}, "role_judge", "whole number"),
        ({"role_judge": "", "role_parent_partner": "0"}, "__all__", "at least one person"),
    ],
)
def test_a_meeting_is_refused_and_what_was_typed_stays(
    changes, field, words, rock, rock_coordinator, client_for
):
    make_council(rock, "2025-06-03", judge=1)
    page = client_for(rock_coordinator).post(NEW, SENT | changes)
    form = page.context["form"]
    assert words in " ".join(form.errors[field])
    assert form["role_judge"].value() == (SENT | changes)["role_judge"]
    with site_scope(rock.id):
        assert CouncilMeeting.objects.count() == 1


def test_the_state_council_may_meet_on_the_same_day(rock, rock_coordinator, client_for):
    make_council(rock, "2025-06-10", judge=1)
    assert client_for(rock_coordinator).post(NEW, SENT | {"council": "state"}).status_code == 302


def test_a_correction_changes_numbers_takes_a_role_out_and_is_recorded(rock, rock_coordinator, client_for):
    meeting = make_council(rock, "2025-06-10", judge=1, school=2)
    browser = client_for(rock_coordinator)
    assert browser.get(_edit(meeting)).context["form"]["role_school"].value() == 2
    browser.post(_edit(meeting), {"council": "local", "held_on": "2025-06-11", "role_judge": "3"})
    assert _numbers(rock) == {"judge": 3, "school": 0}
    page = browser.get(LIST).content.decode()
    assert "06/11/2025" in page and "Judge 3" in page and "School" not in page
    assert recorded(rock, "council.edited", meeting, by=rock_coordinator)
    with site_scope(rock.id):
        former = meeting.history.order_by("pgh_id").values_list("held_on", flat=True)
        assert [str(day) for day in former] == ["2025-06-10", "2025-06-11"]


def test_the_actions_and_the_database_refuse_the_future(rock, rock_coordinator):
    meeting = make_council(rock, "2025-06-10", judge=1)
    facts = {"council": "local", "held_on": TOMORROW, "attendance": {"judge": 1}, "by": rock_coordinator}
    with site_scope(rock.id):
        with pytest.raises(ValidationError):
            record_meeting(**facts)
        with pytest.raises(ValidationError):
            edit_meeting(meeting=meeting, **facts)
    sql = "UPDATE advisory_councilmeeting SET held_on = %s WHERE id = %s"
    assert "V06" in refused(rock, sql, TOMORROW, meeting.pk)


def test_the_list_filters_and_sorts(rock, rock_coordinator, client_for):
    local = make_council(rock, "2025-06-10", judge=3, parent_partner=1)
    state = make_council(rock, "2025-07-10", "state", parent_partner=2)
    browser = client_for(rock_coordinator)
    for query, meetings in {
        "": [state, local],
        "council=local": [local],
        "held_from=2025-07-01": [state],
        "sort=share": [local, state],
        "sort=-people": [local, state],
    }.items():
        shown = [meeting.pk for meeting in browser.get(f"{LIST}?{query}").context["listing"]]
        assert shown == [meeting.pk for meeting in meetings], query


def test_council_members_read_and_do_not_record(rock, rock_council, client_for):
    meeting = make_council(rock, "2025-06-10", judge=1)
    browser = client_for(rock_council)
    page = browser.get(LIST).content.decode()
    assert "Judge 1" in page and NEW not in page and _edit(meeting) not in page
    assert browser.post(NEW, SENT).status_code == browser.post(_edit(meeting), SENT).status_code == 403


def test_a_meeting_of_another_site_is_404_and_recorded(rock, door, rock_coordinator, client_for):
    foreign = make_council(door, "2025-06-10", judge=1)
    assert client_for(rock_coordinator).post(_edit(foreign), SENT).status_code == 404
    assert recorded(rock, "access.refused", about=foreign, by=rock_coordinator)


def test_an_empty_list_offers_the_first_meeting_to_those_who_may(
    rock, rock_coordinator, rock_council, client_for
):
    words = "No council meeting is recorded yet."
    for person, offered in ((rock_coordinator, True), (rock_council, False)):
        page = client_for(person).get(LIST).content.decode()
        assert words in page and (page.count(NEW) > 0) is offered


@pytest.mark.parametrize("meetings", [1, 28])
def test_the_list_takes_a_constant_number_of_queries(meetings, rock, rock_coordinator, client_for):
    for day in range(1, meetings + 1):
        make_council(rock, f"2025-02-{day:02}", judge=1)
    asked = questions(client_for(rock_coordinator), LIST)
    assert own(asked) == LIST_QUERIES and len(asked) < 15
