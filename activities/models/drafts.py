"""Contacts not yet logged."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, SiteQuerySet, WallKey
from referrals.models import Referral

DRAFT_DAYS = 7
"""An unfinished contact that nobody has edited for so many days is emptied."""


class ContactDrafts(SiteQuerySet):
    def visible_to(self, access) -> ContactDrafts:
        """Open drafts of the writer alone, never about a family they no longer see."""
        if "contact.log" not in access:
            return self.none()
        mine = self.open().filter(writer=access.person)
        return mine.filter(Q(referral=None) | Q(referral__in=Referral.objects.visible_to(access)))

    def open(self) -> ContactDrafts:
        """Neither logged, thrown away nor expired."""
        return self.filter(ended_at=None, saved_at__gt=timezone.now() - dt.timedelta(days=DRAFT_DAYS))

    def expired(self) -> ContactDrafts:
        return self.filter(ended_at=None, saved_at__lte=timezone.now() - dt.timedelta(days=DRAFT_DAYS))


class ContactDraft(SiteModel):
    """A contact not yet logged, as typed so far. Its id becomes the contact's id; an ended draft holds nothing.

    `answers` maps field names of the form to lists of texts; `window` is the open form that saved last, `version`
    counts the saves. No row history: half-written words are nobody's record.
    """

    writer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    referral = WallKey(Referral, null=True, blank=True, related_name="contact_drafts")
    answers = models.JSONField(default=dict, blank=True)
    note = models.TextField(blank=True)
    window = models.UUIDField()
    version = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    personal = {"answers": "child welfare", "note": "free text"}
    harmless = {
        "id", "site", "writer", "referral", "window", "version", "begun_at", "saved_at", "ended_at",
    }  # fmt: skip

    objects = SiteManager.from_queryset(ContactDrafts)()

    class Meta:
        ordering = ["-saved_at"]
        indexes = [models.Index(fields=["site", "writer"], name="draft_site_writer")]
        constraints = [
            without_ssn("contactdraft", "note"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(note="", answers={}, referral=None),
                name="draft_ended_is_empty",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Neither ended nor expired."""
        return self.ended_at is None and self.saved_at > timezone.now() - dt.timedelta(days=DRAFT_DAYS)
