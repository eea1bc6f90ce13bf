"""Making two records of one family, of one parent or of one child one; and taking them apart again (docs/adr/0020)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.action_forms import ask_about
from counties.free_text import scan_free_text
from counties.wall import SiteModel
from families.merging.fits import (
    refuse_enrollments_at_once,
    refuse_if_shared,
    refuse_partners_at_once,
    refuse_unless_latest,
    refuse_unlike_children,
)
from families.merging.refusals import CannotMerge, CannotUndo
from families.merging.rows import changed, count, empty_again, fill, move_back, move_rows
from families.models import Child, Family, Merge, Parent

__all__ = ["CannotMerge", "CannotUndo", "merge_children", "merge_families", "merge_parents", "undo_merge"]


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
    refuse_enrollments_at_once(kept, emptied)
    merge = Merge(site_id=kept.site_id, kept=kept, emptied=emptied, reason=reason, merged_by=by)
    move_rows(merge, emptied, kept)
    fill(merge, emptied, kept)
    for gone, stays in (same or {}).items():
        _merge_parent(merge, gone, stays)
    emptied.merged_into = kept
    emptied.save(update_fields=["merged_into"])
    if emptied.is_sealed and not kept.is_sealed:
        merge.filled.append(changed(kept, "is_sealed", False, True))
        kept.is_sealed = True
    kept.save()
    merge.save()
    record("family.merged", kept, emptied, merge, reason=reason, rows=count(merge), actor_id=by.pk)
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
        "parent.merged", merge.kept, kept, emptied, merge, reason=reason, rows=count(merge), actor_id=by.pk
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
    refuse_unlike_children(kept, emptied)
    merge = Merge(site_id=kept.site_id, kept=kept.family, reason=reason, merged_by=by)
    fill(merge, emptied, kept)
    kept.save()
    move_rows(merge, emptied, kept)
    emptied.merged_into = kept
    emptied.save(update_fields=["merged_into"])
    merge.children.append({"emptied": str(emptied.pk), "kept": str(kept.pk)})
    merge.save()
    record("child.merged", merge.kept, kept, emptied, merge, reason=reason, rows=count(merge), actor_id=by.pk)
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
    refuse_unless_latest(merge)
    for pair in merge.parents:
        Parent.with_merged.filter(pk=pair["emptied"]).update(merged_into=None)
    for pair in merge.children:
        Child.with_merged.filter(pk=pair["emptied"]).update(merged_into=None)
    if merge.emptied_id:
        Family.with_merged.filter(pk=merge.emptied_id).update(merged_into=None)
    steps = [list(moves) for _, moves in groupby(merge.moved, lambda move: (move["from"], move["to"]))]
    for step in reversed(steps):  # within a step as it was done: what others hang on goes first
        for move in step:
            move_back(move)
    for change in merge.filled:
        empty_again(change)
    refuse_if_shared(merge)
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save()
    objects = [row for row in (merge.kept, merge.emptied, merge) if row is not None]
    record("merge.undone", *objects, rows=count(merge), actor_id=by.pk)
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
    refuse_partners_at_once(kept, emptied)
    move_rows(merge, emptied, kept)
    fill(merge, emptied, kept)
    kept.save()
    emptied.merged_into = kept
    emptied.save(update_fields=["merged_into"])
    merge.parents.append({"emptied": str(emptied.pk), "kept": str(kept.pk)})
