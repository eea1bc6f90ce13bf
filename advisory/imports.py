"""What the spreadsheet of council meetings means (`import-format.md` "Files")."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from advisory.models import AdvisoryRole, CouncilAttendance, CouncilMeeting
from counties.rows import Code, Column, Day, Id, RowRefused, Whole, parts
from counties.sheets import Outcome, Row, Sheet, together


@dataclass(frozen=True)
class Attendance(Column):
    """How many came, by advisory role: `role:number;...`."""

    def read(self, cell: str, today: dt.date) -> dict[str, int]:
        seats = [self._seat(part, today) for part in parts(cell)]
        if len(dict(seats)) < len(seats):
            raise RowRefused(f"{self.name} names a role more than once")
        return dict(seats)

    def _seat(self, part: str, today: dt.date) -> tuple[str, int]:
        role, _, number = part.partition(":")
        known_role = Code("role", codes=AdvisoryRole.values, one="advisory role", required=True)
        count = Whole(f"{self.name} of {role.strip()}", required=True)
        return known_role.read(role.strip(), today), count.read(number.strip(), today)


class CouncilSheet(Sheet):
    """One row is a meeting of the local or the state council."""

    name = "council"
    one_row = "a council meeting"
    identity = ("meeting_id",)
    columns = (
        Id("meeting_id"),
        Code("council", required=True, codes=CouncilMeeting.Council.values),
        Day("date", required=True, past=True),
        Attendance("attendance"),
    )

    def prepare(self, rows: list[Row]) -> None:
        self.meetings = self.table(CouncilMeeting, "source_id")
        self.attendances = self.table(CouncilAttendance, "meeting_id", "role")
        self.recorded: dict[object, list[CouncilAttendance]] = {}
        for attendance in self.attendances.rows.values():
            self.recorded.setdefault(attendance.meeting_id, []).append(attendance)

    def take(self, row: Row) -> Outcome:
        came = row["attendance"]
        meeting, outcome = self.meetings.put(row["meeting_id"], council=row["council"], held_on=row["date"])
        gone = [a for a in self.recorded.get(meeting.pk, []) if a.role not in came]
        return together(
            outcome,
            *(self.attendances.put(meeting.pk, role, number=number)[1] for role, number in came.items()),
            *(self.attendances.change(attendance, number=0) for attendance in gone),
        )
