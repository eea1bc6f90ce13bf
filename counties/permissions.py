"""Every right in the product, noun.verb. A right is tied to a view in one place, the view's decorator."""

from enum import StrEnum


class Right(StrEnum):
    """What somebody may do; roles are lists of these (`counties/roles.py`)."""

    SITE_VIEW = "site.view"
    SITE_CONFIGURE = "site.configure"
    PEOPLE_MANAGE = "people.manage"
    AUDIT_VIEW = "audit.view"

    FAMILY_VIEW = "family.view"
    FAMILY_VIEW_ALL = "family.view_all"
    FAMILY_CREATE = "family.create"
    FAMILY_EDIT = "family.edit"
    FAMILY_SEAL = "family.seal"
    FAMILY_MERGE = "family.merge"
    CONSENT_RECORD = "consent.record"
    DISCLOSURE_RECORD = "disclosure.record"

    PARTNER_VIEW = "partner.view"
    PARTNER_VIEW_ALL = "partner.view_all"
    PARTNER_EDIT = "partner.edit"
    SESSION_VIEW = "session.view"
    SESSION_RECORD = "session.record"

    REFERRAL_VIEW = "referral.view"
    REFERRAL_CREATE = "referral.create"
    REFERRAL_DECIDE = "referral.decide"
    REFERRAL_WITHDRAW = "referral.withdraw"
    ENROLLMENT_BEGIN = "enrollment.begin"
    ENROLLMENT_CLOSE = "enrollment.close"

    MATCH_VIEW = "match.view"
    MATCH_SUGGEST = "match.suggest"
    MATCH_PROPOSE = "match.propose"
    MATCH_ACCEPT = "match.accept"
    MATCH_DECLINE = "match.decline"
    MATCH_ANSWER = "match.answer"
    MATCH_END = "match.end"
    CONFLICT_RECORD = "conflict.record"

    CONTACT_VIEW = "contact.view"
    CONTACT_LOG = "contact.log"
    CONTACT_CORRECT = "contact.correct"
    NOTE_OPEN = "note.open"
    LEVEL_CHANGE = "level.change"
    EVENT_RECORD = "event.record"
    GOAL_RECORD = "goal.record"
    INCIDENT_VIEW = "incident.view"
    INCIDENT_RECORD = "incident.record"

    COUNCIL_VIEW = "council.view"
    COUNCIL_RECORD = "council.record"
    OUTREACH_VIEW = "outreach.view"
    OUTREACH_RECORD = "outreach.record"

    REPORT_VIEW = "report.view"
    REPORT_DRAFT = "report.draft"
    REPORT_WRITE = "report.write"
    REPORT_CERTIFY = "report.certify"
    REPORT_SUBMIT = "report.submit"
    REPORT_AMEND = "report.amend"
    FIGURE_ROWS = "figure.rows"
    COMPARISON_VIEW = "comparison.view"

    IMPORT_RUN = "import.run"
    EXPORT_RUN = "export.run"

    STATE_VIEW = "state.view"
    REPORT_REVIEW = "report.review"
    STATE_SITES = "state.sites"
    STATE_PEOPLE = "state.people"
