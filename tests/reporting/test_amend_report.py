"""Corrections after certification: noticed, then a numbered version; the older one stays."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from counties.wall import site_scope
from reporting.actions import ReportNotDecided, amend_report, differences, note_changes
from reporting.models import MonthlyReport
from tests.factories.referrals import make_referral
from tests.trail import recorded

pytestmark = pytest.mark.django_db


def _late_record(rock):
    return make_referral(rock, referred_on=dt.date(2025, 6, 10))


def test_an_edit_inside_a_certified_month_raises_a_notice(rock, report, at, rock_coordinator):
    at("certified", report, rock_coordinator)
    _late_record(rock)
    with site_scope(rock.id):
        found = note_changes(report=report)
        report.refresh_from_db()
        assert report.figures.get(field="B1").value == 0
    assert {"B1", "B2", "B4"} <= {difference.field for difference in found}
    assert next(d for d in found if d.field == "B1").now == 1
    assert report.changed_since_at
    assert recorded(rock, "report.changed_since", report)


def test_no_edit_no_notice(rock, report, at, rock_coordinator):
    at("certified", report, rock_coordinator)
    with site_scope(rock.id):
        assert note_changes(report=report) == []
    assert report.changed_since_at is None


def test_the_notice_goes_when_records_and_figures_agree_again(rock, report, at, rock_coordinator):
    at("certified", report, rock_coordinator)
    referral = _late_record(rock)
    with site_scope(rock.id):
        note_changes(report=report)
        first = report.changed_since_at
        note_changes(report=report)
        assert report.changed_since_at == first
        type(referral).objects.filter(pk=referral.pk).update(referred_on=dt.date(2025, 7, 10))
        assert note_changes(report=report) == []
        report.refresh_from_db()
    assert report.changed_since_at is None


def test_another_month_changes_nothing(rock, report, at, rock_coordinator):
    at("certified", report, rock_coordinator)
    make_referral(rock, referred_on=dt.date(2025, 7, 10))
    with site_scope(rock.id):
        assert differences(report) == []


@pytest.mark.parametrize("status", ["accepted", "returned"])
def test_an_amendment_is_the_next_version(rock, report, at, rock_coordinator, status):
    at(status, report, rock_coordinator)
    _late_record(rock)
    with site_scope(rock.id):
        amendment = amend_report(report=report, change_note="A referral came late.", by=rock_coordinator)
        assert amendment.figures.get(field="B1").value == 1
        assert report.figures.get(field="B1").value == 0
        assert MonthlyReport.objects.newest_version().get() == amendment
    assert (amendment.version, amendment.status) == (2, "draft")
    assert str(amendment) == "June 2025, amendment 1"


@pytest.mark.parametrize("status", ["certified", "submitted"])
def test_an_open_version_is_not_amended(rock, report, at, rock_coordinator, status):
    at(status, report, rock_coordinator)
    with site_scope(rock.id), pytest.raises(ReportNotDecided):
        amend_report(report=report, change_note="Oops.", by=rock_coordinator)


def test_a_month_has_one_open_amendment(rock, report, at, rock_coordinator):
    at("accepted", report, rock_coordinator)
    with site_scope(rock.id):
        amend_report(report=report, change_note="First.", by=rock_coordinator)
        with pytest.raises(ReportNotDecided):
            amend_report(report=report, change_note="Second.", by=rock_coordinator)


def test_an_amendment_says_what_changes(rock, report, at, rock_coordinator):
    at("accepted", report, rock_coordinator)
    with site_scope(rock.id), pytest.raises(ValidationError, match="change note"):
        amend_report(report=report, change_note="", by=rock_coordinator)


def test_the_narrative_is_copied(rock, report, at, rock_coordinator):
    with site_scope(rock.id):
        MonthlyReport.objects.filter(pk=report.pk).update(successes="Kept.")
    at("accepted", report, rock_coordinator)
    with site_scope(rock.id):
        assert amend_report(report=report, change_note="Late.", by=rock_coordinator).successes == "Kept."
