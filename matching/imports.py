"""What the spreadsheet of matches means (`import-format.md` "Files")."""

from __future__ import annotations

import datetime as dt
from typing import Any

from counties.models import SiteSettings
from counties.rows import Code, Day, Id, RowRefused, words
from counties.sheets import Outcome, Row, Sheet, corrected, known, overlap, require
from counties.wall.scope import current_site_id
from matching.models import Conflict, EndReason, Match
from partners.models import ParentPartner
from referrals.models import Referral, ReferralOutcome


class MatchesSheet(Sheet):
    """One row is a period of one partner with the parent. V10, V11 and V12 are decisions already taken: they warn."""

    name = "matches"
    one_row = "a period of one parent partner with a parent"
    identity = ("referral_id", "partner_id", "start_date")
    columns = (
        Id("referral_id"),
        Id("partner_id"),
        Day("start_date", required=True, past=True),
        Day("end_date"),
        Code("end_reason", codes=EndReason.values),
    )

    def order(self, row: Row) -> Any:
        return row["start_date"]

    def prepare(self, rows: list[Row]) -> None:
        referrals = list(Referral.objects.all())
        self.referrals = known(referrals)
        self.family_of = {referral.parent_id: referral.family_id for referral in referrals}
        self.partners = known(ParentPartner.objects.all())
        self.matches = self.table(Match, "referral_id", "partner_id", "starts_on")
        self.conflicts = set(Conflict.objects.filter(lifted_at=None).values_list("parent_id", "partner_id"))
        self.per_fte = SiteSettings.objects.get(site_id=current_site_id()).hard_cap_per_fte
        self.in_file = {(row["referral_id"], row["partner_id"], row["start_date"]) for row in rows}
        self.of_parent: dict[object, list[Match]] = {}
        self.of_partner: dict[object, list[Match]] = {}
        self.taken: list[tuple[Row, Match, ParentPartner]] = []
        for match in self.matches.rows.values():
            if match.starts_on:
                self._remember(match)

    def _remember(self, match: Match) -> None:
        self.of_parent.setdefault(match.parent_id, []).append(match)
        self.of_partner.setdefault(match.partner_id, []).append(match)

    def take(self, row: Row) -> Outcome:
        referral = require(self.referrals, "referral", row["referral_id"])
        partner = require(self.partners, "partner", row["partner_id"])
        match = self._recorded(row, referral, partner)
        if match and match.ends_on and not row["end_date"]:
            row.update(end_date=match.ends_on, end_reason=match.end_reason)
            self.warn(row, f"end_date is blank; the end on {words(match.ends_on)} stays recorded")
        _check(row, referral)
        values = {
            "starts_on": row["start_date"], "ends_on": row["end_date"], "end_reason": row["end_reason"],
            "status": Match.Status.ENDED if row["end_date"] else Match.Status.ACTIVE,
            "is_secondary": self._is_secondary(row, referral, match),
        }  # fmt: skip
        if match:
            outcome = self.matches.change(match, **values)
        else:
            match = self.matches.add(
                referral_id=referral.pk, partner_id=partner.pk, parent_id=referral.parent_id,
                proposed_on=row["start_date"], **values,
            )  # fmt: skip
            self._remember(match)
            outcome = Outcome.CREATED
        self.taken.append((row, match, partner))
        return outcome

    def _recorded(self, row: Row, referral: Referral, partner: ParentPartner) -> Match | None:
        """The recorded match this row means; a corrected start date still finds its match."""
        ids = (row["referral_id"], row["partner_id"])
        same_pair = [
            m for m in self.of_parent.get(referral.parent_id, [])
            if (m.referral_id, m.partner_id) == (referral.pk, partner.pk) and (*ids, m.starts_on) not in self.in_file
        ]  # fmt: skip
        return corrected(
            self.matches.get(referral.pk, partner.pk, row["start_date"]),
            same_pair,
            lambda m: overlap(row["start_date"], row["end_date"], _start(m), m.ends_on),
        )

    def _is_secondary(self, row: Row, referral: Referral, match: Match | None) -> bool:
        """V12: beside a primary match of the same parent, an imported one is secondary and says so."""
        others = [
            m for m in self.of_parent.get(referral.parent_id, []) if m is not match and not m.is_secondary
        ]
        beside = any(overlap(row["start_date"], row["end_date"], _start(m), m.ends_on) for m in others)
        if beside:
            self.warn(row, "this parent has another partner in these dates; loaded as the secondary partner")
        return beside or bool(match and match.is_secondary)

    def finish(self) -> None:
        """V10 and V11, once all matches of each partner are known."""
        for row, match, partner in self.taken:
            day = _start(match)
            if not partner.is_trained_on(day) and not match.training_override:
                self.warn(row, f"{row['partner_id']} had not completed core training at the start")
            if (match.parent_id, match.partner_id) in self.conflicts:
                self.warn(row, "a conflict is recorded between this parent and this partner")
            families = {self.family_of[m.parent_id] for m in self.of_partner[partner.pk] if _runs_on(m, day)}
            if len(families) > partner.cap(self.per_fte) and not match.cap_override:
                self.warn(row, f"{row['partner_id']} had {len(families)} families then, over the cap")


def _start(match: Match) -> dt.date:
    """First day of a match that has begun; proposed ones are never remembered here."""
    return match.starts_on


def _runs_on(match: Match, day: dt.date) -> bool:
    return _start(match) <= day and (match.ends_on is None or match.ends_on > day)


def _check(row: Row, referral: Referral) -> None:
    if referral.outcome != ReferralOutcome.ACCEPTED:
        raise RowRefused(f"referral {row['referral_id']} was not accepted")
    if row["start_date"] < referral.decided_on:
        raise RowRefused(f"start_date is before the decision of {words(referral.decided_on)}")
    if row["end_reason"] and not row["end_date"]:
        raise RowRefused("end_reason without end_date")
    if row["end_date"] and row["end_date"] < row["start_date"]:
        raise RowRefused("end_date is before start_date")
