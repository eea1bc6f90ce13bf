"""Hearings and family team meetings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, WallKey
from counties.wall.rules import TODAY, refuse_when
from families.models import FamilyScopedRows
from partners.models import ParentPartner
from referrals.models import Referral


class FamilyEvents(FamilyScopedRows):
    to_family = "referral__family"


@keep_history
class FamilyEvent(SiteModel):
    """A hearing or family team meeting of a family, known in advance or afterwards; never testimony.

    A date of several families is a row for each, with the same `shared_id`: each family's hearing counts (E8, E9).
    """

    class Kind(models.TextChoices):
        HEARING = "hearing", "Hearing"
        TEAM_MEETING = "team_meeting", "Family team meeting"

    source_id = models.CharField("site's own id", max_length=40, blank=True)
    referral = WallKey(Referral, related_name="family_events")
    kind = models.CharField(max_length=14, choices=Kind)
    held_on = models.DateField("date")
    starts_at = models.TimeField("time", null=True, blank=True)
    place = models.CharField(max_length=80, blank=True)
    partner_expected = WallKey(ParentPartner, null=True, blank=True, related_name="events_expected")
    is_prepared = models.BooleanField("prepared with the parent", default=False)
    is_debriefed = models.BooleanField("talked over afterwards", default=False)
    shared_id = models.UUIDField("date shared with other families", null=True, blank=True)
    partner_attended = WallKey(ParentPartner, null=True, blank=True, related_name="events_attended")
    is_cancelled = models.BooleanField(default=False)

    personal = {
        "source_id": "pseudonym", "kind": "court", "held_on": "court", "starts_at": "court", "place": "free text",
        "is_prepared": "court", "is_debriefed": "court",
    }  # fmt: skip
    harmless = {
        "id", "site", "referral", "partner_attended", "partner_expected", "is_cancelled", "shared_id",
    }  # fmt: skip

    objects = SiteManager.from_queryset(FamilyEvents)()

    class Meta:
        ordering = ["-held_on"]
        indexes = [models.Index(fields=["site", "held_on"], name="event_site_held")]
        constraints = [
            without_ssn("familyevent", "place"),
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
            ),
            refuse_when(
                "debriefed_not_in_future",
                when=f"NEW.is_debriefed AND NEW.held_on > {TODAY}",
                message="V06: nobody has talked over a date in the future",
            ),
        ]
