"""Contacts, resource links, levels, hearings and meetings, goals, incidents (`domain.md` 3, 4)."""

from __future__ import annotations

import datetime as dt

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from activities.codes import (
    Activity,
    ContactMode,
    ContactResult,
    IncidentType,
    Level,
    ResourceResult,
    ResourceType,
)
from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, SiteQuerySet, WallKey
from counties.wall.rules import TODAY, not_in_future, refuse_when
from families.models import Family, FamilyScopedRows, Parent
from partners.models import ParentPartner
from referrals.models import Enrollment, Referral


class Contacts(FamilyScopedRows):
    to_family = "referral__family"

    def correctable_by(self, access) -> FamilyScopedRows:
        """A coordinator corrects every contact, a parent partner those of their own that they still see."""
        seen = self.visible_to(access)
        return seen if access.sees_all_families else seen.filter(partner__person=access.person)


@keep_history
class Contact(SiteModel):
    """One contact, made or attempted. Before enrollment only outreach, stored against the referral (V07).

    The id may be made on the phone, so a double tap or a retry is one entry. `minutes` is 1 to 720 for a
    completed contact and 0 otherwise (V06). A contact with parents of two families is a row for each, its minutes
    divided between them; both rows carry the same `shared_id` (docs/adr/0016).
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


class LevelChanges(FamilyScopedRows):
    to_family = "enrollment__family"


@keep_history
class LevelChange(SiteModel):
    """A change of contact intensity; the day itself counts at the new level, before any row it is 1."""

    enrollment = WallKey(Enrollment, related_name="level_changes")
    level = models.PositiveSmallIntegerField(choices=Level)
    changed_on = models.DateField("date")
    reason = models.CharField(max_length=200)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    personal = {"reason": "free text"}
    harmless = {"id", "site", "enrollment", "level", "changed_on", "changed_by"}

    objects = SiteManager.from_queryset(LevelChanges)()

    class Meta:
        ordering = ["changed_on"]
        constraints = [
            without_ssn("levelchange", "reason"),
            models.UniqueConstraint(fields=["site", "enrollment", "changed_on"], name="level_one_per_day"),
            models.CheckConstraint(condition=Q(level__range=(1, 4)), name="level_1_to_4"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="level_with_reason",
                violation_error_message="A level change needs a reason.",
            ),
        ]
        triggers = [not_in_future("changed_on")]


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


class Incidents(FamilyScopedRows):
    def visible_to(self, access) -> Incidents:
        """Coordinators only; who made a mandated report is protected (`domain.md` 10.6)."""
        return self.beyond_ties(access) if "incident.view" in access else self.none()


@keep_history
class Incident(SiteModel):
    """Something that had to be noted. A mandated report keeps date, time, agency and maker, nothing else."""

    kind = models.CharField(max_length=24, choices=IncidentType)
    happened_at = models.DateTimeField()
    agency = models.CharField("agency called", max_length=80, blank=True)
    family = WallKey(Family, null=True, blank=True, related_name="incidents")
    partner = WallKey(ParentPartner, null=True, blank=True, related_name="incidents")
    what_happened = models.TextField(blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    personal = {
        "kind": "incident", "agency": "agency", "family": "who", "partner": "who", "what_happened": "free text",
        "recorded_by": "reporter", "happened_at": "when",
    }  # fmt: skip
    harmless = {"id", "site", "recorded_at"}

    objects = SiteManager.from_queryset(Incidents)()

    class Meta:
        ordering = ["-happened_at"]
        indexes = [models.Index(fields=["site", "-happened_at"], name="incident_site_at")]
        constraints = [
            without_ssn("incident", "what_happened"),
            models.CheckConstraint(
                condition=~Q(kind="mandated_report_made") | Q(what_happened="", family=None, partner=None),
                name="incident_report_without_story",
                violation_error_message="For a mandated report keep only date, time, agency and who made it.",
            ),
        ]
