"""Goals a parent sets. They are not the case plan, which is never written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from activities.models import Goal, GoalStep
from audit.record import record
from counties.action_forms import ask_about
from counties.dates import refuse_future
from counties.free_text import scan_free_text
from families.models import Parent


@transaction.atomic
def set_goal(
    *,
    parent: Parent,
    words: str,
    by: User,
    kind: str = Goal.Kind.GOAL,
    set_on: dt.date | None = None,
    confirmed: Collection[str] = (),
) -> Goal:
    """Write down a goal, or a condition of return as the parent understands it, in the parent's own words."""
    ask_about(scan_free_text(words=words), confirmed)
    set_on = set_on or timezone.localdate()
    refuse_future(set_on=set_on)
    known = parent.referrals.order_by("referred_on").values_list("referred_on", flat=True).first()
    if known and set_on < known:
        raise ValidationError(
            {"set_on": f"The referral came in on {known:%m/%d/%Y}. Choose that day or later."}
        )
    goal = Goal.objects.create(site_id=parent.site_id, parent=parent, kind=kind, words=words, set_on=set_on)
    record("goal.set", parent.family, goal)
    return goal


@transaction.atomic
def end_goal(
    *, goal: Goal, status: str, ended_on: dt.date, by: User, confirmed: Collection[str] = ()
) -> Goal:
    """Mark an open goal as reached or set aside.

    Raises:
        ValidationError: the goal has ended already, or the date is before the goal was set or in the future.
    """
    goal = Goal.objects.select_for_update(of=("self",)).select_related("parent__family").get(pk=goal.pk)
    if goal.status != Goal.Status.OPEN or status == Goal.Status.OPEN:
        raise ValidationError("Only an open goal can be reached or set aside.")
    if not goal.set_on <= ended_on <= timezone.localdate():
        raise ValidationError({"ended_on": f"Choose a day from {goal.set_on:%m/%d/%Y} to today."})
    goal.status, goal.ended_on = status, ended_on
    goal.save(update_fields=["status", "ended_on"])
    record(f"goal.{status}", goal.parent.family, goal)
    return goal


@transaction.atomic
def add_step(*, goal: Goal, words: str, by: User, confirmed: Collection[str] = ()) -> GoalStep:
    """Add a small step to an open goal."""
    ask_about(scan_free_text(words=words), confirmed)
    goal = _locked(goal)
    if goal.status != Goal.Status.OPEN:
        raise ValidationError("This goal has ended. Note a new one.")
    step = GoalStep.objects.create(site_id=goal.site_id, goal=goal, words=words)
    record("step.added", goal.parent.family, step)
    return step


@transaction.atomic
def mark_step(*, step: GoalStep, is_done: bool, by: User) -> GoalStep:
    """Say that a step is done, or not after all."""
    step = (
        GoalStep.objects.select_for_update(of=("self",))
        .select_related("goal__parent__family")
        .get(pk=step.pk)
    )
    if step.is_struck:
        raise ValidationError("This step is struck out.")
    if is_done != (step.done_on is not None):
        step.done_on = timezone.localdate() if is_done else None
        step.save(update_fields=["done_on"])
        record("step.done" if is_done else "step.reopened", step.goal.parent.family, step)
    return step


@transaction.atomic
def strike_step(*, step: GoalStep, by: User) -> None:
    """Strike out a step written by mistake; the row stays."""
    step = (
        GoalStep.objects.select_for_update(of=("self",))
        .select_related("goal__parent__family")
        .get(pk=step.pk)
    )
    if not step.is_struck:
        step.is_struck = True
        step.save(update_fields=["is_struck"])
        record("step.struck", step.goal.parent.family, step)


@transaction.atomic
def celebrate_goal(
    *, goal: Goal, celebrated_on: dt.date, by: User, celebration: str = "", confirmed: Collection[str] = ()
) -> Goal:
    """Note how a goal that was reached was celebrated.

    Raises:
        ValidationError: not reached, before it was reached, or in the future.
    """
    ask_about(scan_free_text(celebration=celebration), confirmed)
    goal = _locked(goal)
    if goal.status != Goal.Status.REACHED or goal.ended_on is None:
        raise ValidationError("Only a goal that was reached is celebrated.")
    if not goal.ended_on <= celebrated_on <= timezone.localdate():
        raise ValidationError({"celebrated_on": f"Choose a day from {goal.ended_on:%m/%d/%Y} to today."})
    goal.celebrated_on, goal.celebration = celebrated_on, celebration
    goal.save(update_fields=["celebrated_on", "celebration"])
    record("goal.celebrated", goal.parent.family, goal)
    return goal


def _locked(goal: Goal) -> Goal:
    return Goal.objects.select_for_update(of=("self",)).select_related("parent__family").get(pk=goal.pk)
