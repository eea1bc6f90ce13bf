"""A month is counted and due by the settings in force when it ended, however late it is drafted."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from counties.actions.settings import change_settings
from counties.models import SiteSettings
from counties.wall import site_scope, state_scope
from reporting.actions import draft_report, recompute_report
from reporting.settings_then import settings_then
from reporting.timeliness import standings
from tests.reporting.figures import configure, figures

pytestmark = pytest.mark.django_db

JUNE = dt.date(2025, 6, 1)


def _change(site, by, **values):
    with site_scope(site.id, actor_id=by.id):
        change_settings(settings=SiteSettings.objects.get(site=site), by=by, **values)


def test_an_older_month_is_drafted_under_the_old_threshold(rock, rock_coordinator):
    _change(rock, rock_coordinator, face_to_face_standard=[8, 4, 2, 0], supervision_sessions_per_month=3)
    with site_scope(rock.id):
        report = draft_report(site=rock, month=JUNE)
        assert report.parameters["standard"] == [4, 2, 1, 0]
        assert report.parameters["supervisions"] == 1
        recompute_report(report=report, by=rock_coordinator)
        assert report.parameters["standard"] == [4, 2, 1, 0]


@time_machine.travel("2025-09-10 12:00-05:00", tick=False)
def test_each_month_has_the_settings_of_its_last_day(rock):
    configure(rock, since="2025-05-31", soft_cap_per_fte=6, report_due_day=10)
    configure(rock, since="2025-06-30", soft_cap_per_fte=5, report_due_day=5)
    configure(rock, since="2025-07-01", soft_cap_per_fte=4, report_due_day=20)
    with site_scope(rock.id):
        months = [draft_report(site=rock, month=JUNE.replace(month=n)) for n in (5, 6, 7)]
    assert [report.parameters["soft"] for report in months] == [6, 5, 4]
    assert [report.due_on.day for report in months] == [10, 5, 20]


def test_months_before_the_first_settings_known_take_those(rock):
    configure(rock, since="2025-05-31", soft_cap_per_fte=6)
    configure(rock, since="2025-08-01", soft_cap_per_fte=5)
    with site_scope(rock.id):
        assert draft_report(site=rock, month=dt.date(2024, 1, 1)).parameters["soft"] == 6


def test_a_budget_filled_in_later_counts_for_the_months_before(rock, rock_coordinator):
    _change(rock, rock_coordinator, budgeted_fte=Decimal("2.50"))
    _change(rock, rock_coordinator, budgeted_fte=Decimal("3.00"))
    with site_scope(rock.id):
        assert draft_report(site=rock, month=JUNE).parameters["budget"] == "2.50"
    configure(rock, since="2025-01-01", budgeted_fte=None)
    configure(rock, since="2024-12-01", budgeted_fte=Decimal("4.00"))
    then = settings_then([rock])[rock.pk]
    assert then.budgeted_fte(JUNE) is None, "taken away on purpose"
    assert then.budgeted_fte(dt.date(2024, 12, 31)) == Decimal("4.00")


def test_figures_without_a_report_come_under_the_same_settings(rock, rock_coordinator):
    before = figures(rock)["F7"]
    _change(rock, rock_coordinator, supervision_sessions_per_month=4, soft_cap_per_fte=1, hard_cap_per_fte=1)
    assert figures(rock)["F7"] == before


@time_machine.travel("2025-09-10 12:00-05:00", tick=False)
def test_the_state_counts_days_late_from_the_due_day_of_then(rock, django_assert_num_queries):
    configure(rock, since="2025-06-30", report_due_day=5)
    configure(rock, since="2025-08-31", report_due_day=25)
    with state_scope():
        with django_assert_num_queries(4):
            found = standings([JUNE, JUNE.replace(month=8)])
    assert {month: rows[0].due_on for month, rows in found.items()} == {
        JUNE: dt.date(2025, 7, 5), JUNE.replace(month=8): dt.date(2025, 9, 25),
    }  # fmt: skip
