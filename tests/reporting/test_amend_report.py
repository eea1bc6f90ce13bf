"""Corrections after certification: noticed, then a numbered version; the older one stays."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from counties.wall import site_scope
from reporting.actions import ReportNotDecided, amend_report, differences, draft_report, note_changes
from reporting.models import MonthlyReport
from reporting.page import read_comment
from tests.factories.activities import make_contact
from tests.factories.referrals import make_accepted_referral, make_enrollment, make_referral
from tests.reporting.figures import configure
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


def _june_with_a_call_by_video(rock):
    enrollment = make_enrollment(rock, make_accepted_referral(rock, decided_on=dt.date(2025, 6, 2)))
    make_contact(rock, enrollment, held_on=dt.date(2025, 6, 10), mode="video")
    with site_scope(rock.id):
        return draft_report(site=rock, month=dt.date(2025, 6, 1))


def _face_to_face(report):
    return report.figures.get(field="E2").value["face_to_face"]


def test_a_changed_setting_leaves_certified_months_alone(rock, at, rock_coordinator):
    report = _june_with_a_call_by_video(rock)
    at("accepted", report, rock_coordinator)
    configure(rock, video_counts_face_to_face=True, budgeted_fte="2.50")
    with site_scope(rock.id):
        assert note_changes(report=report) == []
        amendment = amend_report(report=report, change_note="Words only.", by=rock_coordinator)
        assert (_face_to_face(report), _face_to_face(amendment)) == (0, 0)
        assert amendment.parameters == report.parameters


def test_a_first_draft_follows_the_settings_of_its_month(rock, at, rock_coordinator):
    report = _june_with_a_call_by_video(rock)
    configure(rock, video_counts_face_to_face=True, budgeted_fte="2.50")
    at("certified", report, rock_coordinator)
    with site_scope(rock.id):
        assert _face_to_face(report) == 1
        report.refresh_from_db()
    assert "video" in report.parameters["face"] and report.parameters["budget"] == "2.50"


def test_records_behind_a_certified_figure_follow_its_settings(client_for, rock, at, rock_coordinator):
    report = _june_with_a_call_by_video(rock)
    at("certified", report, rock_coordinator)
    configure(rock, video_counts_face_to_face=True)
    url = reverse("reporting:rows", args=["rock", report.pk, "E2"])
    page = client_for(rock_coordinator).get(url, {"part": "face_to_face"})
    assert page.status_code == 200 and page.context["listing"].total == 0


def test_whoever_amends_has_the_comment_beside_the_work(client_for, rock, report, at, rock_coordinator):
    at("returned", report, rock_coordinator)
    with site_scope(rock.id):
        amendment = amend_report(report=report, change_note="Looked again.", by=rock_coordinator)
    browser = client_for(rock_coordinator)
    page = browser.get(reverse("reporting:detail", args=["rock", amendment.pk])).content.decode()
    assert "What DCF asks for" in page and "Please look again." in page


def test_a_comment_is_lost_beside_no_figure():
    comment = read_comment("c9b: Count again.\nC99: Which one?\nThank you.")
    assert comment.by_field == {"C9b": ["Count again."]}
    assert comment.whole == "C99: Which one?\nThank you."
