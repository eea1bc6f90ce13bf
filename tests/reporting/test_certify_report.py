"""Certifying: a second person, figures of that moment, identities, and the freeze in the database itself."""

import datetime as dt

import pytest
from django.db import Error, connection, transaction
from django.urls import reverse

from counties.models import Job
from counties.roles import Role
from counties.wall import site_scope
from reporting.actions import (
    FiguresChanged,
    IdentitiesBroken,
    ReportFrozen,
    SecondPersonNeeded,
    StoriesWithoutAgreement,
    certify_report,
    digest,
    recompute_report,
    write_narrative,
)
from reporting.measures import compute
from reporting.models import MonthlyReport, ReportFigure, ReportFile
from tests.factories.counties import give, make_person
from tests.factories.referrals import make_referral
from tests.reporting.words import WORDS
from tests.trail import recorded

pytestmark = pytest.mark.django_db


def _sql(site, sql: str, *given: object) -> None:
    """Past Python's own checks, with the rights of the application."""
    with site_scope(site.id), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, given)


def test_certifying_freezes_figures_computed_in_that_moment(rock, report, rock_coordinator):
    make_referral(rock, referred_on=dt.date(2025, 6, 10))
    with site_scope(rock.id, actor_id=rock_coordinator.id):
        certify_report(report=report, by=rock_coordinator)
        assert report.figures.get(field="B1").value == 1
    assert report.status == "certified"
    assert report.certified_by_name == report.prepared_by_name == "Ruth Alder"
    assert recorded(rock, "report.certified", report, rock_coordinator)


def test_the_files_are_asked_for(rock, report, rock_coordinator):
    with site_scope(rock.id):
        certify_report(report=report, by=rock_coordinator)
        job = Job.objects.get(kind="report.files")
    assert job.key == f"{report.pk}:1"


def test_the_preparer_does_not_certify_where_a_second_person_can(
    rock, report, rock_coordinator, rock_second_coordinator
):
    with site_scope(rock.id):
        write_narrative(report=report, by=rock_coordinator, **WORDS)
        with pytest.raises(SecondPersonNeeded, match="Ada Birch"):
            certify_report(report=report, by=rock_coordinator)
        certify_report(report=report, by=rock_second_coordinator)
    assert report.certified_by == rock_second_coordinator


def test_a_draft_of_the_night_is_prepared_by_a_person_before_another_certifies(
    rock, report, rock_coordinator, rock_second_coordinator
):
    with site_scope(rock.id):
        for alone in (rock_coordinator, rock_second_coordinator):
            with pytest.raises(SecondPersonNeeded, match="Nobody has prepared this report yet"):
                certify_report(report=report, by=alone)
        recompute_report(report=report, by=rock_coordinator)
        recompute_report(report=report, by=rock_second_coordinator)
        with pytest.raises(SecondPersonNeeded, match="ask Ada Birch"):
            certify_report(report=report, by=rock_coordinator)
        certify_report(report=report, by=rock_second_coordinator)
    assert (report.prepared_by_name, report.certified_by_name) == ("Ruth Alder", "Ada Birch")


def test_what_a_partner_coordinator_prepared_either_coordinator_certifies(
    rock, report, rock_partner_coordinator, rock_coordinator, rock_second_coordinator
):
    with site_scope(rock.id):
        recompute_report(report=report, by=rock_partner_coordinator)
        certify_report(report=report, by=rock_coordinator)
    assert report.prepared_by_name == "Pat Cedar"


@pytest.mark.parametrize("why", ["no other", "role ended", "deactivated", "other role", "other site"])
def test_one_person_certifies_where_nobody_else_can(rock, door, report, rock_coordinator, why):
    other = make_person("Otis Pine", "otis@rock.example")
    if why == "role ended":
        give(other, Role.PROGRAM_COORDINATOR, rock, ends_on=dt.date(2024, 1, 1))
    elif why == "deactivated":
        give(other, Role.PROGRAM_COORDINATOR, rock)
        other.is_active, other.deactivated_at = False, dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
        other.save()
    elif why == "other role":
        give(other, Role.PARTNER_COORDINATOR, rock)
    elif why == "other site":
        give(other, Role.PROGRAM_COORDINATOR, door)
    with site_scope(rock.id):
        write_narrative(report=report, by=rock_coordinator, **WORDS)
        certify_report(report=report, by=rock_coordinator)
    assert report.status == "certified"


def test_a_quoted_story_needs_the_agreement(rock, report, rock_coordinator):
    with site_scope(rock.id):
        write_narrative(report=report, by=rock_coordinator, **WORDS | {"stories": "“I got my kids back.”"})
        with pytest.raises(StoriesWithoutAgreement):
            certify_report(report=report, by=rock_coordinator)
        agreed = WORDS | {"stories": "“I got my kids back.”", "stories_have_consent": True}
        write_narrative(report=report, by=rock_coordinator, **agreed)
        certify_report(report=report, by=rock_coordinator)
    assert report.status == "certified"


def test_what_is_certified_is_what_was_read(rock, report, month, rock_coordinator):
    with site_scope(rock.id):
        seen = digest(report, compute(rock, month))
    make_referral(rock, referred_on=dt.date(2025, 6, 10))
    with site_scope(rock.id):
        with pytest.raises(FiguresChanged), transaction.atomic():
            certify_report(report=report, by=rock_coordinator, seen=seen)
        report.refresh_from_db()
        assert report.status == "draft"
        certify_report(report=report, by=rock_coordinator, seen=digest(report, compute(rock, month)))
    assert report.status == "certified"


