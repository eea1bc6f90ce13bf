"""What the spreadsheets of parent partners and of their sessions mean (`import-format.md` "Files")."""

from __future__ import annotations

from counties.codes import Experience, Gender, Language
from counties.rows import (
    Amount,
    Code,
    Codes,
    Day,
    Email,
    Id,
    Ids,
    LanguageCodes,
    RowRefused,
    Text,
    Whole,
    words,
)
from counties.sheets import Outcome, Row, Sheet, known, require, together
from partners.actions.recruitment import follow_roles
from partners.models import EligibilityBasis, ParentPartner, Recruitment, SessionAttendance, SupportSession


class PartnersSheet(Sheet):
    """One row is a parent partner. V09 is a decision already taken, so it warns."""

    name = "partners"
    one_row = "a parent partner"
    identity = ("partner_id",)
    columns = (
        Id("partner_id"),
        Text("first_name", required=True),
        Text("last_name", required=True),
        Email("email", longest=254),
        Text("phone", longest=20),
        Code("gender", codes=Gender.values),
        Codes("languages", codes=LanguageCodes(Language.values), one="language"),
        Text("municipality"),
        Codes("experience", codes=Experience.values),
        Code("eligibility_basis", required=True, codes=EligibilityBasis.values),
        Day("eligibility_date", required=True, past=True),
        Day("start_date", required=True),
        Day("end_date"),
        Amount("fte", required=True, low="0.05", high="1.00"),
        Day("core_training_completed_on", past=True),
    )

    def prepare(self, rows: list[Row]) -> None:
        self.partners = self.table(ParentPartner, "source_id")

    def take(self, row: Row) -> Outcome:
        start, end = row["start_date"], row["end_date"]
        recorded = self.partners.get(row["partner_id"])
        if end is None and recorded and recorded.ends_on:
            end = recorded.ends_on
            self.warn(row, f"end_date is blank; the end on {words(end)} stays recorded")
        if end and end < start:
            raise RowRefused("end_date is before start_date")
        partner, outcome = self.partners.put(
            row["partner_id"], first_name=row["first_name"], last_name=row["last_name"], email=row["email"],
            phone=row["phone"], gender=row["gender"], languages=row["languages"], municipality=row["municipality"],
            eligibility_basis=row["eligibility_basis"], eligibility_on=row["eligibility_date"],
            starts_on=start, ends_on=end, fte=row["fte"],
            core_training_completed_on=row["core_training_completed_on"],
            **self._experience(row, recorded),
        )  # fmt: skip
        if not partner.is_eligible:
            self.warn(row, f"{row['partner_id']} began less than a year after the eligibility date")
        return outcome

    def save(self) -> None:
        super().save()
        recruited = Recruitment.objects.exclude(partner=None).values_list("partner_id", flat=True)
        if ids := set(recruited):
            follow_roles(p for p in self.partners.rows.values() if p.pk in ids)

    def _experience(self, row: Row, recorded: ParentPartner | None) -> dict[str, list[str]]:
        """Collected for matching, so matching may use it unnamed; what the person chose themself stands."""
        if recorded and recorded.experience_told_at:
            if set(row["experience"]) - set(recorded.experience):
                self.warn(row, "experience: this person chose themself what is known; that stays")
            return {}
        told = row["experience"]
        shown = [code for code in (recorded.experience_shown if recorded else []) if code in told]
        return {"experience": told, "experience_used": told, "experience_shown": shown}


class SessionsSheet(Sheet):
    """One row is a session; its attendees are the partners who came. The content of clinical support is not kept."""

    name = "sessions"
    one_row = "a supervision, clinical support or training session"
    identity = ("session_id",)
    columns = (
        Id("session_id"),
        Code("kind", required=True, codes=SupportSession.Kind.values),
        Day("date", required=True, past=True),
        Whole("minutes", required=True, low=1, high=720),
        Text("topic", longest=80, free=True),
        Ids("attendees"),
    )

    def prepare(self, rows: list[Row]) -> None:
        self.partners = known(ParentPartner.objects.all())
        self.sessions = self.table(SupportSession, "source_id")
        self.attendances = self.table(SessionAttendance, "session_id", "partner_id")
        self.attended: dict[object, list[SessionAttendance]] = {}
        for attendance in self.attendances.rows.values():
            self.attended.setdefault(attendance.session_id, []).append(attendance)

    def take(self, row: Row) -> Outcome:
        came = {require(self.partners, "attendee", own_id).pk for own_id in row["attendees"]}
        topic = row["topic"]
        if topic and row["kind"] == SupportSession.Kind.CLINICAL:
            topic = ""
            self.warn(row, "topic: what clinical support was about is not kept")
        session, outcome = self.sessions.put(
            row["session_id"], kind=row["kind"], held_on=row["date"], minutes=row["minutes"], topic=topic
        )
        return together(outcome, *self._attendance(session, came))

    def _attendance(self, session: SupportSession, came: set) -> list[Outcome]:
        struck = [a for a in self.attended.get(session.pk, []) if a.partner_id not in came]
        return [
            *(self.attendances.put(session.pk, partner, is_present=True)[1] for partner in came),
            *(self.attendances.change(attendance, is_present=False) for attendance in struck),
        ]
