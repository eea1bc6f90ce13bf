"""The night's work: one report a month whatever happens, reminders once a stage, publication made up for."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import connection, connections

from counties.models import Job, Site
from counties.wall import site_scope, state_scope
from reporting import tasks
from reporting.actions import accept_report, certify_report, draft_report, submit_report
from reporting.measures import REGISTRY
from reporting.models import MonthlyReport, PublishedFigure, ReportFigure, ReportFile
from tests.factories.counties import make_site
from tests.factories.referrals import make_referral
from tests.plugins.servers import Run

JUNE = dt.date(2025, 6, 1)


def _counts(site: Site) -> tuple[int, int]:
    with site_scope(site.id):
        return MonthlyReport.objects.count(), ReportFigure.objects.count()


def _process(run: Run, *command: str) -> subprocess.Popen:
    """A process of its own on the test's database and queue, signed in as in production."""
    environment = {**os.environ, "DATABASE_URL": run.web_url, "DJANGO_SETTINGS_MODULE": "psp.settings"}
    return subprocess.Popen(
        [sys.executable, *command], env=environment, cwd=settings.BASE_DIR, start_new_session=True
    )


def _until(condition, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.2)


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_make_one_report(rock: Site) -> None:
    def work(_: int) -> None:
        try:
            tasks.draft_site_reports(rock.id)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert _counts(rock) == (1, len(REGISTRY))


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_half_way_leaves_nothing_and_the_next_run_everything(
    rock: Site, database_run: Run
) -> None:
    code = f"import django; django.setup(); from reporting.tasks import *; draft_site_reports({rock.id})"
    name = connection.settings_dict["NAME"]
    with psycopg.connect(database_run.superuser.rsplit("/", 1)[0] + f"/{name}") as blocker:
        # The figures cannot be written: the worker has made the report's row and now waits.
        blocker.execute("LOCK TABLE reporting_reportfigure IN EXCLUSIVE MODE")
        worker = _process(database_run, "-c", code)

        def is_waiting() -> bool:
            asked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'reporting_reportfigure'::regclass"
            return blocker.execute(asked).fetchone()[0] == 1

        _until(is_waiting)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    assert _counts(rock) == (0, 0)
    tasks.draft_site_reports(rock.id)
    assert _counts(rock) == (1, len(REGISTRY))


@pytest.mark.django_db(transaction=True)
def test_two_beats_and_a_real_worker_make_one_report_and_its_files(
    rock: Site, door: Site, rock_coordinator, database_run: Run
) -> None:
    tasks.draft_due_reports.delay()
    tasks.draft_due_reports.delay()
    worker = _process(
        database_run, "-m", "celery", "-A", "psp", "worker", "--concurrency", "2", "--loglevel", "ERROR"
    )
    try:
        _until(lambda: _counts(rock) == _counts(door) == (1, len(REGISTRY)), 90)
        with site_scope(rock.id, actor_id=rock_coordinator.id):
            certify_report(report=MonthlyReport.objects.get(), by=rock_coordinator)

        def is_done() -> bool:
            with site_scope(rock.id):
                return Job.objects.get(kind="report.files").status == "done"

        _until(is_done, 90)
    finally:
        os.killpg(worker.pid, signal.SIGTERM)
        worker.wait(30)
    with site_scope(rock.id):
        assert set(ReportFile.objects.values_list("kind", flat=True)) == {"pdf", "xlsx", "csv", "json"}
    assert _counts(rock) == (1, len(REGISTRY))


@pytest.mark.django_db
@time_machine.travel("2025-07-01 02:00-05:00", tick=False)
def test_the_night_asks_only_sites_that_owe_a_report(rock: Site, monkeypatch) -> None:
    planning = make_site("eau-claire", name="Eau Claire PSP")
    planning.phases.update(phase="planning")
    closed = make_site("polk", name="Polk PSP", closed_on=dt.date(2025, 5, 1))
    asked, checked = [], []
    monkeypatch.setattr(tasks.draft_site_reports, "delay", asked.append)
    monkeypatch.setattr(tasks.check_site_reports, "delay", checked.append)
    tasks.draft_due_reports()
    assert asked == [rock.id]
    assert set(checked) == {rock.id, planning.id, closed.id}


@pytest.mark.django_db
@time_machine.travel("2025-07-01 02:00-05:00", tick=False)
def test_the_drafted_month_is_the_one_before(rock: Site) -> None:
    tasks.draft_site_reports(rock.id)
    with site_scope(rock.id):
        assert MonthlyReport.objects.get().month == JUNE


@pytest.fixture
def due(rock: Site, rock_coordinator) -> MonthlyReport:
    """June's draft, due on 07/15/2025."""
    with site_scope(rock.id):
        return draft_report(site=rock, month=JUNE)


def _remind_on(day: str, site: Site) -> int:
    with time_machine.travel(f"{day} 08:00-05:00", tick=False):
        mail.outbox.clear()
        tasks.remind_site(site.id)
        return len(mail.outbox)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "mails"),
    [
        (["2025-07-09"], [0]),
        (["2025-07-10", "2025-07-10", "2025-07-11"], [1, 0, 0]),
        (["2025-07-10", "2025-07-14", "2025-07-15", "2025-07-16", "2025-07-20"], [1, 1, 0, 1, 0]),
        (["2025-07-16", "2025-07-17"], [1, 0]),
        (["2025-10-01"], [0]),
    ],
)
def test_each_stage_is_sent_once(rock: Site, due, days, mails) -> None:
    assert [_remind_on(day, rock) for day in days] == mails


