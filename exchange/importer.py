"""Running a site's files through their sheets (`import-format.md`): one transaction per file, good rows only."""

from __future__ import annotations

import datetime as dt
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import DataError, IntegrityError, InternalError, connection, transaction

from accounts.models import User
from audit import context
from audit.record import record
from counties.models import Site
from counties.rows import RowRefused, UnknownId
from counties.sheets import Outcome, Row, Sheet
from counties.wall import site_scope
from counties.wall.rules import said_by
from exchange.behind import families_of
from exchange.reading import Book, FileRefused, Line, read_book
from exchange.sheets import SHEETS

Good = list[tuple[Row, Line]]
Content = Callable[[], bytes]
"""Gives a file's bytes; may refuse the file. Called only when its turn has come."""

Watch = Callable[[int, int, str], None]
"""Told before each file: which one, of how many, its name."""

LONGEST_ID = 40
MOST_IDS = 200
"""Of unknown ids kept in the trail; how many there were is kept as well."""

AT_ONCE = zlib.crc32(b"exchange.import") & 0x7FFFFFFF


@dataclass
class Report:
    """What became of one file. `problem` is why the file was refused whole, and then nothing else is set.

    `refused` and `warnings` are in the order of the rows; `unknown` are ids in cells that this site does not have,
    `families` the families that these rows name (`exchange.behind`).
    """

    name: str
    counts: Counter[Outcome] = field(default_factory=Counter)
    warnings: list[tuple[int, str]] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    refused: list[tuple[Line, str]] = field(default_factory=list)
    problem: str = ""
    unknown: set[str] = field(default_factory=set)
    families: dict[str, list[str]] = field(default_factory=dict)

    def settle(self) -> None:
        """Put rows in order and leave out warnings about rows that were refused in the end."""
        self.refused.sort(key=lambda pair: pair[0].number)
        gone = {line.number for line, _ in self.refused}
        self.warnings = sorted(warning for warning in self.warnings if warning[0] not in gone)

    def figures(self) -> dict[str, int]:
        """Counts of rows and of warnings."""
        counts = {outcome.value: self.counts[outcome] for outcome in Outcome}
        return counts | {"refused": len(self.refused), "warnings": len(self.warnings)}

    def as_json(self) -> dict[str, Any]:
        """The shape `import-format.md` gives; `problem` stands there only when the file was refused whole."""
        facts = self.figures() | {"warnings": [f"row {number}: {text}" for number, text in self.warnings]}
        return facts | ({"problem": self.problem} if self.problem else {})


def import_files(
    site: Site,
    files: Mapping[str, Content],
    *,
    as_of: dt.date | None = None,
    by: User | None = None,
    check_only: bool = False,
    watch: Watch | None = None,
) -> list[Report]:
    """Import files, keyed by the sheet's name, in the order in which they hang on each other.

    Args:
        as_of: the day that counts as today; never later than today itself, which the database knows.
        check_only: report what would happen and change nothing.
        watch: told before each file.
    """
    today = min(as_of or site.today(), site.today())
    names = [name for name in SHEETS if name in files]
    actor = by.id if by else None
    reports: list[Report] = []

    def run() -> None:
        for number, name in enumerate(names, 1):
            if watch and not check_only:  # what is said inside a transaction nobody hears before its end
                watch(number, len(names), name)
            reports.append(_import_file(site, SHEETS[name], today, files[name], actor))

    with context.acting(source="import", request_id=context.current().request_id):
        if not check_only:
            run()
            return reports
        with site_scope(site.id, actor_id=actor):
            run()
            transaction.set_rollback(True)
        with site_scope(site.id, actor_id=actor):
            for report in reports:  # what was recorded while checking was taken back with the rest
                _record_unknown(report)
            record("import.checked", kind="import", files=names)
    return reports


