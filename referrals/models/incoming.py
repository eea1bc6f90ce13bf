"""What reaches a site before it is a referral: sent from outside, and looked at by staff first."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from audit.history import keep_history
from counties.access import Access
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, SiteQuerySet, WallKey
from counties.wall.rules import not_in_future
from families.codes import CaseType, CourtTrack
from referrals.models.referrals import Referral, ReferralOutcome, ReferralSource

CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Signs of a receipt's code that nobody mistakes for another when reading aloud."""


class PublicForms(SiteQuerySet):
    def visible_to(self, access: Access) -> PublicForms:
        return self.all() if "referral.create" in access else self.none()


@keep_history
class PublicForm(SiteModel):
    """Whether a site takes referrals from people without an account; one row per site, none means open."""

    is_open = models.BooleanField("The form is open", default=True)
    phone = models.CharField("phone number to call instead", max_length=20, blank=True)

    harmless = {"id", "site", "is_open", "phone"}

    objects = SiteManager.from_queryset(PublicForms)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site"], name="publicform_once")]


def new_code() -> str:
    """A code for a receipt that nobody can guess: 12 of 30 signs, about 59 bits."""
    return get_random_string(12, CODE_SIGNS)


class IncomingRows(SiteQuerySet):
    def visible_to(self, access: Access) -> IncomingRows:
        """Whoever sees all families; what became a referral is seen as that referral is."""
        if not access.sees_all_families:
            return self.none()
        return self.filter(Q(referral=None) | Q(referral__in=Referral.objects.visible_to(access)))

    def waiting(self) -> IncomingRows:
        """Not looked at yet."""
        return self.filter(status=IncomingReferral.Status.NEW)


INCOMING_MOVES = [("new", "taken_up"), ("new", "duplicate"), ("new", "declined")]
"""Legal changes of status; the database refuses every other."""


@keep_history
class IncomingReferral(SiteModel):
    """A referral sent from outside. Nothing in it is a family's record until staff take it up.

    There is no field for allegations (`domain.md` 10.1); `note` is short, scanned, and says so. `code` is the
    sender's receipt and shows a status, never a name.
    """

    class Status(models.TextChoices):
        NEW = "new", "New"
        TAKEN_UP = "taken_up", "Taken up"
        DUPLICATE = "duplicate", "Known already"
        DECLINED = "declined", "Not taken up"

    class DeclineReason(models.TextChoices):
        MISTAKE = "mistake", "Spam, a test or a mistake"
        ELSEWHERE = "elsewhere", "Belongs to another county or program"
        NO_CONTACT = "no_contact", "No way to reach the parent"
        TAKEN_BACK = "taken_back", "The sender took it back"

    class Reach(models.TextChoices):
        CALL = "call", _("Call me")
        TEXT = "text", _("Text me")
        EMAIL = "email", _("E-mail me")

    code = models.CharField(max_length=12, default=new_code, editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.NEW)
    source = models.CharField(max_length=24, choices=ReferralSource)
    form_language = models.CharField(max_length=8, default="en")
    sender_name = models.CharField(max_length=80, blank=True)
    sender_agency = models.CharField(max_length=80, blank=True)
    sender_phone = models.CharField(max_length=20, blank=True)
    sender_email = models.EmailField(blank=True)
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    municipality = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=8, blank=True)
    case_type = models.CharField(max_length=20, choices=CaseType, blank=True)
    court_tracks = ArrayField(models.CharField(max_length=30, choices=CourtTrack), default=list, blank=True)
    state_case_id = models.CharField(max_length=20, blank=True)
    parent_agrees = models.BooleanField(null=True, blank=True)
    reach_by = models.CharField(max_length=8, choices=Reach, blank=True)
    may_leave_message = models.BooleanField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    from_site = models.ForeignKey(
        "counties.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    transfer_id = models.UUIDField(null=True, blank=True, editable=False)
    received_on = models.DateField(default=timezone.localdate, editable=False)
    received_at = models.DateTimeField(auto_now_add=True)
    referral = WallKey(Referral, null=True, blank=True, related_name="incoming")
    decline_reason = models.CharField(max_length=12, choices=DeclineReason, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    personal = {
        "source": "child welfare", "sender_name": "name", "sender_agency": "named party", "sender_phone": "phone",
        "sender_email": "address", "first_name": "name", "last_name": "name", "phone": "phone", "email": "address",
        "municipality": "residence", "language": "language", "case_type": "child welfare", "court_tracks": "court",
        "state_case_id": "case id", "parent_agrees": "what was agreed to", "reach_by": "preference",
        "may_leave_message": "preference", "note": "free text", "code": "shows where the referral stands",
    }  # fmt: skip
    harmless = {
        "id", "site", "status", "form_language", "received_on", "received_at", "referral", "decline_reason",
        "answered_at", "answered_by", "from_site", "transfer_id",
    }  # fmt: skip

    objects = SiteManager.from_queryset(IncomingRows)()

    class Meta:
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["site", "status", "received_at"], name="incoming_site_status"),
            models.Index(fields=["site", "referral"], name="incoming_site_referral"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="incoming_code_once"),
            models.CheckConstraint(
                condition=Q(status__in=["taken_up", "duplicate"], referral__isnull=False)
                | Q(status__in=["new", "declined"], referral=None),
                name="incoming_taken_up_with_referral",
            ),
            models.CheckConstraint(
                condition=Q(status="declined") & ~Q(decline_reason="")
                | ~Q(status="declined") & Q(decline_reason=""),
                name="incoming_declined_with_reason",
                violation_error_message="Choose why it is not taken up.",
            ),
            without_ssn("incomingreferral", "note"),
        ]
        triggers = [
            not_in_future("received_on"),
            pgtrigger.FSM(name="moves", field="status", transitions=INCOMING_MOVES),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def shown_code(self) -> str:
        """The code as people read it: three groups of four."""
        return "-".join(self.code[at : at + 4] for at in (0, 4, 8))

    @property
    def sender(self) -> str:
        """Who sent it, for staff."""
        if self.from_site:
            return f"{self.from_site}, as a transfer"
        parts = [self.sender_name, self.sender_agency]
        return ", ".join(filter(None, parts)) or self.get_source_display()

    @property
    def standing(self) -> str:
        """Where it stands in the sender's eyes: one of five words, without a name or a reason."""
        if self.status == self.Status.NEW:
            return "received"
        if self.decline_reason == self.DeclineReason.TAKEN_BACK:
            return "withdrawn"
        if self.referral is None:
            return "not_accepted"
        return _standing_of(self.referral)


def _standing_of(referral: Referral) -> str:
    if referral.withdrawn_on or referral.outcome == ReferralOutcome.WITHDRAWN:
        return "withdrawn"
    if not referral.decided_on:
        return "being_reviewed"
    return "accepted" if referral.outcome == ReferralOutcome.ACCEPTED else "not_accepted"


def facts_of_parent(incoming: IncomingReferral) -> dict[str, Any]:
    """What came in about the parent, as columns of `families.Parent`."""
    names = ["first_name", "last_name", "phone", "email", "municipality", "language", "case_type"]
    return {name: getattr(incoming, name) for name in names}
