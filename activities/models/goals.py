"""Goals of a parent."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, WallKey
from counties.wall.rules import not_in_future
from families.models import FamilyScopedRows, Parent


class Goals(FamilyScopedRows):
    to_family = "parent__family"


MOVES = [("open", "reached"), ("open", "set_aside")]
"""Legal changes of a goal's status; the database refuses every other."""


@keep_history
class Goal(SiteModel):
    """A goal in the parent's own words; not the case plan, which is never written here."""

    class Status(models.TextChoices):
        OPEN = "open", "Working on it"
        REACHED = "reached", "Reached"
        SET_ASIDE = "set_aside", "Set aside"

    parent = WallKey(Parent, related_name="goals")
    words = models.CharField("goal, in the parent's words", max_length=300)
    set_on = models.DateField(default=timezone.localdate)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    ended_on = models.DateField(null=True, blank=True)

    personal = {"words": "free text", "status": "progress"}
    harmless = {"id", "site", "parent", "set_on", "ended_on"}

    objects = SiteManager.from_queryset(Goals)()

    class Meta:
        ordering = ["status", "-set_on"]
        indexes = [models.Index(fields=["site", "parent"], name="goal_site_parent")]
        constraints = [
            without_ssn("goal", "words"),
            models.CheckConstraint(
                condition=Q(status="open", ended_on=None) | (~Q(status="open") & Q(ended_on__isnull=False)),
                name="goal_ended_on_with_status",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="moves", field="status", transitions=MOVES),
            not_in_future("set_on", "ended_on"),
        ]
