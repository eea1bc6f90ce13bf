"""Hearings and family team meetings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from audit.history import keep_history
from counties.wall import SiteManager, SiteModel, WallKey
from counties.wall.rules import TODAY, refuse_when
from families.models import FamilyScopedRows
from partners.models import ParentPartner
from referrals.models import Referral


class FamilyEvents(FamilyScopedRows):
    to_family = "referral__family"


@keep_history
class FamilyEvent(SiteModel):
    """A hearing or family team meeting of a family, known in advance or afterwards; never testimony."""

    class Kind(models.TextChoices):
        HEARING = "hearing", "Hearing"
        TEAM_MEETING = "team_meeting", "Family team meeting"

    source_id = models.CharField("site's own id", max_length=40, blank=True)
    referral = WallKey(Referral, related_name="family_events")
    kind = models.CharField(max_length=14, choices=Kind)
    held_on = models.DateField("date")
    partner_attended = WallKey(ParentPartner, null=True, blank=True, related_name="events_attended")
    is_cancelled = models.BooleanField(default=False)

    personal = {"source_id": "pseudonym", "kind": "court", "held_on": "court"}
    harmless = {"id", "site", "referral", "partner_attended", "is_cancelled"}

    objects = SiteManager.from_queryset(FamilyEvents)()

    class Meta:
        ordering = ["-held_on"]
        indexes = [models.Index(fields=["site", "held_on"], name="event_site_held")]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "source_id"], condition=~Q(source_id=""), name="event_source_id_once"
            ),
            models.CheckConstraint(
                condition=Q(is_cancelled=False) | Q(partner_attended=None),
                name="event_cancelled_not_attended",
            ),
        ]
        triggers = [
            refuse_when(
                "attended_not_in_future",
                when=f"NEW.partner_attended_id IS NOT NULL AND NEW.held_on > {TODAY}",
                message="V06: nobody has attended a date in the future",
            )
        ]
