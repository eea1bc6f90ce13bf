"""Small-cell suppression (`domain.md` 11): which numbers must not be shown, so that none of them can be worked out.

Pure: numbers in, decisions out. A *key* names a cell; a *line* says that cells add up to a total (a row or a column
of a table, or an identity between figures); the total of one line may be a cell of another. One key has one
decision, wherever it stands (rule 5). `threshold` is the smallest count that may be shown, 0 apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reporting.feasible import Contradiction, Equation, Feasible

Key = Any  # anything hashable
THRESHOLD = 11


@dataclass(frozen=True)
class Line:
    """`total` is the sum of `cells`."""

    total: Key
    cells: tuple[Key, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        return (*self.cells, self.total)


@dataclass(frozen=True)
class Table:
    """Numbers that are released together, and what readers know about them.

    values: every number to decide about.
    lines: what adds up; a line may name keys without a value here: cells of earlier releases, hidden there.
    together: keys that are hidden when any of them is (a rate's numerator and its rest; rule 6).
    latent: keys that are never printed, but would be small cells themselves if they could be worked out.
    public: keys shown elsewhere already: hiding them would be in vain.
    hidden: keys hidden elsewhere already, and so here.
    guarded: keys without a value here, hidden in an earlier release, that must not be given away by this one.
    """

    values: Mapping[Key, int]
    lines: Sequence[Line] = ()
    together: Sequence[tuple[Key, ...]] = ()
    latent: Collection[Key] = frozenset()
    public: Collection[Key] = frozenset()
    hidden: Collection[Key] = frozenset()
    guarded: Collection[Key] = frozenset()

    @property
    def own_lines(self) -> list[Line]:
        return [line for line in self.lines if all(key in self.values for key in line.keys)]


def is_small(number: int, threshold: int = THRESHOLD) -> bool:
    """A count from 1 up to the threshold may not be shown (rule 1); zero may."""
    return 0 < number < threshold


def suppress(table: Table, *, threshold: int = THRESHOLD) -> frozenset[Key]:
    """Keys that must not be shown: small ones, and others until no hidden one can be narrowed down (rules 1 to 5).

    Afterwards every hidden number can, for all a reader can tell from what is shown, still lie anywhere in a range
    at least `threshold` wide.
    """
    hidden = {key for key, number in table.values.items() if is_small(number, threshold)} | set(table.hidden)
    while True:
        _complement(table, hidden, threshold)
        narrow = narrow_keys(table, hidden, threshold)
        if not any(_hide_beside(table, hidden, key) for key in narrow):
            return frozenset(hidden)


def _complement(table: Table, hidden: set[Key], threshold: int) -> None:
    """Rules 3, 4 and 6 until nothing changes."""
    before = -1
    while len(hidden) > before:
        before = len(hidden)
        for group in table.together:
            if not hidden.isdisjoint(group):
                hidden.update(group)
        for line in table.own_lines:
            _complement_line(table, line, hidden, threshold)


def _complement_line(table: Table, line: Line, hidden: set[Key], threshold: int) -> None:
    """In a line with a shown total hide cells until neither one alone nor a small sum of them is left over."""
    while any(cell in hidden for cell in line.cells) and line.total not in hidden:
        marked = [cell for cell in line.cells if cell in hidden]
        if len(marked) > 1 and not is_small(sum(table.values[cell] for cell in marked), threshold):
            return
        if not _hide(table, hidden, line.cells) and not _hide(table, hidden, (line.total,)):
            return
    if line.total in hidden and not any(cell in hidden for cell in line.cells):
        _hide(table, hidden, line.cells)  # or the total is the sum of what is shown


def _hide(table: Table, hidden: set[Key], keys: Sequence[Key], *, least: int = 1) -> bool:
    """Hide the smallest number among these that is not zero, the last of equals; False when there is none."""
    free = [
        key
        for key in keys
        if key not in hidden and key not in table.public and table.values.get(key, -1) >= least
    ]
    if not free:
        return False
    hidden.add(min(reversed(free), key=table.values.__getitem__))
    return True


def _hide_beside(table: Table, hidden: set[Key], key: Key) -> bool:
    """Hide one more number in a line of this key, or else in any line tied to it by hidden numbers.

    A zero only where nothing else is left: between two months that are public, zeros alone can give a number away.
    """
    for least in (1, 0):
        for line in _tied(table, hidden, key):
            if _hide(table, hidden, line.cells, least=least) or _hide(
                table, hidden, (line.total,), least=least
            ):
                return True
    return False


def _tied(table: Table, hidden: set[Key], key: Key) -> Iterator[Line]:
    """Lines of the key first, then the lines that share unknown numbers with those, and so on."""
    seen, lines = {key}, list(table.lines)
    while found := [line for line in lines if not seen.isdisjoint(line.keys)]:
        yield from found
        lines = [line for line in lines if line not in found]
        seen |= {k for line in found for k in line.keys if k in hidden or k not in table.values}


def narrow_keys(table: Table, hidden: set[Key], threshold: int = THRESHOLD) -> list[Key]:
    """Hidden and guarded keys whose number a reader could narrow down to a range smaller than the threshold."""
    try:
        known = _feasible(table, table.lines, hidden)
    except Contradiction:
        # Shown numbers of other releases do not fit together, so nothing follows from them.
        known = _feasible(table, table.own_lines, hidden)
    harmless = {key for key in table.latent if not is_small(table.values[key], threshold)}
    asked = [key for key in _in_order(table) if key in hidden or key in table.guarded]
    return [key for key in asked if key not in harmless and not _is_wide(known, key, threshold)]


def _in_order(table: Table) -> list[Key]:
    """Every key once, always in the same order: a release made again must be the same release."""
    return list(dict.fromkeys([*table.values, *(key for line in table.lines for key in line.keys)]))


def _feasible(table: Table, lines: Sequence[Line], hidden: set[Key]) -> Feasible:
    valueless = {key for line in lines for key in line.keys if key not in table.values}
    unknown = hidden | set(table.latent) | valueless
    return Feasible([_equation(line, table, unknown) for line in lines])


def _is_wide(known: Feasible, key: Key, threshold: int) -> bool:
    low, high = known.interval(key)
    return high is None or high - low >= threshold


def _equation(line: Line, table: Table, unknown: set[Key]) -> Equation:
    factors = {key: 1 for key in line.cells if key in unknown}
    if line.total in unknown:
        factors[line.total] = -1
    shown = sum(table.values[cell] for cell in line.cells if cell not in unknown)
    return factors, (0 if line.total in unknown else table.values[line.total]) - shown
