"""Whether two records can become one, and whether they can be parted again: in words, before the database says it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import F

from counties.dates import us_date
from families.listing import above
from families.merging.refusals import CannotMerge, CannotUndo
from families.models import Child, Family, Merge, Parent, RemovalEpisode


def refuse_enrollments_at_once(kept: Family, emptied: Family) -> None:
    """V19: both families enrolled in the same time."""
    enrollments = above(Family, "enrollments").objects
    for one in enrollments.filter(family=kept):
        for other in enrollments.filter(family=emptied):
            if _overlap(one.enrolled_on, one.closed_on, other.enrolled_on, other.closed_on):
                raise CannotMerge(
                    f"Both are enrolled in the same time, {kept} from {us_date(one.enrolled_on)} and {emptied}"
                    f" from {us_date(other.enrolled_on)}. Close the wrong enrollment on or before that day first."
                )


def refuse_partners_at_once(kept: Parent, emptied: Parent) -> None:
    """V12: both parents with a parent partner in the same time."""
    matches = above(Parent, "matches").objects.filter(starts_on__isnull=False, is_secondary=False)
    for one in matches.filter(parent=kept):
        for other in matches.filter(parent=emptied):
            if _overlap(one.starts_on, one.ends_on, other.starts_on, other.ends_on, same_day=False):
                raise CannotMerge(
                    f"Both have a parent partner in the same time, from {us_date(one.starts_on)} and from"
                    f" {us_date(other.starts_on)}. End the wrong match first."
                )


def refuse_unlike_children(kept: Child, emptied: Child) -> None:
    """V01 and V04: two birth dates, a removal before the birth, or two removals in the same time."""
    born = {child.date_of_birth for child in (kept, emptied)} - {None}
    if len(born) == 2:
        days = " and ".join(us_date(day) for day in sorted(born))
        raise CannotMerge(f"The two have different birth dates, {days}. Correct the wrong one first.")
    mine, theirs = (list(child.removal_episodes.all()) for child in (kept, emptied))
    for one in mine + theirs:
        if born and one.removed_on < min(born):
            raise CannotMerge(f"A removal on {us_date(one.removed_on)} lies before the birth date.")
    for one in mine:
        for other in theirs:
            if not same_removal(one, other) and _overlap(
                one.removed_on, one.discharged_on, other.removed_on, other.discharged_on, same_day=False
            ):
                raise CannotMerge(
                    f"Both have a removal in the same time, from {us_date(one.removed_on)} and from"
                    f" {us_date(other.removed_on)}. Make the two alike, or correct the wrong one, first."
                )


def same_removal(one: RemovalEpisode, other: RemovalEpisode) -> bool:
    """Whether both records hold the same removal of the child."""
    columns = ("removed_on", "discharged_on", "discharge_reason", "trial_reunification_on")
    return all(getattr(one, name) == getattr(other, name) for name in columns)


def _overlap(
    start: dt.date, end: dt.date | None, start2: dt.date, end2: dt.date | None, *, same_day: bool = True
) -> bool:
    end, end2 = end or dt.date.max, end2 or dt.date.max
    return (start <= end2 and start2 <= end) if same_day else (start < end2 and start2 < end)


def refuse_unless_latest(merge: Merge) -> None:
    """Merges are undone in the order they were made, the last one first."""
    touched = {merge.kept_id, merge.emptied_id} - {None}
    later = Merge.objects.standing().filter(merged_at__gt=merge.merged_at).exclude(pk=merge.pk)
    if any({other.kept_id, other.emptied_id} & touched for other in later):
        raise CannotUndo("A later merge involves this family. Undo that one first.")


def refuse_if_shared(merge: Merge) -> None:
    """Rows added since may lead to both families; then the two cannot be parted any more."""
    families = [pk for pk in (merge.kept_id, merge.emptied_id) if pk]
    parents = Parent.with_merged.filter(family__in=families).values("pk")
    mixed: Iterable[tuple[str, Any]] = (
        (
            "referral",
            above(Parent, "referrals").objects.filter(parent__in=parents).exclude(family=F("parent__family")),
        ),
        (
            "enrollment",
            above(Parent, "participations")
            .objects.filter(parent__in=parents)
            .exclude(enrollment__family=F("parent__family")),
        ),
        (
            "match",
            above(Parent, "matches").objects.filter(parent__in=parents).exclude(referral__parent=F("parent")),
        ),
    )
    for what, rows in mixed:
        if rows.exists():
            raise CannotUndo(
                f"Since the merge a new {what} was recorded that belongs to both. They stay one."
            )
