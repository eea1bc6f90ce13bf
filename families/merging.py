"""Making two records of one family, of one parent or of one child one; and taking them apart again (docs/adr/0020).

The rows that hang on a family lie in rooms above. They are found by the reverse keys of the models, so no import
points up, and a table added tomorrow moves as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from audit.history import RowHistory
from audit.record import record
from counties.action_forms import ask_about
from counties.dates import us_date
from counties.free_text import scan_free_text
from counties.wall import SiteModel
from families.listing import above
from families.models import Child, Family, FamilyTie, Merge, Parent, RemovalEpisode

FILLED = {
    Family: ["state_case_id", "court_tracks", "notes"],
    Parent: [
        "last_name", "date_of_birth", "gender", "races", "hispanic", "language", "needs_interpreter",
        "tribal_connection", "tribe", "municipality", "phone", "email", "case_type", "shared_experience",
        "prefers_gender", "prefers_culture",
    ],
    Child: ["date_of_birth"],
}  # fmt: skip
"""Facts the kept record takes over where it has none itself; notes are put one after the other."""


class CannotMerge(ValidationError):
    """The two records cannot become one; says what stands against it."""


class CannotUndo(ValidationError):
    """The two records cannot be taken apart as they were; says what was done since."""


@transaction.atomic
def merge_families(
    *, kept: Family, emptied: Family, reason: str, by: User, same: Mapping[Parent, Parent] | None = None,
    confirmed: Collection[str] = (),
) -> Merge:  # fmt: skip
    """Move everything of one family to another; the emptied record stays and leads to it.

    Certified months stay as they are; a draft is to be computed anew by the caller.

    Args:
        same: emptied family's parents who are the same person as one of the kept family.

    Raises:
        CannotMerge: what stands against it, e.g. two enrollments that overlap (V19).
    """
    kept, emptied = _locked(Family, kept, emptied)
    ask_about(scan_free_text(reason=reason), confirmed)
    _enrollments_fit(kept, emptied)
    merge = Merge(site_id=kept.site_id, kept=kept, emptied=emptied, reason=reason, merged_by=by)
    _move_rows(merge, emptied, kept)
    _fill(merge, emptied, kept)
    for gone, stays in (same or {}).items():
        _merge_parent(merge, gone, stays)
    emptied.merged_into = kept
    emptied.save(update_fields=["merged_into"])
    if emptied.is_sealed and not kept.is_sealed:
        merge.filled.append(_change(kept, "is_sealed", False, True))
        kept.is_sealed = True
    kept.save()
    merge.save()
    record("family.merged", kept, emptied, merge, reason=reason, rows=_count(merge), actor_id=by.pk)
    return merge


@transaction.atomic
def merge_parents(
    *, kept: Parent, emptied: Parent, reason: str, by: User, confirmed: Collection[str] = ()
) -> Merge:
    """Move everything of one parent to another parent of the same family; the emptied record stays.

    Raises:
        CannotMerge: what stands against it, e.g. two matches that overlap (V12).
    """
    ask_about(scan_free_text(reason=reason), confirmed)
    merge = Merge(site_id=kept.site_id, kept=kept.family, reason=reason, merged_by=by)
    _merge_parent(merge, emptied, kept)
    merge.save()
    record(
        "parent.merged", merge.kept, kept, emptied, merge, reason=reason, rows=_count(merge), actor_id=by.pk
    )
    return merge


@transaction.atomic
def merge_children(
    *, kept: Child, emptied: Child, reason: str, by: User, confirmed: Collection[str] = ()
) -> Merge:
    """Move the removals of one child to another child of the same family; the emptied record stays.

    A removal that both records hold alike stays with the emptied one and counts once.

    Raises:
        CannotMerge: two birth dates, or removals that overlap (V04) or lie before the birth (V01).
    """
    ask_about(scan_free_text(reason=reason), confirmed)
    kept, emptied = _locked(Child, kept, emptied)
    if kept.family_id != emptied.family_id:
        raise CannotMerge("The two children are not of one family. Merge the families first.")
    _children_fit(kept, emptied)
    merge = Merge(site_id=kept.site_id, kept=kept.family, reason=reason, merged_by=by)
    _fill(merge, emptied, kept)
    kept.save()
    _move_rows(merge, emptied, kept)
    emptied.merged_into = kept
    emptied.save(update_fields=["merged_into"])
    merge.children.append({"emptied": str(emptied.pk), "kept": str(kept.pk)})
    merge.save()
    record(
        "child.merged", merge.kept, kept, emptied, merge, reason=reason, rows=_count(merge), actor_id=by.pk
    )
    return merge


@transaction.atomic
def undo_merge(*, merge: Merge, by: User) -> Merge:
    """Take the two records apart: every row moved goes back where it was. What was added since stays.

    Raises:
        CannotUndo: undone already, a later merge stands, or rows added since tie both together.
    """
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.undone_at:
        raise CannotUndo("This merge was undone already.")
    _is_the_latest(merge)
    for pair in merge.parents:
        Parent.with_merged.filter(pk=pair["emptied"]).update(merged_into=None)
    for pair in merge.children:
        Child.with_merged.filter(pk=pair["emptied"]).update(merged_into=None)
    if merge.emptied_id:
        Family.with_merged.filter(pk=merge.emptied_id).update(merged_into=None)
    steps = [list(moves) for _, moves in groupby(merge.moved, lambda move: (move["from"], move["to"]))]
    for step in reversed(steps):  # within a step as it was done: what others hang on goes first
        for move in step:
            _move_back(move)
    for change in merge.filled:
        _empty_again(change)
    _nothing_ties_them(merge)
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save()
    objects = [row for row in (merge.kept, merge.emptied, merge) if row is not None]
    record("merge.undone", *objects, rows=_count(merge), actor_id=by.pk)
    return merge


def _locked(model: type[SiteModel], kept: SiteModel, emptied: SiteModel) -> tuple[Any, Any]:
    if kept.pk == emptied.pk:
        raise CannotMerge("Choose two different records.")
    rows = {row.pk: row for row in model.objects.select_for_update().filter(pk__in=[kept.pk, emptied.pk])}
    if len(rows) < 2:
        raise CannotMerge("One of the two was merged already. Look again.")
    return rows[kept.pk], rows[emptied.pk]


def _merge_parent(merge: Merge, emptied: Parent, kept: Parent) -> None:
    kept, emptied = _locked(Parent, kept, emptied)
    if kept.family_id != emptied.family_id:
        raise CannotMerge("The two parents are not of one family. Merge the families first.")
    _matches_fit(kept, emptied)
    _move_rows(merge, emptied, kept)
    _fill(merge, emptied, kept)
    kept.save()
    emptied.merged_into = kept
    emptied.save(update_fields=["merged_into"])
    merge.parents.append({"emptied": str(emptied.pk), "kept": str(kept.pk)})


def _enrollments_fit(kept: Family, emptied: Family) -> None:
    """V19, in words, before the database says it."""
    enrollments = above(Family, "enrollments").objects
    for one in enrollments.filter(family=kept):
        for other in enrollments.filter(family=emptied):
            if _overlap(one.enrolled_on, one.closed_on, other.enrolled_on, other.closed_on):
                raise CannotMerge(
                    f"Both are enrolled in the same time, {kept} from {us_date(one.enrolled_on)} and {emptied}"
                    f" from {us_date(other.enrolled_on)}. Close the wrong enrollment on or before that day first."
                )


def _matches_fit(kept: Parent, emptied: Parent) -> None:
    """V12, in words, before the database says it."""
    matches = above(Parent, "matches").objects.filter(starts_on__isnull=False, is_secondary=False)
    for one in matches.filter(parent=kept):
        for other in matches.filter(parent=emptied):
            if _overlap(one.starts_on, one.ends_on, other.starts_on, other.ends_on, same_day=False):
                raise CannotMerge(
                    f"Both have a parent partner in the same time, from {us_date(one.starts_on)} and from"
                    f" {us_date(other.starts_on)}. End the wrong match first."
                )


def _children_fit(kept: Child, emptied: Child) -> None:
    """V01 and V04, in words, before the database says it."""
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
            if not _same_removal(one, other) and _overlap(
                one.removed_on, one.discharged_on, other.removed_on, other.discharged_on, same_day=False
            ):
                raise CannotMerge(
                    f"Both have a removal in the same time, from {us_date(one.removed_on)} and from"
                    f" {us_date(other.removed_on)}. Make the two alike, or correct the wrong one, first."
                )


def _same_removal(one: RemovalEpisode, other: RemovalEpisode) -> bool:
    columns = ("removed_on", "discharged_on", "discharge_reason", "trial_reunification_on")
    return all(getattr(one, name) == getattr(other, name) for name in columns)


def _overlap(
    start: dt.date, end: dt.date | None, start2: dt.date, end2: dt.date | None, *, same_day: bool = True
) -> bool:
    end, end2 = end or dt.date.max, end2 or dt.date.max
    return (start <= end2 and start2 <= end) if same_day else (start < end2 and start2 < end)


def _hanging_on(model: type[SiteModel]) -> list[Any]:
    """Every key of a tenant table that leads to this model; what others hang on comes first."""
    keys = [
        relation.field
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and (relation.one_to_many or relation.one_to_one)
        and issubclass(relation.related_model, SiteModel)
        and not issubclass(relation.related_model, RowHistory)
        and relation.related_model not in (model, Merge)
    ]  # fmt: skip
    return sorted(keys, key=lambda key: (_depth(key.model), key.model._meta.label, key.name))


def _depth(model: type[models.Model], seen: tuple[type, ...] = ()) -> int:
    """How many keys a table is away from the family."""
    targets = {f.remote_field.model for f in model._meta.local_fields if f.many_to_one or f.one_to_one}
    tenants = [t for t in targets if issubclass(t, SiteModel) and t is not model and t not in seen]
    return 1 + max((_depth(target, (*seen, model)) for target in tenants), default=0)


def _move_rows(merge: Merge, emptied: SiteModel, kept: SiteModel) -> None:
    for key in _hanging_on(type(kept)):
        rows = key.model._base_manager.filter(site_id=kept.site_id, **{key.name: emptied})
        rows = _without_what_kept_has(key, rows, kept)
        ids = [str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]
        if not ids:
            continue
        try:
            with transaction.atomic():
                key.model._base_manager.filter(pk__in=ids).update(**{key.name: kept})
        except IntegrityError as refusal:
            what = key.model._meta.verbose_name_plural
            raise CannotMerge(
                f"The {what} of the two cannot stand side by side. Correct them first."
            ) from refusal
        move = {"model": key.model._meta.label, "column": key.name, "ids": ids}
        merge.moved.append(move | {"from": str(emptied.pk), "to": str(kept.pk)})


def _without_what_kept_has(key: models.ForeignKey, rows: Any, kept: SiteModel) -> Any:
    """What a record holds once only, and the kept one holds already, stays where it is."""
    if key.model is FamilyTie:
        return rows.exclude(person__in=FamilyTie.objects.standing().filter(family=kept).values("person"))
    if key.model is RemovalEpisode:
        mine = list(RemovalEpisode.objects.filter(child=kept))
        return rows.exclude(pk__in=[row.pk for row in rows if any(_same_removal(row, one) for one in mine)])
    if key.unique and key.model._base_manager.filter(site_id=kept.site_id, **{key.name: kept}).exists():
        return rows.none()
    return rows


def _fill(merge: Merge, emptied: SiteModel, kept: SiteModel) -> None:
    """Take over facts the kept record lacks."""
    for column in FILLED[type(kept)]:
        old, other = getattr(kept, column), getattr(emptied, column)
        new = (
            other if not old else f"{old}\n\n{other}" if column == "notes" and other != old and other else old
        )
        if new != old:
            setattr(kept, column, new)
            merge.filled.append(_change(kept, column, old, new))


def _change(row: SiteModel, column: str, old: Any, new: Any) -> dict[str, Any]:
    return {"model": row._meta.label, "id": str(row.pk), "column": column, "old": old, "new": new}


def _count(merge: Merge) -> int:
    return sum(len(move["ids"]) for move in merge.moved)


def _model(label: str) -> Any:
    known = {
        m._meta.label: m
        for start in (Family, Parent, Child)
        for m in [start, *(k.model for k in _hanging_on(start))]
    }
    return known[label]


def _move_back(move: dict[str, Any]) -> None:
    """Rows that somebody moved elsewhere meanwhile stay there."""
    rows = _model(move["model"])._base_manager.filter(pk__in=move["ids"], **{move["column"]: move["to"]})
    try:
        with transaction.atomic():
            rows.update(**{move["column"]: move["from"]})
    except IntegrityError as refusal:
        raise CannotUndo("Something was added since that belongs to both. Correct it first.") from refusal


def _empty_again(change: dict[str, Any]) -> None:
    """A fact taken over goes, unless somebody changed it since."""
    model = _model(change["model"])
    column = model._meta.get_field(change["column"])
    row = model.with_merged.select_for_update().get(pk=change["id"])
    if getattr(row, column.name) == column.to_python(change["new"]):
        setattr(row, column.name, column.to_python(change["old"]))
        row.save(update_fields=[column.name])


def _is_the_latest(merge: Merge) -> None:
    touched = {merge.kept_id, merge.emptied_id} - {None}
    later = Merge.objects.standing().filter(merged_at__gt=merge.merged_at).exclude(pk=merge.pk)
    if any({other.kept_id, other.emptied_id} & touched for other in later):
        raise CannotUndo("A later merge involves this family. Undo that one first.")


def _nothing_ties_them(merge: Merge) -> None:
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
