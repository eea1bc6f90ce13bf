"""The way from first interest to the role of a parent partner, and out of it (docs/adr/0015)."""

from __future__ import annotations

import datetime as dt

import pgtrigger
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import models
from django.db.models import F, Max, Q
from django.utils import timezone

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, SiteQuerySet, WallKey
from counties.wall.rules import not_in_future
from partners.models.partner import EligibilityBasis, ParentPartner, Separation


class Stage(models.TextChoices):
    INTERESTED = "interested", "Interested"
    APPLIED = "applied", "Applied"
    INTERVIEW = "interview", "Interview"
    REFERENCES = "references", "References"
    BACKGROUND_CHECK = "background_check", "Background check"
    ELIGIBLE = "eligible", "Eligible"
    ONBOARDING = "onboarding", "Onboarding"
    ACTIVE = "active", "Active"
    ON_LEAVE = "on_leave", "On leave"
    LEFT = "left", "Left"


BEFORE = [
    Stage.INTERESTED, Stage.APPLIED, Stage.INTERVIEW, Stage.REFERENCES, Stage.BACKGROUND_CHECK, Stage.ELIGIBLE,
    Stage.ONBOARDING,
]  # fmt: skip
"""The stages before the role, in their order."""
CLEARED = [Stage.ELIGIBLE, Stage.ONBOARDING, Stage.ACTIVE, Stage.ON_LEAVE]
"""Where the background check is cleared and the one-year rule is verified."""
IN_ROLE = [Stage.ACTIVE, Stage.ON_LEAVE]

_STEPS = list(zip(BEFORE, [*BEFORE[1:], Stage.ACTIVE], strict=True))
MOVES: frozenset[tuple[str, str]] = frozenset({
    *((here.value, there.value) for here, there in _STEPS),
    *((there.value, here.value) for here, there in _STEPS if there != Stage.ACTIVE),
    *((here.value, Stage.LEFT.value) for here in [*BEFORE, *IN_ROLE]),
    (Stage.ACTIVE.value, Stage.ON_LEAVE.value), (Stage.ON_LEAVE.value, Stage.ACTIVE.value),
})  # fmt: skip
"""One step ahead, one step back before the role (a slip), leave and return, and out from everywhere."""


class LeftBecause(models.TextChoices):
    """Why the way ended: before the role, or the reason the role ended (`domain.md` 13)."""

    WITHDREW = "withdrew", "Withdrew"
    NO_REPLY = "no_reply", "No reply any more"
    NOT_YET = "not_yet", "Not yet eligible"
    NOT_SELECTED = "not_selected", "Not selected"
    PROMOTED = Separation.PROMOTED.value, Separation.PROMOTED.label
    NEW_JOB_FIELD = Separation.NEW_JOB_FIELD.value, Separation.NEW_JOB_FIELD.label
    OTHER_JOB = Separation.OTHER_JOB.value, Separation.OTHER_JOB.label
    PERSONAL = Separation.PERSONAL.value, Separation.PERSONAL.label
    INVOLUNTARY = Separation.INVOLUNTARY.value, Separation.INVOLUNTARY.label


class Recruitments(SiteQuerySet):
    def visible_to(self, access) -> Recruitments:
        """Coordinators alone; parent partners never see who applies."""
        return self.all() if "partner.view_all" in access else self.none()

    def with_last_move(self) -> Recruitments:
        """Annotate `since`, the day the present stage began."""
        return self.annotate(since=Max("moves__moved_on"))


