"""Submitting hands a certified report in; before that it is no business of the state's."""

import pytest

from counties.wall import site_scope, state_scope
from reporting.actions import ReportNotCertified, submit_report
from reporting.models import MonthlyReport, ReportFigure, ReportFile
from tests.trail import recorded

pytestmark = pytest.mark.django_db


def test_a_certified_report_is_handed_in(rock, report, at, rock_coordinator):
    at("submitted", report, rock_coordinator)
    assert (report.status, report.submitted_by_name) == ("submitted", "Ruth Alder")
    assert recorded(rock, "report.submitted", report)


def test_a_draft_is_not_submitted(rock, report, rock_coordinator):
    with site_scope(rock.id), pytest.raises(ReportNotCertified, match="Certify"):
        submit_report(report=report, by=rock_coordinator)


def test_a_report_is_submitted_once(rock, report, at, rock_coordinator):
    at("submitted", report, rock_coordinator)
    with site_scope(rock.id), pytest.raises(ReportNotCertified, match="already"):
        submit_report(report=report, by=rock_coordinator)


@pytest.mark.parametrize("status", ["draft", "certified"])
def test_the_state_cannot_read_what_is_not_handed_in(report, at, rock_coordinator, status):
    if status != "draft":
        at(status, report, rock_coordinator)
    with state_scope():
        assert not MonthlyReport.objects.exists()
        assert not ReportFigure.objects.exists()
        assert not ReportFile.objects.exists()


def test_the_state_reads_report_and_figures_once_handed_in(report, at, rock_coordinator):
    at("submitted", report, rock_coordinator)
    with state_scope():
        assert MonthlyReport.objects.get().pk == report.pk
        assert ReportFigure.objects.filter(field="C6").get().value == 0
