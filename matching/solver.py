"""The best overall assignment of parents to places, exactly: a min-cost flow with an arc for nobody.

As many parents as possible get a partner; among those plans the one with the greatest sum of values; among equal
ones the parents who come first in the list are placed first and the emptier partner gets the next family.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from ortools.graph.python import min_cost_flow

from matching.refusals import NotSolved

Array = Any

RANK = 32
"""How far the order of the parents outweighs an even spread, both only between plans of equal value."""


def assign(values: Array, allowed: Array, room: Array, filled: Array) -> Array:
    """Return for each parent the column of the partner, or -1.

    Args:
        values: whole numbers from 0, parents by partners; greater is better.
        allowed: which pairings may be.
        room: further families each partner may take.
        filled: families each partner has, for an even spread between equal plans.

    Raises:
        NotSolved: the numbers are too great to be added up.
    """
    parents, partners = values.shape
    answer = np.full(parents, -1, dtype=np.int64)
    room = np.minimum(room, parents) * (allowed.any(axis=0) if parents else False)
    row, column = np.nonzero(allowed & (room > 0))
    if not row.size:
        return answer
    flow = network(values, row, column, room, filled)
    if flow.solve() != flow.OPTIMAL:
        raise NotSolved(f"{parents} parents and {partners} partners could not be assigned.")
    taken = flow.flows(np.arange(row.size)) > 0
    answer[row[taken]] = column[taken]
    return answer


def network(values: Array, row: Array, column: Array, room: Array, filled: Array) -> Any:
    """The flow problem: parent to partner, partner to its places, and past all of them to nobody."""
    parents, partners = values.shape
    sink = parents + partners
    # Ties weigh less than one unit of value, all values together less than one parent more with a partner.
    ties = int(RANK * parents * (parents + 1) // 2 + (int(filled.max()) + parents) * parents + 1)
    most = int(values.max()) + 1
    nobody = (parents * most + 1) * ties
    rank = RANK * np.arange(parents, dtype=np.int64)
    flow = min_cost_flow.SimpleMinCostFlow()
    ones = np.ones(row.size, dtype=np.int64)
    cost = (most - values[row, column].astype(np.int64)) * ties + rank[row]
    flow.add_arcs_with_capacity_and_unit_cost(row, parents + column, ones, cost)
    partner = np.repeat(np.arange(partners), room)
    place = np.concatenate([np.arange(n) for n in room]) if partner.size else partner
    flow.add_arcs_with_capacity_and_unit_cost(
        parents + partner, np.full(partner.size, sink), np.ones_like(partner), filled[partner] + place
    )
    everyone = np.arange(parents)
    flow.add_arcs_with_capacity_and_unit_cost(
        everyone, np.full(parents, sink), np.ones(parents, dtype=np.int64), np.full(parents, nobody)
    )
    supply = np.zeros(sink + 1, dtype=np.int64)
    supply[:parents], supply[sink] = 1, -parents
    flow.set_nodes_supplies(np.arange(sink + 1), supply)
    return flow
