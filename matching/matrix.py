"""Scores and hard stops of many parents with many parent partners at once, as arrays.

`points` says the same as `score.score`, in tenths of a point and without the words; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import numpy as np

from counties.codes import Experience
from counties.models import SiteSettings
from families.models import Parent
from matching.models import place_key
from matching.pool import WARNING_ONLY, Between, Standing
from matching.score import (
    meets_culture,
    meets_gender,
    share_by_miles,
    speaks,
    wishes_gender,
)

Array = Any
"""numpy's arrays: rows are parents, columns parent partners."""


def points(parents: list[Parent], pool: list[Standing], known: Between, limits: SiteSettings) -> Array:
    """Tenths of a point of every pairing (`domain.md` 5.3)."""
    partners, of = [standing.partner for standing in pool], known.weights

    def language(spoken: str) -> list[int]:
        return _alike(languages, lambda n: 10 * of.language * bool(spoken and speaks(partners[n], spoken)))

    def culture(wish: str) -> list[int]:
        return _alike(cultures, lambda n: 10 * of.culture * (not wish or meets_culture(wish, partners[n])))

    def gender(wish: str) -> list[int]:
        return _alike(genders, lambda n: 10 * of.gender * (not wish or meets_gender(wish, partners[n])))

    def distance(place: str) -> list[int]:
        def share(n: int) -> int:
            return int(10 * of.distance * share_by_miles(known.miles.get((place, places[n])), near, far))

        return _alike(places, share)

    languages = [tuple(partner.languages) for partner in partners]
    cultures, genders = [partner.culture for partner in partners], [partner.gender for partner in partners]
    near, far = limits.near_miles, limits.far_miles
    places = [place_key(partner.municipality) for partner in partners]
    return (
        _by(language, [parent.language for parent in parents])
        + _experience(parents, pool, of.experience)
        + _availability(pool, of.availability)
        + _by(culture, [parent.prefers_culture for parent in parents])
        + _by(gender, [wishes_gender(parent) for parent in parents])
        + _by(distance, [place_key(parent.municipality) for parent in parents])
    )


def stops(parents: list[Parent], pool: list[Standing], known: Between) -> tuple[Array, list[str]]:
    """For every pairing the number of its first hard stop, 0 for none, and the codes these numbers stand for."""
    codes = ["", "matched_already", "declined"]

    def number(code: str) -> int:
        if code not in codes:
            codes.append(code)
        return codes.index(code)

    own = np.array([number(_own(standing)) for standing in pool], dtype=np.int16)
    first = np.tile(own, (len(parents), 1))
    rows = {parent.pk: n for n, parent in enumerate(parents)}
    columns = {standing.partner.pk: n for n, standing in enumerate(pool)}

    def put(pair: tuple[Any, Any], code: str, *, over: bool) -> None:
        if pair[0] in rows and pair[1] in columns:
            cell = rows[pair[0]], columns[pair[1]]
            if over or not first[cell]:
                first[cell] = number(code)

    for pair in known.declined_by:
        put(pair, "declined", over=False)
    for pair in known.present:
        put(pair, "matched_already", over=False)
    for family, person in known.tied:
        there = [n for n, parent in enumerate(parents) if parent.family_id == family]
        who = [n for n, standing in enumerate(pool) if standing.partner.person_id == person]
        if there and who:
            first[np.ix_(there, who)] = number("not_suggested")
    for pair, kinds in known.kinds.items():
        hard = [kind for kind in kinds if kind not in WARNING_ONLY]
        if hard:
            put(pair, hard[0], over=True)
    return first, codes


def _own(standing: Standing) -> str:
    if standing.own_stops:
        return standing.own_stops[0].code
    return "at_hard_cap" if standing.is_full else ""


def _by(row: Callable[[str], list[int]], keys: list[str]) -> Array:
    """One row per parent; parents alike in the key share the work."""
    different: dict[Hashable, int] = {}
    index = [different.setdefault(key, len(different)) for key in keys]
    table = np.array([row(str(key)) for key in different], dtype=np.int32)
    return table[index]


def _alike(traits: list[Any], points: Callable[[int], int]) -> list[int]:
    """Points of each partner; those alike in the trait are asked about once."""
    known: dict[Any, int] = {}
    for n, trait in enumerate(traits):
        if trait not in known:
            known[trait] = points(n)
    return [known[trait] for trait in traits]


def _experience(parents: list[Parent], pool: list[Standing], weight: int) -> Array:
    told = _ticked([parent.shared_experience for parent in parents])
    used = _ticked([standing.partner.experience_used for standing in pool])
    of = np.maximum(1, told.sum(axis=1, keepdims=True))
    return (20 * weight * (told @ used.T) + of) // (2 * of)  # half a tenth is rounded up, as in the words


def _ticked(lists: list[list[str]]) -> Array:
    """A row for each list, with 1 under each of its codes."""
    column = {code: n for n, code in enumerate(Experience.values)}
    cells = [(row, column[code]) for row, codes in enumerate(lists) for code in set(codes) if code in column]
    ticked = np.zeros((len(lists), len(column)), dtype=np.int32)
    if cells:
        ticked[tuple(np.array(cells).T)] = 1
    return ticked


def _availability(pool: list[Standing], weight: int) -> Array:
    free = [
        int(4 * (standing.soft_cap - standing.caseload.load)) for standing in pool
    ]  # quarters of a family
    return (20 * weight * np.clip(np.array(free, dtype=np.int32), 0, 8) + 8) // 16
