"""Referral, enrollment and participation, and what comes in before a referral is one."""

from referrals.models.incoming import IncomingReferral, PublicForm
from referrals.models.referrals import (
    PLANNED_CLOSURES,
    SOURCES,
    UNPLANNED_CLOSURES,
    ClosureReason,
    Enrollment,
    Enrollments,
    Participation,
    Participations,
    Referral,
    ReferralOutcome,
    Referrals,
    ReferralSource,
    Screened,
    WaitingFor,
)
from referrals.models.releases import FunnelRelease
from referrals.models.transfers import Transfer

__all__ = [
    "PLANNED_CLOSURES", "SOURCES", "UNPLANNED_CLOSURES", "ClosureReason", "Enrollment", "Enrollments",
    "FunnelRelease", "IncomingReferral", "Participation", "Participations", "PublicForm", "Referral", "ReferralOutcome",
    "ReferralSource", "Referrals", "Screened", "Transfer", "WaitingFor",
]  # fmt: skip
