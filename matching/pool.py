"""The parent partners of a site as one day finds them: how full they are, and what stops each from a new match."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from counties.models import SiteSettings
from families.models import FamilyTie, Parent
from matching.caseload import Caseload, with_caseloads
from matching.models import Conflict, Match, PlaceDistance, ScoreWeights, place_key
from partners.models import CoreTopic, ParentPartner

WARNING_ONLY = {Conflict.Kind.CASEWORKER}
"""A conflict the coordinator weighs; every other kind is a hard stop (`domain.md` 5.2)."""


@dataclass(frozen=True)
class Stop:
    """Why a pairing is excluded. `reason_field` names the answer that can lift it, "" where nothing can."""

    code: str
    words: str
    reason_field: str = ""


@dataclass(frozen=True)
class Standing:
    """One parent partner with today's caseload; `own_stops` hold whoever the parent is (5.2, 5)."""

    partner: ParentPartner
    caseload: Caseload
    soft_cap: int
    hard_cap: int
    own_stops: tuple[Stop, ...]

    @property
    def room(self) -> int:
        return self.caseload.room(self.soft_cap, self.hard_cap)

    @property
    def is_full(self) -> bool:
        """At the hard cap in families, whoever asks; a second parent of a family already there is let through."""
        return self.caseload.families >= self.hard_cap


def pool(limits: SiteSettings, today: dt.date, partner: ParentPartner | None = None) -> list[Standing]:
    """Everyone who has not left by the day, or the one asked about. One query, however many there are.

    In the order of ties: the lower weighted caseload first, then the longest time since the last new match.
    """
    rows = with_caseloads(today, partner.pk if partner else None)
    standings = [_standing(row, caseload, limits, today) for row, caseload in rows]
    standings.sort(
        key=lambda s: (s.caseload.load, s.caseload.last_started_on or dt.date.min, s.partner.pk.int)
    )
    return standings


def _standing(partner: ParentPartner, caseload: Caseload, limits: SiteSettings, today: dt.date) -> Standing:
    soft, hard = partner.cap(limits.soft_cap_per_fte), partner.cap(limits.hard_cap_per_fte)
    return Standing(partner, caseload, soft, hard, tuple(_own_stops(partner, today)))


def _own_stops(partner: ParentPartner, today: dt.date) -> list[Stop]:
    stops = []
    if partner.ends_on and partner.ends_on <= today:
        stops.append(Stop("not_active", f"Left on {partner.ends_on:%m/%d/%Y}"))
    elif partner.starts_on > today:
        stops.append(Stop("not_active", f"Starts on {partner.starts_on:%m/%d/%Y}"))
    if not partner.is_eligible:
        stops.append(Stop("not_eligible", "Not eligible: less than a year at the start of the role"))
    if not partner.is_trained_on(today):
        stops.append(Stop("not_trained", "Core training is not complete", "training_override"))
    elif not partner.may_work_alone_on(today):
        lapsed = ", ".join(CoreTopic(topic).label for topic in partner.lapsed_topics)
        stops.append(Stop("not_trained", f"Core training has lapsed: {lapsed}", "training_override"))
    if partner.is_on_leave:
        stops.append(Stop("on_leave", "On leave"))
    return stops


@dataclass(frozen=True)
class Between:
    """What is recorded between some parents and any partner.

    `matches` are theirs (for one parent: the whole family's), `conflicts` those not lifted, `miles` known distances;
    the rest says the same by (parent, partner) or (family, partner).
    `tied` are (family, person) with a declared tie (docs/adr/0017); `weights` are the site's.
    """

    matches: list[Match]
    conflicts: list[Conflict]
    kinds: dict[tuple[Any, Any], list[str]]
    declined_by: dict[tuple[Any, Any], str]
    present: dict[tuple[Any, Any], str]
    families: set[tuple[Any, Any]]
    tied: set[tuple[Any, Any]]
    miles: dict[tuple[str, str], int]
    weights: ScoreWeights


def between(parents: list[Parent], besides: Match | None = None) -> Between:
    """Ask everything at once, in five queries; `besides` is a match that is no obstacle to itself."""
    conflicts = list(
        Conflict.objects.filter(parent__in=parents, lifted_at=None).order_by("kind").select_related("partner")
    )
    family_of = {parent.pk: parent.family_id for parent in parents}
    # For one parent the other parent's matches are told as well; a plan does not reckon with them.
    theirs = Q(parent__in=parents) if len(parents) > 1 else Q(parent__family=parents[0].family_id)
    rows = Match.objects.filter(theirs).exclude(pk=besides.pk if besides else None)
    matches = list(rows.order_by("proposed_on").select_related("partner"))
    kinds: dict[tuple[Any, Any], list[str]] = {}
    for conflict in conflicts:
        kinds.setdefault((conflict.parent_id, conflict.partner_id), []).append(conflict.kind)
    by_them = (Match.DeclinedBy.PARENT, Match.DeclinedBy.PARTNER)
    return Between(
        matches,
        conflicts,
        kinds,
        {(m.parent_id, m.partner_id): m.declined_by for m in matches if m.declined_by in by_them},
        {(m.parent_id, m.partner_id): m.status for m in matches if m.status in Match.PRESENT},
        {
            (family_of.get(m.parent_id, parents[0].family_id), m.partner_id)
            for m in matches
            if m.status == Match.Status.ACTIVE
        },
        set(
            FamilyTie.objects.standing()
            .filter(family__in=set(family_of.values()))
            .values_list("family", "person")
        ),
        _miles(parents),
        ScoreWeights.objects.present(),
    )


def _miles(parents: list[Parent]) -> dict[tuple[str, str], int]:
    """Known distances from where these parents live, both ways."""
    here = {place_key(parent.municipality) for parent in parents} - {""}
    known: dict[tuple[str, str], int] = {(place, place): 0 for place in here}
    pairs = PlaceDistance.objects.filter(Q(one__in=here) | Q(other__in=here))
    for one, other, miles in pairs.values_list("one", "other", "miles"):
        known[one, other] = known[other, one] = miles
    return known
