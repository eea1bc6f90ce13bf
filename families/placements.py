"""Rule V05 of placements, said beside the field it belongs to (`domain.md` 4.2)."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from counties.action_forms import Doubt
from counties.dates import in_future, us_date
from families.codes import PlacementSetting
from families.episodes import trial_doubts
from families.models import PlacementSpell, RemovalEpisode


def check_placement(spell: PlacementSpell) -> None:
    """Refuse a spell outside its removal, over another one, or first and not on the removal date.

    Raises:
        ValidationError: every problem found, by field.
    """
    others = [
        other for other in spell.episode.placements.all() if other.pk != spell.pk and not other.is_struck
    ]
    problems = _inside(spell) | in_future(started_on=spell.started_on, ended_on=spell.ended_on)
    if not problems:
        problems = _first(spell, others) | _overlap(spell, others)
    if problems:
        raise ValidationError(problems)


def check_around_placements(episode: RemovalEpisode) -> None:
    """Refuse dates of a removal that leave a placement outside, or the first one not on the removal date.

    Raises:
        ValidationError: beside the date to look at.
    """
    spells = [] if episode._state.adding else list(episode.placements.standing())
    if not spells:
        return
    if spells[0].started_on != episode.removed_on:
        first = us_date(spells[0].started_on)
        raise ValidationError(
            {"removed_on": f"The first placement begins on {first}. Strike the placements out first."}
        )
    last = max(spell.ended_on or spell.started_on for spell in spells)
    if episode.discharged_on and last > episode.discharged_on:
        raise ValidationError({"discharged_on": f"A placement is recorded until {us_date(last)}."})


def placement_doubts(spell: PlacementSpell) -> list[Doubt]:
    """A trial reunification outside the usual 7 to 150 days is saved once confirmed."""
    if spell.setting != PlacementSetting.TRIAL_REUNIFICATION:
        return []
    return trial_doubts(spell.started_on, spell.ended_on or spell.episode.discharged_on, "started_on")


def _inside(spell: PlacementSpell) -> dict[str, str]:
    removed, left = spell.episode.removed_on, spell.episode.discharged_on
    found = {}
    if spell.started_on < removed:
        found["started_on"] = f"The child was removed on {us_date(removed)}."
    elif left and spell.started_on > left:
        found["started_on"] = f"The child was discharged on {us_date(left)}."
    if spell.ended_on and left and spell.ended_on > left:
        found["ended_on"] = f"The child was discharged on {us_date(left)}."
    elif spell.ended_on and spell.ended_on <= spell.started_on:
        found["ended_on"] = "A placement ends after its first day."
    return found


def _first(spell: PlacementSpell, others: list[PlacementSpell]) -> dict[str, str]:
    removed = spell.episode.removed_on
    if spell.started_on == removed or any(other.started_on < spell.started_on for other in others):
        return {}
    return {"started_on": f"The first placement begins on the removal date, {us_date(removed)}."}


def _overlap(spell: PlacementSpell, others: list[PlacementSpell]) -> dict[str, str]:
    for other in others:
        if spell.started_on < (other.ended_on or dt.date.max) and other.started_on < (
            spell.ended_on or dt.date.max
        ):
            until = us_date(other.ended_on) if other.ended_on else "today"
            return {"started_on": f"{other} is recorded from {us_date(other.started_on)} to {until}."}
    return {}
