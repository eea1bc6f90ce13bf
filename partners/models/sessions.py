"""The sessions that support parent partners (`domain.md` 13)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, SiteQuerySet, WallKey
from counties.wall.rules import not_in_future, refuse_when
from partners.models.partner import ParentPartner


class Agenda(models.TextChoices):
    """What supervision speaks of, by kind; never about a family (`domain.md` 13)."""

    BOUNDARIES = "boundaries", "Boundaries"
    SAFETY = "safety", "Safety"
    DOCUMENTATION = "documentation", "Documentation"
    WELLNESS = "wellness", "Wellness"
    CONSULTATION = "consultation", "Case consultation"
    TRAINING = "training", "Training and growth"
    WORKLOAD = "workload", "Workload and time"


SUPERVISION = ["individual_supervision", "group_supervision"]


class SupportSessions(SiteQuerySet):
    def standing(self) -> SupportSessions:
        """Sessions that took place; one entered by mistake is struck out and counts nowhere."""
        return self.filter(is_struck=False)

    def visible_to(self, access) -> SupportSessions:
        """Coordinators see all, clinical support its own kind, a partner the sessions they attended."""
        if "partner.view_all" in access:
            return self.all()
        if "session.record" in access:
            return self.filter(kind=SupportSession.Kind.CLINICAL)
        if "session.view" in access:
            attended = self.standing().filter(
                attendances__partner__person=access.person, attendances__is_present=True
            )
            return attended.distinct()
        return self.none()


@keep_history
class SupportSession(SiteModel):
    """A supervision, clinical-support or training session. Clinical content is never stored (`domain.md` 10.10)."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual_supervision", "Individual supervision"
        GROUP = "group_supervision", "Group supervision"
        CLINICAL = "clinical_support", "Clinical support"
        TRAINING = "training", "Training"

    source_id = models.CharField("site's own id", max_length=40, blank=True)
    kind = models.CharField(max_length=24, choices=Kind)
    held_on = models.DateField("date")
    minutes = models.PositiveSmallIntegerField()
    topic = models.CharField(max_length=80, blank=True)
    agenda = ArrayField(models.CharField(max_length=16, choices=Agenda), default=list, blank=True)
    is_struck = models.BooleanField(default=False)

    personal = {"source_id": "pseudonym", "topic": "short free text"}
    harmless = {"id", "site", "kind", "held_on", "minutes", "agenda", "is_struck"}

    objects = SiteManager.from_queryset(SupportSessions)()

    class Meta:
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(fields=["site", "held_on", "kind"], name="session_site_held")]
        constraints = [
            without_ssn("supportsession", "topic"),
            models.UniqueConstraint(
                fields=["site", "source_id"], condition=~Q(source_id=""), name="session_source_id_once"
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(1, 720)),
                name="session_minutes_1_to_720",
                violation_error_message="A session takes from 1 to 720 minutes.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="clinical_support") | Q(topic="", agenda=[]),
                name="session_clinical_without_topic",
                violation_error_message="The content of clinical support is not stored.",
            ),
        ]
        triggers = [not_in_future("held_on")]

    def agenda_display(self) -> str:
        return ", ".join(Agenda(code).label for code in self.agenda)

    @property
    def is_supervision(self) -> bool:
        return self.kind in SUPERVISION


class SessionAttendances(SiteQuerySet):
    def visible_to(self, access) -> SessionAttendances:
        """Who came, for those who record it; a parent partner sees their own presence alone."""
        seen = self.filter(session__in=SupportSession.objects.visible_to(access))
        return seen if "session.record" in access else seen.filter(partner__person=access.person)

    def with_notes(self, access) -> SessionAttendances:
        """Attendance with the supervisor's notes: coordinators alone, never the parent partner or their peers."""
        return self.visible_to(access) if "partner.view_all" in access else self.none()


@keep_history
class SessionAttendance(SiteModel):
    """A parent partner's presence at a session; struck out by `is_present`, never erased.

    Of supervision alone there may be a `note`, which coordinators read, and a `summary`, which the parent partner
    reads as well (`domain.md` 10.10). Neither is ever about clinical support.
    """

    session = WallKey(SupportSession, related_name="attendances")
    partner = WallKey(ParentPartner, related_name="attendances")
    is_present = models.BooleanField(default=True)
    note = models.TextField(blank=True)
    summary = models.TextField(blank=True)

    personal = {"note": "free text about an employee", "summary": "free text about an employee"}
    harmless = {"id", "site", "session", "partner", "is_present"}

    objects = SiteManager.from_queryset(SessionAttendances)()

    class Meta:
        indexes = [models.Index(fields=["site", "partner"], name="attendance_site_partner")]
        constraints = [
            models.UniqueConstraint(fields=["site", "session", "partner"], name="attendance_once"),
            without_ssn("sessionattendance", "note"),
            without_ssn("sessionattendance", "summary"),
        ]
        triggers = [
            refuse_when(
                "notes_of_supervision_only",
                declare="kept varchar;",
                lookup="SELECT kind INTO kept FROM partners_supportsession WHERE id = NEW.session_id;",
                when="(NEW.note <> '' OR NEW.summary <> '')"
                " AND kept NOT IN ('individual_supervision', 'group_supervision')",
                message="Notes are kept of supervision alone; the content of clinical support is not stored",
            ),
        ]


class AgreedSteps(SiteQuerySet):
    def visible_to(self, access) -> AgreedSteps:
        """Coordinators see all, a parent partner what they agreed to do themself."""
        if "partner.view_all" in access:
            return self.all()
        return self.filter(partner__person=access.person) if "session.view" in access else self.none()

    def open(self) -> AgreedSteps:
        return self.filter(done_on=None, is_struck=False)


@keep_history
class AgreedStep(SiteModel):
    """Something agreed in supervision, with a day by which it is due; done or struck, never erased."""

    session = WallKey(SupportSession, related_name="agreed_steps")
    partner = WallKey(ParentPartner, related_name="agreed_steps")
    words = models.CharField("what was agreed", max_length=200)
    due_on = models.DateField("due")
    done_on = models.DateField(null=True, blank=True)
    is_struck = models.BooleanField(default=False)

    personal = {"words": "short free text"}
    harmless = {"id", "site", "session", "partner", "due_on", "done_on", "is_struck"}

    objects = SiteManager.from_queryset(AgreedSteps)()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["site", "partner"], name="agreed_step_site_partner")]
        constraints = [without_ssn("agreedstep", "words")]
        triggers = [not_in_future("done_on")]
