"""Rules V01 to V06 of removal episodes, said beside the field they belong to (`domain.md` 4.2)."""

from __future__ import annotations

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.utils import timezone

from counties.action_forms import Doubt
from counties.dates import in_future, us_date
from families.models import Child, RemovalEpisode

TRIAL_DAYS = (7, 150)
"""Shortest and longest usual trial reunification, in days (`domain.md` V05)."""


def check_episode(child: Child, episode: RemovalEpisode) -> None:
    """Refuse dates that cannot be (V01, V02, V04, V05, V06); the database holds the same rules.

    Raises:
        ValidationError: every problem found, by field.
    """
    problems = (
        _birth(child, episode)
        | _order(episode)
        | in_future(
            removed_on=episode.removed_on,
            trial_reunification_on=episode.trial_reunification_on,
            discharged_on=episode.discharged_on,
        )
    )
    if not problems:
        problems = _overlap(child, episode)
    if problems:
        raise ValidationError(problems)


def episode_doubts(child: Child, episode: RemovalEpisode) -> list[Doubt]:
    """What is unusual, but saved once confirmed: V01 age, V03 same day, V05 length of a trial reunification."""
    doubts = []
    born, removed, ended = child.date_of_birth, episode.removed_on, episode.discharged_on
    if born and removed >= born + relativedelta(years=18):
        age = relativedelta(removed, born).years
        doubts.append(Doubt("V01", "removed_on", f"{child} was {age} on that day, outside federal measures."))
    if ended == removed:
        doubts.append(
            Doubt("V03", "discharged_on", f"Removed and discharged on the same day, {us_date(removed)}.")
        )
    if episode.trial_reunification_on:
        doubts += trial_doubts(episode.trial_reunification_on, ended, "trial_reunification_on")
    return doubts


def trial_doubts(begun: dt.date, ended: dt.date | None, field: str) -> list[Doubt]:
    """A trial reunification outside the usual 7 to 150 days (V05), while it runs only for its length."""
    days = ((ended or timezone.localdate()) - begun).days
    shortest, longest = TRIAL_DAYS
    if days > longest or (ended and days < shortest):
        verb = "took" if ended else "has run"
        return [Doubt("V05", field, f"The trial reunification {verb} {days} days; usual are 7 to 150.")]
    return []


def _birth(child: Child, episode: RemovalEpisode) -> dict[str, str]:
    born = child.date_of_birth
    if born and episode.removed_on < born:
        return {"removed_on": f"The removal date is before the date of birth ({us_date(born)})."}
    return {}


def _order(episode: RemovalEpisode) -> dict[str, str]:
    removed, trial, ended = episode.removed_on, episode.trial_reunification_on, episode.discharged_on
    found = {}
    if ended and ended < removed:
        found["discharged_on"] = f"The discharge date is before the removal date ({us_date(removed)})."
    if ended and not episode.discharge_reason:
        found["discharge_reason"] = "Choose the reason of the discharge, or leave both blank."
    if episode.discharge_reason and not ended:
        found["discharged_on"] = "Enter the date of the discharge, or leave both blank."
    if trial and trial < removed:
        found["trial_reunification_on"] = (
            f"The trial reunification begins before the removal ({us_date(removed)})."
        )
    elif trial and ended and trial > ended:
        found["trial_reunification_on"] = (
            f"The trial reunification begins after the discharge ({us_date(ended)})."
        )
    return found


def _overlap(child: Child, episode: RemovalEpisode) -> dict[str, str]:
    start, end = episode.removed_on, episode.discharged_on or dt.date.max
    for other in child.removal_episodes.exclude(pk=episode.pk):
        other_end = other.discharged_on or dt.date.max
        same = (other.removed_on, other_end) == (start, end)
        if same or (other.removed_on < end and start < other_end):
            until = us_date(other.discharged_on) if other.discharged_on else "today"
            return {"removed_on": f"This overlaps the removal from {us_date(other.removed_on)} to {until}."}
    return {}
