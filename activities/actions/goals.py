"""Goals a parent sets. They are not the case plan, which is never written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from activities.models import Goal
from audit.record import record
from counties.action_forms import ask_about
from counties.free_text import scan_free_text
from families.models import Parent


@transaction.atomic
def set_goal(
    *, parent: Parent, words: str, by: User, set_on: dt.date | None = None, confirmed: Collection[str] = ()
) -> Goal:
    """Write down a goal in the parent's own words."""
    ask_about(scan_free_text(words=words), confirmed)
    set_on = set_on or timezone.localdate()
    if set_on > timezone.localdate():
        raise ValidationError({"set_on": "The date is in the future."})
    goal = Goal.objects.create(site_id=parent.site_id, parent=parent, words=words, set_on=set_on)
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
