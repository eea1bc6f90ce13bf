"""What the spreadsheet of outreach events means (`import-format.md` "Files")."""

from __future__ import annotations

from counties.rows import Code, Day, Id, Text, Whole
from counties.sheets import Outcome, Row, Sheet
from outreach.models import OutreachEvent


class OutreachSheet(Sheet):
    """One row is a presentation, training or community event."""

    name = "outreach"
    one_row = "an outreach event"
    identity = ("event_id",)
    columns = (
        Id("event_id"),
        Day("date", required=True, past=True),
        Code("kind", required=True, codes=OutreachEvent.Kind.values),
        Text("audience", required=True, longest=80, free=True),
        Whole("attendance", required=True, high=1_000_000),
    )

    def prepare(self, rows: list[Row]) -> None:
        self.events = self.table(OutreachEvent, "source_id")

    def take(self, row: Row) -> Outcome:
        return self.events.put(
            row["event_id"], held_on=row["date"], kind=row["kind"], audience=row["audience"],
            attendance=row["attendance"],
        )[1]  # fmt: skip
