"""What of a month's figures may leave its site, and how (`domain.md` 11, `docs/adr/0008`).

The published figures of a site are one release: the cells of a month hang together by the identities of the report,
and consecutive months by the families active in between (C5 of one month is C1 of the next). So a month is decided
with what is public of its neighbors in view, and what was hidden once stays hidden.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from activities.codes import FACE_TO_FACE, ContactMode
from counties.models import Site, SiteSettings
from referrals.models import ClosureReason, ReferralOutcome
from reporting.models import PublishedFigure
from reporting.periods import Month
from reporting.suppression import Line, Table, narrow_keys, suppress

Key = tuple[dt.date, str, str]

RATES = ("B7", "E5", "E8", "E9")
CODES = {"B3": ReferralOutcome.values, "C9": ClosureReason.values, "E2": ContactMode.values}
PLAIN = ("B1", "C1", "C2", "C3", "C4", "C5", "C6", "E1", "E3")
LATENT = ("rest", "short", "all", "twice", "other")
"""Parts nobody prints: what is left of a rate, families with too few active days to count in E5, all enrollments
of C1 to C3, families counted twice among them, contacts not face to face."""


class Published(Protocol):
    """What `decide` reads of a row of `PublishedFigure`."""

    month: dt.date
    field: str
    part: str
    value: Decimal | None
    is_suppressed: bool


@dataclass(frozen=True)
class PublishedCell:
    """One row of `PublishedFigure` to be: `part` is a code, "n", "d", "value", or ""."""

    field: str
    part: str
    value: Decimal | None
    is_suppressed: bool


def publish(site: Site, month: dt.date, values: Mapping[str, Any]) -> list[PublishedCell]:
    """Cells of a certified month as others may see them.

    Reads what the site has published so far, so call it in the transaction that replaces the month's rows.

    Args:
        site: the site in whose scope we are; its suppression threshold holds.
        month: first day of the month.
        values: the certified figures, as `compute` gives them.
    """
    threshold = SiteSettings.objects.get(site=site).suppression_threshold
    return decide(month, values, PublishedFigure.objects.filter(site=site), threshold=threshold)


def decide(
    month: dt.date, values: Mapping[str, Any], published: Iterable[Published], *, threshold: int
) -> list[PublishedCell]:
    """`publish` without a database: `published` are the site's rows so far, of this month and others."""
    rows = list(published)
    own = _numbers(month, values)
    before = {_key(row) for row in rows if row.month == month and row.is_suppressed}
    own |= {key: 0 for key in sorted(before) if key[1] in CODES and key not in own}
    others = _Others.around(month, rows)
    table = Table(
        values={**others.shown, **own},
        lines=[*_lines(month, values), *others.lines, *others.links(own)],
        together=[(_numerator(month, field), (month, field, "rest")) for field in RATES],
        latent={key for key in own if key[2] in LATENT},
        public=others.shown.keys() | others.same(own, others.shown),
        hidden=(before & own.keys()) | others.same(own, others.hidden),
        guarded=others.guarded(threshold),
    )
    return list(_printed(month, values, own, suppress(table, threshold=threshold)))


def _key(row: Published) -> Key:
    return row.month, row.field, row.part


def _numerator(month: dt.date, field: str) -> Key:
    return (month, "B3", "accepted") if field == "B7" else (month, field, "n")


def _numbers(month: dt.date, values: Mapping[str, Any]) -> dict[Key, int]:
    """Every number of a month that suppression decides about."""
    found = {(field, ""): values[field] for field in PLAIN}
    found |= {("B3", code): n for code, n in values["B3"].items()}
    found |= {("C9", code): n for code, n in values["C9"].items()}
    found |= {("E2", code): n for code, n in values["E2"]["by_mode"].items()}
    for field in RATES:
        n, d = values[field]["n"], values[field]["d"]
        found |= {_numerator(month, field)[1:]: n, (field, "rest"): d - n, (field, "d"): d}
    everyone, face = values["C1"] + values["C2"] + values["C3"], values["E2"]["face_to_face"]
    found |= {("C6", "all"): everyone, ("C6", "twice"): everyone - values["C6"]}
    found |= {("E5", "short"): everyone - values["E5"]["d"]}
    found |= {("E2", "face_to_face"): face, ("E2", "other"): values["E1"] - face}
    zeros = {(field, code): 0 for field, codes in CODES.items() for code in codes}
    return {(month, *key): number for key, number in {**zeros, **found}.items()}


def _family_lines(month: dt.date) -> list[Line]:
    """What ties the families of a month together, and by C1 and C5 one month to the next."""

    def key(field: str, part: str = "") -> Key:
        return month, field, part

    everyone = key("C6", "all")
    return [
        Line(everyone, (key("C1"), key("C2"), key("C3"))),
        Line(everyone, (key("C4"), key("C5"))),
        Line(everyone, (key("C6"), key("C6", "twice"))),
        Line(key("C4"), tuple(key("C9", code) for code in CODES["C9"])),
        Line(key("E5", "d"), (key("E5", "n"), key("E5", "rest"))),
        Line(everyone, (key("E5", "d"), key("E5", "short"))),
    ]


