"""From records to a draft: figures computed, narrative written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.action_forms import ask_about
from counties.free_text import scan_free_text
from counties.models import Site
from counties.wall.scope import current_site_id
from reporting.actions.errors import MonthNotOver, NothingToReport, ReportFrozen
from reporting.measures import compute, parameters_of
from reporting.models import MonthlyReport, ReportFigure
from reporting.settings_then import SettingsThen, settings_then

NARRATIVE = ("successes", "barriers", "help_wanted", "stories", "stories_have_consent", "staff_changes")


def due_day(then: SettingsThen, month: dt.date) -> dt.date:
    """When the report for `month` is due: the month after, on the site's due day at the end of `month`."""
    settings = then.on(month + relativedelta(months=1, days=-1))
    return month + relativedelta(months=1, day=settings.report_due_day)


def months_owed(site: Site, today: dt.date) -> list[dt.date]:
    """Months whose report should exist today: last month, and any missed since the newest report.

    A night on which nothing ran is made up for the next; months before the first report are left alone.
    """
    last = today + relativedelta(months=-1, day=1)
    newest = MonthlyReport.objects.order_by("-month").values_list("month", flat=True).first()
    month = min(newest + relativedelta(months=1), last) if newest else last
    months = []
    while month <= last:
        if _is_serving(site, month):
            months.append(month)
        month += relativedelta(months=1)
    return months


@transaction.atomic
def draft_report(*, site: Site, month: dt.date, by: User | None = None) -> MonthlyReport:
    """Make the month's report, or compute the draft that exists anew; a report past draft is left as it is.

    Safe to run twice and by two at once: the unique key lets one row in, the row's lock lets one compute, and
    row and figures appear in the same commit.

    Args:
        site: the present site.
        month: first day of the month.
        by: who asked; None for the nightly job.

    Raises:
        MonthNotOver: the month still runs (site's local date).
        NothingToReport: the site did not serve families then.
    """
    _refuse_month(site, month)
    first = MonthlyReport(site=site, month=month, due_on=due_day(settings_then([site])[site.pk], month))
    MonthlyReport.objects.bulk_create([first], ignore_conflicts=True)
    report = MonthlyReport.objects.select_for_update().filter(month=month).order_by("-version")[0]
    if not report.is_frozen:
        _prepared_first(report, by)
        store_figures(report)
        record(
            "report.drafted" if report.pk == first.pk else "report.recomputed", report, month=f"{month:%Y-%m}"
        )
    return report


@transaction.atomic
def recompute_report(*, report: MonthlyReport, by: User) -> MonthlyReport:
    """Compute a draft's figures from the records as they stand now; prepares a draft that nobody has prepared.

    Raises:
        ReportFrozen: the report is certified.
    """
    lock_draft(report)
    _prepared_first(report, by)
    store_figures(report)
    record("report.recomputed", report, month=f"{report.month:%Y-%m}")
    return report


@transaction.atomic
def recompute_drafts() -> None:
    """Compute every draft of the present site anew, after records were put in order; certified months stay."""
    for report in MonthlyReport.objects.filter(status=MonthlyReport.Status.DRAFT):
        lock_draft(report)
        store_figures(report)
        record("report.recomputed", report, month=f"{report.month:%Y-%m}")


@transaction.atomic
def write_narrative(
    *, report: MonthlyReport, by: User, confirmed: Collection[str] = (), **words: Any
) -> MonthlyReport:
    """Keep the narrative (K1 to K5); whoever wrote last counts as the one who prepared the report.

    Raises:
        ReportFrozen: the report is certified.
        SocialSecurityNumber, Unconfirmed: V17, beside the text it is about.
    """
    lock_draft(report)
    ask_about(
        scan_free_text(**{name: words[name] for name in NARRATIVE if name != "stories_have_consent"}),
        confirmed,
    )
    for name in NARRATIVE:
        setattr(report, name, words[name])
    report.prepared_by, report.prepared_by_name = by, by.name
    report.save(update_fields=[*NARRATIVE, "prepared_by", "prepared_by_name"])
    record("report.written", report, month=f"{report.month:%Y-%m}")
    return report


def lock_draft(report: MonthlyReport) -> None:
    """Lock the row and refuse what is no draft any more."""
    report.refresh_from_db(from_queryset=MonthlyReport.objects.select_for_update())
    if report.is_frozen:
        raise ReportFrozen("This report is certified. To change it, amend it once DCF has decided.")


def parameters_for(report: MonthlyReport) -> dict[str, Any]:
    """Settings the report's figures come under: for the draft of a first version those at the month's end.

    Else those it keeps. So a new setting neither makes an old certified month look edited nor moves the ground
    under its amendment.
    """
    is_first_draft = report.version == 1 and not report.is_frozen
    if is_first_draft or not report.parameters:
        return parameters_of(report.site, report.month)
    return report.parameters


def store_figures(report: MonthlyReport, at: dt.datetime | None = None) -> dict[str, Any]:
    """Replace the draft's figures by freshly computed ones, as of `at` or now; returns them."""
    report.parameters = parameters_for(report)
    values = compute(report.site, report.month, parameters=report.parameters)
    ReportFigure.objects.filter(report=report).delete()
    ReportFigure.objects.bulk_create(
        ReportFigure(site_id=current_site_id(), report=report, field=field, value=value)
        for field, value in values.items()
    )
    report.computed_at = at or timezone.now()
    report.save(update_fields=["computed_at", "parameters"])
    return values


def _prepared_first(report: MonthlyReport, by: User | None) -> None:
    """The first person who touches a draft has prepared it, until somebody writes the narrative."""
    if by and not report.prepared_by_id:
        report.prepared_by, report.prepared_by_name = by, by.name
        report.save(update_fields=["prepared_by", "prepared_by_name"])


def _refuse_month(site: Site, month: dt.date) -> None:
    ends = month + relativedelta(months=1)
    if timezone.localdate() < ends:
        raise MonthNotOver(f"{month:%B %Y} is not over. Its report can be drafted from {ends:%m/%d/%Y} on.")
    if not _is_serving(site, month):
        raise NothingToReport(f"{site.name} served no families in {month:%B %Y}, so no report is due for it.")


def _is_serving(site: Site, month: dt.date) -> bool:
    last = month + relativedelta(months=1, days=-1)
    return Site.objects.serving_in(month, last).filter(pk=site.pk).exists()
