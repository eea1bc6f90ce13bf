"""Contacts and the resources named in them (`domain.md` 3, V06, V07, V17, V18)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from activities.codes import (
    Activity,
    ContactMode,
    ContactResult,
    ResourceResult,
    ResourceType,
)
from activities.models.notes import Kept, kept_from
from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, WallKey
from counties.wall.rules import not_in_future, refuse_when
from families.models import FamilyScopedRows
from partners.models import ParentPartner
from referrals.models import Enrollment, Referral


class Contacts(FamilyScopedRows):
    to_family = "referral__family"

    def visible_to(self, access) -> Contacts:
        """Each row also says, in `note_kept`, whether this person reads its note; see `Contact.note_read`."""
        own = Q(partner__person=access.person)
        kept = kept_from(access, parent="referral__parent", day="held_on", own=own)
        return super().visible_to(access).annotate(note_kept=kept)

    def correctable_by(self, access) -> FamilyScopedRows:
        """A coordinator corrects every contact, a parent partner those of their own that they still see."""
        seen = self.visible_to(access)
        return seen if access.sees_all_families else seen.filter(partner__person=access.person)


@keep_history
class Contact(SiteModel):
    """One contact, made or attempted. Before enrollment only outreach, stored against the referral (V07).

    The id may be made on the phone, so a double tap or a retry is one entry. `minutes` is 1 to 720 for a
    completed contact and 0 otherwise (V06). A contact with parents of two families is a row for each, its minutes
    divided between them; both rows carry the same `shared_id` (docs/adr/0021). What is shown of `note` is
    `note_read`: a parent partner does not read what an earlier one wrote (docs/adr/0026).
    """

    source_id = models.CharField("site's own id", max_length=40, blank=True)
    referral = WallKey(Referral, related_name="contacts")
    enrollment = WallKey(Enrollment, null=True, blank=True, related_name="contacts")
    partner = WallKey(ParentPartner, related_name="contacts")
    held_on = models.DateField("date")
    mode = models.CharField(max_length=24, choices=ContactMode)
    result = models.CharField(max_length=24, choices=ContactResult)
    minutes = models.PositiveSmallIntegerField()
    activities = ArrayField(models.CharField(max_length=32, choices=Activity), default=list, blank=True)
    note = models.TextField(blank=True)
    shared_id = models.UUIDField("entry shared with another family", null=True, blank=True)
    is_late = models.BooleanField(default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(default=timezone.now)

    personal = {
        "source_id": "pseudonym", "mode": "child welfare", "activities": "child welfare", "note": "free text",
    }  # fmt: skip
    harmless = {
        "id", "site", "referral", "enrollment", "partner", "held_on", "result", "minutes", "is_late", "entered_by",
        "entered_at", "shared_id",
    }  # fmt: skip

    objects = SiteManager.from_queryset(Contacts)()

    class Meta:
        ordering = ["-held_on", "-entered_at"]
        indexes = [
            models.Index(fields=["site", "held_on"], name="contact_site_held"),
            models.Index(fields=["site", "enrollment", "held_on"], name="contact_site_enrollment"),
            models.Index(fields=["site", "partner", "held_on"], name="contact_site_partner"),
            models.Index(fields=["site", "referral", "held_on"], name="contact_site_referral"),
        ]
        constraints = [
            without_ssn("contact", "note"),
            models.UniqueConstraint(
                fields=["site", "source_id"], condition=~Q(source_id=""), name="contact_source_id_once"
            ),
            models.CheckConstraint(
                condition=Q(result="completed", minutes__range=(1, 720))
                | (~Q(result="completed") & Q(minutes=0)),
                name="v06_contact_minutes",
                violation_error_message="V06: a completed contact takes 1 to 720 minutes, any other 0.",
            ),
            models.CheckConstraint(
                condition=Q(activities__contained_by=Activity.values),
                name="v18_contact_activities",
                violation_error_message="V18: choose activities of the list.",
            ),
            models.CheckConstraint(
                condition=Q(enrollment__isnull=False) | Q(activities__contains=[Activity.OUTREACH]),
                name="v07_outreach_before_enrollment",
                violation_error_message="V07: before enrollment only outreach can be recorded.",
            ),
        ]
        triggers = [
            not_in_future("held_on"),
            refuse_when(
                "v07_within_enrollment",
                declare="opened date; closed date;",
                lookup="SELECT enrolled_on, closed_on INTO opened, closed FROM referrals_enrollment"
                " WHERE id = NEW.enrollment_id;",
                when="NEW.enrollment_id IS NOT NULL"
                " AND (NEW.held_on < opened OR NEW.held_on > coalesce(closed, 'infinity'))",
                message="V07: the contact lies outside the enrollment",
            ),
        ]

    @property
    def note_read(self) -> str:
        """The note for whom the row was fetched; empty when it is kept from them, or nobody asked for whom."""
        return "" if getattr(self, "note_kept", Kept.EARLIER) else self.note

    @property
    def note_withheld(self) -> str:
        """The sentence in place of a note kept from the reader; empty when they read it or there is none."""
        kept = getattr(self, "note_kept", Kept.EARLIER)
        return str(Kept(kept).label) if kept and self.note else ""


class ResourceLinks(FamilyScopedRows):
    to_family = "contact__referral__family"

    def standing(self) -> ResourceLinks:
        """Links that no correction has struck."""
        return self.filter(is_struck=False)


@keep_history
class ResourceLink(SiteModel):
    """A resource named in a contact and what came of it (E10); struck, never erased, when named by mistake."""

    contact = WallKey(Contact, related_name="resource_links")
    kind = models.CharField("resource", max_length=24, choices=ResourceType)
    result = models.CharField(max_length=12, choices=ResourceResult, default=ResourceResult.OFFERED)
    result_on = models.DateField(null=True, blank=True)
    is_struck = models.BooleanField(default=False)

    personal = {"kind": "need of the family", "result": "need of the family"}
    harmless = {"id", "site", "contact", "result_on", "is_struck"}

    objects = SiteManager.from_queryset(ResourceLinks)()

    class Meta:
        indexes = [models.Index(fields=["site", "contact"], name="resource_site_contact")]
        constraints = [
            models.UniqueConstraint(fields=["site", "contact", "kind"], name="resource_once_per_contact"),
        ]
