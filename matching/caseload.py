"""How full a parent partner's days are (`domain.md` 5.4)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db.models import Case, DecimalField, Exists, OuterRef, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from matching.models import Match
from referrals.models import Enrollment

WEIGHTS = {1: Decimal("1.00"), 2: Decimal("0.75"), 3: Decimal("0.50"), 4: Decimal("0.25")}
"""What a family weighs by its level of contact; before any level is recorded it is 1."""

NUMBER = DecimalField(max_digits=6, decimal_places=2)


def weighted_load(today: dt.date) -> Coalesce:
    """Sum of the weights of the families with a running match, for annotating parent partners.

    A family counts once, even when both its parents are matched with the same partner.
    """
    running = Match.objects.filter(partner=OuterRef("pk"), status=Match.Status.ACTIVE)
    same_family = Match.objects.filter(
        partner=OuterRef("partner"),
        status=Match.Status.ACTIVE,
        parent__family=OuterRef("parent__family"),
        pk__lt=OuterRef("pk"),
    )
    weight = Case(
        *(When(level=level, then=Value(points)) for level, points in WEIGHTS.items()),
        default=Value(WEIGHTS[1]),
    )
    families = running.filter(~Exists(same_family)).annotate(level=_level(today))
    total = (
        families.order_by().values("partner").annotate(total=Sum(weight, output_field=NUMBER)).values("total")
    )
    return Coalesce(Subquery(total), Value(Decimal(0)), output_field=NUMBER)


def _level(today: dt.date) -> Subquery:
    """The level in force of a match's enrollment."""
    # Levels live in a room above and are asked for by their reverse name, so that no import points up.
    levels = Enrollment._meta.get_field("level_changes").related_model.objects
    of_match = levels.filter(enrollment__participations__referral=OuterRef("referral"), changed_on__lte=today)
    return Subquery(of_match.order_by("-changed_on").values("level")[:1])
