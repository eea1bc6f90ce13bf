"""What the spreadsheet of referrals means: each with the enrollment that came of it (`import-format.md` "Files")."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Max, Min

from counties.rows import Code, Day, Id, RowRefused, words
from counties.sheets import Outcome, Row, Sheet, known, require, together
from counties.wall.rules import next_number
from families.models import Family, Parent
from referrals.models import (
    ClosureReason,
    Enrollment,
    Participation,
    Referral,
    ReferralOutcome,
    ReferralSource,
)


class ReferralsSheet(Sheet):
    """One row is a referral and, with `enroll_date`, the parent's part in an enrollment of the family.

    Two parents of a family whose dates overlap share one enrollment: it begins with the first and closes with the
    last of them. Imported participations carry no agreement, because the spreadsheets know none (V16).
    """

    name = "referrals"
    one_row = "a referral and the enrollment that came of it"
    identity = ("referral_id",)
    columns = (
        Id("referral_id"),
        Id("family_id"),
        Id("parent_id"),
        Code("source", required=True, codes=ReferralSource.values),
        Day("referral_date", required=True, past=True),
        Day("decision_date", past=True),
        Code("outcome", codes=ReferralOutcome.values),
        Day("enroll_date", past=True),
        Day("close_date", past=True),
        Code("closure_reason", codes=ClosureReason.values),
    )

    def order(self, row: Row) -> Any:
        return row["enroll_date"] or dt.date.min

    def prepare(self, rows: list[Row]) -> None:
        self.families = known(Family.objects.all())
        self.parents = known(Parent.objects.all())
        self.referrals = self.table(Referral, "source_id")
        self.enrollments = self.table(Enrollment, "id")
        self.participations = self.table(Participation, "referral_id")
        self.number = next_number(Referral)
        self.of_family: dict[object, list[Enrollment]] = {}
        self.parts: dict[object, list[Participation]] = {}
        for enrollment in self.enrollments.rows.values():
            self.of_family.setdefault(enrollment.family_id, []).append(enrollment)
        # Contacts are in a room above; asked for by the reverse name.
        with_contacts = Enrollment.objects.filter(contacts__isnull=False).values_list("pk")
        held = with_contacts.annotate(
            first=Min("contacts__held_on"), last=Max("contacts__held_on")
        ).order_by()
        self.contacts_of = {pk: (first, last) for pk, first, last in held}
        for part in self.participations.rows.values():
            self.parts.setdefault(part.enrollment_id, []).append(part)

    def take(self, row: Row) -> Outcome:
        family = require(self.families, "family_id", row["family_id"])
        parent = require(self.parents, "parent_id", row["parent_id"])
        if parent.family_id != family.pk:
            raise RowRefused(f"parent_id: {row['parent_id']} does not belong to family {row['family_id']}")
        referral = self.referrals.get(row["referral_id"])
        if referral and referral.parent_id != parent.pk:
            raise RowRefused(f"referral_id: {row['referral_id']} is recorded for another parent")
        part = self.participations.get(referral.pk) if referral else None
        _check_pairs(row)
        self._keep_recorded(row, referral, part)
        _check_order(row)
        plan = self._plan(row, parent, part) if row["enroll_date"] else None
        referral, outcome = self._put_referral(row, parent)
        return together(outcome, *(plan.carry_out(referral) if plan else []))

    def _put_referral(self, row: Row, parent: Parent) -> tuple[Referral, Outcome]:
        values = {
            "family_id": parent.family_id, "parent_id": parent.pk, "source": row["source"],
            "referred_on": row["referral_date"], "decided_on": row["decision_date"], "outcome": row["outcome"],
        }  # fmt: skip
        recorded = self.referrals.get(row["referral_id"])
        if recorded:
            return recorded, self.referrals.change(recorded, **values)
        self.number += 1
        added = self.referrals.add(source_id=row["referral_id"], number=self.number - 1, **values)
        return added, Outcome.CREATED

    def _keep_recorded(self, row: Row, referral: Referral | None, part: Participation | None) -> None:
        """A blank cell never takes back a decision, an enrollment or a closing: those are not erased."""
        if referral and referral.outcome and not (row["decision_date"] or row["outcome"]):
            row.update(decision_date=referral.decided_on, outcome=referral.outcome)
            self.warn(row, f"outcome is blank; the decision of {words(referral.decided_on)} stays recorded")
        if part and not row["enroll_date"]:
            row.update(enroll_date=part.starts_on)
            self.warn(row, f"enroll_date is blank; the enrollment on {words(part.starts_on)} stays recorded")
        if part and part.ends_on and not (row["close_date"] or row["closure_reason"]):
            reason = self.enrollments.get(part.enrollment_id).closure_reason
            row.update(close_date=part.ends_on, closure_reason=reason)
            self.warn(row, f"close_date is blank; the closing on {words(part.ends_on)} stays recorded")

    def _plan(self, row: Row, parent: Parent, part: Participation | None) -> Plan:
        """The enrollment this row begins, joins or changes, after V19."""
        span = (row["enroll_date"], row["close_date"])
        others = self.of_family.setdefault(parent.family_id, [])
        if part:
            enrollment = self.enrollments.get(part.enrollment_id)
        else:
            enrollment = next((e for e in others if _meet(*span, e.enrolled_on, e.closed_on)), None)
        beside = [p for p in self.parts.get(enrollment.pk, []) if p is not part] if enrollment else []
        if any(p.parent_id == parent.pk and _meet(*span, p.starts_on, p.ends_on) for p in beside):
            raise RowRefused(f"enroll_date: {row['parent_id']} is enrolled already in these dates")
        plan = Plan(self, row, parent, part, enrollment, beside)
        if enrollment:
            self._keep_contacts_inside(enrollment, plan)
        for other in others:
            if other is not enrollment and _meet(
                plan.begins, plan.closes, other.enrolled_on, other.closed_on
            ):
                began = words(other.enrolled_on)
                raise RowRefused(f"enroll_date: overlaps the enrollment of {began} of this family")
        return plan

    def _keep_contacts_inside(self, enrollment: Enrollment, plan: Plan) -> None:
        """Dates that would leave a recorded contact outside its enrollment are refused (V07)."""
        if enrollment.pk not in self.contacts_of:
            return
        first, last = self.contacts_of[enrollment.pk]
        if first < plan.begins:
            raise RowRefused(f"enroll_date: a contact of this enrollment was on {words(first)}")
        if plan.closes and last > plan.closes:
            raise RowRefused(f"close_date: a contact of this enrollment was on {words(last)}")

    def finish(self) -> None:
        """Link each new enrollment to the one before it, whatever the order of the rows."""
        new = set(map(id, self.enrollments.created))
        for enrollments in self.of_family.values():
            enrollments.sort(key=lambda enrollment: enrollment.enrolled_on)
            for before, after in zip(enrollments, enrollments[1:], strict=False):
                if id(after) in new:
                    after.previous_id = before.pk


class Plan:
    """What a row does to the family's enrollments; computed first, so that a refused row changes nothing."""

    def __init__(
        self,
        sheet: ReferralsSheet,
        row: Row,
        parent: Parent,
        part: Participation | None,
        enrollment: Enrollment | None,
        beside: list[Participation],
    ) -> None:
        self.sheet, self.row, self.parent = sheet, row, parent
        self.part, self.enrollment = part, enrollment
        others = [p.ends_on for p in beside]
        self.begins = min([row["enroll_date"], *(p.starts_on for p in beside)])
        self.closes = None if None in [row["close_date"], *others] else max([row["close_date"], *others])
        last = self.closes == row["close_date"] and self.closes not in others
        reason = row["closure_reason"] if last or enrollment is None else enrollment.closure_reason
        self.reason = (reason or row["closure_reason"]) if self.closes else ""

    def carry_out(self, referral: Referral) -> list[Outcome]:
        values = {"enrolled_on": self.begins, "closed_on": self.closes, "closure_reason": self.reason}
        if self.enrollment:
            changed = self.sheet.enrollments.change(self.enrollment, **values)
        else:
            self.enrollment = self.sheet.enrollments.add(family_id=self.parent.family_id, **values)
            self.sheet.of_family[self.parent.family_id].append(self.enrollment)
            changed = Outcome.CREATED
        return [changed, self._participate(referral)]

    def _participate(self, referral: Referral) -> Outcome:
        dates = {"starts_on": self.row["enroll_date"], "ends_on": self.row["close_date"]}
        if self.part:
            return self.sheet.participations.change(self.part, **dates)
        part = self.sheet.participations.add(
            referral_id=referral.pk, enrollment_id=self.enrollment.pk, parent_id=self.parent.pk,
            is_imported=True, **dates,
        )  # fmt: skip
        self.sheet.parts.setdefault(self.enrollment.pk, []).append(part)
        return Outcome.CREATED


def _check_pairs(row: Row) -> None:
    """What belongs together in one row, and V16."""
    if bool(row["decision_date"]) != bool(row["outcome"]):
        raise RowRefused("decision_date and outcome belong together")
    if row["enroll_date"] and row["outcome"] != ReferralOutcome.ACCEPTED:
        raise RowRefused("enroll_date without an accepted referral")
    if bool(row["close_date"]) != bool(row["closure_reason"]):
        raise RowRefused("close_date and closure_reason belong together")
    if row["close_date"] and not row["enroll_date"]:
        raise RowRefused("close_date without enroll_date")


def _check_order(row: Row) -> None:
    """The order of the dates on the chain of `domain.md` 2."""
    chain = ["referral_date", "decision_date", "enroll_date", "close_date"]
    dated = [(column, row[column]) for column in chain if row[column]]
    for (before, earlier), (column, day) in zip(dated, dated[1:], strict=False):
        if day < earlier:
            raise RowRefused(f"{column} is before {before}")


def _meet(start: dt.date, end: dt.date | None, other_start: dt.date, other_end: dt.date | None) -> bool:
    """Whether two enrollments share a day; unlike other spans, the closing day counts (V19)."""
    return (other_end is None or start <= other_end) and (end is None or other_start <= end)