@pytest.mark.parametrize("edited", [{"barriers": "Rides."}, {"stories_have_consent": True}])
def test_words_edited_while_somebody_reads_are_read_again(rock, report, month, rock_coordinator, edited):
    with site_scope(rock.id):
        write_narrative(report=report, by=rock_coordinator, **WORDS)
        seen = digest(report, compute(rock, month))
        write_narrative(report=report, by=rock_coordinator, **WORDS | edited)
        with pytest.raises(FiguresChanged, match="narrative"), transaction.atomic():
            certify_report(report=report, by=rock_coordinator, seen=seen)
        certify_report(report=report, by=rock_coordinator, seen=digest(report, compute(rock, month)))
    assert report.status == "certified"


def test_figures_that_do_not_agree_stop_the_report(rock, report, rock_coordinator, monkeypatch):
    def broken(site, month, **more):
        return compute(site, month, **more) | {"C5": 99}

    monkeypatch.setattr("reporting.actions.drafting.compute", broken)
    with site_scope(rock.id), pytest.raises(IdentitiesBroken) as refusal, transaction.atomic():
        certify_report(report=report, by=rock_coordinator)
    assert any("C5" in sentence for sentence in refusal.value.messages)
    with site_scope(rock.id):
        report.refresh_from_db()
        assert report.status == "draft"
        assert report.figures.get(field="C5").value == 0


def test_the_screen_names_what_does_not_agree_and_certifies_nothing(
    rock, report, rock_coordinator, client_for, monkeypatch
):
    """V15: no button on the page, and a form sent all the same changes nothing."""

    def broken(site, month, **more):
        return compute(site, month, **more) | {"C5": 99}

    for place in ("reporting.views.compute", "reporting.actions.drafting.compute"):
        monkeypatch.setattr(place, broken)
    browser, address = client_for(rock_coordinator), reverse("reporting:certify", args=["rock", report.pk])
    page = browser.get(address)
    assert "C5 is 99" in page.content.decode() and "waits until the figures agree" in page.content.decode()
    refusal = browser.post(address, {"seen": page.context["seen"].value()})
    assert refusal.status_code == 200 and "C5 is 99" in refusal.content.decode()
    with site_scope(rock.id):
        assert MonthlyReport.objects.get().status == "draft"


def test_a_certified_report_is_not_certified_again(rock, report, at, rock_coordinator):
    at("certified", report, rock_coordinator)
    with site_scope(rock.id), pytest.raises(ReportFrozen):
        certify_report(report=report, by=rock_coordinator)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE reporting_reportfigure SET value = '7' WHERE report_id = %s",
        "DELETE FROM reporting_reportfigure WHERE report_id = %s",
        "INSERT INTO reporting_reportfigure (id, site_id, report_id, field, value)"
        " SELECT gen_random_uuid(), site_id, id, 'Z9', '1' FROM reporting_monthlyreport WHERE id = %s",
    ],
)
def test_the_database_itself_keeps_certified_figures(rock, report, at, rock_coordinator, sql):
    at("certified", report, rock_coordinator)
    with site_scope(rock.id):
        with pytest.raises(Error, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [report.pk])
        assert ReportFigure.objects.get(field="B1").value == 0


@pytest.mark.parametrize("status", ["certified", "accepted"])
@pytest.mark.parametrize(
    "change",
    [
        "successes = 'Better.'", "barriers = 'None.'", "help_wanted = 'No.'", "stories = 'Mine.'",
        "stories_have_consent = true", "staff_changes = 'None.'", "change_note = 'Other.'", "version = 9",
        "month = '2025-05-01'", "due_on = '2026-01-01'", "prepared_by_name = 'X'", "prepared_by_id = NULL",
        "parameters = '{}'",
        "certified_by_name = 'X'", "certified_by_id = NULL", "certified_at = now()", "drafted_at = now()",
        "computed_at = now()", "submitted_by_name = 'X'", "submitted_at = now()", "reviewed_by_name = 'X'",
        "reviewed_at = now()", "review_comment = 'X'",
    ],
)  # fmt: skip
def test_the_database_itself_keeps_certified_words_and_names(
    rock, report, at, rock_coordinator, status, change
):
    at(status, report, rock_coordinator)
    with pytest.raises(Error, match="A certified report is frozen"):
        _sql(rock, f"UPDATE reporting_monthlyreport SET {change} WHERE id = %s", report.pk)


def test_what_is_noticed_about_a_certified_report_is_still_kept(rock, report, at, rock_coordinator):
    at("accepted", report, rock_coordinator)
    change = "changed_since_at = now(), reminded_at = now()"
    _sql(rock, f"UPDATE reporting_monthlyreport SET {change} WHERE id = %s", report.pk)
    with site_scope(rock.id):
        assert MonthlyReport.objects.get().changed_since_at


def test_a_files_content_cannot_be_exchanged(rock, report, at, rock_coordinator):
    at("certified", report, rock_coordinator)
    with site_scope(rock.id):
        ReportFile.objects.create(site=rock, report=report, kind="pdf", content=b"%PDF", sha256="0" * 64)
    with pytest.raises(Error, match="permission denied"):
        _sql(rock, "UPDATE reporting_reportfile SET content = 'x' WHERE report_id = %s", report.pk)
