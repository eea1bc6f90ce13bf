"""Who could walk beside this parent: hard stops first, then the explained score (`domain.md` 5.2, 5.3).

Everything about all parent partners of the site is asked in one query; nothing is ever assigned by itself.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Max, OuterRef, Subquery
from django.utils import timezone

from counties.models import SiteSettings
from families.models import Parent
from matching.caseload import weighted_load
from matching.models import Conflict, Match, PlaceDistance, place_key
from matching.score import Circumstances, Score, score, speaks
from partners.models import ParentPartner, ParentPartners

WARNING_ONLY = {Conflict.Kind.CASEWORKER}
"""A conflict the coordinator weighs; every other kind is a hard stop (`domain.md` 5.2)."""


@dataclass(frozen=True)
class Stop:
    """Why a pairing is excluded. `reason_field` names the answer that can lift it, "" where nothing can."""

    code: str
    words: str
    reason_field: str = ""


@dataclass(frozen=True)
class Candidate:
    """One parent partner seen from one parent's side."""

    partner: ParentPartner
    stops: tuple[Stop, ...]
    warnings: tuple[str, ...]
    score: Score
    load: Decimal
    miles: int | None
    is_over_soft_cap: bool

    @property
    def can_be_proposed_with_reason(self) -> bool:
        return all(stop.reason_field for stop in self.stops)


@dataclass(frozen=True)
class Suggestions:
    """Candidates in the order of their score, and the excluded with the reasons."""

    candidates: list[Candidate]
    excluded: list[Candidate]


def suggest(parent: Parent, limits: SiteSettings) -> Suggestions:
    """Everyone at the site who has not left, for this parent. Two queries, however many partners there are.

    Ties: the lower weighted caseload first, then the longest time since the last new match.
    """
    today = timezone.localdate()
    seen = _seen(ParentPartner.objects.current_on(today), parent, limits, today)
    seen.sort(
        key=lambda c: (-c.score.total, c.load, c.partner.last_match_on or dt.date.min, str(c.partner.pk))
    )
    return Suggestions([c for c in seen if not c.stops], [c for c in seen if c.stops])


def consider(
    partner: ParentPartner, parent: Parent, limits: SiteSettings, *, besides: Match | None = None
) -> Candidate:
    """One pairing as it stands today; `besides` is the proposal being answered, which is no obstacle to itself."""
    partners = ParentPartner.objects.filter(pk=partner.pk)
    return _seen(partners, parent, limits, timezone.localdate(), besides)[0]


def _seen(
    partners: ParentPartners,
    parent: Parent,
    limits: SiteSettings,
    today: dt.date,
    besides: Match | None = None,
) -> list[Candidate]:
    rows = _with_history(partners.with_caseload(limits), parent, today, besides)
    miles = _miles_from(parent.municipality)
    return [_candidate(row, parent, limits, miles, today) for row in rows]


def _with_history(
    partners: ParentPartners, parent: Parent, today: dt.date, besides: Match | None
) -> ParentPartners:
    """Annotate what stands between each partner and this parent."""
    theirs = Match.objects.filter(partner=OuterRef("pk"), parent=parent)
    if besides is not None:
        theirs = theirs.exclude(pk=besides.pk)
    by_them = [Match.DeclinedBy.PARENT, Match.DeclinedBy.PARTNER]
    declined = theirs.filter(status=Match.Status.DECLINED, declined_by__in=by_them).order_by("-proposed_on")
    present = theirs.filter(status__in=[Match.Status.PROPOSED, Match.Status.ACTIVE])
    conflicts = Conflict.objects.filter(partner=OuterRef("pk"), parent=parent, lifted_at=None)
    family = Match.objects.filter(
        partner=OuterRef("pk"), status=Match.Status.ACTIVE, parent__family=parent.family_id
    )
    return partners.annotate(
        load=weighted_load(today),
        last_match_on=Max("matches__starts_on"),
        declined_by=Subquery(declined.values("declined_by")[:1]),
        present_status=Subquery(present.values("status")[:1]),
        conflict_kinds=ArraySubquery(conflicts.order_by("kind").values("kind")),
        is_with_family=Exists(family),
    )


