"""The only writers of this room: families, their members and removals. Consents are in `consent_actions`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from audit.record import record
from counties.action_forms import ask_about
from counties.dates import refuse_future, us_date
from counties.free_text import scan_free_text
from counties.wall import SiteModel
from counties.wall.rules import next_number
from counties.wall.scope import current_site_id
from families.episodes import check_episode, episode_doubts
from families.models import Child, Family, Parent, RemovalEpisode
from families.placements import check_around_placements

Row = TypeVar("Row", bound=SiteModel)

FREE_TEXT = {
    Family: ["source_id", "notes"],
    Parent: ["source_id", "first_name", "last_name", "tribe", "municipality", "prefers_culture"],
    Child: ["source_id", "first_name"],
}
"""Fields that people type freely and that are scanned before saving (`domain.md` V17)."""


@transaction.atomic
def create_family(*, by: User, confirmed: Collection[str] = (), **facts: Any) -> Family:
    """Open a family's record under the next number of the site; `facts` are columns of `Family`."""
    family = Family(site_id=current_site_id(), number=next_number(Family))
    _write(family, facts, confirmed)
    record("family.created", family, actor_id=by.pk)
    return family


@transaction.atomic
def edit_family(*, family: Family, by: User, confirmed: Collection[str] = (), **facts: Any) -> Family:
    """Change what is written about a family as a whole."""
    family = _locked(family)
    _write(family, facts, confirmed)
    record("family.edited", family, actor_id=by.pk)
    return family


@transaction.atomic
def add_parent(*, family: Family, by: User, confirmed: Collection[str] = (), **facts: Any) -> Parent:
    """Add a parent. What is left blank is unknown; nothing is inferred (`domain.md` 8.1, 10.4)."""
    parent = Parent(site_id=family.site_id, family=family)
    _write(parent, facts, confirmed)
    record("parent.added", family, parent, actor_id=by.pk)
    return parent


@transaction.atomic
def edit_parent(*, parent: Parent, by: User, confirmed: Collection[str] = (), **facts: Any) -> Parent:
    """Change what is written about a parent."""
    parent = _locked(parent)
    _write(parent, facts, confirmed)
    record("parent.edited", parent.family, parent, actor_id=by.pk)
    return parent


@transaction.atomic
def create_family_with_parent(
    *,
    by: User,
    confirmed: Collection[str] = (),
    family_source_id: str = "",
    state_case_id: str = "",
    court_tracks: Collection[str] = (),
    notes: str = "",
    is_sealed: bool = False,
    **parent: Any,
) -> Family:
    """Open a family's record and add its first parent in one step, as people meet a family."""
    texts = {name: parent.get(name, "") for name in FREE_TEXT[Parent]}
    ask_about(scan_free_text(notes=notes, family_source_id=family_source_id, **texts), confirmed)
    if Family.with_merged.filter(source_id=family_source_id).exclude(source_id="").exists():
        raise ValidationError({"family_source_id": "Another family of this site has this id already."})
    family = create_family(
        source_id=family_source_id, state_case_id=state_case_id, court_tracks=list(court_tracks), notes=notes,
        is_sealed=is_sealed, by=by, confirmed=confirmed,
    )  # fmt: skip
    add_parent(family=family, by=by, confirmed=confirmed, **parent)
    return family


@transaction.atomic
def add_child(*, family: Family, by: User, confirmed: Collection[str] = (), **facts: Any) -> Child:
    """Add a child to a family."""
    child = Child(site_id=family.site_id, family=family)
    _write(child, facts, confirmed)
    record("child.added", family, child, actor_id=by.pk)
    return child


@transaction.atomic
def edit_child(*, child: Child, by: User, confirmed: Collection[str] = (), **facts: Any) -> Child:
    """Change a child's name or birth date; the birth stays on or before every removal (V01)."""
    child = _locked(child)
    first = child.removal_episodes.order_by("removed_on").first()
    born = facts.get("date_of_birth")
    if first and born and born > first.removed_on:
        raise ValidationError(
            {"date_of_birth": f"There is a removal on {us_date(first.removed_on)}, before this date."}
        )
    _write(child, facts, confirmed)
    record("child.edited", child.family, child, actor_id=by.pk)
    return child


@transaction.atomic
def record_episode(
    *,
    child: Child,
    removed_on: dt.date,
    by: User,
    trial_reunification_on: dt.date | None = None,
    discharged_on: dt.date | None = None,
    discharge_reason: str = "",
    verified_on: dt.date | None = None,
    confirmed: Collection[str] = (),
) -> RemovalEpisode:
    """Record a removal as staff type it (`domain.md` V01 to V06).

    Raises:
        ValidationError: impossible dates, by field.
        Unconfirmed: unusual dates that nobody has confirmed yet.
    """
    child = _locked(child)
    episode = RemovalEpisode(
        site_id=child.site_id, child=child, removed_on=removed_on, trial_reunification_on=trial_reunification_on,
        discharged_on=discharged_on, discharge_reason=discharge_reason, verified_on=verified_on,
    )  # fmt: skip
    _save_episode(child, episode, confirmed)
    record("episode.recorded", child.family, child, episode, actor_id=by.pk)
    return episode


@transaction.atomic
def edit_episode(
    *, episode: RemovalEpisode, by: User, confirmed: Collection[str] = (), **dates: Any
) -> RemovalEpisode:
    """Change a removal, most often by its discharge; the former dates stay in the row's history."""
    child = _locked(episode.child)
    episode = RemovalEpisode.objects.select_for_update().get(pk=episode.pk)
    for name, value in dates.items():
        setattr(episode, name, value)
    _save_episode(child, episode, confirmed)
    record("episode.edited", child.family, child, episode, actor_id=by.pk)
    return episode


def _save_episode(child: Child, episode: RemovalEpisode, confirmed: Collection[str]) -> None:
    check_episode(child, episode)
    check_around_placements(episode)
    refuse_future(verified_on=episode.verified_on)
    ask_about(episode_doubts(child, episode), confirmed)
    episode.full_clean()
    episode.save()


def _locked(row: Row) -> Row:
    return type(row).objects.select_for_update().get(pk=row.pk)


def _write(row: SiteModel, facts: dict[str, Any], confirmed: Collection[str]) -> None:
    """Put `facts` into the row, ask what must be asked, save."""
    for name, value in facts.items():
        setattr(row, name, value)
    _source_id_is_free(row)
    refuse_future(date_of_birth=getattr(row, "date_of_birth", None))
    ask_about(scan_free_text(**{name: getattr(row, name) for name in FREE_TEXT[type(row)]}), confirmed)
    row.full_clean()
    row.save()


def _source_id_is_free(row: SiteModel) -> None:
    rows = getattr(type(row), "with_merged", type(row).objects)
    same = rows.filter(source_id=row.source_id).exclude(source_id="").exclude(pk=row.pk)
    if same.exists():
        kind = row._meta.verbose_name
        raise ValidationError({"source_id": f"Another {kind} of this site has this id already."})
