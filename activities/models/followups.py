"""What is still to be done for a family, by whom and when."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from activities.models.contacts import Contact
from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, WallKey
from families.models import FamilyScopedRows
from referrals.models import Referral


class FollowUps(FamilyScopedRows):
    to_family = "referral__family"

    def open(self) -> FollowUps:
        return self.filter(status=FollowUp.Status.OPEN)


FOLLOW_UP_MOVES = [("open", "done"), ("open", "dropped")]
"""Legal changes of a follow-up's status; the database refuses every other."""


@keep_history
class FollowUp(SiteModel):
    """Something promised to a parent: what, by when and who sees to it. It may come out of a contact."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        DROPPED = "dropped", "Not needed any more"

    referral = WallKey(Referral, related_name="follow_ups")
    contact = WallKey(Contact, null=True, blank=True, related_name="follow_ups")
    words = models.CharField("what is to be done", max_length=200)
    due_on = models.DateField("due")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    ended_on = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    personal = {"words": "free text"}
    harmless = {
        "id", "site", "referral", "contact", "due_on", "owner", "status", "ended_on", "made_by", "made_at",
    }  # fmt: skip

    objects = SiteManager.from_queryset(FollowUps)()

    class Meta:
        ordering = ["due_on", "made_at"]
        indexes = [
            models.Index(fields=["site", "owner", "status", "due_on"], name="followup_site_owner"),
            models.Index(fields=["site", "referral"], name="followup_site_referral"),
        ]
        constraints = [
            without_ssn("followup", "words"),
            models.CheckConstraint(
                condition=Q(status="open", ended_on=None) | (~Q(status="open") & Q(ended_on__isnull=False)),
                name="followup_ended_on_with_status",
            ),
        ]
        triggers = [pgtrigger.FSM(name="moves", field="status", transitions=FOLLOW_UP_MOVES)]
