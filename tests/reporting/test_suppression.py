"""`domain.md` 11: the worked examples, and random tables attacked with linear programming."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

import numpy
import pytest
from scipy.optimize import linprog

from reporting.feasible import Contradiction, Feasible
from reporting.suppression import Line, Table, is_small, narrow_keys, suppress


def hidden_in_line(*cells: int, threshold: int = 11) -> set[object]:
    """Hidden cells of one line with its total, by their numbers; the total as "total"."""
    keys = list(range(len(cells)))
    table = Table({**dict(enumerate(cells)), "total": sum(cells)}, [Line("total", tuple(keys))])
    return {cells[key] if key in keys else key for key in suppress(table, threshold=threshold)}


@pytest.mark.parametrize(
    ("cells", "hidden"),
    [
        ((12, 3, 25), {3, 12}),  # (a)
        ((0, 4, 30), {4, 30}),  # (b)
        ((2, 5, 40), {2, 5, 40}),  # (c)
        ((12, 13, 25), set()),
        ((0, 0, 30), set()),
        ((11, 11), set()),
        ((10, 11), {10, 11}),
        ((4, 0), {4, "total"}),
        ((3, 4), {3, 4, "total"}),
        ((5, 5, 1), {5, 1}),  # sum 11: wide enough, the total may be shown
    ],
)
def test_the_worked_examples_for_one_line(cells: tuple[int, ...], hidden: set[object]) -> None:
    assert hidden_in_line(*cells) == hidden


def suppress_table(rows: Sequence[Sequence[int]], *, threshold: int = 11) -> frozenset[tuple[int, int]]:
    """Hidden cells of a table with totals. Keys are (row, column); -1 is the total of a row, a column, or all."""
    across, down = range(len(rows)), range(len(rows[0]))
    values = {(i, j): rows[i][j] for i in across for j in down}
    values |= {(i, -1): sum(rows[i]) for i in across} | {(-1, j): sum(row[j] for row in rows) for j in down}
    values[-1, -1] = sum(map(sum, rows))
    lines = [Line((i, -1), tuple((i, j) for j in down)) for i in [*across, -1]]
    lines += [Line((-1, j), tuple((i, j) for i in across)) for j in [*down, -1]]
    return frozenset(suppress(Table(values, lines), threshold=threshold))


def test_of_equal_cells_the_last_is_hidden() -> None:
    table = Table({"a": 3, "b": 20, "c": 20, "all": 43}, [Line("all", ("a", "b", "c"))])
    assert suppress(table) == {"a", "c"}


@pytest.mark.parametrize(
    ("n", "d", "hides"),
    [
        (27, 30, True),  # (d)
        (0, 15, False),  # (e)
        (15, 15, False),
        (0, 10, True),
        (5, 5, True),
        (0, 0, False),
        (11, 22, False),
        (10, 30, True),
    ],
)
def test_the_worked_examples_for_rates(n: int, d: int, hides: bool) -> None:
    rate = Table({"n": n, "rest": d - n, "d": d}, [Line("d", ("n", "rest"))], together=[("n", "rest")])
    assert ("n" in suppress(rate)) is hides


def test_zero_and_the_threshold_itself_are_shown() -> None:
    assert [is_small(n) for n in (0, 1, 10, 11)] == [False, True, True, False]
    assert [is_small(n, 6) for n in (5, 6)] == [True, False]
    assert hidden_in_line(7, 20, threshold=6) == set()


def test_a_total_is_hidden_when_no_cell_can_be() -> None:
    """Rule 4: 4 stands alone beside zeros, so its row total goes, and with it another row's."""
    assert suppress_table([[4, 0], [30, 40], [50, 60]]) >= {(0, 0), (0, -1), (1, -1)}


def test_a_hidden_total_is_not_the_sum_of_shown_cells() -> None:
    table = Table(
        {"a": 20, "b": 30, "all": 50, "rest": 5, "sum": 55},
        [Line("all", ("a", "b")), Line("sum", ("all", "rest"))],
    )
    assert suppress(table) == {"rest", "all", "a"}


def test_a_hidden_total_is_not_pinned_by_its_shown_cells() -> None:
    """11 shown of a hidden 12 would leave it between 11 and 15."""
    lines = [Line("upper", ("t", "u")), Line("t", ("a", "b"))]
    table = Table({"a": 11, "b": 1, "t": 12, "u": 3, "upper": 15}, lines)
    assert narrow_keys(table, {"b", "u", "t"}) == ["b", "t", "u"]
    assert narrow_keys(table, set(suppress(table))) == []


def test_what_stands_in_two_tables_has_one_decision() -> None:
    lines = [Line("row", ("x", "a")), Line("column", ("x", "b"))]
    hidden = suppress(Table({"x": 3, "a": 40, "row": 43, "b": 50, "column": 53}, lines))
    assert hidden == {"x", "a", "b"}


def test_what_is_public_already_is_not_hidden_in_vain() -> None:
    lines = [Line("all", ("x", "a", "b"))]
    values = {"x": 3, "a": 40, "b": 50, "all": 93}
    assert suppress(Table(values, lines, public={"a"})) == {"x", "b"}
    assert suppress(Table(values, lines, public={"a", "b"})) == {"x", "all"}


def test_what_was_hidden_stays_hidden_and_is_protected() -> None:
    values = {"x": 40, "a": 30, "all": 70}
    assert suppress(Table(values, [Line("all", ("x", "a"))], hidden={"x"})) == {"x", "a"}


