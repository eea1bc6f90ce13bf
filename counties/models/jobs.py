"""Work handed to Celery: the row here is the truth, the message in Redis only a doorbell (`stack.md` 4.2)."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from counties.wall import SiteManager, SiteModel, SiteQuerySet


class Jobs(SiteQuerySet):
    def visible_to(self, access) -> Jobs:
        """A person sees the jobs they asked for."""
        return self.filter(asked_by_id=access.person.id)


MOVES = [
    ("queued", "running"),
    ("running", "done"),
    ("running", "failed"),
    ("running", "queued"),
    ("queued", "failed"),
]
"""Legal changes of status; the database refuses every other."""


class Job(SiteModel):
    """One piece of long work of a site: an import, a PDF, an export. Its result expires.

    `attempt` and `lease_until` make a killed worker harmless: an expired lease is taken up again, at most five
    `progress` is a whole percentage.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120, help_text="Same kind and key: the same work, done once.")
    arguments = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    progress_text = models.CharField(max_length=120, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    input_file = models.BinaryField(null=True, blank=True)
    result = models.JSONField(default=dict)
    file = models.BinaryField(null=True, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    file_type = models.CharField(max_length=80, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    personal = {
        "input_file": "whole upload of a site",
        "file": "whole result",
        "result": "counts and refused row numbers",
        "problem": "text of an error",
    }
    harmless = {
        "id", "site", "kind", "key", "arguments", "status", "progress", "progress_text", "attempt",
        "lease_until", "asked_by", "asked_at", "finished_at", "file_name", "file_type", "expires_at",
    }  # fmt: skip

    objects = SiteManager.from_queryset(Jobs)()

    class Meta:
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["site", "status", "asked_at"], name="job_site_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "kind", "key"],
                condition=Q(status__in=["queued", "running"]),
                name="job_once_at_a_time",
            ),
        ]
        triggers = [pgtrigger.FSM(name="moves", field="status", transitions=MOVES)]
