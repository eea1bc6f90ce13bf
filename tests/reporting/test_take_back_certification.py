"""Taking a certification back: a draft again, the earlier one kept, nothing once DCF has the report."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import Error, connection, transaction
from django.urls import reverse

from audit.models import AuditEvent
from counties.models import Job
from counties.wall import site_scope, state_scope
from reporting import files
from reporting.actions import (
    ReportNotCertified,
    certify_report,
    submit_report,
    take_back_certification,
)
from reporting.models import MonthlyReport, ReportFile
from reporting.tasks import make_report_files
from tests.factories.referrals import make_referral
from tests.trail import recorded

pytestmark = pytest.mark.django_db

WHY = "A contact of the 28th was entered late."


def _url(name, report):
    return reverse(f"reporting:{name}", args=[report.site.slug, report.pk])


def _text(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def _sql(site, sql, *given):
    with site_scope(site.id), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, given)


def test_the_report_is_a_draft_again_with_figures_of_today(rock, report, at, rock_coordinator):
    at("certified", report, rock_coordinator)
    make_referral(rock, referred_on=dt.date(2025, 6, 10))
    with site_scope(rock.id, actor_id=rock_coordinator.id):
        take_back_certification(report=report, reason=WHY, by=rock_coordinator)
        report.refresh_from_db()
        assert (report.status, report.certified_by, report.certified_at) == ("draft", None, None)
        assert report.prepared_by_name == "Ruth Alder"
        assert report.figures.get(field="B1").value == 1
        event = AuditEvent.objects.get(verb="report.certification_taken_back")
    assert event.reason == WHY
    assert recorded(rock, "report.certification_taken_back", report, rock_coordinator)


def test_the_earlier_certification_stays_in_the_history(rock, report, at, rock_coordinator):
    at("certified", report, rock_coordinator)
    with site_scope(rock.id):
        certified_at = report.certified_at
        take_back_certification(report=report, reason=WHY, by=rock_coordinator)
        kept = report.history.filter(certified_by_name="Ruth Alder")
        assert kept.values_list("status", "certified_at", "certification").distinct().get() == (
            "certified", certified_at, 1,
        )  # fmt: skip


def test_what_is_certified_anew_has_files_of_its_own(rock, report, at, rock_coordinator):
    at("certified", report, rock_coordinator)
    with site_scope(rock.id):
        old = files.build(report)
        files.store(old, "csv", files.make(old, "csv"))
        take_back_certification(report=report, reason=WHY, by=rock_coordinator)
        files.store(old, "json", b"late")  # a worker that had read the report before
    make_referral(rock, referred_on=dt.date(2025, 6, 10))
    with site_scope(rock.id):
        certify_report(report=report, by=rock_coordinator)
        assert not ReportFile.objects.current().exists()
        first, second = Job.objects.filter(kind="report.files").order_by("asked_at")
    make_report_files(second, lambda percent, text: None)
    with site_scope(rock.id):
        assert first.key != second.key
        assert set(ReportFile.objects.current().values_list("kind", flat=True)) == set(files.MAKERS)
        assert ReportFile.objects.count() == 6
        assert bytes(ReportFile.objects.current().get(kind="json").content) != b"late"
        submit_report(report=report, by=rock_coordinator)
    with state_scope():
        assert ReportFile.objects.count() == 4


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("submitted", "amend it"),
        ("accepted", "amend it"),
        ("returned", "amend it"),
        ("draft", "draft already"),
    ],
)
def test_only_a_certified_report_can_be_taken_back(rock, report, at, rock_coordinator, status, words):
    if status != "draft":
        at(status, report, rock_coordinator)
    with site_scope(rock.id), pytest.raises(ReportNotCertified, match=words):
        take_back_certification(report=report, reason=WHY, by=rock_coordinator)


def test_the_reason_holds_no_social_security_number(rock, report, at, rock_coordinator):
    at("certified", report, rock_coordinator)
    with site_scope(rock.id), pytest.raises(ValidationError, match="Social Security"):
        take_back_certification(report=report, reason="SSN 123-45-6789", by=rock_coordinator)


@pytest.mark.parametrize(
    "change",
    [
        "status = 'draft', certified_at = NULL",  # the number of the certification stays
        "status = 'draft', certified_at = NULL, certification = 3",
        "status = 'draft', certified_at = NULL, certification = 2, successes = 'Better.'",
        "status = 'draft', certified_at = NULL, certification = 2, computed_at = now()",
        "certification = 2",
        "certified_at = NULL, certification = 2",
        "certified_by_name = 'X'",
    ],
)
def test_the_database_takes_back_nothing_else(rock, report, at, rock_coordinator, change):
    at("certified", report, rock_coordinator)
    with pytest.raises(Error, match="A certified report is frozen"):
        _sql(rock, f"UPDATE reporting_monthlyreport SET {change} WHERE id = %s", report.pk)


def test_the_database_keeps_what_was_submitted(rock, report, at, rock_coordinator):
    at("submitted", report, rock_coordinator)
    change = "status = 'draft', certified_at = NULL, submitted_at = NULL, certification = 2"
    with pytest.raises(Error):
        _sql(rock, f"UPDATE reporting_monthlyreport SET {change} WHERE id = %s", report.pk)
    with site_scope(rock.id):
        assert MonthlyReport.objects.get().status == "submitted"


def test_on_screen_it_asks_why_and_the_steps_tell_it(client_for, rock, report, at, rock_coordinator):
    at("certified", report, rock_coordinator)
    browser = client_for(rock_coordinator)
    assert _url("take_back", report) in browser.get(_url("detail", report)).content.decode()
    refused = browser.post(_url("take_back", report), {"reason": ""})
    assert BeautifulSoup(refused.content, "html.parser").select(".usa-error-message")
    page = _text(browser.post(_url("take_back", report), {"reason": WHY}, follow=True))
    assert "The report is a draft again." in page
    assert f"Certification taken back {WHY} by Ruth Alder" in page
    assert _url("take_back", report) not in browser.get(_url("detail", report)).content.decode()
    assert "can be taken back" in _text(browser.get(_url("take_back", report), follow=True))


def test_it_takes_the_right_to_certify(
    client_for, rock, report, at, rock_coordinator, rock_partner_coordinator
):
    at("certified", report, rock_coordinator)
    browser = client_for(rock_partner_coordinator)
    assert browser.post(_url("take_back", report), {"reason": WHY}).status_code == 403
    assert _url("take_back", report) not in browser.get(_url("detail", report)).content.decode()
