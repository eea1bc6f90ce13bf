"""The sessions that support parent partners (`domain.md` 13)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, SiteQuerySet, WallKey
from counties.wall.rules import not_in_future
from partners.models.partner import ParentPartner


class SupportSessions(SiteQuerySet):
    def visible_to(self, access) -> SupportSessions:
        """Coordinators see all, clinical support its own kind, a partner the sessions they attended."""
        if "partner.view_all" in access:
            return self.all()
        if "session.record" in access:
            return self.filter(kind=SupportSession.Kind.CLINICAL)
        if "session.view" in access:
            return self.filter(
                attendances__partner__person=access.person, attendances__is_present=True
            ).distinct()
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

    personal = {"source_id": "pseudonym", "topic": "short free text"}
    harmless = {"id", "site", "kind", "held_on", "minutes"}

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
                condition=~Q(kind="clinical_support") | Q(topic=""),
                name="session_clinical_without_topic",
                violation_error_message="The content of clinical support is not stored.",
            ),
        ]
        triggers = [not_in_future("held_on")]


class SessionAttendances(SiteQuerySet):
    def visible_to(self, access) -> SessionAttendances:
        return self.filter(session__in=SupportSession.objects.visible_to(access))


@keep_history
class SessionAttendance(SiteModel):
    """A parent partner's presence at a session; struck out by `is_present`, never erased."""

    session = WallKey(SupportSession, related_name="attendances")
    partner = WallKey(ParentPartner, related_name="attendances")
    is_present = models.BooleanField(default=True)

    harmless = {"id", "site", "session", "partner", "is_present"}

    objects = SiteManager.from_queryset(SessionAttendances)()

    class Meta:
        indexes = [models.Index(fields=["site", "partner"], name="attendance_site_partner")]
        constraints = [
            models.UniqueConstraint(fields=["site", "session", "partner"], name="attendance_once"),
        ]
