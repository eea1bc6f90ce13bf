"""What the spreadsheets of contacts, levels, and hearings and meetings mean (`import-format.md` "Files")."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from activities.codes import Activity, ContactMode, ContactResult, Level
from activities.models import Contact, FamilyEvent, LevelChange
from counties.rows import Code, Codes, Day, Id, RowRefused, Text, Whole, words
from counties.sheets import Outcome, Row, Sheet, known, require
from partners.models import ParentPartner
from referrals.models import Participation, Referral


@dataclass(frozen=True)
class Involvement:
    """A referral and, when it led to one, the parent's part in an enrollment."""

    referral: Referral
    part: Participation | None

    def covers(self, day: dt.date) -> bool:
        """Whether the day lies in the enrollment; both its first and its closing day do (V07)."""
        part = self.part
        return bool(part and part.starts_on <= day and (part.ends_on is None or day <= part.ends_on))


def involvements() -> dict[str, Involvement]:
    """Every referral of the site by the site's own id."""
    parts = {part.referral_id: part for part in Participation.objects.all()}
    found = known(Referral.objects.all())
    return {own_id: Involvement(referral, parts.get(referral.pk)) for own_id, referral in found.items()}


class LevelsSheet(Sheet):
    """One row is a change of intensity of an enrollment."""

    name = "levels"
    one_row = "a change of level"
    identity = ("referral_id", "date")
    columns = (
        Id("referral_id"),
        Code("level", required=True, codes=[str(level) for level in Level.values]),
        Day("date", required=True, past=True),
        Text("reason", required=True, longest=200, free=True),
    )

    def prepare(self, rows: list[Row]) -> None:
        self.involvements = involvements()
        self.levels = self.table(LevelChange, "enrollment_id", "changed_on")
        self.seen: dict[tuple, Row] = {}

    def take(self, row: Row) -> Outcome:
        involvement = require(self.involvements, "referral", row["referral_id"])
        if involvement.part is None:
            raise RowRefused(f"referral {row['referral_id']} has no enrollment")
        key = (involvement.part.enrollment_id, row["date"])
        first = self.seen.setdefault(key, row)
        if first is not row:
            raise RowRefused(f"date: row {first.number} sets the level of this family on the same day")
        return self.levels.put(*key, level=int(row["level"]), reason=row["reason"])[1]


class ContactsSheet(Sheet):
    """One row is a contact, made or attempted. V06, V07 and V18 refuse it; when it was entered is unknown (V08)."""

    name = "contacts"
    one_row = "a contact, made or attempted"
    identity = ("contact_id",)
    columns = (
        Id("contact_id"),
        Id("referral_id"),
        Id("partner_id"),
        Day("date", required=True, past=True),
        Code("mode", required=True, codes=ContactMode.values),
        Code("result", required=True, codes=ContactResult.values),
        Whole("minutes"),
        Codes("activities", codes=Activity.values, one="activity"),
        Text("note", longest=10_000, free=True),
    )

    def prepare(self, rows: list[Row]) -> None:
        self.involvements = involvements()
        self.partners = known(ParentPartner.objects.all())
        self.contacts = self.table(Contact, "source_id")

    def take(self, row: Row) -> Outcome:
        involvement = require(self.involvements, "referral", row["referral_id"])
        partner = require(self.partners, "partner", row["partner_id"])
        within = involvement.covers(row["date"])
        if not within and Activity.OUTREACH not in row["activities"]:
            raise RowRefused(_outside(row, involvement))
        return self.contacts.put(
            row["contact_id"], referral_id=involvement.referral.pk, partner_id=partner.pk, held_on=row["date"],
            enrollment_id=involvement.part.enrollment_id if within else None, mode=row["mode"], result=row["result"],
            minutes=_minutes(row), activities=row["activities"], note=row["note"],
        )[1]  # fmt: skip


class EventsSheet(Sheet):
    """One row is a known hearing or meeting; only one that has been held can have been attended (V06)."""

    name = "events"
    one_row = "a hearing or family team meeting"
    identity = ("event_id",)
    columns = (
        Id("event_id"),
        Id("referral_id"),
        Code("kind", required=True, codes=FamilyEvent.Kind.values),
        Day("date", required=True),
        Text("partner_attended", longest=40),
    )

    def prepare(self, rows: list[Row]) -> None:
        self.referrals = known(Referral.objects.all())
        self.partners = known(ParentPartner.objects.all())
        self.events = self.table(FamilyEvent, "source_id")

    def take(self, row: Row) -> Outcome:
        referral = require(self.referrals, "referral", row["referral_id"])
        attended = row["partner_attended"]
        partner = require(self.partners, "partner", attended) if attended else None
        if partner and row["date"] > self.today:
            raise RowRefused("date is in the future, so nobody can have attended")
        recorded = self.events.get(row["event_id"])
        if partner and recorded and recorded.is_cancelled:
            raise RowRefused("partner_attended: this hearing or meeting is recorded as cancelled")
        return self.events.put(
            row["event_id"], referral_id=referral.pk, kind=row["kind"], held_on=row["date"],
            partner_attended_id=partner.pk if partner else None,
        )[1]  # fmt: skip


def _minutes(row: Row) -> int:
    """V06: 1 to 720 for a completed contact; otherwise 0, which a blank cell means too."""
    minutes = row["minutes"]
    if row["result"] == ContactResult.COMPLETED:
        if minutes is None or not 1 <= minutes <= 720:
            raise RowRefused("minutes of a completed contact are 1 to 720")
    elif minutes:
        raise RowRefused("minutes of a contact that did not take place are 0")
    return minutes or 0


def _outside(row: Row, involvement: Involvement) -> str:
    if involvement.part is None:
        return f"referral {row['referral_id']} has no enrollment: before it only outreach_attempt is recorded"
    part = involvement.part
    return f"date lies outside the enrollment, {words(part.starts_on)} to {words(part.ends_on)}"
