"""What the product tells a person at a site: a pointer to work, never a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from audit.history import keep_history
from counties.wall import SiteManager, SiteModel, SiteQuerySet


class Messages(SiteQuerySet):
    def visible_to(self, access) -> Messages:
        """A person sees what they were told themselves, as long as it still applies."""
        return self.filter(person_id=access.person.id, over_at=None)

    def waiting(self) -> Messages:
        """Still applies, and the person has not put it aside."""
        return self.filter(over_at=None, done_at=None)

    def unread(self) -> Messages:
        return self.waiting().filter(read_at=None)


@keep_history
class Message(SiteModel):
    """One thing a person was told: its kind, and the row it is about by id and short reference.

    `over_at`: it no longer applies (contact made, match ended, role ended) and is shown nowhere; it comes back when
    it applies again. `mailed_at`: a digest has counted it.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    about_id = models.UUIDField()
    reference = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)

    harmless = {
        "id", "site", "person", "kind", "about_id", "reference", "created_at", "read_at", "done_at", "mailed_at",
        "over_at",
    }  # fmt: skip

    objects = SiteManager.from_queryset(Messages)()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["site", "person", "kind", "about_id"], name="message_once"),
        ]
        indexes = [models.Index(fields=["site", "person", "over_at", "done_at"], name="message_site_person")]

    @property
    def words(self) -> str:
        """What it says, without the reference."""
        from counties.messages import KINDS

        return KINDS[self.kind].words if self.kind in KINDS else self.kind

    @property
    def is_unread(self) -> bool:
        return self.read_at is None and self.done_at is None
