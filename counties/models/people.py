"""Who holds which role where, from when to when; and the way in, by invitation only."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from counties.roles import MFA_ROLES, STATE_ROLES, Role
from counties.wall.rules import never_rewritten, said_once


def label_of(role: str, site: models.Model | None) -> str:
    """What a site calls a role (`domain.md` 0.2: program names differ), else the role's own name."""
    own = site.settings.role_labels.get(role) if site is not None else ""
    return own or str(Role(role).label)


class DateSpan(Func):
    """Half-open date range [start, end) of two columns; an open end is unbounded."""

    function = "DATERANGE"
    output_field = DateRangeField()


class RoleAssignments(models.QuerySet):
    def on(self, day: dt.date) -> RoleAssignments:
        """Assignments in force on the day."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))


class RoleAssignment(models.Model):
    """One role of one person at one site (or at the state), dated; ended, never erased."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roles")
    site = models.ForeignKey(
        "counties.Site", on_delete=models.PROTECT, related_name="role_assignments", null=True, blank=True
    )
    role = models.CharField(max_length=30, choices=Role)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    harmless = {"id", "person", "site", "role", "starts_on", "ends_on", "given_by"}

    objects = RoleAssignments.as_manager()

    class Meta:
        ordering = ["-starts_on", "id"]
        indexes = [models.Index(fields=["person", "site"], name="role_person_site")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="role_ends_after_start",
                violation_error_message="The last day is before the first day.",
            ),
            models.CheckConstraint(
                condition=Q(site=None, role__in=STATE_ROLES)
                | (Q(site__isnull=False) & ~Q(role__in=STATE_ROLES)),
                name="role_state_without_site",
                violation_error_message="State roles have no site; every other role has one.",
            ),
            ExclusionConstraint(
                name="role_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (Coalesce("site", 0), RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (DateSpan("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="This person holds that role already in these dates.",
            ),
        ]
        # Ended and given anew, so that who could do what stays to be read.
        triggers = [never_rewritten("person_id", "site_id", "role")]

    @property
    def demands_second_factor(self) -> bool:
        return self.role in MFA_ROLES

    @property
    def label(self) -> str:
        """The role in the words of its site."""
        return label_of(self.role, self.site)

    def __str__(self) -> str:
        return f"{self.get_role_display()} from {self.starts_on:%m/%d/%Y}"


class Invitation(models.Model):
    """A single-use, expiring invitation to one address for one role; only the token's hash is kept."""

    email = models.EmailField()
    name = models.CharField(max_length=120)
    site = models.ForeignKey(
        "counties.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    role = models.CharField(max_length=30, choices=Role)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    invited_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    personal = {"email": "work address", "name": "name of a staff member"}
    harmless = {
        "id", "site", "role", "token_hash", "invited_by", "invited_at", "expires_at", "accepted_at",
        "accepted_by", "withdrawn_at",
    }  # fmt: skip

    class Meta:
        ordering = ["-invited_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(site=None, role__in=STATE_ROLES)
                | (Q(site__isnull=False) & ~Q(role__in=STATE_ROLES)),
                name="invitation_state_without_site",
            ),
        ]
        triggers = [
            said_once("accepted_at"), said_once("withdrawn_at"), never_rewritten("email", "site_id", "role"),
        ]  # fmt: skip

    @property
    def label(self) -> str:
        """The role in the words of its site."""
        return label_of(self.role, self.site)

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()
