"""Parents who wait for a parent partner: for the first, or for another one after a match has ended."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from counties.access import Access
from matching.models import Match
from referrals.models import Referral, Referrals


def waiting_for_partner(access: Access) -> Referrals:
    """Accepted referrals, open, whose parent has no match running, proposed or paused.

    Annotates `has_had_match` (of this referral) and `waiting_since`: the day the last match ended, otherwise
    the day of the decision.
    """
    of_parent = Match.objects.filter(
        parent=OuterRef("parent"), status__in=[*Match.PRESENT, Match.Status.PAUSED]
    )
    ended = Match.objects.filter(referral=OuterRef("pk"), status=Match.Status.ENDED).order_by("-ends_on")
    still_taking_part = Q(participation=None) | Q(
        participation__ends_on=None, participation__enrollment__closed_on=None
    )
    return (
        Referral.objects.visible_to(access)
        .accepted()
        .filter(still_taking_part)
        .filter(~Exists(of_parent))
        .annotate(
            has_had_match=Exists(ended),
            waiting_since=Coalesce(Subquery(ended.values("ends_on")[:1]), "decided_on"),
        )
    )
