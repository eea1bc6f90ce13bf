"""A parent offered to another site: what was given, under which consent, and what came back."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from audit.history import keep_history
from counties.wall import SiteManager, SiteModel, WallKey
from families.codes import RecordCategory
from families.models import Disclosure, FamilyScopedRows, Parent

TRANSFER_MOVES = [("offered", "accepted"), ("offered", "declined"), ("offered", "taken_back")]
"""Legal changes of status; the database refuses every other."""


class Transfers(FamilyScopedRows):
    to_family = "parent__family"


@keep_history
class Transfer(SiteModel):
    """The sender's side of a transfer. The receiver's is an `IncomingReferral` in its own site, known here by id.

    No key crosses the wall: `incoming_id` is a plain id, `to_site` a public fact. History stays with the sender.
    """

    class Status(models.TextChoices):
        OFFERED = "offered", "Offered"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        TAKEN_BACK = "taken_back", "Taken back"

    parent = WallKey(Parent, related_name="transfers")
    to_site = models.ForeignKey("counties.Site", on_delete=models.PROTECT, related_name="+")
    disclosure = WallKey(Disclosure, related_name="transfers")
    categories = ArrayField(models.CharField(max_length=20, choices=RecordCategory))
    status = models.CharField(max_length=10, choices=Status, default=Status.OFFERED)
    incoming_id = models.UUIDField()
    offered_at = models.DateTimeField(auto_now_add=True)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    personal = {"to_site": "residence", "categories": "what was shared"}
    harmless = {
        "id", "site", "parent", "disclosure", "status", "incoming_id", "offered_at", "offered_by", "answered_at",
    }  # fmt: skip

    objects = SiteManager.from_queryset(Transfers)()

    class Meta:
        ordering = ["-offered_at"]
        indexes = [models.Index(fields=["site", "parent"], name="transfer_site_parent")]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "parent"], condition=Q(status="offered"), name="transfer_one_open_offer",
                violation_error_message="This parent is offered to a site already.",
            ),
        ]  # fmt: skip
        triggers = [pgtrigger.FSM(name="moves", field="status", transitions=TRANSFER_MOVES)]

    def __str__(self) -> str:
        return f"Transfer to {self.to_site}"
