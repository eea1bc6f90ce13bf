"""What a site publishes month after month, attacked as a whole."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy
import pytest
from scipy.optimize import linprog

from counties.models import Site
from counties.wall import site_scope
from referrals.models import ClosureReason
from reporting.measures import REGISTRY, publish
from reporting.measures.publishing import PublishedCell, decide
from reporting.models import PublishedFigure
from tests.reporting.figures import configure

FLOWS = ("C1", "C2", "C3", "C4", "C5", "C6")


@dataclass(frozen=True)
class Row:
    month: dt.date
    field: str
    part: str
    value: Decimal | None
    is_suppressed: bool


def month(number: int = 0) -> dt.date:
    return dt.date(2025 + number // 12, number % 12 + 1, 1)


FIRST = month()


def make_values(
    start: int, new: int, again: int, closed: int, *, twice: int = 0, few_days: int = 0, met: int = 0
) -> dict[str, Any]:
    """Figures of a month whose families come and go like this; the rest is plain."""
    everyone = start + new + again
    d = everyone - few_days
    return {
        "B1": 12, "B3": {"accepted": 12, "parent_declined": 11}, "B7": {"n": 12, "d": 23, "value": 0.5217},
        "C1": start, "C2": new, "C3": again, "C4": closed, "C5": everyone - closed, "C6": everyone - twice,
        "C9": {"moved": closed - closed // 3, "lost_contact": closed // 3} if closed > 2 else {"moved": closed},
        "E1": 90, "E2": {"by_mode": {"in_person_home": 50, "phone": 40}, "face_to_face": 50}, "E3": 15, "E4": 60.0,
        "E5": {"n": met, "d": d, "value": round(met / d, 4) if d else None}, "E6": 2.0,
        "E8": {"n": 0, "d": 0, "value": None}, "E9": {"n": 15, "d": 15, "value": 1.0},
        "F1": {"headcount": 3, "fte": 2.5}, "F3": round((everyone - closed) / 2.5, 2),
        "G1": {"met": True}, "G3": {"events": 2, "attendance": 7},
    }  # fmt: skip


def release(
    values: dict[str, Any], on: dt.date = FIRST, rows: list[Row] | None = None
) -> dict[str, PublishedCell]:
    cells = decide(on, values, rows or [], threshold=11)
    return {f"{cell.field}.{cell.part}".rstrip("."): cell for cell in cells}


def hidden(cells: dict[str, PublishedCell]) -> set[str]:
    return {name for name, cell in cells.items() if cell.is_suppressed}


def test_a_quiet_month_is_shown() -> None:
    assert hidden(release(make_values(30, 0, 0, 0, met=15))) == set()


def test_one_new_family_hides_what_would_tell_of_it() -> None:
    cells = release(make_values(30, 1, 0, 0, met=15))
    assert hidden(cells) == {"C1", "C2", "E6"}
    assert cells["C6"].value == 31
    assert cells["C2"].value is None


def test_one_closing_hides_its_reason_and_the_families_left_and_what_tells_of_them() -> None:
    assert hidden(release(make_values(30, 0, 0, 1, met=15))) == {"C4", "C5", "C9.moved", "E6", "F3"}


def test_a_rate_is_hidden_with_its_numerator_and_the_denominator_may_stay() -> None:
    assert hidden(release(make_values(30, 0, 0, 0, met=25))) == {"E5.n", "E5.value"}


def test_the_acceptance_rate_is_the_same_cell_as_the_accepted_decisions() -> None:
    values = make_values(30, 0, 0, 0, met=15)
    values |= {"B3": {"accepted": 12, "parent_declined": 3}, "B7": {"n": 12, "d": 15, "value": 0.8}}
    assert hidden(release(values)) == {"B3.accepted", "B3.parent_declined", "B7.n", "B7.value"}


def test_one_mode_of_contact_takes_another_with_it() -> None:
    values = make_values(30, 0, 0, 0, met=15)
    values["E2"] = {"by_mode": {"in_person_home": 46, "in_person_court": 4, "phone": 40}, "face_to_face": 50}
    assert hidden(release(values)) == {"E2.in_person_court", "E2.in_person_home"}


def test_contacts_not_face_to_face_are_no_small_cell_either() -> None:
    values = make_values(30, 0, 0, 0, met=15)
    values["E2"] = {"by_mode": {"in_person_home": 86, "phone": 4}, "face_to_face": 86}
    cells = release(values)
    assert {"E2.phone", "E2.face_to_face", "E6"} <= hidden(cells)
    assert cells["E1"].value == 90


def test_families_with_few_active_days_are_not_told_by_e5_and_c6() -> None:
    cells = release(make_values(30, 0, 0, 0, few_days=2, met=14))
    assert "E5.d" in hidden(cells) or "C6" in hidden(cells)


def test_staff_meetings_and_events_are_shown_however_few() -> None:
    cells = release(make_values(0, 1, 0, 0))
    for name in ("F1.headcount", "F1.fte", "G1.met", "G3.events", "G3.attendance"):
        assert not cells[name].is_suppressed and cells[name].value is not None


def test_a_quiet_month_after_does_not_tell_who_closed() -> None:
    """C5 of June is C1 of July: shown alone in July, it would give June's closing away."""
    june = release(make_values(30, 0, 0, 1, met=15))
    rows = [Row(month(0), c.field, c.part, c.value, c.is_suppressed) for c in june.values()]
    assert {"C1", "C5", "C6"} <= hidden(release(make_values(29, 0, 0, 0, met=14), month(1), rows))


