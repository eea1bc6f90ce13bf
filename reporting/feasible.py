"""How closely hidden numbers can be worked out from shown totals: exact linear programming over fractions.

A small simplex in dictionary form (each basic unknown as a constant plus multiples of the others, which are zero),
with Bland's rule, so that it ends. Systems here have tens of unknowns; nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction

Unknown = Hashable
Equation = tuple[Mapping[Unknown, int], int]


class Contradiction(ValueError):
    """No numbers of zero or more fulfil the equations."""


class Feasible:
    """All ways to fill unknowns, none below zero, so that every equation `sum(factor * unknown) = constant` holds.

    Raises:
        Contradiction: there is none.
    """

    def __init__(self, equations: Iterable[Equation]) -> None:
        self._rows: dict[Unknown, dict[Unknown, Fraction]] = {}
        self._constant: dict[Unknown, Fraction] = {}
        self._order: dict[Unknown, int] = {}
        for number, (factors, constant) in enumerate(equations):
            self._add(("slack", number), factors, constant)

    def interval(self, unknown: Unknown) -> tuple[Fraction, Fraction | None]:
        """Smallest and largest value the unknown can take; None for one without limit."""
        if unknown not in self._order:
            return Fraction(0), None
        return self._lowest(unknown), self._highest(unknown)

    def _add(self, slack: Unknown, factors: Mapping[Unknown, int], constant: int) -> None:
        """Bring in an equation: begin with what is missing to fulfil it, drive that to zero, then forget it."""
        row: dict[Unknown, Fraction] = {}
        missing = Fraction(constant)
        for unknown, factor in factors.items():
            self._order.setdefault(unknown, len(self._order))
            known = self._rows.get(unknown)
            missing -= factor * self._constant.get(unknown, Fraction(0))
            for other, times in ({unknown: Fraction(1)} if known is None else known).items():
                row[other] = row.get(other, Fraction(0)) - factor * times
        if missing < 0:
            row, missing = {other: -times for other, times in row.items()}, -missing
        self._order[slack] = len(self._order)
        self._rows[slack] = {other: times for other, times in row.items() if times}
        self._constant[slack] = missing
        if self._lowest(slack) > 0:
            raise Contradiction("The shown numbers do not fit together.")
        self._forget(slack)

    def _forget(self, slack: Unknown) -> None:
        if self._rows.get(slack):
            self._swap(slack, next(iter(self._rows[slack])))
        elif slack in self._rows:
            del self._rows[slack], self._constant[slack]  # the equation said nothing new
        for other in self._rows.values():
            other.pop(slack, None)
        del self._order[slack]

    def _lowest(self, unknown: Unknown) -> Fraction:
        while unknown in self._rows and self._constant[unknown] > 0:
            entering = self._first(u for u, times in self._rows[unknown].items() if times < 0)
            if entering is None:
                return self._constant[unknown]
            self._swap(self._limit(entering), entering)
        return Fraction(0)

    def _highest(self, unknown: Unknown) -> Fraction | None:
        if unknown not in self._rows:
            limit = self._limit(unknown)
            if limit is None:
                return None
            self._swap(limit, unknown)
        while True:
            entering = self._first(u for u, times in self._rows[unknown].items() if times > 0)
            if entering is None:
                return self._constant[unknown]
            limit = self._limit(entering)
            if limit is None:
                return None
            self._swap(limit, entering)

    def _first(self, unknowns: Iterable[Unknown]) -> Unknown | None:
        return min(unknowns, key=self._order.__getitem__, default=None)

    def _limit(self, entering: Unknown) -> Unknown | None:
        """The unknown that reaches zero first when this one grows."""
        falling = [
            (self._constant[basic] / -row[entering], self._order[basic], basic)
            for basic, row in self._rows.items()
            if row.get(entering, 0) < 0
        ]
        return min(falling)[2] if falling else None

    def _swap(self, leaving: Unknown, entering: Unknown) -> None:
        row, constant = self._rows.pop(leaving), self._constant.pop(leaving)
        times = row.pop(entering)
        self._rows[entering] = {u: -t / times for u, t in row.items()} | {leaving: 1 / times}
        self._constant[entering] = -constant / times
        for basic in [b for b, r in self._rows.items() if entering in r]:
            self._replace(basic, entering)

    def _replace(self, basic: Unknown, entering: Unknown) -> None:
        row = self._rows[basic]
        times = row.pop(entering)
        self._constant[basic] += times * self._constant[entering]
        for other, factor in self._rows[entering].items():
            total = row.get(other, Fraction(0)) + times * factor
            if total:
                row[other] = total
            else:
                row.pop(other, None)