def known_places() -> list[str]:
    """Municipalities of the site's parents and parent partners, each once, in alphabetical order."""
    written = [*Parent.objects.values_list("municipality", flat=True).distinct().order_by()]
    written += ParentPartner.objects.values_list("municipality", flat=True).distinct().order_by()
    return sorted({place_key(place): " ".join(place.split()) for place in written if place.strip()}.values())


def _miles_from(place: str) -> dict[str, int]:
    """Known distances from a place, by the other place's key."""
    here = place_key(place)
    if not here:
        return {}
    pairs = PlaceDistance.objects.filter(one=here) | PlaceDistance.objects.filter(other=here)
    return {(pair.other if pair.one == here else pair.one): pair.miles for pair in pairs} | {here: 0}


def _candidate(
    partner: ParentPartner, parent: Parent, limits: SiteSettings, miles: dict[str, int], today: dt.date
) -> Candidate:
    around = Circumstances(
        load=partner.load,
        cap=partner.soft_cap,
        miles=miles.get(place_key(partner.municipality)),
        near=limits.near_miles,
        far=limits.far_miles,
    )
    return Candidate(
        partner=partner,
        stops=tuple(_stops(partner, today)),
        warnings=tuple(_warnings(partner, parent)),
        score=score(parent, partner, around),
        load=partner.load,
        miles=around.miles,
        is_over_soft_cap=_others(partner) >= partner.soft_cap,
    )


def _others(partner: ParentPartner) -> int:
    """Families of the caseload besides the one in question."""
    return partner.families - int(partner.is_with_family)


def _stops(partner: ParentPartner, today: dt.date) -> list[Stop]:
    """The hard stops of `domain.md` 5.2 in its order; a conflict recorded is 1 to 4."""
    kinds = dict(Conflict.Kind.choices)
    stops = [Stop(kind, kinds[kind]) for kind in partner.conflict_kinds if kind not in WARNING_ONLY]
    if partner.ends_on and partner.ends_on <= today:
        stops.append(Stop("not_active", f"Left on {partner.ends_on:%m/%d/%Y}"))
    elif partner.starts_on > today:
        stops.append(Stop("not_active", f"Starts on {partner.starts_on:%m/%d/%Y}"))
    if not partner.is_eligible:
        stops.append(Stop("not_eligible", "Not eligible: less than a year at the start of the role (V09)"))
    if not partner.is_trained_on(today):
        stops.append(Stop("not_trained", "Core training is not complete (V10)", "training_override"))
    if partner.is_on_leave:
        stops.append(Stop("on_leave", "On leave"))
    if _others(partner) >= partner.hard_cap:
        stops.append(
            Stop("at_hard_cap", f"Hard cap reached: {partner.families} of {partner.hard_cap} families (V11)")
        )
    if partner.declined_by:
        who = dict(Match.DeclinedBy.choices)[partner.declined_by]
        stops.append(Stop("declined", f"{who} has declined this pairing"))
    if partner.present_status:
        words = "Matched with this parent now" if partner.present_status == "active" else "Proposed already"
        stops.append(Stop("matched_already", words))
    return stops


def _warnings(partner: ParentPartner, parent: Parent) -> list[str]:
    """What a coordinator should weigh; none of it excludes."""
    kinds = dict(Conflict.Kind.choices)
    warnings = [kinds[kind] for kind in partner.conflict_kinds if kind in WARNING_ONLY]
    if parent.language and not speaks(partner, parent.language):
        warnings.append("Only with an interpreter")
    if _others(partner) >= partner.soft_cap:
        warnings.append(
            f"Soft cap reached: {partner.families} of {partner.soft_cap} families. A reason is needed (V11)"
        )
    if partner.is_with_family and partner.present_status != Match.Status.ACTIVE:
        warnings.append(
            "Supports the other parent of this family. Record a conflict if their interests are opposed"
        )
    return warnings
