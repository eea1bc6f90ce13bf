"""What one of a site's spreadsheets means: its columns, and the rows they become (`import-format.md`).

Each room describes its own sheets in its `imports.py` by deriving from `Sheet`; `exchange` reads the files and runs
them. Everything is compared in memory and written in bulk: the number of queries does not grow with the file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, ClassVar

from django.db import models

from counties.free_text import SocialSecurityNumber, scan_free_text
from counties.rows import Column, RowRefused, Text, UnknownId
from counties.wall.scope import current_site_id

BATCH = 2_000


class Outcome(StrEnum):
    """What became of a good row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Row(dict[str, Any]):
    """The values of one row by column name; `number` counts as a spreadsheet does, the header is 1."""

    def __init__(self, number: int, values: dict[str, Any]) -> None:
        super().__init__(values)
        self.number = number


class Table:
    """The rows of one model in the present site by a natural key; collects what a file creates and changes."""

    def __init__(self, model: type[models.Model], *key: str) -> None:
        self.model, self.key = model, key
        self.rows: dict[tuple, Any] = {self._key_of(row): row for row in model.objects.all()}
        if hasattr(model, "merged_away"):  # an id of an emptied record leads to the one that was kept
            kept = {row.pk: row for row in self.rows.values()}
            self.rows |= {self._key_of(gone): kept[pk] for gone, pk in model.merged_away() if pk in kept}
        self.created: list[Any] = []
        self._updated: dict[Any, Any] = {}
        self._fields: set[str] = set()
        self._new: set[Any] = set()

    def _key_of(self, row: Any) -> tuple:
        return tuple(getattr(row, name) for name in self.key)

    def get(self, *key: Any) -> Any | None:
        return self.rows.get(key)

    def add(self, **values: Any) -> Any:
        """A new row with these values."""
        row = self.model(site_id=current_site_id(), **values)
        self.rows[self._key_of(row)] = row
        self.created.append(row)
        self._new.add(row.pk)
        return row

    def change(self, row: Any, **values: Any) -> Outcome:
        """Give a known row these values; UNCHANGED when it has them already."""
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not changed:
            return Outcome.UNCHANGED
        old_key = self._key_of(row)
        for name, value in changed.items():
            setattr(row, name, value)
        if self._key_of(row) != old_key:
            self.rows[self._key_of(row)] = self.rows.pop(old_key)
        if row.pk not in self._new:
            self._updated[row.pk] = row
            self._fields |= set(changed)
        return Outcome.UPDATED

    def put(self, *key: Any, **values: Any) -> tuple[Any, Outcome]:
        """Create or change the row with this key."""
        row = self.get(*key)
        if row is None:
            return self.add(**dict(zip(self.key, key, strict=True)), **values), Outcome.CREATED
        return row, self.change(row, **values)

    def save(self) -> None:
        """Write everything: changes first, because they often make room for the new rows."""
        if self._updated:
            fields = [self.model._meta.get_field(name).name for name in self._fields]
            self.model.objects.bulk_update(self._updated.values(), fields, batch_size=BATCH)
        self.model.objects.bulk_create(self.created, batch_size=BATCH)


class Sheet:
    """One kind of file. A room names its columns and says in `take` what a good row becomes.

    `one_row` says in words what a row is; `identity` are the columns that together name a row once in a file.
    `prepare` fetches what is known already, `take` is called for each readable row and may refuse it before it puts
    anything into a table, `finish` comes after the last row.
    """

    name: ClassVar[str]
    one_row: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]
    identity: ClassVar[tuple[str, ...]]

    def __init__(self, today: dt.date) -> None:
        self.today = today
        self.warnings: list[tuple[int, str]] = []
        self.tables: list[Table] = []

    def table(self, model: type[models.Model], *key: str) -> Table:
        """A table that is saved with this sheet; name parents before children."""
        self.tables.append(Table(model, *key))
        return self.tables[-1]

    def order(self, row: Row) -> Any:
        """What rows are taken in the order of; by time where an end makes room for the next beginning."""
        return 0

    def prepare(self, rows: list[Row]) -> None:
        raise NotImplementedError

    def take(self, row: Row) -> Outcome:
        """Put a row into the tables.

        Raises:
            RowRefused: with nothing put.
        """
        raise NotImplementedError

    def finish(self) -> None:
        """Say or settle what only shows once all rows are known."""

    def save(self) -> None:
        for table in self.tables:
            table.save()

    def warn(self, row: Row, text: str) -> None:
        self.warnings.append((row.number, text))

    def read(self, number: int, cells: dict[str, str]) -> Row:
        """The row's values.

        Raises:
            RowRefused: naming everything that is wrong with its cells.
        """
        values, problems = {}, []
        for column in self.columns:
            try:
                values[column.name] = column.read(cells[column.name], self.today)
            except RowRefused as refusal:
                problems.append(str(refusal))
        row = Row(number, values)
        problems += self._scan(row)
        if problems:
            raise RowRefused("; ".join(problems))
        return row

    def _scan(self, row: Row) -> list[str]:
        texts = {
            c.name: row[c.name] for c in self.columns if isinstance(c, Text) and c.free and row.get(c.name)
        }
        try:
            for doubt in scan_free_text(**texts):
                self.warn(row, f"{doubt.field}: {doubt.text}")
        except SocialSecurityNumber as refusal:
            return [f"{field} looks like a Social Security number" for field in refusal.message_dict]
        return []


def known(rows: Iterable[Any] | models.QuerySet, by: str = "source_id") -> dict[str, Any]:
    """Rows by the site's own id; rows typed on screen have none and are left out."""
    return {getattr(row, by): row for row in rows if getattr(row, by)}


def require(found: dict[str, Any], column: str, own_id: str) -> Any:
    """The row behind one of the site's own ids.

    A foreign site's id is unknown like any other: behind the wall nobody can tell the two apart, so the importer
    records both as refused access.

    Raises:
        UnknownId: nothing of this site has that id, or its own row was refused.
    """
    row = found.get(own_id)
    if row is None:
        raise UnknownId(column, own_id)
    return row


def overlap(start: dt.date, end: dt.date | None, other_start: dt.date, other_end: dt.date | None) -> bool:
    """Whether two half-open spans of days share one; None is an open end."""
    return (other_end is None or start < other_end) and (end is None or other_start < end)


def corrected(row: Any | None, candidates: Iterable[Any], fits: Callable[[Any], bool]) -> Any | None:
    """The record a row means when its date, part of its key, was corrected.

    `row` is the record with the very key, if any. Otherwise the one candidate that `fits` (that could not be true
    together with the row), provided there is exactly one.
    """
    if row is not None:
        return row
    fitting = [candidate for candidate in candidates if fits(candidate)]
    return fitting[0] if len(fitting) == 1 else None


def together(*outcomes: Outcome) -> Outcome:
    """The outcome of a row that fills several tables, its main record first."""
    if outcomes[0] == Outcome.CREATED:
        return Outcome.CREATED
    return Outcome.UNCHANGED if set(outcomes) == {Outcome.UNCHANGED} else Outcome.UPDATED
