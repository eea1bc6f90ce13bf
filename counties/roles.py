"""Roles as lists of rights, each with a plain sentence (`domain.md` 10.10).

Labels shown to people can be changed per site; the keys stored here never change.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from counties.permissions import Right as R


class Role(models.TextChoices):
    PROGRAM_COORDINATOR = "program_coordinator", "Program Coordinator"
    PARTNER_COORDINATOR = "partner_coordinator", "Parent Partner Coordinator"
    PARENT_PARTNER = "parent_partner", "Parent Partner"
    CLINICAL_SUPPORT = "clinical_support", "Clinical Support"
    COUNCIL_MEMBER = "council_member", "Council Member"
    STATE_STAFF = "state_staff", "State Staff"
    STATE_ADMIN = "state_admin", "State Administrator"


STATE_ROLES = [Role.STATE_STAFF, Role.STATE_ADMIN]


@dataclass(frozen=True)
class Grant:
    """What a role may do, in one sentence and as rights."""

    sentence: str
    rights: frozenset[R]


_COUNCIL = {R.SITE_VIEW, R.COUNCIL_VIEW, R.OUTREACH_VIEW, R.COMPARISON_VIEW}
_PARTNER = {
    R.SITE_VIEW, R.FAMILY_VIEW, R.PARTNER_VIEW, R.SESSION_VIEW, R.REFERRAL_VIEW, R.MATCH_VIEW, R.MATCH_ANSWER,
    R.CONTACT_VIEW, R.CONTACT_LOG, R.CONTACT_CORRECT, R.EVENT_RECORD, R.GOAL_RECORD, R.INCIDENT_RECORD, R.COUNCIL_VIEW,
    R.OUTREACH_VIEW, R.COMPARISON_VIEW,
}  # fmt: skip
_PARTNER_COORDINATOR = _PARTNER | {
    R.FAMILY_VIEW_ALL, R.FAMILY_CREATE, R.FAMILY_EDIT, R.FAMILY_SEAL, R.FAMILY_MERGE, R.CONSENT_RECORD,
    R.DISCLOSURE_RECORD, R.PARTNER_VIEW_ALL, R.PARTNER_EDIT, R.SESSION_RECORD, R.REFERRAL_CREATE, R.REFERRAL_DECIDE,
    R.REFERRAL_WITHDRAW, R.ENROLLMENT_BEGIN, R.ENROLLMENT_CLOSE, R.MATCH_SUGGEST, R.MATCH_PROPOSE,
    R.MATCH_ACCEPT, R.MATCH_DECLINE, R.MATCH_END, R.CONFLICT_RECORD, R.NOTE_OPEN, R.LEVEL_CHANGE, R.INCIDENT_VIEW,
    R.COUNCIL_RECORD, R.OUTREACH_RECORD, R.REPORT_VIEW, R.REPORT_DRAFT, R.REPORT_WRITE, R.FIGURE_ROWS,
}  # fmt: skip
_PROGRAM_COORDINATOR = _PARTNER_COORDINATOR | {
    R.SITE_CONFIGURE, R.PEOPLE_MANAGE, R.AUDIT_VIEW, R.REPORT_CERTIFY, R.REPORT_SUBMIT, R.REPORT_AMEND,
    R.IMPORT_RUN, R.EXPORT_RUN,
}  # fmt: skip
_STATE = {R.STATE_VIEW, R.REPORT_REVIEW, R.COMPARISON_VIEW}

GRANTS: dict[Role, Grant] = {
    Role.PROGRAM_COORDINATOR: Grant(
        "Runs the site: sees every family, certifies and submits the monthly report, invites people, "
        "changes settings and reads the audit trail.",
        frozenset(_PROGRAM_COORDINATOR),
    ),
    Role.PARTNER_COORDINATOR: Grant(
        "Assigns families and supervises parent partners: sees every family of the site, decides referrals, "
        "makes and ends matches, prepares the monthly report.",
        frozenset(_PARTNER_COORDINATOR),
    ),
    Role.PARENT_PARTNER: Grant(
        "Mentors families: sees the families they are matched with now, and logs contacts, hearings, "
        "meetings and goals for them.",
        frozenset(_PARTNER),
    ),
    Role.CLINICAL_SUPPORT: Grant(
        "Facilitates monthly support: keeps attendance of clinical support, sees no family and stores no content.",
        frozenset({R.SITE_VIEW, R.SESSION_VIEW, R.SESSION_RECORD}),
    ),
    Role.COUNCIL_MEMBER: Grant(
        "Sits on the advisory council: sees meetings, outreach and published figures, never a family.",
        frozenset(_COUNCIL),
    ),
    Role.STATE_STAFF: Grant(
        "Works for DCF: sees every site's certified figures, accepts or returns reports; no family, parent, "
        "child, contact or note is within reach.",
        frozenset(_STATE),
    ),
    Role.STATE_ADMIN: Grant(
        "Administers PSP for DCF: opens and closes sites and invites coordinators and state staff, "
        "besides what state staff may do.",
        frozenset(_STATE | {R.STATE_SITES, R.STATE_PEOPLE}),
    ),
}

AFTER_CLOSING = frozenset({
    R.SITE_VIEW, R.REPORT_VIEW, R.REPORT_DRAFT, R.REPORT_WRITE, R.REPORT_CERTIFY, R.REPORT_SUBMIT, R.REPORT_AMEND,
    R.FIGURE_ROWS,
})  # fmt: skip
"""All that is left at a closed site: its last months are still to be reported (docs/adr/0013)."""

REPORTERS = [role for role in Role if R.REPORT_WRITE in GRANTS[role].rights]
"""Who prepares or certifies reports, and so keeps a role when the site closes."""

MFA_ROLES = frozenset(set(Role) - {Role.COUNCIL_MEMBER})
"""Roles that must sign in with a second factor: everyone who sees families, their partners, or the state."""
