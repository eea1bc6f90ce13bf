"""Core training: the list every parent partner completes, what lapses, and who may not yet work alone (V10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.kept_files import KeptFile, kept_with
from counties.wall import SiteManager, SiteModel, SiteQuerySet, WallKey
from counties.wall.rules import not_in_future
from partners.models.partner import ParentPartner
from partners.models.sessions import SupportSession


class CoreTopic(models.TextChoices):
    """The core list: the topics of Iowa's training and Wisconsin's own (`domain.md` 1.1, 13)."""

    FOUNDATION = "foundation", "PSP foundation"
    BETTER_FUTURE = "better_future", "Building a Better Future"
    CHILD_WELFARE = "child_welfare", "Child welfare 101"
    COURT = "court", "Court process"
    WICWA = "wicwa", "WICWA and tribal history"
    CONFIDENTIALITY = "confidentiality", "Confidentiality"
    MANDATED_REPORTING = "mandated_reporting", "Mandated reporting"
    BOUNDARIES = "boundaries", "Boundaries and safety"
    ETHICS = "ethics", "Ethics"
    DOMESTIC_VIOLENCE = "domestic_violence", "Domestic violence"
    SUBSTANCE_USE = "substance_use", "Substance use"
    MENTAL_HEALTH = "mental_health", "Mental health overview"
    CULTURE = "culture", "Cultural competency"
    TRAUMA = "trauma", "Trauma"
    SELF_CARE = "self_care", "Self-care"
    SYSTEM = "system", "Using this system"


SOON = {CoreTopic.FOUNDATION, CoreTopic.CONFIDENTIALITY, CoreTopic.MANDATED_REPORTING, CoreTopic.BOUNDARIES}
"""Due before anybody works with a family."""
DUE_DAYS = {topic: 30 if topic in SOON else 90 for topic in CoreTopic}
"""Days after the start of the role by which a topic is due."""
LASTS_MONTHS = {CoreTopic.CONFIDENTIALITY: 24, CoreTopic.MANDATED_REPORTING: 24}
"""How long a completion holds; the others hold for good."""
WARN_BEFORE = dt.timedelta(days=60)
"""How long before it lapses a completion is pointed out."""
FOR_GOOD = dt.date(9999, 12, 31)


def lapses_on(topic: str, completed_on: dt.date) -> dt.date | None:
    """First day a completion of the topic no longer holds; None when it holds for good."""
    months = LASTS_MONTHS.get(CoreTopic(topic))
    return completed_on + relativedelta(months=months) if months else None


class TrainingTopics(SiteQuerySet):
    def visible_to(self, access) -> TrainingTopics:
        """Everybody who sees a parent partner's training."""
        return self.all() if "partner.view" in access else self.none()

    def offered(self) -> TrainingTopics:
        return self.filter(retired_at=None)