def test_dependent_cells_go_together() -> None:
    table = Table({"n": 4, "rest": 40, "d": 44}, [Line("d", ("n", "rest"))], together=[("n", "rest")])
    assert suppress(table) == {"n", "rest"}


def test_a_cell_nobody_prints_is_not_given_away_either() -> None:
    table = Table({"n": 40, "rest": 4, "d": 44}, [Line("d", ("n", "rest"))], latent={"rest"})
    assert suppress(table) == {"rest", "n"}


def test_an_earlier_releases_hidden_cell_is_not_given_away() -> None:
    """`before` was hidden in an earlier release; showing both parts now would tell it."""
    table = Table({"a": 20, "b": 30}, [Line("before", ("a", "b"))], guarded={"before"})
    assert narrow_keys(table, set()) == ["before"]
    assert suppress(table) == {"a"}


def test_contradictions_of_earlier_releases_do_not_switch_the_audit_off() -> None:
    """The earlier release says 5 = 6; a and b are still protected by their own line."""
    lines = [Line("five", ("six",)), Line("all", ("a", "b"))]
    table = Table({"a": 11, "b": 1, "all": 12, "five": 5, "six": 6}, lines, public={"five", "six"})
    assert {"a", "b"} <= suppress(table)


def attack(rows: list[list[int]], hidden: set[tuple[int, int]], threshold: int) -> None:
    """As a reader with a solver: no hidden cell may be narrowed down, no small one is shown."""
    table = numpy.array(rows)
    full = numpy.vstack([table, table.sum(0)])
    full = numpy.hstack([full, full.sum(1)[:, None]])
    across, down = full.shape
    hidden = {(i % across, j % down) for i, j in hidden}
    where = numpy.arange(full.size).reshape(full.shape)
    equations = []
    for cells, total in [(where[i, :-1], where[i, -1]) for i in range(across)] + [
        (where[:-1, j], where[-1, j]) for j in range(down)
    ]:
        equation = numpy.zeros(full.size)
        equation[cells], equation[total] = 1, -1
        equations.append(equation)
    bounds = [(0, None) if ij in hidden else (full[ij], full[ij]) for ij in numpy.ndindex(*full.shape)]
    for i, j in numpy.ndindex(*full.shape):
        if (i, j) in hidden:
            low, high = (_extreme(where[i, j], sign, equations, bounds, full.size) for sign in (1, -1))
            assert high - low >= threshold - 1e-6, f"{rows}: ({i}, {j}) lies from {low} to {high}"
        else:
            assert not is_small(full[i, j], threshold), f"{rows}: ({i}, {j}) is shown"


def _extreme(cell: int, sign: int, equations: list, bounds: list, size: int) -> float:
    aim = numpy.zeros(size)
    aim[cell] = sign
    found = linprog(
        aim, A_eq=numpy.array(equations), b_eq=numpy.zeros(len(equations)), bounds=bounds, method="highs"
    )
    return found.fun * sign if found.status == 0 else float("inf")


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("threshold", [6, 11, 20])
def test_no_hidden_cell_of_a_random_table_can_be_narrowed_down(seed: int, threshold: int) -> None:
    chance = random.Random(seed * 100 + threshold)
    rows = [
        [
            chance.choice([0, chance.randint(1, 10), chance.randint(11, 60), chance.randint(0, 200)])
            for _ in range(chance.randint(2, 5))
        ]
    ]
    rows += [
        [chance.choice([0, chance.randint(1, 60)]) for _ in rows[0]] for _ in range(chance.randint(0, 4))
    ]
    attack(rows, suppress_table(rows, threshold=threshold), threshold)


def test_the_attack_finds_what_the_simple_rules_leave_open() -> None:
    """The attack can fail: hiding only the small cells of example (a) is not enough."""
    with pytest.raises(AssertionError, match="lies from"):
        attack([[12, 3, 25]], {(0, 1)}, 11)
    with pytest.raises(AssertionError, match="is shown"):
        attack([[12, 3, 25]], set(), 11)


@pytest.mark.parametrize("seed", range(40))
def test_our_linear_program_agrees_with_scipys(seed: int) -> None:
    chance = random.Random(seed)
    width, height = chance.randint(1, 8), chance.randint(1, 5)
    truth = [chance.choice([0, chance.randint(0, 30)]) for _ in range(width)]
    matrix = [[chance.choice([0, 0, 1, 1, -1]) for _ in range(width)] for _ in range(height)]
    right = [sum(a * x for a, x in zip(row, truth, strict=True)) for row in matrix]
    known = Feasible(
        [({j: a for j, a in enumerate(row) if a}, c) for row, c in zip(matrix, right, strict=True)]
    )
    for unknown in range(width):
        low, high = known.interval(unknown)
        assert low <= truth[unknown] and (high is None or truth[unknown] <= high)
        for sign, ours in ((1, low), (-1, high)):
            aim = [sign if j == unknown else 0 for j in range(width)]
            theirs = linprog(aim, A_eq=matrix, b_eq=right, bounds=(0, None), method="highs")
            assert (theirs.status == 0) is (ours is not None)
            assert ours is None or abs(theirs.fun * sign - float(ours)) < 1e-6


def test_equations_without_solution_are_a_contradiction() -> None:
    with pytest.raises(Contradiction):
        Feasible([({"a": 1}, 5), ({"a": 1, "b": 1}, 3)])
    with pytest.raises(Contradiction):
        Feasible([({}, 1)])


def test_the_linear_program_is_exact() -> None:
    known = Feasible([({"a": 3, "b": 1}, 1)])
    assert known.interval("a") == (0, Fraction(1, 3))
    assert known.interval("c") == (0, None)
