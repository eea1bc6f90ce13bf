"""V15: what must fit together before a report is certified."""

from __future__ import annotations

from typing import Any

import pytest

from counties.models import Site
from reporting.measures import identities
from tests.reporting.figures import figures

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"B1": 1}, {"B2 B1", "B4 B1 B3"}),
        ({"B2": {"self": 1}}, {"B2 B1"}),
        ({"B3": {"accepted": 1}}, {"B4 B1 B3", "B7 B3"}),
        ({"B4": {"start": 1, "end": 0}}, {"B4 B1 B3"}),
        ({"B7": {"n": 1, "d": 0, "value": None}}, {"B7 B3", "B7"}),
        ({"C4": 1}, {"C5 C1 C2 C3 C4", "C9 C4"}),
        ({"C5": 1}, {"C5 C1 C2 C3 C4"}),
        ({"C6": 1}, {"C6 C1 C2 C3"}),
        ({"C7": 1}, {"D1 C7", "D2 C7", "D3 C7", "D4 C7", "D5 C7", "D6 C7"}),
        ({"C8": {"children": 1, "ohc": 0}}, {"C8"}),
        ({"C9": {"moved": 1}}, {"C9 C4"}),
        ({"C9b": {"n": 0, "d": 1, "value": 0.0}}, {"C9b C4"}),
        ({"D1": {"white": 1}}, {"D1 C7"}),
        ({"D4": {"language": {"en": 1}, "interpreter": {}}}, {"D4 C7"}),
        ({"E1": 1}, {"E2 E1", "A4 E1 E3"}),
        ({"E2": {"by_mode": {}, "face_to_face": 1}}, {"E2 E1"}),
        ({"E3": 1}, {"A4 E1 E3"}),
        ({"E5": {"n": 1, "d": 1, "value": 1.0}}, {"E5 C1 C2 C3"}),
        ({"E8": {"n": 2, "d": 1, "value": 2.0}}, {"E8"}),
        ({"E10": {"links": 1, "by_result": {}, "by_type": {"food": 1}}}, {"E10"}),
        ({"E11": 1}, {"E11 C1 C2 C3"}),
        ({"F1": {"headcount": 1, "fte": 1.0}}, {"F6 F1"}),
        ({"G1": {"met": True, "attendance": {"judge": 1}, "parent_share": {"n": 0, "d": 0}}}, {"G1"}),
        ({"H4": 1}, {"H4 H1"}),
    ],
)
def test_each_broken_identity_is_named(rock: Site, change: dict[str, Any], fields: set[str]) -> None:
    whole = figures(rock)
    assert identities(whole) == []
    assert {" ".join(problem.fields) for problem in identities({**whole, **change})} == fields


def test_a_problem_is_told_in_a_sentence(rock: Site) -> None:
    values = {**figures(rock), "C1": 14, "C2": 5, "C3": 1, "C4": 4, "C5": 15, "C9": {"moved": 4}}
    assert [problem.sentence for problem in identities(values)] == ["C5 is 15, but C1 + C2 + C3 - C4 is 16."]