def test_months_that_do_not_fit_together_are_not_tied() -> None:
    """Somebody entered an enrollment late: June says 30 at the end, July 31 at the start."""
    june = release(make_values(30, 0, 0, 0, met=15))
    rows = [Row(month(0), c.field, c.part, c.value, c.is_suppressed) for c in june.values()]
    assert hidden(release(make_values(31, 0, 0, 0, met=15), month(1), rows)) == set()


def test_what_an_amendment_would_show_stays_hidden() -> None:
    first = release(make_values(30, 1, 0, 0, met=15))
    rows = [Row(month(0), c.field, c.part, c.value, c.is_suppressed) for c in first.values()]
    assert {"C1", "C2"} <= hidden(release(make_values(31, 0, 0, 0, met=15), month(0), rows))


def test_a_code_that_an_amendment_takes_away_is_still_listed_as_hidden() -> None:
    first = release(make_values(30, 0, 0, 1, met=15))
    rows = [Row(month(0), c.field, c.part, c.value, c.is_suppressed) for c in first.values()]
    again = make_values(30, 0, 0, 1, met=15) | {"C9": {"lost_contact": 1}}
    assert {"C9.moved", "C9.lost_contact"} <= hidden(release(again, month(0), rows))


def simulate(chance: random.Random, months: int) -> Iterator[dict[str, Any]]:
    start = chance.choice([0, 8, 14, 25, 40])
    for _ in range(months):
        new, again = chance.choice([0, 0, 1, 3, 12]), chance.choice([0, 0, 0, 1])
        closed = min(start, chance.choice([0, 0, 1, 2, 13]))
        few = min(start + new + again, chance.choice([0, 0, 1, 3]))
        met = chance.randint(0, start + new + again - few)
        twice = chance.choice([0, 0, 0, 1]) if again and start else 0
        values = make_values(start, new, again, closed, twice=twice, few_days=few, met=met)
        yield values
        start = values["C5"]


def narrowest(rows: list[Row], months: list[dt.date]) -> tuple[float, Row | None]:
    """The hidden count a reader of all these months can narrow down most, by the report's own definitions."""
    names = [*FLOWS, "twice", "n", "rest", "d", "short", *ClosureReason.values]
    index = {(m, name): i for i, (m, name) in enumerate((m, n) for m in months for n in names)}
    equations, bounds = [], [(0, None)] * len(index)

    def equation(**factors: int) -> None:
        line = numpy.zeros(len(index))
        for name, factor in factors.items():
            line[index[on, name]] = factor
        equations.append(line)

    for on in months:  # noqa: B007 - `equation` reads it
        equation(C1=1, C2=1, C3=1, C4=-1, C5=-1)
        equation(C1=1, C2=1, C3=1, C6=-1, twice=-1)
        equation(C1=1, C2=1, C3=1, d=-1, short=-1)
        equation(n=1, rest=1, d=-1)
        equation(C4=-1, **dict.fromkeys(ClosureReason.values, 1))
    for on, after in zip(months, months[1:], strict=False):
        line = numpy.zeros(len(index))
        line[index[on, "C5"]], line[index[after, "C1"]] = 1, -1
        equations.append(line)
    counted = {}
    for row in rows:
        name = row.field if row.field in FLOWS else row.part if row.field in ("C9", "E5") else ""
        if (row.month, name) in index:
            counted[row.month, name] = row
    for (on, name), i in index.items():
        row = counted.get((on, name))
        if row and not row.is_suppressed:
            bounds[i] = (float(row.value), float(row.value))
        elif row is None and name in ClosureReason.values:
            bounds[i] = (0, 0)
    found = [
        (_width(index[key], equations, bounds), row) for key, row in counted.items() if row.is_suppressed
    ]
    return min(found, key=lambda pair: pair[0], default=(float("inf"), None))


