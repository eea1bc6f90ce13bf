"""What this room tells people."""

from __future__ import annotations

from counties.messages import Kind, register
from counties.permissions import Right
from referrals.models import Referral

register(
    Kind(
        "referral.to_decide",
        "A referral waits for a decision",
        Right.REFERRAL_DECIDE,
        lambda access, day: Referral.objects.visible_to(access).pending(),
        "referrals:detail",
    )
)
