"""What this room tells people."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from counties.access import Access
from counties.messages import Kind, register
from counties.permissions import Right
from reporting.models import MonthlyReport
from reporting.stages import STAGES


def _waiting(access: Access) -> QuerySet:
    return MonthlyReport.objects.visible_to(access).awaiting_submission()


def _due(access: Access, day: dt.date) -> QuerySet:
    soon = dt.timedelta(days=-STAGES[0].after_due)
    return _waiting(access).filter(due_on__gte=day, due_on__lte=day + soon)


def _late(access: Access, day: dt.date) -> QuerySet:
    return _waiting(access).filter(due_on__lt=day)


def _returned(access: Access, day: dt.date) -> QuerySet:
    rows = MonthlyReport.objects.visible_to(access).newest_version()
    return rows.filter(status=MonthlyReport.Status.RETURNED)


def _month(report: Any) -> str:
    return f"{report.month:%B %Y}"


for code, words, rows in [
    ("report.due", "A monthly report is due in a few days", _due),
    ("report.late", "A monthly report is late", _late),
    ("report.returned", "DCF returned a monthly report", _returned),
]:
    register(Kind(code, words, Right.REPORT_SUBMIT, rows, "reporting:detail", reference=_month))