def _width(unknown: int, equations: list, bounds: list) -> float:
    ends = []
    for sign in (1, -1):
        aim = numpy.zeros(len(bounds))
        aim[unknown] = sign
        found = linprog(aim, A_eq=numpy.array(equations), b_eq=numpy.zeros(len(equations)), bounds=bounds)
        ends.append(found.fun * sign if found.status == 0 else float("inf"))
    return ends[1] - ends[0]


@pytest.mark.parametrize("seed", range(8))
def test_no_hidden_number_can_be_narrowed_down_from_all_months_together(seed: int) -> None:
    chance = random.Random(seed)
    months, rows = [], []
    order = list(enumerate(simulate(chance, 4)))
    if seed % 2:
        chance.shuffle(order)  # a late month is published after its successor
    for number, values in order:
        months = sorted([*months, month(number)])
        cells = decide(month(number), values, rows, threshold=11)
        rows += [Row(month(number), c.field, c.part, c.value, c.is_suppressed) for c in cells]
        width, row = narrowest(rows, _newest_run(months, month(number)))
        assert width >= 11 - 1e-6, f"{row} of {months} lies within {width}"


def _newest_run(months: list[dt.date], around: dt.date) -> list[dt.date]:
    """The unbroken run of months around one; a gap unties what lies beyond it."""
    runs: list[list[dt.date]] = []
    for each in months:
        if runs and (each.year * 12 + each.month) - (runs[-1][-1].year * 12 + runs[-1][-1].month) == 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return next(run for run in runs if around in run)


def test_the_attack_finds_a_month_decided_without_its_neighbor() -> None:
    """The attack can fail: decided each for itself, July gives June's closing away."""
    rows = []
    for number, values in enumerate([make_values(30, 0, 0, 1, met=15), make_values(29, 0, 0, 0, met=14)]):
        cells = decide(month(number), values, [], threshold=11)
        rows += [Row(month(number), c.field, c.part, c.value, c.is_suppressed) for c in cells]
    assert narrowest(rows, [month(0), month(1)])[0] < 11


@pytest.mark.django_db
def test_publishing_reads_the_sites_threshold_and_its_former_release(rock: Site) -> None:
    values = make_values(30, 7, 0, 0, met=15)
    with site_scope(rock.id):
        first = publish(rock, month(0), values)
    assert {cell.field for cell in first if cell.is_suppressed} >= {"C1", "C2"}
    PublishedFigure.objects.bulk_create(
        PublishedFigure(site=rock, month=month(0), **vars(cell)) for cell in first
    )
    configure(rock, suppression_threshold=6)
    with site_scope(rock.id):
        other = {cell.field for cell in publish(rock, month(4), values) if cell.is_suppressed}
        again = {cell.field for cell in publish(rock, month(0), values) if cell.is_suppressed}
    assert not {"C1", "C2"} & other
    assert {"C1", "C2"} <= again


@pytest.mark.django_db
def test_only_what_the_registry_says_is_published_and_all_of_it(rock: Site) -> None:
    with site_scope(rock.id):
        cells = publish(rock, FIRST, make_values(30, 0, 0, 12, met=15))
    assert {cell.field for cell in cells} == {each.field for each in REGISTRY if each.publishing}
    assert all(cell.value is None for cell in cells if cell.is_suppressed)
    assert len({(cell.field, cell.part) for cell in cells}) == len(cells)
