"""The trail itself. The database refuses to change or delete a row of it, whoever asks."""

import pgtrigger
import uuid_utils.compat as uuid_utils
from django.db import models


class AuditEventQuerySet(models.QuerySet):
    def about(self, kind: str, object_id: object) -> "AuditEventQuerySet":
        """Events that touched one object, among others perhaps."""
        return self.filter(object_kind=kind, object_ids__contains=[str(object_id)])

    def by_person(self, actor_id: int) -> "AuditEventQuerySet":
        return self.filter(actor_id=actor_id)


class AuditEvent(models.Model):
    """One thing somebody did or looked at (`domain.md` 10.9). Holds ids and words, never field values."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.uuid7, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    site_id = models.IntegerField(null=True)
    actor_id = models.IntegerField(null=True)
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40, blank=True)
    object_ids = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    source = models.CharField(max_length=20, default="web")
    ip_hash = models.CharField(max_length=64, blank=True)
    request_id = models.UUIDField()

    personal = {
        "actor_id": "a user of the product",
        "reason": "free text",
        "ip_hash": "derived from an address",
    }
    harmless = {"id", "at", "site_id", "verb", "object_kind", "object_ids", "facts", "source", "request_id"}

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["site_id", "-at"], name="audit_site_at"),
            models.Index(fields=["site_id", "actor_id", "-at"], name="audit_site_actor_at"),
            models.Index(fields=["request_id"], name="audit_request"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"
