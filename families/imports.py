"""What the spreadsheets of families and of children mean (`import-format.md` "Files")."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Max, Min

from counties.codes import Experience, Gender, Language
from counties.rows import Code, Codes, Day, Id, LanguageCodes, RowRefused, Text, words
from counties.sheets import Outcome, Row, Sheet, corrected, known, overlap, require, together
from counties.wall.rules import next_number
from families.codes import Answer, CaseType, DischargeReason, Race
from families.models import Child, Family, Parent, PlacementSpell, RemovalEpisode

SHORTEST_TRIAL, LONGEST_TRIAL = 7, 150
"""Days a trial reunification usually lasts (`domain.md` V05)."""


class FamiliesSheet(Sheet):
    """One row is a parent of a family."""

    name = "families"
    one_row = "a parent of a family"
    identity = ("parent_id",)
    columns = (
        Id("family_id"),
        Id("parent_id"),
        Text("first_name", required=True),
        Text("last_name"),
        Day("date_of_birth", past=True),
        Code("gender", codes=Gender.values),
        Codes("race", codes=Race.values),
        Code("hispanic", codes=Answer.values),
        Code("language", codes=LanguageCodes(Language.values)),
        Code("interpreter", codes=Answer.values),
        Code("tribal_connection", codes=Answer.values),
        Text("municipality"),
        Code("case_type", codes=CaseType.values),
        Codes("shared_experience", codes=Experience.values),
    )

    def prepare(self, rows: list[Row]) -> None:
        self.families = self.table(Family, "source_id")
        self.parents = self.table(Parent, "source_id")
        self.number = next_number(Family)

    def take(self, row: Row) -> Outcome:
        family, parent = self.families.get(row["family_id"]), self.parents.get(row["parent_id"])
        if parent and family and parent.source_id != row["parent_id"]:
            return Outcome.UNCHANGED  # merged into another record, which has a row of its own
        if parent and (family is None or parent.family_id != family.pk):
            raise RowRefused(f"parent_id: {row['parent_id']} is recorded in another family")
        if family is None:
            family = self.families.add(source_id=row["family_id"], number=self.number)
            self.number += 1
        return self.parents.put(
            row["parent_id"], family_id=family.pk, first_name=row["first_name"], last_name=row["last_name"],
            date_of_birth=row["date_of_birth"], gender=row["gender"], races=row["race"], hispanic=row["hispanic"],
            language=row["language"], needs_interpreter=row["interpreter"],
            tribal_connection=row["tribal_connection"], municipality=row["municipality"],
            case_type=row["case_type"], shared_experience=row["shared_experience"],
        )[1]  # fmt: skip


class ChildrenSheet(Sheet):
    """One row is a removal episode of a child, or a child never removed. V01, V02, V04, V05 and V06 refuse it."""

    name = "children"
    one_row = "a removal of a child, or a child never removed"
    identity = ("child_id", "removal_date")
    columns = (
        Id("family_id"),
        Id("child_id"),
        Text("first_name", required=True),
        Day("date_of_birth", past=True),
        Day("removal_date", past=True),
        Day("trial_reunification_start", past=True),
        Day("discharge_date", past=True),
        Code("discharge_reason", codes=DischargeReason.values),
    )

    def order(self, row: Row) -> Any:
        return row["removal_date"] or dt.date.min

    def prepare(self, rows: list[Row]) -> None:
        self.families = known(Family.objects.all())
        self.children = self.table(Child, "source_id")
        self.episodes = self.table(RemovalEpisode, "child_id", "removed_on")
        self.by_child: dict[object, list[RemovalEpisode]] = {}
        for episode in self.episodes.rows.values():
            self.by_child.setdefault(episode.child_id, []).append(episode)
        spells = PlacementSpell.objects.standing().values_list("episode_id")
        self.placed = {
            key: (first, max(last_start, last_end or last_start))
            for key, first, last_start, last_end in spells.annotate(
                Min("started_on"), Max("started_on"), Max("ended_on")
            )
        }
        self.in_file = {(row["child_id"], row["removal_date"]) for row in rows}
        self.first: dict[str, Row] = {}

    def take(self, row: Row) -> Outcome:
        family = require(self.families, "family_id", row["family_id"])
        child = self.children.get(row["child_id"])
        if child and child.family_id != family.pk:
            raise RowRefused(f"child_id: {row['child_id']} is recorded in another family")
        if child and child.source_id != row["child_id"]:
            return Outcome.UNCHANGED  # merged into another record, which has rows of its own
        name, born = self._who(row)
        episode = self._episode(row, child)
        dates = self._dates(row, episode, born)
        others = self.by_child.setdefault(child.pk, []) if child else []
        if born and any(born > other.removed_on for other in others if other is not episode):
            raise RowRefused("date_of_birth is after a removal date recorded for this child")
        _refuse_overlap(row, dates, [other for other in others if other is not episode])
        if episode and dates:
            _refuse_around(self.placed.get(episode.pk), dates)
        had_episodes = bool(others)
        child, child_outcome = self.children.put(
            row["child_id"], family_id=family.pk, first_name=name, date_of_birth=born
        )
        self.first.setdefault(row["child_id"], row)
        if not dates:
            return child_outcome
        if episode:
            return together(self.episodes.change(episode, **dates), child_outcome)
        added = self.episodes.add(child_id=child.pk, source=RemovalEpisode.Source.IMPORTED, **dates)
        self.by_child.setdefault(child.pk, []).append(added)
        return Outcome.CREATED if had_episodes or child_outcome == Outcome.CREATED else Outcome.UPDATED

    def _who(self, row: Row) -> tuple[str, dt.date | None]:
        """Name and birth date of the child; several rows of one child have to agree, the first one counts."""
        first = self.first.get(row["child_id"], row)
        for column in ("first_name", "date_of_birth"):
            if row[column] and row[column] != first[column]:
                self.warn(row, f"{column} differs from row {first.number}, which counts")
        return first["first_name"], first["date_of_birth"]

    def _episode(self, row: Row, child: Child | None) -> RemovalEpisode | None:
        """The recorded episode this row means; a corrected removal date still finds its episode."""
        removed = row["removal_date"]
        if child is None or removed is None:
            return None
        return corrected(
            self.episodes.get(child.pk, removed),
            [
                e
                for e in self.by_child.get(child.pk, [])
                if (row["child_id"], e.removed_on) not in self.in_file
            ],
            lambda e: overlap(removed, row["discharge_date"], e.removed_on, e.discharged_on),
        )

    def _dates(self, row: Row, episode: RemovalEpisode | None, born: dt.date | None) -> dict:
        """The episode's values after V01, V02, V03 and V05; empty for a child never removed."""
        removed, trial = row["removal_date"], row["trial_reunification_start"]
        discharged, reason = row["discharge_date"], row["discharge_reason"]
        if removed is None:
            if trial or discharged or reason:
                raise RowRefused(
                    "removal_date is missing, though a later date or a discharge_reason is given"
                )
            return {}
        if discharged is None and not reason and episode and episode.discharged_on:
            discharged, reason = episode.discharged_on, episode.discharge_reason
            self.warn(row, f"discharge_date is blank; the discharge on {words(discharged)} stays recorded")
        if born and removed < born:
            raise RowRefused("removal_date is before date_of_birth")
        if discharged and discharged < removed:
            raise RowRefused("discharge_date is before removal_date")
        if bool(discharged) != bool(reason):
            raise RowRefused("discharge_date and discharge_reason belong together")
        if trial and (trial < removed or (discharged and trial > discharged)):
            raise RowRefused("trial_reunification_start lies outside the removal")
        self._doubts(row, removed, discharged, trial, born)
        return {
            "removed_on": removed, "trial_reunification_on": trial, "discharged_on": discharged,
            "discharge_reason": reason,
        }  # fmt: skip

    def _doubts(
        self,
        row: Row,
        removed: dt.date,
        discharged: dt.date | None,
        trial: dt.date | None,
        born: dt.date | None,
    ) -> None:
        if born and removed >= born + relativedelta(years=18):
            self.warn(row, "the child was 18 or older at removal: outside federal measures")
        if removed == discharged:
            self.warn(row, "removal and discharge are on the same day")
        if trial and discharged and not SHORTEST_TRIAL <= (discharged - trial).days <= LONGEST_TRIAL:
            self.warn(row, "a trial reunification lasts 7 to 150 days")


def _refuse_around(placed: tuple[dt.date, dt.date] | None, dates: dict) -> None:
    """Placements typed in PSP stay inside their removal, the first from its first day (V05)."""
    if placed and placed[0] != dates["removed_on"]:
        raise RowRefused(f"removal_date: a placement is recorded from {words(placed[0])}")
    if placed and dates["discharged_on"] and placed[1] > dates["discharged_on"]:
        raise RowRefused(f"discharge_date: a placement is recorded until {words(placed[1])}")


def _refuse_overlap(row: Row, dates: dict, others: list[RemovalEpisode]) -> None:
    for other in others if dates else []:
        span = (dates["removed_on"], dates["discharged_on"])
        if overlap(*span, other.removed_on, other.discharged_on) or span[0] == other.removed_on:
            raise RowRefused(f"removal_date: overlaps the removal of {words(other.removed_on)}")
