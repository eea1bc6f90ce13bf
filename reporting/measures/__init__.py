"""The figures of the monthly report: what each one means, how it is computed, and what stands behind it.

Everything here is a pure read and runs inside `site_scope(site.id)`. `month` is the first day of a month, as
`MonthlyReport.month` keeps it. Values are plain JSON (int, float, str, bool, None, dict), exactly as
`import-format.md` "Shape of the JSON" prints them, so they can go into `ReportFigure.value` as they are.

    REGISTRY: tuple[Measure, ...]                in the report's order; screens, files and the API read it
    measure(field) -> Measure                    KeyError for an unknown id
    compute(site, month, parameters=None) -> dict[str, Any]       field id -> value, in the registry's order
    rows_behind(field, site, month, part="", parameters=None) -> RowsBehind
    identities(values) -> list[Problem]          empty when every identity of V15 holds
    publish(site, month, values) -> list[PublishedCell]    what may leave the site, after suppression

`lines(measure, value)` gives a value as printed lines (`part`, `label`, plain `value`), codes labelled, for screens,
XLSX and CSV alike.

`Measure`: `field` ("B7"), `section` ("B"), `label`, `definition` (what it counts, with units and source), `unit`
("referrals", "days", "share", ...), `shape` (one of `Shape`), `collected` (False: no data source in this version,
value is null and screens print "Not collected"), `has_rows` (False: `rows_behind` raises NoRowsBehind), `compares`
(False for figures that move on without anybody editing the month, like late entries: a "changed since
certification" notice must leave them out), `parts` (part -> label), `codes` (code -> label of a split),
`publishing` (None: never leaves the site; else a sentence).
The parts `rows_behind` takes are `measure.kind.behind()`: "" for a plain count, "n" and "d" for a rate.

`RowsBehind`: `columns` (headings), `rows` of `BehindRow(kind, pk, reference, family_pk, cells, parts)`: `kind` is the
model's name ("referral", "contact"...), `cells` are in the order of `columns` (dates as dates), `parts` tells in
which parts of the figure the row counts ("n", "d", "start", ...). Only for people with `figure.rows`.

`Problem`: `fields` (ids involved) and `sentence` (plain words, for the coordinator).
`PublishedCell`: `field`, `part`, `value` (Decimal or None), `is_suppressed`: a row of `PublishedFigure`. It looks at
what is published for the site already, so call it in the same transaction that replaces the month's rows.
"""

from reporting.measures.compute import compute, parameters_of
from reporting.measures.identities import Problem, identities
from reporting.measures.kinds import Shape
from reporting.measures.measure import SECTIONS, Line, Measure, lines
from reporting.measures.publishing import PublishedCell, publish
from reporting.measures.registry import REGISTRY, measure
from reporting.measures.rows import BehindRow, NoRowsBehind, RowsBehind, rows_behind

__all__ = [
    "REGISTRY",
    "SECTIONS",
    "BehindRow",
    "Line",
    "Measure",
    "NoRowsBehind",
    "Problem",
    "PublishedCell",
    "RowsBehind",
    "Shape",
    "compute",
    "identities",
    "lines",
    "measure",
    "parameters_of",
    "publish",
    "rows_behind",
]
