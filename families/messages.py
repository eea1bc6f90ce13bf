"""What this room tells people."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet

from counties.access import Access
from counties.messages import Kind, register
from counties.permissions import Right
from families.models import Consent, Family

BEFORE_EXPIRY = dt.timedelta(days=30)


def _expiring(access: Access, day: dt.date) -> QuerySet:
    """Families with a live consent that ends within 30 days and has no live successor of its kind and recipient."""
    live = Consent.objects.live_on(day)
    later = live.filter(
        parent=OuterRef("parent"), kind=OuterRef("kind"), recipient=OuterRef("recipient")
    ).exclude(expires_on__lte=day + BEFORE_EXPIRY)
    ending = live.filter(parent__family=OuterRef("pk"), expires_on__lte=day + BEFORE_EXPIRY)
    return Family.objects.visible_to(access).filter(Exists(ending.filter(~Exists(later))))


register(
    Kind(
        "consent.expiring",
        "A consent ends within 30 days",
        Right.CONSENT_RECORD,
        _expiring,
        "family",
    )
)
