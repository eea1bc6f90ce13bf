"""Goals of a parent."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, WallKey
from counties.wall.rules import not_in_future
from families.models import FamilyScopedRows, Parent


class Goals(FamilyScopedRows):
    to_family = "parent__family"

    def with_progress(self) -> Goals:
        """Add `steps_all` and `steps_done`, struck ones left out."""
        standing = Q(steps__is_struck=False)
        return self.annotate(
            steps_all=Count("steps", filter=standing),
            steps_done=Count("steps", filter=standing & Q(steps__done_on__isnull=False)),
        )


MOVES = [("open", "reached"), ("open", "set_aside")]
"""Legal changes of a goal's status; the database refuses every other."""


@keep_history
class Goal(SiteModel):
    """A goal in the parent's own words, or a condition of return as the parent understands it.

    Neither is the case plan, which is never written here.
    """

    class Kind(models.TextChoices):
        GOAL = "goal", "A goal of the parent"
        CONDITION = "condition", "A condition of return, as the parent understands it"

    class Status(models.TextChoices):
        OPEN = "open", "Working on it"
        REACHED = "reached", "Reached"
        SET_ASIDE = "set_aside", "Set aside"

    parent = WallKey(Parent, related_name="goals")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.GOAL)
    words = models.CharField("goal, in the parent's words", max_length=300)
    set_on = models.DateField(default=timezone.localdate)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    ended_on = models.DateField(null=True, blank=True)
    celebrated_on = models.DateField(null=True, blank=True)
    celebration = models.CharField("how it was celebrated", max_length=200, blank=True)

    personal = {
        "words": "free text", "status": "progress", "kind": "court", "celebration": "free text",
    }  # fmt: skip
    harmless = {"id", "site", "parent", "set_on", "ended_on", "celebrated_on"}

    objects = SiteManager.from_queryset(Goals)()

    class Meta:
        ordering = ["status", "-set_on"]
        indexes = [models.Index(fields=["site", "parent"], name="goal_site_parent")]
        constraints = [
            without_ssn("goal", "words"),
            without_ssn("goal", "celebration"),
            models.CheckConstraint(
                condition=Q(celebration="") | Q(celebrated_on__isnull=False),
                name="goal_celebration_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(status="open", ended_on=None) | (~Q(status="open") & Q(ended_on__isnull=False)),
                name="goal_ended_on_with_status",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="moves", field="status", transitions=MOVES),
            not_in_future("set_on", "ended_on", "celebrated_on"),
        ]


class GoalSteps(FamilyScopedRows):
    to_family = "goal__parent__family"

    def standing(self) -> GoalSteps:
        return self.filter(is_struck=False)


@keep_history
class GoalStep(SiteModel):
    """A small step towards a goal or condition; struck, never erased."""

    goal = WallKey(Goal, related_name="steps")
    words = models.CharField("step", max_length=200)
    added_on = models.DateField(default=timezone.localdate)
    done_on = models.DateField(null=True, blank=True)
    is_struck = models.BooleanField(default=False)

    personal = {"words": "free text"}
    harmless = {"id", "site", "goal", "added_on", "done_on", "is_struck"}

    objects = SiteManager.from_queryset(GoalSteps)()

    class Meta:
        ordering = ["added_on", "id"]
        indexes = [models.Index(fields=["site", "goal"], name="step_site_goal")]
        constraints = [without_ssn("goalstep", "words")]
        triggers = [not_in_future("added_on", "done_on")]
