"""What state staff see: which reports came, each report as handed in, sites side by side. Never a family.

Runs in the state's scope: what is not handed in cannot be read here at all.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from dateutil.relativedelta import relativedelta
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from audit.record import record
from counties.access import find
from counties.decorators import state_view
from counties.lists import paginate, render_list
from counties.models import Site
from counties.permissions import Right
from reporting import comparison, display, page
from reporting.actions import accept_report, return_report
from reporting.charts import NARROW, Point, stacked_chart
from reporting.forms import AcceptForm, ComparisonForm, MonthForm, ReturnForm, StateReportFilter
from reporting.models import MonthlyReport, ReportFile
from reporting.timeliness import Standing, months_shown, planning, standings
from reporting.views_files import hand_out

OVERVIEW_MONTHS = 36
TREND_MONTHS = 6
KINDS = {"on_time": "On time", "late": "Late", "overdue": "Not received"}


@state_view(Right.STATE_VIEW)
def overview(request: HttpRequest) -> HttpResponse:
    """Which sites reported for a month, in time, late or not at all; and how that went in the months before."""
    months = months_shown(timezone.localdate(), OVERVIEW_MONTHS)
    form = MonthForm(request.GET, months=months)
    month = form.chosen or months[0]
    shown = sorted(months_shown(month + relativedelta(months=1), TREND_MONTHS))
    by_month = standings(shown)
    rows = by_month[month]
    record("timeliness.viewed", kind="site", ids=[row.site.pk for row in rows], month=f"{month:%Y-%m}")
    context = {
        "title": "Monthly reports of all sites",
        "form": form,
        "month": month,
        "rows": rows,
        "counts": _counts(rows),
        "waiting": MonthlyReport.objects.visible_to(request.access).filter(status="submitted").count(),
        "planning": planning(month),
        "trend": _timeliness(by_month),
    }
    return render(request, "state/overview.html", context)


def _counts(rows: list[Standing]) -> dict[str, int]:
    codes = [row.code for row in rows]
    returned = sum(1 for row in rows if row.report and row.report.status == "returned")
    return {code: codes.count(code) for code in ("on_time", "late", "overdue", "waiting")} | {
        "returned": returned
    }


def _timeliness(by_month: dict[dt.date, list[Standing]]) -> dict:
    """How many sites were on time, late and not received in each month."""
    months = list(by_month)
    counted = {month: _counts(rows) for month, rows in by_month.items()}
    order = list(KINDS.values())
    points = [Point(label, m, counted[m][code]) for code, label in KINDS.items() for m in months]
    words: dict[str, Any] = {
        "title": f"Sites whose report came on time, late or not at all, {months[0]:%B %Y} to {months[-1]:%B %Y}.",
        "description": "The numbers stand in the table below the chart.",
    }
    return {
        "wide": stacked_chart(points, order=order, **words),
        "narrow": stacked_chart(points, order=order, **words, width=NARROW),
        "months": months,
        "rows": [(label, [counted[m][code] for m in months]) for code, label in KINDS.items()],
    }


@state_view(Right.STATE_VIEW)
def reports(request: HttpRequest) -> HttpResponse:
    """Every report handed in, newest version of each site and month."""
    handed_in = MonthlyReport.objects.visible_to(request.access)
    years = [day.year for day in handed_in.dates("month", "year", order="DESC")]
    sites = list(Site.objects.values_list("slug", "name"))
    filters = StateReportFilter(request.GET, years=years, sites=sites)
    listing = paginate(
        request,
        filters.narrow(handed_in.newest_version().select_related("site")),
        default="-submitted",
        sorts={
            "site": ("site__name", "-month"),
            "month": ("month", "site__name"),
            "status": ("status", "month"),
            "due": "due_on",
            "submitted": "submitted_at",
        },
    )
    record("report.listed", kind="monthlyreport", ids=[report.pk for report in listing])
    return render_list(
        request, "state/reports.html", {"title": "Reports", "filters": filters, "listing": listing}
    )


@state_view(Right.REPORT_REVIEW)
def report(request: HttpRequest, pk: str) -> HttpResponse:
    """One report as handed in: figures, narrative, files; no rows behind."""
    found = _report(request, pk)
    record("report.viewed", found, site_id=found.site_id)
    handed_in = MonthlyReport.objects.visible_to(request.access).filter(site=found.site, month=found.month)
    context = {
        "title": f"{found.site.name}, {found.month:%B %Y}",
        "report": found,
        "sections": display.sections(dict(found.figures.values_list("field", "value"))),
        "narrative": page.narrative(found),
        "comment": page.read_comment(found.review_comment),
        "versions": handed_in.order_by("-version"),
        "files": page.stored_files(found),
        "breadcrumbs": [("Reports", reverse("state:reports"))],
    }
    return render(request, "state/report.html", context)


@state_view(Right.REPORT_REVIEW)
def accept(request: HttpRequest, pk: str) -> HttpResponse:
    """Accept a submitted report."""
    found = _report(request, pk)
    form = AcceptForm(request.POST or None)
    if form.answered(request, accept_report, report=found):
        messages.success(request, "The report is accepted.")
        return redirect("state:report", found.pk)
    return _decide(
        request,
        form,
        found,
        "Accept",
        ["Its figures, suppressed, become visible to the other sites.", "The site is told by e-mail."],
    )


@state_view(Right.REPORT_REVIEW)
def send_back(request: HttpRequest, pk: str) -> HttpResponse:
    """Return a submitted report with comments."""
    found = _report(request, pk)
    form = ReturnForm(request.POST or None)
    if form.answered(request, return_report, report=found):
        messages.success(request, "The report is returned to the site.")
        return redirect("state:report", found.pk)
    return _decide(
        request,
        form,
        found,
        "Return",
        [
            "The site reads your comments and answers with an amendment.",
            "This version stays readable.",
            "The site is told by e-mail.",
        ],
    )


@state_view(Right.REPORT_REVIEW)
def file(request: HttpRequest, pk: str, kind: str) -> HttpResponse:
    """Hand out one file of a report that was handed in."""
    found = _report(request, pk)
    return hand_out(find(ReportFile.objects.visible_to(request.access), report=found, kind=kind), found)


@state_view(Right.COMPARISON_VIEW)
def compare(request: HttpRequest) -> HttpResponse:
    """Certified figures of every site for a month, unsuppressed, and one figure over months."""
    months = sorted(set(MonthlyReport.objects.handed_in().values_list("month", flat=True)), reverse=True)
    form = ComparisonForm(request.GET, months=months, measures=comparison.CERTIFIED)
    month = form.chosen
    cells = comparison.certified_cells(month, comparison.CERTIFIED) if month else {}
    sites = list(Site.objects.order_by("name"))
    present = {site_id for site_id, _, _ in cells}
    columns = [site for site in sites if site.pk in present]
    choice = form.figure_chosen
    record(
        "comparison.viewed", kind="site", ids=[site.pk for site in columns], month=str(month), figure=choice
    )
    shown = months[: comparison.TREND_MONTHS]
    trend_cells = comparison.trend_cells_certified(shown, choice.partition(":")[0])
    context = {
        "title": "Compare sites",
        "form": form,
        "month": month,
        "columns": columns,
        "undecided": comparison.undecided(month) if month else set(),
        "rows": comparison.table(columns, cells, comparison.CERTIFIED),
        "trend": comparison.trend(choice, sites, trend_cells) if shown else None,
    }
    return render(request, "state/comparison.html", context)


def _report(request: HttpRequest, pk: str) -> MonthlyReport:
    return find(MonthlyReport.objects.visible_to(request.access).select_related("site"), pk=pk)


def _decide(
    request: HttpRequest, form: object, found: MonthlyReport, verb: str, points: list[str]
) -> HttpResponse:
    if found.status != found.Status.SUBMITTED:
        messages.info(
            request, f"This report was {found.get_status_display().lower()} by {found.reviewed_by_name}."
        )
        return redirect("state:report", found.pk)
    back = reverse("state:report", args=[found.pk])
    context = {
        "title": f"{verb} the report of {found.site.name} for {found.month:%B %Y}",
        "form": form,
        "points": points,
        "submit_label": f"{verb} the report",
        "cancel_url": back,
        "breadcrumbs": [
            ("Reports", reverse("state:reports")),
            (f"{found.site.name}, {found.month:%B %Y}", back),
        ],
    }
    return render(request, "components/form_page.html", context)
