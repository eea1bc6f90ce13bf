"""Who could walk beside this parent: hard stops first, then the explained score (`domain.md` 5.2, 5.3).

Everything about all parent partners of the site is asked in a handful of queries and scored as arrays; words are
made only for the pairings somebody looks at. Nothing is ever assigned by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, overload

from django.utils import timezone

from counties.models import SiteSettings
from families.models import Parent
from matching.models import Conflict, Match, place_key
from matching.pool import WARNING_ONLY, Between, Standing, Stop, between, pool
from matching.score import Circumstances, Score, score, speaks
from partners.models import ParentPartner


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
    room: int

    @property
    def can_be_proposed_with_reason(self) -> bool:
        return all(stop.reason_field for stop in self.stops)


class Candidates(Sequence[Candidate]):
    """Candidates in order; each is put into words when it is looked at."""

    def __init__(self, standings: list[Standing], say: Callable[[Standing], Candidate]) -> None:
        self.standings, self._say = standings, say

    def __len__(self) -> int:
        return len(self.standings)

    def with_room(self, taken: dict[Any, int]) -> Candidates:
        """Those who have room beside the families counted in `taken` by partner."""
        return Candidates([s for s in self.standings if s.room > taken.get(s.partner.pk, 0)], self._say)

    @overload
    def __getitem__(self, at: int) -> Candidate: ...
    @overload
    def __getitem__(self, at: slice) -> list[Candidate]: ...
    def __getitem__(self, at: int | slice) -> Candidate | list[Candidate]:
        found = self.standings[at]
        return [self._say(one) for one in found] if isinstance(found, list) else self._say(found)


@dataclass(frozen=True)
class Suggestions:
    """Candidates in the order of their score, and the excluded with the reasons."""

    candidates: Candidates
    excluded: Candidates
    known: Between


def suggest(parent: Parent, limits: SiteSettings) -> Suggestions:
    """Everyone at the site who has not left, for this parent. Six queries, however many partners there are.

    Ties: the lower weighted caseload first, then the longest time since the last new match.
    """
    standings = pool(limits, timezone.localdate())
    known = between([parent])
    if not standings:
        nobody = Candidates([], lambda standing: _candidate(standing, parent, limits, known))
        return Suggestions(nobody, nobody, known)
    from matching import matrix  # brings numpy, which most processes never need

    scores = matrix.points([parent], standings, known, limits)[0].tolist()
    ordered = [standings[n] for n in sorted(range(len(standings)), key=lambda n: -scores[n])]
    free: list[Standing] = []
    stopped: list[Standing] = []
    recorded, tied = _with_a_record(parent, known)
    for standing in ordered:
        is_stopped: Any = standing.own_stops or _is_at_hard_cap(standing, parent, known)
        if standing.partner.pk in recorded or standing.partner.person_id in tied:
            is_stopped = is_stopped or _stops(standing, parent, known)
        (stopped if is_stopped else free).append(standing)

    def say(standing: Standing) -> Candidate:
        return _candidate(standing, parent, limits, known)

    return Suggestions(Candidates(free, say), Candidates(stopped, say), known)


def consider(
    partner: ParentPartner, parent: Parent, limits: SiteSettings, *, besides: Match | None = None
) -> Candidate:
    """One pairing as it stands today; `besides` is the proposal being answered, which is no obstacle to itself."""
    standing = pool(limits, timezone.localdate(), partner)[0]
    return _candidate(standing, parent, limits, between([parent], besides))


def known_places() -> list[str]:
    """Municipalities of the site's parents and parent partners, each once, in alphabetical order."""
    written = [*Parent.objects.values_list("municipality", flat=True).distinct().order_by()]
    written += ParentPartner.objects.values_list("municipality", flat=True).distinct().order_by()
    return sorted({place_key(place): " ".join(place.split()) for place in written if place.strip()}.values())