@pytest.mark.django_db
def test_a_reminder_holds_no_figure_and_no_name(rock: Site, due) -> None:
    make_referral(rock, referred_on=dt.date(2025, 6, 10))
    _remind_on("2025-07-16", rock)
    (sent,) = mail.outbox
    assert sent.to == ["ruth@rock.example"]
    assert sent.subject == "PSP: the June 2025 report is late"
    assert "07/15/2025" in sent.body
    for word in ("Ruth", "Juniper", "referral"):
        assert word not in sent.subject + sent.body


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "linked"), [("https://psp.example.gov/", True), ("", False)])
def test_a_mail_links_to_the_report_where_the_products_address_is_known(
    rock, due, at, rock_coordinator, settings, address, linked
) -> None:
    settings.ADDRESS = address
    link = f"https://psp.example.gov/sites/rock/reports/{due.pk}/"
    _remind_on("2025-07-16", rock)
    at("accepted", due, rock_coordinator)
    tasks.follow_decision(rock.id, str(due.pk))
    assert [link in message.body for message in mail.outbox] == [linked, linked]
    assert ("open Reports" in mail.outbox[0].body) is not linked


@pytest.mark.django_db
def test_only_active_program_coordinators_are_reminded(
    rock, due, rock_partner_coordinator, rock_second_coordinator
):
    rock_second_coordinator.is_active = False
    rock_second_coordinator.deactivated_at = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    rock_second_coordinator.save()
    assert _remind_on("2025-07-10", rock) == 1
    assert mail.outbox[0].to == ["ruth@rock.example"]


@pytest.mark.django_db
def test_a_submitted_report_is_not_reminded_of(rock: Site, due, at, rock_coordinator) -> None:
    at("submitted", due, rock_coordinator)
    assert _remind_on("2025-07-16", rock) == 0


@pytest.mark.django_db
def test_a_mail_that_could_not_go_out_is_sent_the_next_time(rock: Site, due, monkeypatch) -> None:
    def refuse(*args, **kwargs):
        raise ConnectionError("no mail server")

    with monkeypatch.context() as patch, pytest.raises(ConnectionError):
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        _remind_on("2025-07-10", rock)
    assert _remind_on("2025-07-10", rock) == 1


@pytest.mark.django_db
def test_after_acceptance_figures_are_published_and_people_told_once(rock, due, at, rock_coordinator) -> None:
    at("accepted", due, rock_coordinator)
    tasks.follow_decision(rock.id, str(due.pk))
    tasks.follow_decision(rock.id, str(due.pk))
    assert PublishedFigure.objects.filter(site=rock, month=JUNE, field="C6").count() == 1
    assert [message.subject for message in mail.outbox] == ["PSP: the June 2025 report was accepted"]


@pytest.mark.django_db
def test_a_returned_report_is_told_and_not_published(rock, due, at, rock_coordinator) -> None:
    at("returned", due, rock_coordinator)
    tasks.follow_decision(rock.id, str(due.pk))
    assert not PublishedFigure.objects.exists()
    assert "look again" not in mail.outbox[0].body
    assert mail.outbox[0].subject == "PSP: the June 2025 report was returned"


@pytest.mark.django_db
def test_the_night_makes_up_for_a_lost_message_and_notices_changes(
    rock, due, rock_coordinator, state_staff
) -> None:
    with site_scope(rock.id):
        submit_report(report=certify_report(report=due, by=rock_coordinator), by=rock_coordinator)
    with state_scope():
        accept_report(report=due, by=state_staff)
    make_referral(rock, referred_on=dt.date(2025, 6, 10))
    tasks.check_site_reports(rock.id)
    with site_scope(rock.id):
        due.refresh_from_db()
    assert due.changed_since_at
    assert PublishedFigure.objects.filter(site=rock, month=JUNE).exists()
    assert len(mail.outbox) == 1


def _mail_is_out(monkeypatch) -> None:
    def refuse(*args, **kwargs):
        raise ConnectionError("no mail server")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)


@pytest.mark.django_db
def test_without_a_mail_server_figures_are_published_and_people_told_later(
    rock, due, at, rock_coordinator, monkeypatch
) -> None:
    at("accepted", due, rock_coordinator)
    with monkeypatch.context() as patch, pytest.raises(ConnectionError):
        _mail_is_out(patch)
        tasks.follow_decision(rock.id, str(due.pk))
    assert PublishedFigure.objects.filter(site=rock, month=JUNE).exists()
    tasks.check_site_reports(rock.id)
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_one_reports_trouble_does_not_keep_the_night_from_the_others(
    rock, due, at, rock_coordinator, monkeypatch, caplog
) -> None:
    at("accepted", due, rock_coordinator)
    with site_scope(rock.id):
        second = draft_report(site=rock, month=dt.date(2025, 7, 1))
    at("accepted", second, rock_coordinator)
    _mail_is_out(monkeypatch)
    tasks.check_site_reports(rock.id)
    months = PublishedFigure.objects.values_list("month", flat=True).distinct().order_by("month")
    assert list(months) == [JUNE, second.month]
    assert str(due.pk) in caplog.text and str(second.pk) in caplog.text
