"""What this room tells people."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet

from activities.codes import ContactResult
from activities.models import Contact, FollowUp
from counties.access import Access
from counties.messages import Kind, register
from counties.permissions import Right
from families.models import Family
from matching.models import Match

QUIET_FOR = dt.timedelta(days=14)


def _quiet(access: Access, day: dt.date) -> QuerySet:
    """Families this person mentors now, and did two weeks ago, without a completed contact since."""
    since = day - QUIET_FOR
    made = Contact.objects.filter(
        referral__family=OuterRef("pk"), result=ContactResult.COMPLETED, held_on__gte=since
    )
    matched = Match.objects.running_on(day).filter(
        partner__person=access.person, parent__family=OuterRef("pk"), starts_on__lte=since
    )
    return Family.objects.visible_to(access).filter(Exists(matched), ~Exists(made))


def _due(access: Access, day: dt.date) -> QuerySet:
    """What this person promised to see to by today."""
    rows = FollowUp.objects.visible_to(access).open().filter(owner=access.person, due_on__lte=day)
    return rows.select_related("referral")


register(
    Kind(
        "follow_up.due",
        "A follow-up is due",
        Right.CONTACT_LOG,
        _due,
        "activities:end_follow_up",
        reference=lambda row: row.referral.reference,
    )
)
register(
    Kind(
        "family.quiet",
        "No contact was made for two weeks",
        Right.CONTACT_LOG,
        _quiet,
        "family",
    )
)
