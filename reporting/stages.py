"""When somebody is reminded of a report: before the due day, and when it is late."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """A reminder: its code, the day it begins (relative to the due day), and how it reads."""

    code: str
    after_due: int
    words: str

    def begins(self, due_on: dt.date) -> dt.date:
        return due_on + dt.timedelta(days=self.after_due)


STAGES = [
    Stage("five_days", -5, "due in a few days"),
    Stage("one_day", -1, "due tomorrow"),
    Stage("late", 1, "late"),
]
GIVE_UP_AFTER = dt.timedelta(days=60)
"""So long after the due day nobody is reminded by mail any more; the page goes on saying it is late."""


def stage_on(due_on: dt.date, today: dt.date) -> Stage | None:
    """The latest stage that has begun; None before the first and long after the last."""
    if today > due_on + GIVE_UP_AFTER:
        return None
    begun = [stage for stage in STAGES if stage.begins(due_on) <= today]
    return begun[-1] if begun else None
