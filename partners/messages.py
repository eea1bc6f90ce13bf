"""What this room tells people."""

from __future__ import annotations

import datetime as dt
from operator import attrgetter

from django.db.models import QuerySet

from counties.access import Access
from counties.messages import Kind, register
from counties.permissions import Right
from partners.models import AgreedStep, ClinicalMonth


def _clinical_missing(access: Access, day: dt.date) -> QuerySet:
    return ClinicalMonth.objects.visible_to(access).missing_on(day)


def _agreed_due(access: Access, day: dt.date) -> QuerySet:
    return AgreedStep.objects.visible_to(access).open().filter(due_on__lte=day)


register(
    Kind(
        "session.clinical_missing",
        "No clinical support is recorded for this month yet",
        Right.SESSION_RECORD,
        _clinical_missing,
        "partners:clinical_month",
        reference=attrgetter("reference"),
    )
)
register(
    Kind(
        "session.agreed_due",
        "Something agreed in supervision is due",
        Right.SESSION_VIEW,
        _agreed_due,
        "partners:agreed_step",
        reference=lambda row: f"due {row.due_on:%m/%d/%Y}",
    )
)