def _import_file(
    site: Site, kind: type[Sheet], today: dt.date, content: Content, actor: int | None
) -> Report:
    """One file in one transaction; refused whole, it changes nothing and leaves only its trace in the trail."""
    report = Report(kind.name)
    try:
        book = read_book(kind, content())
    except FileRefused as refusal:
        report.problem = str(refusal)
        with site_scope(site.id, actor_id=actor):
            record("import.refused", kind="import", reason=report.problem, file=kind.name)
        return report
    with site_scope(site.id, actor_id=actor), connection.cursor() as cursor:
        # One import of a site at a time: a second one waits here and then finds nothing left to do.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [site.id, AT_ONCE])
        report.header = book.header
        reader = kind(today)
        good = _readable(reader, book, report)
        report.warnings += reader.warnings
        good.sort(key=lambda pair: reader.order(pair[0]))
        _load(kind, today, good, [row for row, _ in good], report)
        report.settle()
        report.families = families_of(_told_of(book, report))
        _record_unknown(report)
        facts: dict[str, Any] = report.figures()
        record("import.finished", kind="import", file=kind.name, **facts)
    return report


def _told_of(book: Book, report: Report) -> dict[int, dict[str, str]]:
    """The cells of the rows that the report speaks of, as far as a row has them."""
    numbers = {line.number for line, _ in report.refused} | {number for number, _ in report.warnings}
    return {
        line.number: {n: line.cells[at].strip() for n, at in book.places.items() if at < len(line.cells)}
        for line in book.lines
        if line.number in numbers
    }


def _record_unknown(report: Report) -> None:
    """Ids a file had no right to name, or misspelled: nobody can tell the two apart, so both stand in the trail."""
    if report.unknown:
        ids = sorted(own_id[:LONGEST_ID] for own_id in report.unknown)[:MOST_IDS]
        record(
            "access.refused",
            kind="import",
            ids=ids,
            door="import",
            file=report.name,
            unknown=len(report.unknown),
        )


def _load(kind: type[Sheet], today: dt.date, good: Good, in_file: list[Row], report: Report) -> None:
    """Write good rows at once. Should the database refuse, halve them until the refused row stands alone.

    The sheets know the database's rules, so halving is the exception: somebody else's change in the same second.
    """
    sheet = kind(today)
    refused: list[tuple[Line, str]] = []
    counts: Counter[Outcome] = Counter()
    unknown: set[str] = set()
    try:
        with transaction.atomic():
            sheet.prepare(in_file)
            for row, line in good:
                try:
                    counts[sheet.take(row)] += 1
                except RowRefused as refusal:
                    refused.append((line, str(refusal)))
                    if isinstance(refusal, UnknownId):
                        unknown.add(refusal.own_id)
            sheet.finish()
            sheet.save()
    except (IntegrityError, DataError, InternalError) as problem:
        if len(good) == 1:
            report.refused.append((good[0][1], said_by(problem) or "the database refused the row"))
            return
        middle = len(good) // 2
        _load(kind, today, good[:middle], in_file, report)
        _load(kind, today, good[middle:], in_file, report)
        return
    report.counts += counts
    report.refused += refused
    report.unknown |= unknown
    report.warnings += sheet.warnings


def _readable(sheet: Sheet, book: Book, report: Report) -> Good:
    """The rows whose cells can be read and whose identity stands in the file for the first time."""
    good: Good = []
    first: dict[object, int] = {}
    for line in book.lines:
        try:
            if len(line.cells) != len(book.header):
                raise RowRefused(f"the row has {len(line.cells)} cells, the header {len(book.header)}")
            cells = book.cells(line)
            before = first.setdefault(_identity(sheet, cells) or line.number, line.number)
            if before != line.number:
                raise RowRefused(
                    f"{_named(sheet, cells)} stands in the file more than once, first in row {before}"
                )
            good.append((sheet.read(line.number, cells), line))
        except RowRefused as refusal:
            report.refused.append((line, str(refusal)))
    return good


def _identity(sheet: Sheet, cells: dict[str, str]) -> tuple | None:
    """What the row is known by, however its dates are written; None when its id is missing."""
    if not cells[sheet.identity[0]]:
        return None
    values = []
    for column in sheet.columns:
        if column.name in sheet.identity:
            try:
                values.append(column.read(cells[column.name], sheet.today))
            except RowRefused:
                values.append(cells[column.name])
    return tuple(values)


def _named(sheet: Sheet, cells: dict[str, str]) -> str:
    return ", ".join(f"{name} {cells[name]}" for name in sheet.identity if cells[name])
