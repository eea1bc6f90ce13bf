"""Outreach events (G3)."""

from django.db import models
from django.db.models import Q

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, SiteQuerySet
from counties.wall.rules import not_in_future


class OutreachEvents(SiteQuerySet):
    def visible_to(self, access) -> "OutreachEvents":
        return self.all() if "outreach.view" in access else self.none()


@keep_history
class OutreachEvent(SiteModel):
    """A presentation, training or community event, with how many came."""

    class Kind(models.TextChoices):
        PRESENTATION = "presentation", "Presentation"
        TRAINING_GIVEN = "training_given", "Training given"
        COMMUNITY_EVENT = "community_event", "Community event"
        OTHER = "other", "Other"

    source_id = models.CharField("site's own id", max_length=40, blank=True)
    held_on = models.DateField("date")
    kind = models.CharField(max_length=20, choices=Kind)
    audience = models.CharField(max_length=80)
    attendance = models.PositiveIntegerField()

    harmless = {"id", "site", "source_id", "held_on", "kind", "audience", "attendance"}

    objects = SiteManager.from_queryset(OutreachEvents)()

    class Meta:
        ordering = ["-held_on"]
        indexes = [models.Index(fields=["site", "held_on"], name="outreach_site_held")]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "source_id"], condition=~Q(source_id=""), name="outreach_source_id_once"
            ),
            without_ssn("outreachevent", "audience"),
        ]
        triggers = [not_in_future("held_on")]
