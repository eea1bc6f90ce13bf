"""The identities a report must fulfil before it is certified (`domain.md` V15 and section 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    """A broken identity: the fields involved, and a sentence that says what does not fit."""

    fields: tuple[str, ...]
    sentence: str


def identities(values: Values) -> list[Problem]:
    """Identities that do not hold among computed or frozen figures; an empty list is what certification needs."""
    return [*_referrals(values), *_families(values), *_parents(values), *_contacts(values), *_others(values)]


def _must_equal(fields: str, left: int, said: str, right: int, meant: str) -> Iterator[Problem]:
    if left != right:
        yield Problem(tuple(fields.split()), f"{said} is {left}, but {meant} is {right}.")


def _at_most(fields: str, left: int, said: str, right: int, meant: str) -> Iterator[Problem]:
    if left > right:
        yield Problem(tuple(fields.split()), f"{said} is {left}, more than {meant}, which is {right}.")


def _referrals(v: Values) -> Iterator[Problem]:
    decided = sum(v["B3"].values())
    came = v["B4"]["start"] + v["B1"] - decided
    reached = sum(v["B3"].get(outcome, 0) for outcome in ("accepted", "parent_declined", "not_reached"))
    yield from _must_equal("B2 B1", sum(v["B2"].values()), "The sum of B2 by source", v["B1"], "B1")
    yield from _must_equal(
        "B4 B1 B3", v["B4"]["end"], "B4 at the end", came, "B4 at the start + B1 - all of B3"
    )
    yield from _must_equal("B7 B3", v["B7"]["n"], "B7 accepted", v["B3"].get("accepted", 0), "accepted in B3")
    yield from _must_equal("B7 B3", v["B7"]["d"], "The denominator of B7", reached, "that of B3")


def _families(v: Values) -> Iterator[Problem]:
    came = v["C1"] + v["C2"] + v["C3"]
    yield from _must_equal("C5 C1 C2 C3 C4", v["C5"], "C5", came - v["C4"], "C1 + C2 + C3 - C4")
    yield from _at_most("C6 C1 C2 C3", v["C6"], "C6", came, "C1 + C2 + C3")
    yield from _must_equal("C9 C4", sum(v["C9"].values()), "The sum of C9 by reason", v["C4"], "C4")
    yield from _at_most("C9b C4", v["C9b"]["d"], "The denominator of C9b", v["C4"], "C4")
    places = sum(number for place, number in v["C8"].items() if place != "children")
    yield from _must_equal("C8", places, "The sum of C8 by place", v["C8"]["children"], "C8 children")


def _parents(v: Values) -> Iterator[Problem]:
    splits = {"D1": v["D1"], "D2": v["D2"], "D3": v["D3"], "D5": v["D5"], "D6": v["D6"]}
    splits |= {"D4 language": v["D4"]["language"], "D4 interpreter": v["D4"]["interpreter"]}
    for name, split in splits.items():
        yield from _must_equal(f"{name[:2]} C7", sum(split.values()), f"The sum of {name}", v["C7"], "C7")


def _contacts(v: Values) -> Iterator[Problem]:
    came = v["C1"] + v["C2"] + v["C3"]
    yield from _must_equal("E2 E1", sum(v["E2"]["by_mode"].values()), "The sum of E2 by mode", v["E1"], "E1")
    yield from _at_most("E2 E1", v["E2"]["face_to_face"], "E2 face to face", v["E1"], "E1")
    yield from _must_equal(
        "A4 E1 E3", v["A4"]["d"], "The number of contacts in A4", v["E1"] + v["E3"], "E1 + E3"
    )
    yield from _at_most("E5 C1 C2 C3", v["E5"]["d"], "The denominator of E5", came, "C1 + C2 + C3")
    yield from _at_most("E11 C1 C2 C3", v["E11"], "E11", came, "C1 + C2 + C3")
    for name in ("by_result", "by_type"):
        yield from _must_equal(
            "E10", sum(v["E10"][name].values()), f"The sum of E10 {name}", v["E10"]["links"], "links"
        )


def _others(v: Values) -> Iterator[Problem]:
    attended = sum(v["G1"]["attendance"].values())
    yield from _must_equal(
        "F6 F1", v["F6"]["d"], "The denominator of F6", v["F1"]["headcount"], "the headcount of F1"
    )
    yield from _must_equal(
        "G1", v["G1"]["parent_share"]["d"], "All present in G1", attended, "the sum of attendance"
    )
    yield from _at_most("H4 H1", v["H4"], "H4", v["H1"], "H1")
    for field in ("A4", "B7", "C9b", "E5", "E8", "E9", "F4", "F5", "F6"):
        yield from _at_most(
            field, v[field]["n"], f"The numerator of {field}", v[field]["d"], "its denominator"
        )