@keep_history
class Recruitment(SiteModel):
    """One person's way into the work. Of the background check only that it was asked for and cleared is kept.

    `partner` is set when the role begins; from then on the role's own verbs move the stage.
    """

    Status = Stage

    status = models.CharField("stage", max_length=20, choices=Stage, default=Stage.INTERESTED)
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    eligibility_basis = models.CharField(max_length=20, choices=EligibilityBasis, blank=True)
    eligibility_on = models.DateField("eligibility date", null=True, blank=True)
    eligibility_verified_by = models.CharField("verified by", max_length=80, blank=True)
    eligibility_override = models.TextField("state override, with the reason", blank=True)
    background_requested_on = models.DateField(null=True, blank=True)
    background_requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    background_cleared_on = models.DateField(null=True, blank=True)
    background_cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    left_because = models.CharField("why it ended", max_length=20, choices=LeftBecause, blank=True)
    partner = WallKey(ParentPartner, null=True, blank=True, related_name="recruitments")

    personal = {
        "first_name": "name", "last_name": "name", "email": "address", "phone": "phone", "status": "employment",
        "eligibility_basis": "own child-welfare history", "eligibility_on": "own child-welfare history",
        "eligibility_verified_by": "name", "eligibility_override": "free text",
        "background_requested_on": "employment", "background_cleared_on": "employment", "left_because": "employment",
    }  # fmt: skip
    harmless = {"id", "site", "partner", "background_requested_by", "background_cleared_by"}

    objects = SiteManager.from_queryset(Recruitments)()

    class Meta:
        ordering = ["last_name", "first_name"]
        indexes = [models.Index(fields=["site", "status"], name="recruitment_site_status")]
        constraints = [
            without_ssn("recruitment", "eligibility_override"),
            models.UniqueConstraint(
                fields=["site", "partner"],
                condition=Q(partner__isnull=False),
                name="recruitment_partner_once",
            ),
            models.CheckConstraint(
                condition=(Q(status=Stage.LEFT) & ~Q(left_because=""))
                | (~Q(status=Stage.LEFT) & Q(left_because="")),
                name="recruitment_left_because",
                violation_error_message="Choose why it ended.",
            ),
            models.CheckConstraint(
                condition=Q(status=Stage.LEFT)
                | Q(status__in=IN_ROLE, partner__isnull=False)
                | Q(status__in=BEFORE, partner__isnull=True),
                name="recruitment_partner_in_role",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=CLEARED)
                | (
                    Q(background_cleared_on__isnull=False, eligibility_on__isnull=False)
                    & ~Q(eligibility_basis="")
                    & ~Q(eligibility_verified_by="")
                ),
                name="recruitment_cleared_and_verified",
                violation_error_message="The background check must be cleared and the one-year rule verified.",
            ),
            models.CheckConstraint(
                condition=Q(background_cleared_on=None)
                | Q(
                    background_requested_on__isnull=False,
                    background_cleared_on__gte=F("background_requested_on"),
                ),
                name="recruitment_cleared_after_request",
                violation_error_message="The check was cleared before it was asked for.",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="legal_moves", field="status", transitions=sorted(MOVES)),
            not_in_future("background_requested_on", "background_cleared_on"),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def may_start_on(self) -> dt.date | None:
        """First day of the role by the one-year rule (`domain.md` V09); None while the date is not known."""
        return self.eligibility_on + relativedelta(months=12) if self.eligibility_on else None

    def missing(self, day: dt.date) -> list[str]:
        """What still stands between this person and the stage "eligible", in words."""
        problems = []
        if not (self.eligibility_basis and self.eligibility_on):
            problems.append("the basis and the eligibility date")
        if not self.eligibility_verified_by:
            problems.append("who verified the one-year rule")
        if self.may_start_on and self.may_start_on > day and not self.eligibility_override:
            problems.append(f"the one-year rule, which is met on {self.may_start_on:%m/%d/%Y}")
        if not self.background_cleared_on:
            problems.append("the cleared background check")
        return problems

    def ahead(self) -> list[Stage]:
        """Stages a coordinator can choose next; the role itself begins and ends with its own verbs."""
        if self.partner_id:
            return []
        return [stage for stage in Stage if (self.status, stage) in MOVES and stage not in IN_ROLE]


class RecruitmentMoves(SiteQuerySet):
    def visible_to(self, access) -> RecruitmentMoves:
        return self.filter(recruitment__in=Recruitment.objects.visible_to(access))


@keep_history
class RecruitmentMove(SiteModel):
    """One dated move of a recruitment; `before` is blank at the first interest."""

    recruitment = WallKey(Recruitment, related_name="moves")
    before = models.CharField(max_length=20, choices=Stage, blank=True)
    after = models.CharField(max_length=20, choices=Stage)
    moved_on = models.DateField("date")
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(default=timezone.now)

    personal = {"before": "employment", "after": "employment"}
    harmless = {"id", "site", "recruitment", "moved_on", "moved_by", "entered_at"}

    objects = SiteManager.from_queryset(RecruitmentMoves)()

    class Meta:
        ordering = ["entered_at", "id"]
        indexes = [models.Index(fields=["site", "recruitment"], name="recruitment_move_of")]
        triggers = [not_in_future("moved_on")]
