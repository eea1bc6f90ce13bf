"""DCF decides. Runs in the state's scope, which may write four columns of a submitted report and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from celery import current_app
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.action_forms import ask_about
from counties.free_text import scan_free_text
from reporting.actions.errors import ReportNotSubmitted
from reporting.models import MonthlyReport


@transaction.atomic
def accept_report(
    *, report: MonthlyReport, by: User, comment: str = "", confirmed: Collection[str] = (),
    at: dt.datetime | None = None,
) -> MonthlyReport:  # fmt: skip
    """Accept a submitted report; the site's job then publishes its figures, suppressed, for the other sites.

    `at` as with `certify_report`.

    Raises:
        ReportNotSubmitted: somebody has decided already.
        SocialSecurityNumber, Unconfirmed: V17, about the comment.
    """
    return _decide(report, MonthlyReport.Status.ACCEPTED, by, comment, confirmed, at)


@transaction.atomic
def return_report(
    *, report: MonthlyReport, by: User, comment: str, confirmed: Collection[str] = (),
    at: dt.datetime | None = None,
) -> MonthlyReport:  # fmt: skip
    """Send a submitted report back with what has to be changed; the site answers with an amendment.

    Args:
        comment: required. A line that begins with a figure's id (`C5: ...`) is shown beside that figure.
        at: as with `certify_report`.

    Raises:
        ReportNotSubmitted: somebody has decided already.
        SocialSecurityNumber, Unconfirmed: V17, about the comment.
    """
    return _decide(report, MonthlyReport.Status.RETURNED, by, comment, confirmed, at)


def _decide(
    report: MonthlyReport,
    status: str,
    by: User,
    comment: str,
    confirmed: Collection[str],
    at: dt.datetime | None,
) -> MonthlyReport:
    ask_about(scan_free_text(comment=comment), confirmed)
    # Exactly the columns psp_state may write, and only while the row is still waiting.
    decision = {
        "status": status, "reviewed_by_name": by.name, "reviewed_at": at or timezone.now(),
        "review_comment": comment,
    }  # fmt: skip
    waiting = MonthlyReport.objects.filter(pk=report.pk, status=MonthlyReport.Status.SUBMITTED)
    if not waiting.update(**decision):
        raise ReportNotSubmitted("This report has been decided already. Open it again to see by whom.")
    for name, value in decision.items():
        setattr(report, name, value)
    record(
        f"report.{status}",
        report,
        site_id=report.site_id,
        month=f"{report.month:%Y-%m}",
        version=report.version,
    )
    _ring(report)
    return report


def _ring(report: MonthlyReport) -> None:
    """Tell the site's worker; a lost message is made up for at night (`reporting.check_site_reports`)."""
    arguments = [report.site_id, str(report.pk)]
    transaction.on_commit(
        lambda: current_app.send_task("reporting.follow_decision", args=arguments), robust=True
    )
