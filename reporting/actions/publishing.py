"""From an accepted report to the figures other sites may see (`docs/adr`: published on acceptance)."""

from __future__ import annotations

from django.db import transaction

from audit.record import record
from reporting.measures.publishing import publish
from reporting.models import MonthlyReport, PublishedFigure


@transaction.atomic
def publish_report(*, report: MonthlyReport) -> int:
    """Put the accepted report's figures, suppressed, where other sites read them; returns how many cells.

    Replaces what an earlier version published for the month. Run again it gives the same rows. An older
    version never overwrites a newer one.
    """
    report.refresh_from_db(from_queryset=MonthlyReport.objects.select_for_update())
    newer = MonthlyReport.objects.filter(month=report.month, version__gt=report.version, status="accepted")
    if report.status != report.Status.ACCEPTED or newer.exists():
        return 0
    values = dict(report.figures.values_list("field", "value"))
    cells = publish(report.site, report.month, values)
    PublishedFigure.objects.filter(site_id=report.site_id, month=report.month).delete()
    PublishedFigure.objects.bulk_create(
        PublishedFigure(
            site_id=report.site_id,
            month=report.month,
            field=cell.field,
            part=cell.part,
            value=cell.value,
            is_suppressed=cell.is_suppressed,
        )
        for cell in cells
    )
    record(
        "report.published", report, month=f"{report.month:%Y-%m}", version=report.version, cells=len(cells)
    )
    return len(cells)
