"""Nightly drafts and checks, reminders, what follows a decision, and files: ids in, safe to run twice."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from celery import shared_task
from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from audit.record import record
from counties.jobs import CannotDoJob, Progress, Result, handles
from counties.models import Job, RoleAssignment, Site
from counties.permissions import Right
from counties.roles import Role
from counties.wall import site_scope
from reporting import emails, files
from reporting.actions import draft_report, months_owed, note_changes, publish_report
from reporting.models import MonthlyReport
from reporting.stages import Stage, stage_on

log = logging.getLogger(__name__)

WATCHED_MONTHS = 24
"""How far back the night looks for certified figures that records no longer give."""


@shared_task(name="reporting.draft_due_reports")
def draft_due_reports() -> None:
    """Every night at 02:00 site time: one task for each site that owes a report, one to look after the old ones."""
    month = timezone.localdate() + relativedelta(months=-1, day=1)
    for site_id in Site.objects.serving_in(month, month + relativedelta(months=1, days=-1)).values_list(
        "id", flat=True
    ):
        draft_site_reports.delay(site_id)
    for site_id in Site.objects.values_list("id", flat=True):
        check_site_reports.delay(site_id)


@shared_task(name="reporting.draft_site_reports")
def draft_site_reports(site_id: int) -> None:
    """Draft the months the site owes; each month is one transaction, all of it or nothing."""
    site = Site.objects.get(pk=site_id)
    with site_scope(site_id):
        months = months_owed(site, timezone.localdate())
    for month in months:
        with site_scope(site_id):
            draft_report(site=site, month=month)


@shared_task(name="reporting.check_site_reports")
def check_site_reports(site_id: int) -> None:
    """Notice certified months that were edited since, and make up for decisions whose message got lost."""
    since = timezone.localdate() - relativedelta(months=WATCHED_MONTHS)
    with site_scope(site_id):
        newest = MonthlyReport.objects.newest_version().exclude(status=MonthlyReport.Status.DRAFT)
        frozen = list(newest.filter(month__gte=since).values_list("pk", flat=True))
        decided = list(
            MonthlyReport.objects.decided_untold().order_by("version").values_list("pk", flat=True)
        )
    for pk in frozen:
        _one_at_a_time(_note_changes, site_id, str(pk))
    for pk in decided:
        _one_at_a_time(follow_decision, site_id, str(pk))


def _one_at_a_time(work: Callable[[int, str], object], site_id: int, report_id: str) -> None:
    """Trouble with one report is logged and tried again the next night; the other reports get their turn."""
    try:
        work(site_id, report_id)
    except Exception:
        log.exception("The check of report %s failed; the next night tries again.", report_id)


def _note_changes(site_id: int, report_id: str) -> None:
    with site_scope(site_id):
        note_changes(report=MonthlyReport.objects.select_related("site").get(pk=report_id))


@shared_task(name="reporting.follow_decision")
def follow_decision(site_id: int, report_id: str) -> None:
    """After DCF accepted or returned: publish what was accepted, and tell the site's coordinators, once.

    Two transactions: what is published stays published when the mail server is out.
    """
    with site_scope(site_id):
        report = MonthlyReport.objects.select_related("site").get(pk=report_id)
        publish_report(report=report)
    with site_scope(site_id):
        untold = MonthlyReport.objects.select_for_update().decided_untold().filter(pk=report_id)
        if report := untold.first():
            emails.tell_decision(report, _coordinators(site_id))
            _mark_reminded(report)


@shared_task(name="reporting.remind_due_reports")
def remind_due_reports() -> None:
    """Every morning: one task for each site, closed ones too: their last months are owed (docs/adr/0013)."""
    for site_id in Site.objects.values_list("id", flat=True):
        remind_site.delay(site_id)


@shared_task(name="reporting.remind_site")
def remind_site(site_id: int) -> None:
    """Remind the program coordinators of reports that are due soon or late; each stage once, until handed in."""
    with site_scope(site_id):
        waiting = MonthlyReport.objects.awaiting_submission().values_list("pk", flat=True)
        for pk in list(waiting):
            _remind(pk)


@transaction.atomic
def _remind(pk: Any) -> None:
    """The row's lock makes two reminders at once one; the mail goes before the commit, so that none is lost."""
    report = MonthlyReport.objects.select_for_update(of=("self",)).select_related("site").get(pk=pk)
    stage = stage_on(report.due_on, timezone.localdate())
    addresses = _coordinators(report.site_id)
    if stage is None or not addresses or _was_reminded(report, stage):
        return
    emails.remind(report, stage, addresses)
    _mark_reminded(report)
    record("report.reminded", report, month=f"{report.month:%Y-%m}", stage=stage.code, people=len(addresses))


def _mark_reminded(report: MonthlyReport) -> None:
    report.reminded_at = timezone.now()
    report.save(update_fields=["reminded_at"])


def _was_reminded(report: MonthlyReport, stage: Stage) -> bool:
    """Whether a reminder went out since this stage began; then it was this stage's."""
    return bool(report.reminded_at) and timezone.localdate(report.reminded_at) >= stage.begins(report.due_on)


def _coordinators(site_id: int) -> list[str]:
    roles = RoleAssignment.objects.on(timezone.localdate()).filter(
        site_id=site_id, role=Role.PROGRAM_COORDINATOR, person__is_active=True
    )
    return sorted(roles.values_list("person__email", flat=True))


@handles("report.files")
def make_report_files(job: Job, progress: Progress) -> Result:
    """Make the four files of a certified report and keep them; a second run finds them made."""
    with site_scope(job.site_id):
        report = _report_of(job)
        if not report.is_frozen:
            raise CannotDoJob("This report is still a draft.")
        document = files.build(report)
        made = set(report.files.current().values_list("kind", flat=True))
    kinds = [kind for kind in files.MAKERS if kind not in made]
    for done, kind in enumerate(kinds):
        progress(done * 100 // len(kinds), f"Making the {kind.upper()} file")
        content = files.make(document, kind)
        with site_scope(job.site_id):
            files.store(document, kind, content)
    return Result(facts={"kinds": kinds})


@handles("report.draft_file", Right.REPORT_VIEW)
def make_draft_file(job: Job, progress: Progress) -> Result:
    """Make one file of a draft for the person who asked; it carries the word DRAFT and expires."""
    kind = job.arguments["kind"]
    with site_scope(job.site_id):
        document = files.build(_report_of(job))
    progress(30, f"Making the {kind.upper()} file")
    content = files.make(document, kind)
    return Result(
        facts={"kind": kind}, file=content, file_name=document.file_name(kind), file_type=files.TYPES[kind]
    )


def _report_of(job: Job) -> MonthlyReport:
    return MonthlyReport.objects.select_related("site").get(pk=job.arguments["report"])
