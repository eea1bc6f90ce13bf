"""DCF accepts or returns, from a scope that can write nothing else."""

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, transaction

from counties.wall import site_scope, state_scope
from reporting.actions import ReportNotSubmitted, accept_report, return_report
from reporting.models import MonthlyReport
from tests.trail import recorded

pytestmark = pytest.mark.django_db


def test_accepting_keeps_who_and_when(rock, report, at, rock_coordinator, state_staff):
    at("submitted", report, rock_coordinator)
    with state_scope():
        accept_report(report=report, by=state_staff)
    with site_scope(rock.id):
        report.refresh_from_db()
        assert report.history.filter(status="accepted").exists()
    assert (report.status, report.reviewed_by_name) == ("accepted", "Sam Juniper")
    assert recorded(rock, "report.accepted", report)


def test_returning_needs_a_comment_in_the_database_too(report, at, rock_coordinator, state_staff):
    at("submitted", report, rock_coordinator)
    from django.db import IntegrityError

    with state_scope(), pytest.raises(IntegrityError), transaction.atomic():
        return_report(report=report, by=state_staff, comment="")


def test_returning_tells_what_to_change(rock, report, at, rock_coordinator, state_staff):
    at("submitted", report, rock_coordinator)
    with state_scope():
        return_report(report=report, by=state_staff, comment="C5: Please look again.")
    with site_scope(rock.id):
        report.refresh_from_db()
    assert (report.status, report.review_comment) == ("returned", "C5: Please look again.")


def test_only_one_of_two_decisions_counts(report, at, rock_coordinator, state_staff, state_admin):
    at("submitted", report, rock_coordinator)
    with state_scope():
        accept_report(report=report, by=state_staff)
        with pytest.raises(ReportNotSubmitted):
            return_report(report=report, by=state_admin, comment="No.")


def test_the_comment_is_scanned(report, at, rock_coordinator, state_staff):
    at("submitted", report, rock_coordinator)
    with state_scope(), pytest.raises(ValidationError) as refusal:
        return_report(report=report, by=state_staff, comment="See 123-45-6789.")
    assert set(refusal.value.message_dict) == {"comment"}


@pytest.mark.parametrize("column", ["successes", "submitted_by_name", "certified_at", "month", "change_note"])
def test_the_state_writes_no_other_column(report, at, rock_coordinator, column):
    at("submitted", report, rock_coordinator)
    from django.db import connection

    with state_scope(), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE reporting_monthlyreport SET {column} = {column} WHERE id = %s", [report.pk]
            )


def test_the_state_cannot_undo_a_decision(report, at, rock_coordinator):
    at("returned", report, rock_coordinator)
    with state_scope():
        assert MonthlyReport.objects.filter(pk=report.pk).update(review_comment="Nothing.") == 0
