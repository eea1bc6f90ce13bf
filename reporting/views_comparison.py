"""Sites side by side, as anybody at a site may see them: suppressed, but for one's own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.record import record
from counties.decorators import site_view
from counties.models import Site
from counties.permissions import Right
from reporting import comparison
from reporting.forms import ComparisonForm
from reporting.models import MonthlyReport, PublishedFigure


@site_view(Right.COMPARISON_VIEW)
def compare(request: HttpRequest, site: str) -> HttpResponse:
    """Published figures of every site for a month, and one figure over months."""
    sees_own = Right.FAMILY_VIEW in request.access
    months = _months(sees_own)
    form = ComparisonForm(request.GET, months=months)
    month = form.chosen
    sites = list(Site.objects.all())
    cells = _cells(month, request.site, sees_own) if month else {}
    columns = _columns(sites, cells, request.site)
    choice = form.figure_chosen
    record(
        "comparison.viewed",
        kind="site",
        ids=[column.pk for column in columns],
        month=str(month),
        figure=choice,
    )
    context = {
        "title": "Compare sites",
        "form": form,
        "month": month,
        "columns": columns,
        "rows": comparison.table(columns, cells),
        "trend": _trend(choice, months, sites, request.site, sees_own) if months else None,
        "sees_own": sees_own,
        "own": request.site,
        "note": "– is not shown: a small number, or one that would give a small number away. "
        "Every site sets its own limit.",
    }
    return render(request, "reporting/comparison.html", context)


def _months(sees_own: bool) -> list:
    """Months with anything to show, newest first."""
    months = set(PublishedFigure.objects.values_list("month", flat=True).distinct().order_by("month"))
    if sees_own:
        months |= set(MonthlyReport.objects.handed_in().values_list("month", flat=True))
    return sorted(months, reverse=True)


def _cells(month, own: Site, sees_own: bool) -> comparison.Cells:
    """What is published; one's own site from its own report instead, so that nothing of it is hidden."""
    cells = comparison.published_cells(month)
    if not sees_own:
        return cells
    mine = comparison.certified_cells(month)
    return {key: cell for key, cell in cells.items() if key[0] != own.pk} | mine if mine else cells


def _columns(sites: list[Site], cells: comparison.Cells, own: Site) -> list[Site]:
    """Sites with figures in the month, one's own first."""
    present = {site_id for site_id, _, _ in cells}
    return sorted((site for site in sites if site.pk in present), key=lambda site: (site != own, site.name))


def _trend(choice: str, months: list, sites: list[Site], own: Site, sees_own: bool) -> comparison.Trend:
    field = choice.partition(":")[0]
    shown = months[: comparison.TREND_MONTHS]
    cells = comparison.trend_cells_published(shown, field)
    mine = comparison.trend_cells_certified(shown, field) if sees_own else {}
    merged = {
        month: {k: c for k, c in cells[month].items() if k[0] != own.pk or not mine.get(month)}
        | mine.get(month, {})
        for month in shown
    }
    return comparison.trend(choice, sites, merged, highlight=own)
