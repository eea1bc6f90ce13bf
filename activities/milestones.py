"""The dates between referral and closing, and those of goals and children, as moments of a family's timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from activities.models import Goal
from counties.access import Access
from families.models import Family, RemovalEpisode
from matching.models import Match
from referrals.models import SOURCES, Enrollment, Referral


@dataclass
class Moment:
    """One line of the timeline."""

    on: dt.date
    title: str
    text: str = ""
    by: str = ""
    url: str = ""
    kind: str = "neutral"


def steps(access: Access, family: Family) -> Iterator[Moment]:
    """Referrals with their decision, matches and enrollments; three queries."""
    words = SOURCES.words(access.site.settings)
    for referral in Referral.objects.visible_to(access).filter(family=family).select_related("parent"):
        yield from _referral(referral, words[referral.source])
    matches = Match.objects.visible_to(access).filter(parent__family=family).exclude(starts_on=None)
    for match in matches.select_related("parent", "partner"):
        who = f"{match.partner} with {match.parent}"
        yield Moment(match.starts_on, "Match began", who, kind="success")
        if match.ends_on:
            yield Moment(match.ends_on, "Match ended", who)
    for enrollment in Enrollment.objects.visible_to(access).filter(family=family):
        yield Moment(enrollment.enrolled_on, "Enrolled", kind="success")
        if enrollment.closed_on:
            yield Moment(enrollment.closed_on, "Enrollment closed", enrollment.get_closure_reason_display())


def _referral(referral: Referral, source: str) -> Iterator[Moment]:
    who = f"{referral.reference}, {referral.parent}"
    yield Moment(referral.referred_on, "Referral received", f"{who}. {source}")
    if referral.decided_on:
        yield Moment(referral.decided_on, f"Referral: {referral.get_outcome_display().lower()}", who)
    if referral.withdrawn_on and referral.outcome != "withdrawn":
        yield Moment(referral.withdrawn_on, "Referral withdrawn", who)


def goals(access: Access, family: Family) -> Iterator[Moment]:
    """When a goal was set, and what came of it; one query."""
    for goal in Goal.objects.visible_to(access).filter(parent__family=family).select_related("parent"):
        what = "Goal" if goal.kind == Goal.Kind.GOAL else "Condition of return"
        yield Moment(goal.set_on, f"{what} noted", f"{goal.parent}: “{goal.words}”", kind="info")
        if goal.ended_on:
            kind = "success" if goal.status == Goal.Status.REACHED else "neutral"
            title = f"{what}: {goal.get_status_display().lower()}"
            yield Moment(goal.ended_on, title, f"“{goal.words}”", kind=kind)


def children(access: Access, family: Family) -> Iterator[Moment]:
    """Removals, trial reunifications and discharges of the children; one query."""
    episodes = RemovalEpisode.objects.visible_to(access).filter(child__family=family)
    for episode in episodes.select_related("child"):
        name = str(episode.child)
        yield Moment(episode.removed_on, f"{name} was removed", kind="warning")
        if episode.trial_reunification_on:
            yield Moment(episode.trial_reunification_on, f"Trial reunification of {name} began", kind="info")
        if episode.discharged_on:
            reason = episode.get_discharge_reason_display()
            yield Moment(episode.discharged_on, f"Discharge of {name}", reason, kind="success")
