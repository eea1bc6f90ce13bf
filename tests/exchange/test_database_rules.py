"""The sheets refuse what the database would refuse; what slips through costs one row, never the file."""

from __future__ import annotations

import random

import pytest

from counties.rows import Code, Column, Day
from counties.wall import site_scope
from exchange import importer
from exchange.sheets import SHEETS
from families.models import Child
from tests.exchange.books import GOOD, load

ODD = [
    "", "0", "1", "720", "721", "-1", "99999999", "1.001", "x" * 300, "x" * 61, "=1+1", "'", ";", ";;", "a;b",
    "2025-02-29", "1/1/1900", "12/31/2026", "1899-12-31", "P2", "F2", "F2-A", "R2", "C1", "judge:99999",
    "Ünïcode ☃", "\u200b", "tab\there",
]  # fmt: skip
DAYS = [
    "",
    "2024-02-29",
    "2025-01-10",
    "2/5/2025",
    "2025-03-01",
    "2025-03-05",
    "2025-06-10",
    "9/1/2025",
    "2026-01-01",
]
KEYS = {"families": "parent_id", "children": "child_id"}


def any_rows(seed: int, name: str, count: int) -> list[dict[str, str]]:
    """Rows with new ids and some cells changed at random, mostly to what the column may hold."""
    chance = random.Random(f"{seed}-{name}")
    own_id = KEYS.get(name, SHEETS[name].columns[0].name)

    def cell(column: Column) -> str:
        if chance.random() < 0.1:
            return chance.choice(ODD)
        if isinstance(column, Code):
            return chance.choice(["", *getattr(column.codes, "listed", column.codes)])
        return chance.choice(DAYS) if isinstance(column, Day) else GOOD[name][column.name]

    def row(number: int) -> dict[str, str]:
        changed = chance.sample(SHEETS[name].columns, chance.randint(1, 4))
        fresh = {} if name in ("levels", "matches") or chance.random() < 0.3 else {own_id: f"N{number}"}
        return fresh | {column.name: cell(column) for column in changed if column.name != own_id}

    return [row(number) for number in range(count)]


@pytest.mark.parametrize("seed", range(3))
def test_no_row_gets_as_far_as_the_database_to_be_refused(rock, monkeypatch, seed):
    surprises = []
    said_by = importer.said_by
    monkeypatch.setattr(
        importer, "said_by", lambda problem: surprises.append(said_by(problem)) or surprises[-1]
    )
    load(rock, partners=[{}, {"partner_id": "P2"}], families=[{}, {"family_id": "F2", "parent_id": "F2-A"}])
    refused = loaded = 0

    for name in SHEETS:
        figures = load(rock, **{name: [{}, *any_rows(seed, name, 120)]})[name].figures()
        refused += figures["refused"]
        loaded += figures["created"] + figures["updated"]

    assert surprises == []
    assert refused > 100 and loaded > 100


def test_a_row_only_the_database_refuses_is_refused_alone(rock):
    load(rock, families=[{}], children=[{}])

    # Birth and removal corrected at once, to after what is recorded: on the way the record would contradict itself.
    report = load(rock, children=[
        {"child_id": "C2"}, {"date_of_birth": "2025-02-01", "removal_date": "2025-03-01"}, {"child_id": "C3"},
    ])["children"]  # fmt: skip

    assert report.figures()["created"] == 2
    assert [(line.number, why) for line, why in report.refused] == [
        (3, "The date of birth is after a removal date")
    ]
    with site_scope(rock.id):
        assert set(Child.objects.values_list("source_id", flat=True)) == {"C1", "C2", "C3"}