def _candidate(standing: Standing, parent: Parent, limits: SiteSettings, known: Between) -> Candidate:
    around = circumstances(standing, parent, limits, known)
    return Candidate(
        partner=standing.partner,
        stops=tuple(_stops(standing, parent, known)),
        warnings=tuple(_warnings(standing, parent, known)),
        score=score(parent, standing.partner, around),
        load=around.load,
        miles=around.miles,
        is_over_soft_cap=_is_over_soft_cap(standing, parent, known),
        room=standing.room,
    )


def circumstances(standing: Standing, parent: Parent, limits: SiteSettings, known: Between) -> Circumstances:
    """What the score of a pairing needs beside the two people."""
    there = place_key(standing.partner.municipality)
    return Circumstances(
        load=standing.caseload.load,
        cap=standing.soft_cap,
        miles=known.miles.get((place_key(parent.municipality), there)),
        near=limits.near_miles,
        far=limits.far_miles,
        weights=known.weights,
    )


def _is_with_family(standing: Standing, parent: Parent, known: Between) -> bool:
    return (parent.family_id, standing.partner.pk) in known.families


def _is_at_hard_cap(standing: Standing, parent: Parent, known: Between) -> bool:
    """The second parent of a family already there is let through."""
    return standing.is_full and not _is_with_family(standing, parent, known)


def _is_over_soft_cap(standing: Standing, parent: Parent, known: Between) -> bool:
    """A further family weighs 1 until its level is known; the second parent of one already there weighs nothing."""
    more = 0 if _is_with_family(standing, parent, known) else 1
    return standing.caseload.load + more > standing.soft_cap


def _with_a_record(parent: Parent, known: Between) -> tuple[set[Any], set[Any]]:
    """Partners of whom something is recorded with this parent, and people tied to the family: who may be stopped."""
    pairs = [*known.kinds, *known.declined_by, *known.present]
    return (
        {partner for theirs, partner in pairs if theirs == parent.pk},
        {person for family, person in known.tied if family == parent.family_id},
    )


def _stops(standing: Standing, parent: Parent, known: Between) -> list[Stop]:
    """The hard stops of `domain.md` 5.2 in its order; a conflict recorded is 1 to 4."""
    pair = (parent.pk, standing.partner.pk)
    stops = [Stop(kind, KINDS[kind]) for kind in known.kinds.get(pair, ()) if kind not in WARNING_ONLY]
    if (parent.family_id, standing.partner.person_id) in known.tied:
        stops.append(Stop("not_suggested", "Cannot be suggested for this family"))
    stops += standing.own_stops
    if _is_at_hard_cap(standing, parent, known):
        families = f"{standing.caseload.families} of {standing.hard_cap} families"
        stops.append(Stop("at_hard_cap", f"Hard cap reached: {families}"))
    if by := known.declined_by.get(pair):
        stops.append(Stop("declined", f"{dict(Match.DeclinedBy.choices)[by]} has declined this pairing"))
    if status := known.present.get(pair):
        words = "Matched with this parent now" if status == Match.Status.ACTIVE else "Proposed already"
        stops.append(Stop("matched_already", words))
    return stops


def _warnings(standing: Standing, parent: Parent, known: Between) -> list[str]:
    """What a coordinator should weigh; none of it excludes."""
    partner = standing.partner
    pair = (parent.pk, partner.pk)
    warnings = [KINDS[kind] for kind in known.kinds.get(pair, ()) if kind in WARNING_ONLY]
    if parent.language and not speaks(partner, parent.language):
        warnings.append("Only with an interpreter")
    if _is_over_soft_cap(standing, parent, known):
        load = f"{standing.caseload.load:f}".rstrip("0").rstrip(".")
        warnings.append(
            f"Soft cap reached: caseload {load} of {standing.soft_cap}, weighted. A reason is needed"
        )
    if _is_with_family(standing, parent, known) and known.present.get(pair) != Match.Status.ACTIVE:
        warnings.append(
            "Supports the other parent of this family. Record a conflict if their interests are opposed"
        )
    return warnings


KINDS: dict[str, Any] = dict(Conflict.Kind.choices)
