"""What is still to be done for a family, by whom and when."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from activities.models.contacts import Contact
from activities.models.notes import Kept, kept_from
from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, WallKey
from families.models import FamilyScopedRows
from referrals.models import Referral


class FollowUps(FamilyScopedRows):
    to_family = "referral__family"

    def visible_to(self, access) -> FollowUps:
        """Each row also says, in `words_kept`, whether this person reads its words; see `FollowUp.words_read`."""
        own = Q(made_by=access.person) | Q(owner=access.person)
        kept = kept_from(access, parent="referral__parent", day="made_at__date", own=own)
        return super().visible_to(access).annotate(words_kept=kept)

    def readable(self) -> FollowUps:
        """Of rows that came through `visible_to`: those the person reads."""
        return self.filter(words_kept="")

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

    @property
    def words_read(self) -> str:
        """What is to be done, for whom the row was fetched, or the sentence that stands in its place."""
        kept = getattr(self, "words_kept", Kept.EARLIER)
        return str(Kept(kept).label) if kept else self.words
