"""Two people, one moment: figures frozen, identities proved, the report handed in."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties import jobs
from counties.action_forms import ask_about
from counties.free_text import scan_free_text
from counties.models import Job, RoleAssignment, Site
from counties.models.people import RoleAssignments
from counties.permissions import Right
from counties.roles import GRANTS
from reporting.actions.drafting import NARRATIVE, lock_draft, store_figures
from reporting.actions.errors import (
    FiguresChanged,
    IdentitiesBroken,
    ReportNotCertified,
    SecondPersonNeeded,
    StoriesWithoutAgreement,
)
from reporting.measures.identities import identities
from reporting.models import MonthlyReport

CERTIFYING_ROLES = [role for role, grant in GRANTS.items() if Right.REPORT_CERTIFY in grant.rights]


def digest(report: MonthlyReport, values: dict[str, Any]) -> str:
    """Fingerprint of all that is vouched for: figures, narrative and the note that those quoted agreed."""
    vouched = [values, {name: getattr(report, name) for name in NARRATIVE}]
    return hashlib.sha256(json.dumps(vouched, sort_keys=True).encode()).hexdigest()


def may_certify(*, report: MonthlyReport, by: User) -> bool:
    """Whether this person may certify: somebody else prepared it, or the site has nobody else who certifies.

    A draft of the nightly job that nobody has touched counts as prepared by nobody: nobody vouches for it yet.
    Where only one active person holds the right, that person does both.
    """
    by_another = report.prepared_by_id not in (None, by.id)
    return by_another or not _others_who_certify(report.site, by).exists()


@transaction.atomic
def certify_report(
    *, report: MonthlyReport, by: User, seen: str | None = None, at: dt.datetime | None = None
) -> MonthlyReport:
    """Freeze the figures, computed in this very moment, and vouch for them.

    Args:
        report: a draft.
        by: who certifies.
        seen: `digest()` of the figures and words the person read; None when nobody read them (a command).
        at: when it was done; now, if it is not part of a past that is told afterwards (the demo's).

    Raises:
        ReportFrozen: certified already.
        SecondPersonNeeded: `by` prepared it, or nobody did, and somebody else could certify.
        StoriesWithoutAgreement: an impact statement without the note that the people quoted agreed.
        FiguresChanged: records or narrative changed since `seen`.
        IdentitiesBroken: figures that must agree do not (V15); its messages say which.
    """
    lock_draft(report)
    if not may_certify(report=report, by=by):
        raise SecondPersonNeeded(second_person_sentence(report, by))
    if report.stories and not report.stories_have_consent:
        raise StoriesWithoutAgreement(
            "The narrative quotes people. Note that they agreed to it, or take the impact statement out."
        )
    values = store_figures(report, at)
    if seen is not None and seen != digest(report, values):
        raise FiguresChanged(
            "Records or the narrative changed while you were reading. Look at the report below once more."
        )
    if problems := identities(values):
        raise IdentitiesBroken([problem.sentence for problem in problems])
    _certify(report, by, at or timezone.now())
    record("report.certified", report, month=f"{report.month:%Y-%m}", version=report.version)
    ask_for_files(report, by)
    return report


@transaction.atomic
def take_back_certification(
    *, report: MonthlyReport, reason: str, by: User, confirmed: Collection[str] = ()
) -> MonthlyReport:
    """Make a certified report that DCF has not received a draft again, figures computed anew (docs/adr/0014).

    The row's history keeps who had certified and when; files of that certification stay, out of reach.

    Args:
        report: certified, not submitted.
        reason: why; required, kept in the trail.
        by: who takes it back; anybody who may certify, also the person who did.

    Raises:
        ReportNotCertified: it is a draft, or handed in already.
        SocialSecurityNumber, Unconfirmed: V17, about the reason.
    """
    ask_about(scan_free_text(reason=reason), confirmed)
    report.refresh_from_db(from_queryset=MonthlyReport.objects.select_for_update())
    if report.status != report.Status.CERTIFIED:
        raise ReportNotCertified(
            "This report has been submitted. To change it, amend it once DCF has decided."
            if report.is_frozen
            else "This report is a draft already."
        )
    report.status, report.certification = report.Status.DRAFT, report.certification + 1
    report.certified_by, report.certified_by_name, report.certified_at = None, "", None
    report.changed_since_at = None
    report.save(
        update_fields=[
            "status", "certification", "certified_by", "certified_by_name", "certified_at", "changed_since_at",
        ]
    )  # fmt: skip
    store_figures(report)
    record(
        "report.certification_taken_back",
        report,
        month=f"{report.month:%Y-%m}",
        version=report.version,
        reason=reason,
    )
    return report


def files_key(report: MonthlyReport) -> str:
    """Key of the job that makes the files of the report's present certification."""
    return f"{report.pk}:{report.certification}"


def ask_for_files(report: MonthlyReport, by: User) -> Job:
    """Have a worker make the certified report's files."""
    return jobs.ask_for(
        kind="report.files", key=files_key(report), by=by, arguments={"report": str(report.pk)}
    )


@transaction.atomic
def submit_report(*, report: MonthlyReport, by: User, at: dt.datetime | None = None) -> MonthlyReport:
    """Hand the certified report in to DCF; `at` as with `certify_report`.

    Raises:
        ReportNotCertified: it is a draft, or handed in already.
    """
    report.refresh_from_db(from_queryset=MonthlyReport.objects.select_for_update())
    if report.status != report.Status.CERTIFIED:
        raise ReportNotCertified(
            "Certify the report first." if not report.is_frozen else "This report has been submitted already."
        )
    report.status, report.submitted_at, report.submitted_by_name = (
        report.Status.SUBMITTED,
        at or timezone.now(),
        by.name,
    )
    report.save(update_fields=["status", "submitted_at", "submitted_by_name"])
    record("report.submitted", report, month=f"{report.month:%Y-%m}", version=report.version)
    return report


def second_person_sentence(report: MonthlyReport, by: User) -> str:
    """Why this person cannot certify, and what to do."""
    names = " or ".join(
        _others_who_certify(report.site, by).order_by("person__name").values_list("person__name", flat=True)
    )
    if report.prepared_by_id:
        return f"You prepared this report, so a second person certifies it: ask {names}."
    return (
        "Nobody has prepared this report yet. Write its narrative or compute its figures again, then ask "
        f"{names} to certify it. Or let somebody else prepare it, and certify it yourself."
    )


def _others_who_certify(site: Site, by: User) -> RoleAssignments:
    return (
        RoleAssignment.objects.on(timezone.localdate())
        .filter(site=site, role__in=CERTIFYING_ROLES, person__is_active=True)
        .exclude(person=by)
    )


def _certify(report: MonthlyReport, by: User, at: dt.datetime) -> None:
    report.status, report.certified_at = report.Status.CERTIFIED, at
    report.certified_by, report.certified_by_name = by, by.name
    if not report.prepared_by_id:
        report.prepared_by, report.prepared_by_name = by, by.name
    report.save(
        update_fields=[
            "status", "certified_at", "certified_by", "certified_by_name", "prepared_by", "prepared_by_name",
        ]
    )  # fmt: skip
