"""A person's private calendar address."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from audit.history import keep_history
from counties.wall import SiteManager, SiteModel, SiteQuerySet
from counties.wall.rules import said_once


class CalendarFeeds(SiteQuerySet):
    def visible_to(self, access) -> CalendarFeeds:
        return self.filter(person=access.person) if "event.record" in access else self.none()

    def working(self) -> CalendarFeeds:
        return self.filter(revoked_at=None)


@keep_history
class CalendarFeed(SiteModel):
    """A secret address under which a calendar program reads one person's dates at one site.

    Only a hash of the secret is kept; whoever lost the address makes a new one, and the old one stops (docs/adr/0022).
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    personal = {"token_hash": "hash"}
    harmless = {"id", "site", "person", "made_at", "revoked_at"}

    objects = SiteManager.from_queryset(CalendarFeeds)()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(fields=["site", "token_hash"], name="feed_token_once"),
            models.UniqueConstraint(
                fields=["site", "person"], condition=Q(revoked_at=None), name="feed_one_per_person"
            ),
        ]
        triggers = [said_once("revoked_at")]
