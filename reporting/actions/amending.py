"""After certification: noticing that records have changed, and the numbered amendment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.action_forms import ask_about
from counties.free_text import scan_free_text
from reporting.actions.drafting import NARRATIVE, parameters_for, store_figures
from reporting.actions.errors import ReportNotDecided
from reporting.measures import REGISTRY, compute
from reporting.models import MonthlyReport


@dataclass(frozen=True)
class Difference:
    """One figure that would come out differently today."""

    field: str
    before: Any
    now: Any


def differences(report: MonthlyReport, values: dict[str, Any] | None = None) -> list[Difference]:
    """Stored figures of the report that differ from `values` (by default: computed now), in report order.

    Figures that move on without anybody editing the month (`Measure.compares`) are left out.
    """
    stored = dict(report.figures.values_list("field", "value"))
    if values is None:
        values = compute(report.site, report.month, parameters=parameters_for(report))
    watched = [measure.field for measure in REGISTRY if measure.compares and measure.field in stored]
    return [
        Difference(field, stored[field], values[field]) for field in watched if stored[field] != values[field]
    ]


@transaction.atomic
def note_changes(*, report: MonthlyReport) -> list[Difference]:
    """Find out whether an edit inside the closed month changed a certified figure, and keep when that was noticed.

    The certified figures stay; the notice goes when records and figures agree again.
    """
    found = differences(report)
    if bool(found) != bool(report.changed_since_at):
        report.changed_since_at = timezone.now() if found else None
        report.save(update_fields=["changed_since_at"])
        record(
            "report.changed_since" if found else "report.agrees_again",
            report,
            month=f"{report.month:%Y-%m}",
            fields=[difference.field for difference in found],
        )
    return found


@transaction.atomic
def amend_report(
    *, report: MonthlyReport, change_note: str, by: User, confirmed: Collection[str] = ()
) -> MonthlyReport:
    """Open the next version as a draft, figures computed anew under the first version's settings.

    The older version stays as it was certified.

    Args:
        report: the newest version, accepted or returned.
        change_note: what changed and why; required.

    Raises:
        ReportNotDecided: a version is still open, or `report` is not the newest.
        SocialSecurityNumber, Unconfirmed: V17, about the note.
    """
    ask_about(scan_free_text(change_note=change_note), confirmed)
    newest = MonthlyReport.objects.select_for_update().filter(month=report.month).order_by("-version")[0]
    if newest.pk != report.pk or newest.status not in (newest.Status.ACCEPTED, newest.Status.RETURNED):
        raise ReportNotDecided("A version of this report is still open. Finish that one first.")
    amendment = MonthlyReport(
        site_id=report.site_id,
        month=report.month,
        version=newest.version + 1,
        due_on=report.due_on,
        change_note=change_note,
        parameters=newest.parameters,
        prepared_by=by,
        prepared_by_name=by.name,
        **{name: getattr(newest, name) for name in NARRATIVE},
    )
    amendment.full_clean(exclude=["site", "certified_by"])
    amendment.save(force_insert=True)
    store_figures(amendment)
    record(
        "report.amended",
        amendment,
        month=f"{report.month:%Y-%m}",
        version=amendment.version,
        reason=change_note,
    )
    return amendment
