"""Which sites owed a report for a month, and whether it came in time. Reads site facts and handed-in reports only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.db.models import DateField, QuerySet, Value
from django.utils import timezone

from counties.models import Site
from reporting.actions import due_day
from reporting.models import MonthlyReport
from reporting.settings_then import SettingsThen, settings_then


@dataclass(frozen=True)
class Standing:
    """How one site stands for one month. `report` is the newest version handed in, None before the first."""

    site: Site
    due_on: dt.date
    first_received_on: dt.date | None
    report: MonthlyReport | None

    @property
    def days_late(self) -> int:
        """Days after the due day on which the first version came, or that have passed without one."""
        until = self.first_received_on or timezone.localdate()
        return max((until - self.due_on).days, 0)

    @property
    def code(self) -> str:
        """`on_time`, `late`, `overdue` (late and still not here) or `waiting` (not due yet)."""
        if self.first_received_on:
            return "late" if self.days_late else "on_time"
        return "overdue" if self.days_late else "waiting"

    @property
    def words(self) -> str:
        days = f"{self.days_late} day{'' if self.days_late == 1 else 's'}"
        return {
            "on_time": "On time",
            "late": f"{days} late",
            "overdue": f"Not received, {days} late",
            "waiting": "Not due yet",
        }[self.code]


def standings(months: Iterable[dt.date]) -> dict[dt.date, list[Standing]]:
    """For each month every site that owes a report for it, by name; four queries, however many months."""
    months = list(months)
    versions: dict[tuple[int, dt.date], list[MonthlyReport]] = {}
    for report in MonthlyReport.objects.handed_in().filter(month__in=months).order_by("version"):
        versions.setdefault((report.site_id, report.month), []).append(report)
    sites = {site.pk: site for site in Site.objects.order_by("name")}
    owing, then = _owing(months), settings_then(sites.values())
    return {
        month: [
            _standing(site, then[pk], month, versions.get((pk, month), []))
            for pk, site in sites.items()
            if (pk, month) in owing
        ]
        for month in months
    }


def _owing(months: list[dt.date]) -> set[tuple[int, dt.date]]:
    """Pairs of site and month for which a report is owed."""
    each = [
        _serving(month).order_by().annotate(owed_for=Value(month, DateField())).values_list("pk", "owed_for")
        for month in months
    ]
    return set(each[0].union(*each[1:]))


def _standing(site: Site, then: SettingsThen, month: dt.date, versions: list[MonthlyReport]) -> Standing:
    first = versions[0] if versions else None
    return Standing(
        site=site,
        due_on=first.due_on if first else due_day(then, month),
        first_received_on=timezone.localdate(first.submitted_at) if first else None,
        report=versions[-1] if versions else None,
    )


def planning(month: dt.date) -> list[Site]:
    """Open sites that owe no report for the month because they are still planning."""
    last = _last(month)
    return list(Site.objects.open_on(last).exclude(pk__in=_serving(month).values("pk")).order_by("name"))


def months_shown(today: dt.date, count: int) -> list[dt.date]:
    """The last `count` months that are over, newest first."""
    last = today.replace(day=1) - relativedelta(months=1)
    return [last - relativedelta(months=n) for n in range(count)]


def _serving(month: dt.date) -> QuerySet[Site]:
    return Site.objects.serving_in(month, _last(month))


def _last(month: dt.date) -> dt.date:
    return month + relativedelta(months=1, days=-1)
