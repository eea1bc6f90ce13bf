"""What this room tells people."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from counties.access import Access
from counties.messages import Kind, register
from counties.permissions import Right
from families.models import Consent


def _ending(access: Access, day: dt.date) -> QuerySet:
    return Consent.objects.visible_to(access).ending(day).select_related("parent__family")


register(
    Kind(
        "consent.ending",
        "A consent is about to expire",
        Right.CONSENT_RECORD,
        _ending,
        "families:consent",
        reference=lambda consent: consent.parent.family.reference,
    )
)
