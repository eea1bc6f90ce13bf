"""The report's life: drafted, written, certified, submitted, accepted or returned, amended; and published."""

from reporting.actions.amending import Difference, amend_report, differences, note_changes
from reporting.actions.certifying import (
    certify_report,
    digest,
    may_certify,
    submit_report,
    take_back_certification,
)
from reporting.actions.drafting import (
    draft_report,
    due_day,
    months_owed,
    recompute_drafts,
    recompute_report,
    write_narrative,
)
from reporting.actions.errors import (
    FiguresChanged,
    IdentitiesBroken,
    MonthNotOver,
    NothingToReport,
    ReportFrozen,
    ReportNotCertified,
    ReportNotDecided,
    ReportNotSubmitted,
    SecondPersonNeeded,
    StoriesWithoutAgreement,
)
from reporting.actions.publishing import publish_report
from reporting.actions.reviewing import accept_report, return_report

__all__ = [
    "Difference",
    "FiguresChanged", "IdentitiesBroken", "MonthNotOver", "NothingToReport", "ReportFrozen", "ReportNotCertified",
    "ReportNotDecided", "ReportNotSubmitted", "SecondPersonNeeded", "StoriesWithoutAgreement", "accept_report",
    "amend_report", "certify_report", "differences", "digest", "draft_report", "due_day", "may_certify",
    "months_owed", "note_changes", "publish_report", "recompute_drafts", "recompute_report", "return_report",
    "submit_report", "take_back_certification", "write_narrative",
]  # fmt: skip
