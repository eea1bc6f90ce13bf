"""Rows that hang on a record change hands, and go back; facts it lacks are taken over, and go.

The rows lie in rooms above. They are found by the reverse keys of the models, so no import points up, and a table
added tomorrow moves as well.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, models, transaction

from audit.history import RowHistory
from counties.wall import SiteModel
from families.merging.fits import same_removal
from families.merging.refusals import CannotMerge, CannotUndo
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


def move_rows(merge: Merge, emptied: SiteModel, kept: SiteModel) -> None:
    """Give every row that hangs on the emptied record to the kept one, and note it in `merge.moved`."""
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
        return rows.exclude(pk__in=[row.pk for row in rows if any(same_removal(row, one) for one in mine)])
    if key.unique and key.model._base_manager.filter(site_id=kept.site_id, **{key.name: kept}).exists():
        return rows.none()
    return rows


def fill(merge: Merge, emptied: SiteModel, kept: SiteModel) -> None:
    """Take over facts the kept record lacks."""
    for column in FILLED[type(kept)]:
        old, other = getattr(kept, column), getattr(emptied, column)
        new = (
            other if not old else f"{old}\n\n{other}" if column == "notes" and other != old and other else old
        )
        if new != old:
            setattr(kept, column, new)
            merge.filled.append(changed(kept, column, old, new))


def changed(row: SiteModel, column: str, old: Any, new: Any) -> dict[str, Any]:
    """One fact a merge changed, as `Merge.filled` keeps it."""
    return {"model": row._meta.label, "id": str(row.pk), "column": column, "old": old, "new": new}


def count(merge: Merge) -> int:
    """How many rows changed hands."""
    return sum(len(move["ids"]) for move in merge.moved)


def _model(label: str) -> Any:
    known = {
        m._meta.label: m
        for start in (Family, Parent, Child)
        for m in [start, *(k.model for k in _hanging_on(start))]
    }
    return known[label]


def move_back(move: dict[str, Any]) -> None:
    """Rows that somebody moved elsewhere meanwhile stay there."""
    rows = _model(move["model"])._base_manager.filter(pk__in=move["ids"], **{move["column"]: move["to"]})
    try:
        with transaction.atomic():
            rows.update(**{move["column"]: move["from"]})
    except IntegrityError as refusal:
        raise CannotUndo("Something was added since that belongs to both. Correct it first.") from refusal


def empty_again(change: dict[str, Any]) -> None:
    """A fact taken over goes, unless somebody changed it since."""
    model = _model(change["model"])
    column = model._meta.get_field(change["column"])
    row = model.with_merged.select_for_update().get(pk=change["id"])
    if getattr(row, column.name) == column.to_python(change["new"]):
        setattr(row, column.name, column.to_python(change["old"]))
        row.save(update_fields=[column.name])
