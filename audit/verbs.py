"""What a verb of the trail means, in plain words.

Most verbs say it by themselves: `hearing.recorded` reads "Hearing recorded". `SENTENCES` holds those that would
read badly; `GROUPS` is how the trail's page filters.
"""

from __future__ import annotations

from django.db.models import Q

SENTENCES = {
    "access.refused": "Was refused access",
    "digest.sent": "Was mailed how many messages wait",
    "person.digest_changed": "Changed how often they are mailed",
    "family.viewed": "Looked at a family",
    "family.searched": "Searched for families",
    "family.listed": "Looked at a list of families",
    "trail.viewed": "Looked at the audit trail",
    "rows.viewed": "Looked at the rows behind a figure",
    "figure.rows_viewed": "Looked at the rows behind a figure",
    "role.given": "Was given a role",
    "invitation.sent": "Invited a person",
    "invitation.resent": "Sent an invitation again",
    "invitation.accepted": "Accepted an invitation",
    "invitation.withdrawn": "Withdrew an invitation",
    "site.opened": "Opened the site",
    "site.edited": "Changed the site’s name, counties or operator",
    "site.closed": "Closed the site",
    "phase.begun": "Began a contract phase",
    "settings.changed": "Changed the site’s settings",
    "referral.funnel_released": "Released the funnel of a year to readers outside",
    "report.certification_taken_back": "Took back the certification of a report",
    "message.read": "Read messages",
    "message.finished": "Put a message aside",
    "message.reopened": "Took a message out again",
    "message.listed": "Looked at their messages",
    "export.asked": "Asked for a list as a file",
    "export.downloaded": "Downloaded an exported list",
    "export.expired": "Files of exports expired",
    "family.exported": "Exported a list of families",
    "referral.exported": "Exported a list of referrals",
    "match.exported": "Exported a list of matches",
    "contact.exported": "Exported a list of contacts",
    "partner.exported": "Exported a list of parent partners",
    "job.asked": "Asked for long work (import, export or file)",
    "job.finished": "Long work finished",
}
LOOKS = {
    "clinical.listed": "clinical support", "comparison.viewed": "the comparison of sites",
    "conflict.viewed": "a conflict", "consent.listed": "a list of consents", "contact.listed": "a list of contacts",
    "contact.viewed": "a contact", "disclosure.listed": "the disclosure log",
    "event.listed": "a list of hearings and meetings", "follow_up.listed": "a list of follow-ups",
    "incident.listed": "a list of incidents", "match.listed": "a list of matches", "match.viewed": "a match",
    "match.waiting_listed": "who waits for a partner", "offer.viewed": "an offer",
    "partner.listed": "a list of parent partners", "partner.viewed": "a parent partner",
    "plan.viewed": "a plan of assignments", "recruitment.listed": "who is being recruited",
    "recruitment.viewed": "a recruitment", "referral.funnel_viewed": "the referral funnel",
    "referral.incoming_listed": "a list of incoming referrals",
    "referral.incoming_viewed": "an incoming referral", "referral.listed": "a list of referrals",
    "referral.viewed": "a referral", "report.listed": "a list of monthly reports",
    "report.viewed": "a monthly report", "session.listed": "a list of sessions",
    "session.note_viewed": "a note of supervision", "session.viewed": "a session",
    "standard.viewed": "the contact standard", "tie.listed": "a list of declared ties",
    "timeliness.viewed": "which sites have reported", "today.viewed": "Today",
}  # fmt: skip
"""What was looked at, by verb."""
GROUPS = {
    "looks": ("Looks", Q(verb__endswith="viewed") | Q(verb__endswith="searched") | Q(verb__endswith="listed")),
    "changes": (
        "Changes",
        ~Q(verb__endswith="viewed") & ~Q(verb__endswith="searched") & ~Q(verb__endswith="listed")
        & ~Q(verb="access.refused") & ~Q(verb__endswith="exported") & ~Q(verb__endswith="downloaded"),
    ),
    "exports": (
        "Exports, imports and downloads",
        Q(verb__endswith="exported") | Q(verb__endswith="downloaded") | Q(verb__endswith="imported")
        | Q(verb__startswith="job.") | Q(verb__startswith="export.") | Q(verb__startswith="import."),
    ),
    "reports": ("Monthly report", Q(verb__startswith="report.")),
    "people": (
        "People and settings",
        Q(verb__startswith="role.") | Q(verb__startswith="invitation.") | Q(verb__startswith="settings.")
        | Q(verb__startswith="site.") | Q(verb__startswith="phase.") | Q(verb__startswith="person."),
    ),
    "refusals": ("Refused access", Q(verb="access.refused")),
}  # fmt: skip


def say(verb: str) -> str:
    """The verb as a sentence without a subject: "Looked at a family", "Hearing recorded"."""
    if verb in SENTENCES:
        return SENTENCES[verb]
    if verb in LOOKS:
        return f"Looked at {LOOKS[verb]}"
    noun, _, past = verb.partition(".")
    words = f"{noun} {past}".replace("_", " ").strip()
    return words[:1].upper() + words[1:]
