"""Writers of what stands between two people, of how far places lie apart, and of what counts how much."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.action_forms import ask_about
from counties.free_text import scan_free_text
from counties.wall.scope import current_site_id
from families.models import Parent
from matching.models import Conflict, PlaceDistance, ScoreWeights, place_key
from partners.models import ParentPartner


@transaction.atomic
def record_conflict(
    *,
    parent: Parent,
    partner: ParentPartner,
    kind: str,
    by: User,
    note: str = "",
    confirmed: Collection[str] = (),
) -> Conflict:
    """Note why these two must not be matched (`domain.md` 5.2, 1 to 4). A running match is not ended by it."""
    ask_about(scan_free_text(note=note), confirmed)
    Parent.objects.select_for_update().get(pk=parent.pk)
    if Conflict.objects.filter(parent=parent, partner=partner, kind=kind, lifted_at=None).exists():
        raise ValidationError({"kind": f"This is recorded already for {partner}."})
    conflict = Conflict.objects.create(
        site_id=parent.site_id,
        parent=parent,
        partner=partner,
        kind=Conflict.Kind(kind),
        note=note,
        recorded_by=by,
    )
    record("conflict.recorded", parent.family, conflict, conflict_kind=kind)
    return conflict


@transaction.atomic
def lift_conflict(*, conflict: Conflict, reason: str, by: User, confirmed: Collection[str] = ()) -> Conflict:
    """The conflict holds no longer; it stays in the record with the reason in the trail."""
    conflict = Conflict.objects.select_for_update().get(pk=conflict.pk)
    ask_about(scan_free_text(reason=reason), confirmed)
    if conflict.lifted_at:
        raise ValidationError("This conflict has been lifted already.")
    conflict.lifted_at = timezone.now()
    conflict.save(update_fields=["lifted_at"])
    record("conflict.lifted", conflict.parent.family, conflict, reason=reason)
    return conflict


@transaction.atomic
def set_distance(
    *, place: str, other_place: str, miles: int, by: User, confirmed: Collection[str] = ()
) -> PlaceDistance:
    """Tell how many miles lie between two places; a second answer for the same pair replaces the first."""
    one, other = sorted([place_key(place), place_key(other_place)])
    if one == other:
        raise ValidationError({"other_place": "Choose two different places; the same place is 0 miles away."})
    distance, _ = PlaceDistance.objects.update_or_create(
        site_id=current_site_id(), one=one, other=other, defaults={"miles": miles}
    )
    record("distance.set", distance, miles=miles)
    return distance


@transaction.atomic
def set_weights(*, by: User, confirmed: Collection[str] = (), **points: int) -> ScoreWeights:
    """Weigh the six criteria of the score anew (`domain.md` 5.3); what was proposed before keeps its score.

    Raises:
        ValidationError: they do not make 100.
    """
    total = sum(points[name] for name in ScoreWeights.CRITERIA)
    if total != 100:
        raise ValidationError(f"The six numbers make {total}. Change them so that they make 100.")
    weights, _ = ScoreWeights.objects.update_or_create(site_id=current_site_id(), defaults=points)
    facts: dict[str, Any] = dict(points)
    record("weights.set", weights, **facts)
    return weights