def _lines(month: dt.date, values: Mapping[str, Any]) -> list[Line]:
    """Everything that adds up within a month."""

    def keys(field: str, *parts: str) -> tuple[Key, ...]:
        return tuple((month, field, part) for part in parts)

    modes = values["E2"]["by_mode"]
    in_person = [str(mode) for mode in FACE_TO_FACE]
    if sum(modes.get(mode, 0) for mode in in_person) != values["E2"]["face_to_face"]:
        in_person.append(ContactMode.VIDEO)  # this site counts video as face to face
    others = [mode for mode in CODES["E2"] if mode not in in_person]
    (e1,), (face,), (other,) = keys("E1", ""), keys("E2", "face_to_face"), keys("E2", "other")
    accepted, declined, unreached = keys("B3", "accepted", "parent_declined", "not_reached")
    refused, decided = keys("B7", "rest", "d")
    return [
        *_family_lines(month),
        Line(refused, (declined, unreached)),
        Line(decided, (accepted, refused)),
        *(Line((month, field, "d"), keys(field, "n", "rest")) for field in ("E8", "E9")),
        Line(e1, (face, other)),
        Line(face, keys("E2", *in_person)),
        Line(other, keys("E2", *others)),
    ]


@dataclass(frozen=True)
class _Others:
    """What is public of the months next to one: an unbroken run of up to a year on each side."""

    month: dt.date
    months: tuple[dt.date, ...]
    shown: Mapping[Key, int]
    hidden: frozenset[Key]
    lines: tuple[Line, ...]

    @classmethod
    def around(cls, month: dt.date, rows: list[Published]) -> _Others:
        months = tuple(_run(month, {row.month for row in rows}))
        near = [row for row in rows if row.month in months and _is_counted(row)]
        zeros = {(m, "C9", code): 0 for m in months for code in CODES["C9"]}
        hidden = frozenset(_key(row) for row in near if row.is_suppressed)
        shown = zeros | {_key(row): int(row.value) for row in near if row.value is not None}
        lines = tuple(line for m in months for line in _family_lines(m))
        lines += tuple(_links(sorted(months), shown))
        return cls(month, months, {k: v for k, v in shown.items() if k not in hidden}, hidden, lines)

    def links(self, own: Mapping[Key, int]) -> list[Line]:
        return [
            line
            for line in _links(sorted([*self.months, self.month]), {**self.shown, **own})
            if any(key[0] == self.month for key in line.keys)
        ]

    def same(self, own: Mapping[Key, int], keys: Collection[Key]) -> set[Key]:
        """Own cells that are the same families as one of these cells of a neighbor."""
        pairs = [(line.total, line.cells[0]) for line in self.links(own)]
        pairs += [(cell, total) for total, cell in pairs]
        return {mine for theirs, mine in pairs if mine in own and theirs in keys}

    def guarded(self, threshold: int) -> set[Key]:
        """Hidden cells of neighbors that this month must not give away; not those that are too narrow already."""
        table = Table(values=self.shown, lines=self.lines, guarded=self.hidden)
        return set(self.hidden) - set(narrow_keys(table, set(), threshold))


def _is_counted(row: Published) -> bool:
    return row.field in ("C1", "C2", "C3", "C4", "C5", "C6", "C9") or (
        row.field == "E5" and row.part in ("n", "d")
    )


def _run(month: dt.date, known: set[dt.date]) -> Iterator[dt.date]:
    for step in (1, -1):
        near = _move(month, step)
        for _ in range(12):
            if near not in known:
                break
            yield near
            near = _move(near, step)


def _move(month: dt.date, step: int) -> dt.date:
    return Month(month).next if step > 0 else Month.of(month - dt.timedelta(days=1)).first


def _links(months: list[dt.date], values: Mapping[Key, int]) -> Iterator[Line]:
    """C5 of a month is C1 of the next, unless both are known and records were changed in between."""
    for month in months:
        end, start = (month, "C5", ""), (Month(month).next, "C1", "")
        if start[0] in months and not (end in values and start in values and values[end] != values[start]):
            yield Line(end, (start,))


def _printed(
    month: dt.date, values: Mapping[str, Any], own: Mapping[Key, int], hidden: Collection[Key]
) -> Iterator[PublishedCell]:
    """The cells others see, each hidden with everything it could be worked out from or tells of (rule 6)."""

    def cell(field: str, part: str, value: Any, *depends: tuple[str, str]) -> PublishedCell:
        hides = any((month, *key) in hidden for key in depends or [(field, part)])
        known = value is None or hides
        return PublishedCell(field, part, None if known else Decimal(str(value)), hides)

    families = [(field, "") for field in ("C1", "C2", "C3", "C4", "C5", "C6")]
    for field in PLAIN:
        yield cell(field, "", values[field])
    for (_, field, part), number in own.items():
        if field in CODES and part in CODES[field] and (number or (month, field, part) in hidden):
            yield cell(field, part, number)
    yield cell("E2", "face_to_face", values["E2"]["face_to_face"])
    for field in RATES:
        n, rest, d = _numerator(month, field)[1:], (field, "rest"), (field, "d")
        yield cell(field, "n", values[field]["n"], n)
        yield cell(field, "d", values[field]["d"], d)
        yield cell(field, "value", values[field]["value"], n, rest, d)
    yield cell("E4", "", values["E4"], ("E1", ""), ("C6", ""))
    yield cell("E6", "", values["E6"], ("E2", "face_to_face"), *families)
    yield cell("F3", "", values["F3"], ("C5", ""))
    yield cell("F1", "headcount", values["F1"]["headcount"])
    yield cell("F1", "fte", values["F1"]["fte"])
    yield cell("G1", "met", int(values["G1"]["met"]))
    yield cell("G3", "events", values["G3"]["events"])
    yield cell("G3", "attendance", values["G3"]["attendance"])
