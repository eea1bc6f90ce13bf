"""The assignment is the best there is: held against every possible plan, and against another solver."""

import itertools

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from matching.solver import assign


def _case(seed: int, parents: int, partners: int, room: int):
    random = np.random.default_rng(seed)
    values = random.integers(0, 6 if seed % 2 else 2000, (parents, partners))
    return values, random.random((parents, partners)) < 0.7, random.integers(0, room + 1, partners)


def _worth(answer, values) -> tuple[int, int]:
    """How many are placed, and the sum of their values."""
    placed = [(n, to) for n, to in enumerate(answer) if to >= 0]
    return len(placed), int(sum(values[n, to] for n, to in placed))


def _keeps_the_rules(answer, allowed, room) -> bool:
    counts = np.bincount([to for to in answer if to >= 0], minlength=len(room))
    return bool((counts <= room).all()) and all(allowed[n, to] for n, to in enumerate(answer) if to >= 0)


@pytest.mark.parametrize("seed", range(40))
def test_no_plan_of_a_small_site_is_better(seed):
    values, allowed, room = _case(seed, 4, 3, 2)
    answer = assign(values, allowed, room, np.zeros(3, dtype=int))
    assert _keeps_the_rules(answer, allowed, room)
    every = itertools.product(range(-1, 3), repeat=4)
    best = max(_worth(plan, values) for plan in every if _keeps_the_rules(plan, allowed, room))
    assert _worth(answer, values) == best


@pytest.mark.parametrize("seed", range(6))
def test_another_exact_solver_finds_nothing_better(seed):
    values, allowed, room = _case(seed, 60, 25, 3)
    answer = assign(values, allowed, room, np.zeros(25, dtype=int))
    assert _keeps_the_rules(answer, allowed, room)
    places = np.repeat(np.arange(25), room)
    nobody = 1_000_000  # a column per parent for staying unassigned, dearer than all values together
    cost = np.where(allowed[:, places], 2000 - values[:, places], 10 * nobody)
    cost = np.hstack([cost, np.full((60, 60), nobody)])
    rows, columns = linear_sum_assignment(cost)
    other = [places[c] if c < len(places) else -1 for _, c in sorted(zip(rows, columns, strict=True))]
    assert _worth(answer, values) == _worth(other, values)


def test_between_equal_plans_who_comes_first_is_placed():
    values, allowed = np.full((5, 2), 700), np.ones((5, 2), dtype=bool)
    answer = assign(values, allowed, np.array([1, 1]), np.zeros(2, dtype=int))
    assert [to >= 0 for to in answer] == [True, True, False, False, False]


def test_between_equal_plans_families_are_spread_evenly():
    values, allowed = np.full((6, 3), 700), np.ones((6, 3), dtype=bool)
    answer = assign(values, allowed, np.array([9, 9, 9]), np.array([4, 1, 1]))
    assert np.bincount(answer, minlength=3).tolist() == [0, 3, 3]


def test_the_same_question_has_the_same_answer():
    values, allowed, room = _case(7, 40, 20, 2)
    first = assign(values, allowed, room, np.zeros(20, dtype=int))
    assert all((assign(values, allowed, room, np.zeros(20, dtype=int)) == first).all() for _ in range(3))


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (3, 2)])
def test_nobody_to_place_or_nowhere_to_place_them_is_an_answer_too(shape):
    nowhere = np.zeros(shape[1], dtype=int)
    assert assign(np.ones(shape, dtype=int), np.ones(shape, dtype=bool), nowhere, nowhere).tolist() == (
        [-1] * shape[0]
    )
