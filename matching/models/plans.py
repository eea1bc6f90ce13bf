"""A plan that gives many parents a parent partner at once, and its lines."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.history import keep_history
from counties.wall import SiteManager, SiteModel, SiteQuerySet, WallKey
from families.models import FamilyScopedRows
from matching.models.matches import Match
from partners.models import ParentPartner
from referrals.models import Referral


class Plans(SiteQuerySet):
    def visible_to(self, access) -> Plans:
        return self.all() if "match.suggest" in access else self.none()


@keep_history
class Plan(SiteModel):
    """One assignment, worked out on request: advice until somebody accepts its lines.

    Of the whole waiting list, or of some families of one parent partner (`families_of`) to others. Its id is that of
    the job that made it, so that a job run twice makes one plan.
    """

    made_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    families_of = WallKey(ParentPartner, null=True, blank=True, related_name="reassignments")

    harmless = {"id", "site", "made_at", "asked_by", "families_of"}

    objects = SiteManager.from_queryset(Plans)()

    class Meta:
        ordering = ["-made_at"]


class PlanLines(FamilyScopedRows):
    to_family = "referral__family"

    def visible_to(self, access) -> PlanLines:
        return self.beyond_ties(access) if "match.suggest" in access else self.none()

    def open(self) -> PlanLines:
        """Neither proposed nor taken off, and with somebody to propose."""
        return self.filter(match=None, is_taken_off=False).exclude(partner=None)


@keep_history
class PlanLine(SiteModel):
    """What a plan says about one waiting parent.

    `partner` is who is planned now, `advised` whom the solver chose; `score` explains the present pairing.
    `best_total` are the points of the parent's own best pairing, whatever the others need. `fits` counts the
    partners no hard stop excludes, `stopped` the others by reason. `problem` tells why accepting was refused.
    `replaces` is the running match that ends when the line is accepted.
    """

    plan = WallKey(Plan, related_name="lines")
    referral = WallKey(Referral, related_name="plan_lines")
    position = models.PositiveIntegerField()
    waiting_since = models.DateField()
    partner = WallKey(ParentPartner, null=True, blank=True, related_name="plan_lines")
    advised = WallKey(ParentPartner, null=True, blank=True, related_name="advised_lines")
    score = models.JSONField(default=dict, blank=True)
    best_total = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    fits = models.PositiveIntegerField(default=0)
    stopped = models.JSONField(default=dict, blank=True)
    is_taken_off = models.BooleanField(default=False)
    problem = models.TextField(blank=True)
    match = WallKey(Match, null=True, blank=True, related_name="plan_lines")
    replaces = WallKey(Match, null=True, blank=True, related_name="replaced_in")

    personal = {
        "score": "parts of the suggestion", "best_total": "parts of the suggestion",
        "stopped": "why partners are excluded", "problem": "why a pairing is not possible",
    }  # fmt: skip
    harmless = {
        "id", "site", "plan", "referral", "position", "waiting_since", "partner", "advised", "fits", "is_taken_off",
        "match", "replaces",
    }  # fmt: skip

    objects = SiteManager.from_queryset(PlanLines)()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["site", "plan", "referral"], name="planline_referral_once"),
            models.CheckConstraint(
                condition=Q(match=None) | Q(partner__isnull=False, is_taken_off=False),
                name="planline_proposed_with_partner",
            ),
        ]

    @property
    def cost(self) -> Decimal | None:
        """Points the plan costs this parent against their own best; None where nobody is planned."""
        if not self.score or self.best_total is None:
            return None
        return max(Decimal(0), self.best_total - Decimal(self.score["total"]))
