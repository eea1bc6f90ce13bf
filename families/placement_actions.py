"""The writers of placements: where a child lived during a removal."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from audit.record import record
from counties.action_forms import ask_about
from counties.free_text import scan_free_text
from families.codes import PlacementSetting
from families.models import PlacementSpell, RemovalEpisode
from families.placements import check_placement, placement_doubts


@transaction.atomic
def record_placement(
    *, episode: RemovalEpisode, by: User, confirmed: Collection[str] = (), **facts: Any
) -> PlacementSpell:
    """Record where the child lived from a day on; the placement open until then ends on that day.

    Raises:
        ValidationError: impossible dates, by field (V05, V06).
        Unconfirmed: an unusual trial reunification that nobody has confirmed yet.
    """
    episode = _locked(episode)
    spell = PlacementSpell(site_id=episode.site_id, episode=episode, **facts)
    _end_the_one_before(spell)
    _save(spell, confirmed)
    record("placement.recorded", episode.child.family, episode.child, spell, actor_id=by.pk)
    return spell


@transaction.atomic
def edit_placement(
    *, spell: PlacementSpell, by: User, confirmed: Collection[str] = (), **facts: Any
) -> PlacementSpell:
    """Change a placement, most often by its end; the former dates stay in the row's history."""
    episode = _locked(spell.episode)
    spell = PlacementSpell.objects.select_for_update().get(pk=spell.pk)
    spell.episode = episode
    for name, value in facts.items():
        setattr(spell, name, value)
    _save(spell, confirmed)
    record("placement.edited", episode.child.family, episode.child, spell, actor_id=by.pk)
    return spell


@transaction.atomic
def strike_placement(
    *, spell: PlacementSpell, by: User, reason: str, confirmed: Collection[str] = ()
) -> PlacementSpell:
    """Strike a placement entered by mistake; it stays readable in the history.

    Raises:
        ValidationError: no reason, or a later placement would become the first one (V05).
    """
    if not reason.strip():
        raise ValidationError({"reason": "Say in a few words why it is struck out."})
    ask_about(scan_free_text(reason=reason), confirmed)
    episode = _locked(spell.episode)
    later = episode.placements.standing().exclude(pk=spell.pk).filter(started_on__gt=spell.started_on)
    if spell.started_on == episode.removed_on and later.exists():
        raise ValidationError({"reason": "Strike the later placements first; this is the first one."})
    spell = PlacementSpell.objects.select_for_update().get(pk=spell.pk)
    spell.is_struck = True
    spell.save(update_fields=["is_struck"])
    record("placement.struck", episode.child.family, episode.child, spell, actor_id=by.pk, reason=reason)
    return spell


def _locked(episode: RemovalEpisode) -> RemovalEpisode:
    rows = RemovalEpisode.objects.select_for_update(of=("self",)).select_related("child__family")
    return rows.get(pk=episode.pk)


def _end_the_one_before(spell: PlacementSpell) -> None:
    before = spell.episode.placements.standing().filter(ended_on=None, started_on__lt=spell.started_on).last()
    if before:
        before.ended_on = spell.started_on
        before.save(update_fields=["ended_on"])


def _save(spell: PlacementSpell, confirmed: Collection[str]) -> None:
    check_placement(spell)
    ask_about([*scan_free_text(setting_other=spell.setting_other), *placement_doubts(spell)], confirmed)
    spell.full_clean()
    spell.save()
    _tell_the_episode(spell)


def _tell_the_episode(spell: PlacementSpell) -> None:
    """Reports read the trial reunification from the removal; one recorded here first stands there as well."""
    episode = spell.episode
    if spell.setting == PlacementSetting.TRIAL_REUNIFICATION and not episode.trial_reunification_on:
        episode.trial_reunification_on = spell.started_on
        episode.save(update_fields=["trial_reunification_on"])