@keep_history
class TrainingTopic(SiteModel):
    """A topic a site adds to the core list. It is due and lapses as the others do; V10 and F6 know the state's alone.

    `due_days` after the start of the role, or after `added_on` for whoever was there before; `lasts_months` None: it
    holds for good.
    """

    label = models.CharField("topic", max_length=60)
    due_days = models.PositiveSmallIntegerField(default=90)
    lasts_months = models.PositiveSmallIntegerField(null=True, blank=True)
    added_on = models.DateField(default=timezone.localdate)
    retired_at = models.DateTimeField(null=True, blank=True)

    harmless = {"id", "site", "label", "due_days", "lasts_months", "added_on", "retired_at"}

    objects = SiteManager.from_queryset(TrainingTopics)()

    class Meta:
        ordering = ["label"]
        constraints = [
            without_ssn("trainingtopic", "label"),
            models.CheckConstraint(
                condition=Q(due_days__range=(1, 365))
                & (Q(lasts_months=None) | Q(lasts_months__range=(1, 120))),
                name="trainingtopic_spans",
                violation_error_message="Due within 1 to 365 days; holds 1 to 120 months.",
            ),
            models.UniqueConstraint(
                fields=["site", "label"],
                condition=Q(retired_at=None),
                name="trainingtopic_once",
                violation_error_message="This topic is on the list already.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def due_on(self, partner: ParentPartner) -> dt.date:
        """The day by which the parent partner completes it."""
        return max(partner.starts_on, self.added_on) + dt.timedelta(days=self.due_days)

    def lapses_on(self, completed_on: dt.date) -> dt.date | None:
        """As `lapses_on` of the state's topics."""
        return completed_on + relativedelta(months=self.lasts_months) if self.lasts_months else None


class TrainingRecords(SiteQuerySet):
    def visible_to(self, access) -> TrainingRecords:
        """Coordinators see all, a parent partner their own."""
        return self.filter(partner__in=ParentPartner.objects.visible_to(access))

    def standing(self) -> TrainingRecords:
        """Completions nobody has struck out."""
        return self.filter(is_struck=False)


@keep_history
class TrainingRecord(SiteModel):
    """A topic of the core list completed by one parent partner; struck, never erased, when entered by mistake.

    Either one of the state's (`topic`) or one the site has added (`own_topic`).
    `expires_on` is the first day it no longer holds. `session` is the training that gave the hours, if any.
    """

    partner = WallKey(ParentPartner, related_name="training_records")
    topic = models.CharField(max_length=24, choices=CoreTopic, blank=True)
    own_topic = WallKey(TrainingTopic, null=True, blank=True, related_name="training_records")
    completed_on = models.DateField("completed on")
    expires_on = models.DateField("holds until", null=True, blank=True)
    evidence = models.CharField("certificate", max_length=120, blank=True)
    session = WallKey(SupportSession, null=True, blank=True, related_name="training_records")
    is_struck = models.BooleanField(default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(default=timezone.now)

    personal = {"topic": "employment", "evidence": "short free text"}
    harmless = {
        "id", "site", "partner", "own_topic", "completed_on", "expires_on", "session", "is_struck", "entered_by",
        "entered_at",
    }  # fmt: skip

    objects = SiteManager.from_queryset(TrainingRecords)()

    class Meta:
        ordering = ["-completed_on", "-id"]
        indexes = [models.Index(fields=["site", "partner", "topic"], name="training_site_partner")]
        constraints = [
            without_ssn("trainingrecord", "evidence"),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gt=F("completed_on")),
                name="training_expires_after_completion",
                violation_error_message="It cannot lapse before it is completed.",
            ),
            models.CheckConstraint(
                condition=Q(own_topic=None) & ~Q(topic="") | Q(own_topic__isnull=False, topic=""),
                name="training_of_one_topic",
                violation_error_message="Choose one topic.",
            ),
        ]
        triggers = [not_in_future("completed_on")]

    @property
    def topic_words(self) -> str:
        """The topic as people read it."""
        return str(self.own_topic) if self.own_topic else str(CoreTopic(self.topic).label)


class CertificateFiles(SiteQuerySet):
    def visible_to(self, access) -> CertificateFiles:
        """Of completions that stand: coordinators see all, a parent partner their own."""
        return self.filter(training__in=TrainingRecord.objects.visible_to(access).standing())


class CertificateFile(KeptFile):
    """The certificate of a completed topic. One added by mistake goes with its completion, which is struck out."""

    training = WallKey(TrainingRecord, related_name="files")

    personal = {"content": "certificate with name"}
    harmless = {"id", "site", "training", "kind", "size", "sha256", "added_by", "added_at"}

    objects = SiteManager.from_queryset(CertificateFiles)()

    class Meta(KeptFile.Meta):
        indexes = [models.Index(fields=["site", "training"], name="certificate_site_training")]
        constraints = kept_with("training", "certificate", "This very file is kept here already.")


@dataclass(frozen=True)
class CoreLine:
    """Where one parent partner stands with one topic on a day."""

    topic: CoreTopic | TrainingTopic
    due_on: dt.date
    latest: TrainingRecord | None
    day: dt.date

    @property
    def state(self) -> str:
        """`done`, `lapses_soon`, `lapsed`, `overdue` or `open`."""
        if self.latest is None:
            return "overdue" if self.due_on < self.day else "open"
        end = self.latest.expires_on or FOR_GOOD
        if end <= self.day:
            return "lapsed"
        return "lapses_soon" if end <= self.day + WARN_BEFORE else "done"

    @property
    def label(self) -> str:
        return STATES[self.state]

    @property
    def kind(self) -> str:
        return KINDS[self.state]


STATES = {
    "done": "Completed", "lapses_soon": "Lapses soon", "lapsed": "Lapsed", "overdue": "Overdue", "open": "Not yet",
}  # fmt: skip
KINDS = {
    "done": "success", "lapses_soon": "warning", "lapsed": "error", "overdue": "error", "open": "neutral",
}  # fmt: skip


def core_list(
    partner: ParentPartner, records: list[TrainingRecord], day: dt.date, own: Iterable[TrainingTopic] = ()
) -> list[CoreLine]:
    """The core list of one parent partner on a day.

    Args:
        records: their standing completions, in any order.
        own: what the site has added; a retired one shows where it was completed.

    A partner whose whole core training is recorded by its date alone (an import) owes no single topic of the state's.
    """
    latest: dict[object, TrainingRecord] = {}
    for row in records:
        key = row.own_topic_id or row.topic
        held = latest.get(key)
        if held is None or (row.expires_on or FOR_GOOD) > (held.expires_on or FOR_GOOD):
            latest[key] = row
    lines = [
        CoreLine(topic, partner.starts_on + dt.timedelta(days=DUE_DAYS[topic]), latest.get(topic), day)
        for topic in CoreTopic
        if topic in latest or not partner.is_trained_on(day)
    ]
    return lines + [
        CoreLine(topic, topic.due_on(partner), latest.get(topic.pk), day)
        for topic in own
        if topic.retired_at is None or topic.pk in latest
    ]
