"""Parent partners (`domain.md` 1.2)."""

from __future__ import annotations

import datetime as dt
import math

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, Func, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Floor, Greatest
from django.utils import timezone

from audit.history import keep_history
from counties.codes import Experience, Gender, Language
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, SiteQuerySet
from counties.wall.rules import not_in_future


class EligibilityBasis(models.TextChoices):
    REUNIFIED = "reunified", "Reunified with the children"
    RIGHTS_RESOLVED = "rights_resolved", "Termination of parental rights resolved"
    OTHER_PERMANENCY = "other_permanency", "Another permanency decision resolved"


class Separation(models.TextChoices):
    """Why a parent partner left (`domain.md` 13)."""

    PROMOTED = "promoted", "Promoted"
    NEW_JOB_FIELD = "new_job_field", "New job in child welfare"
    OTHER_JOB = "other_job", "Other job"
    PERSONAL = "personal", "Personal"
    INVOLUNTARY = "involuntary", "Involuntary"


class PartnerStatus(models.TextChoices):
    """Where a parent partner stands on a day; read from dates and leave, kept nowhere."""

    ACTIVE = "active", "Active"
    PLANNED = "planned", "Starts later"
    ON_LEAVE = "on_leave", "On leave"
    ENDED = "ended", "Left"


ONE_YEAR = relativedelta(months=12)
SUPERVISION_EVERY = dt.timedelta(days=14)
"""Individual supervision is due two weeks after the last one (`domain.md` 13)."""


def _experience() -> ArrayField:
    return ArrayField(models.CharField(max_length=30, choices=Experience), default=list, blank=True)


def _cap(per_fte: int) -> Greatest:
    """The database's `ParentPartner.cap`."""
    product = models.ExpressionWrapper(F("fte") * per_fte, output_field=models.DecimalField())
    return Greatest(Value(1), Floor(product), output_field=models.IntegerField())


class AYearAfter(Func):
    """Instant one year after a date column, as the database reckons it (29 February leads to 28 February)."""

    template = "(%(expressions)s + interval '12 months')"
    output_field = models.DateTimeField()


class ParentPartners(SiteQuerySet):
    def visible_to(self, access) -> ParentPartners:
        if "partner.view_all" in access:
            return self.all()
        return self.filter(person=access.person) if "partner.view" in access else self.none()

    def active_on(self, day: dt.date) -> ParentPartners:
        """`start <= day and (end is null or end > day)` (`import-format.md`)."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))

    def current_on(self, day: dt.date) -> ParentPartners:
        """Everyone who has not left by the day, also those on leave or about to start."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day))

    def with_caseload(self, limits) -> ParentPartners:
        """Annotate `families` (with a running match) and the caps they are held against (`domain.md` 5.4).

        Args:
            limits: the site's settings; caps are families per 1.0 FTE.
        """
        # Matches live in a room above and are counted by their reverse name, so that no import points up.
        return self.annotate(
            families=Count("matches__parent__family", filter=Q(matches__status="active"), distinct=True),
            soft_cap=_cap(limits.soft_cap_per_fte),
            hard_cap=_cap(limits.hard_cap_per_fte),
        )

    def with_supervision(self) -> ParentPartners:
        """Annotate `supervised_on`, the last individual supervision, and `supervision_due_on`, the next."""
        from partners.models.sessions import SupportSession  # its rows know partners, so it comes later

        sessions = SupportSession.objects.standing().filter(
            kind=SupportSession.Kind.INDIVIDUAL,
            attendances__partner=OuterRef("pk"),
            attendances__is_present=True,
        )
        last = sessions.order_by().values("kind").annotate(last=Max("held_on")).values("last")
        due = models.ExpressionWrapper(
            Coalesce("supervised_on", "starts_on") + Value(SUPERVISION_EVERY),
            output_field=models.DateTimeField(),
        )
        return self.annotate(supervised_on=Subquery(last)).annotate(
            supervision_due_on=Cast(due, models.DateField())
        )

    def with_lapsed(self, day: dt.date) -> ParentPartners:
        """Annotate `lapsed_topics`, the core topics whose every completion has run out by the day."""
        from partners.models.training import FOR_GOOD, TrainingRecord

        lapsed = (
            TrainingRecord.objects.standing()
            .filter(partner=OuterRef("pk"), own_topic=None)
            .order_by()
            .values("topic")
            .annotate(holds_until=Max(Coalesce("expires_on", FOR_GOOD)))
            .filter(holds_until__lte=day)
            .values("topic")
        )
        return self.annotate(lapsed_topics=ArraySubquery(lapsed))

    def may_work_alone(self, day: dt.date) -> ParentPartners:
        """Core training complete and nothing of it lapsed (V10); carries `lapsed_topics`."""
        return self.with_lapsed(day).filter(core_training_completed_on__lte=day, lapsed_topics=[])

    def own(self, access) -> ParentPartners:
        """The person's own profile here, the newest role first; whatever else they may see."""
        return self.filter(person=access.person).order_by(F("ends_on").desc(nulls_first=True), "-starts_on")

    def may_attend(self, access) -> ParentPartners:
        """Names for an attendance list: who records sessions needs them, without reading any profile."""
        return self.all() if "session.record" in access else self.none()


@keep_history
class ParentPartner(SiteModel):
    """A parent with lived experience who mentors; the profile is itself sensitive history.

    `fte` is a share of full time, 0.05 to 1.00. `starts_on` is the first, `ends_on` the first day no longer active.
    `experience` belongs to the person (docs/adr/0018): matching may reckon with `experience_used`, coordinators may
    read `experience_shown` alone, and since `experience_told_at` nobody but the person changes the three.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="partner_profiles",
    )
    source_id = models.CharField("site's own id", max_length=40, blank=True)
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    gender = models.CharField(max_length=12, choices=Gender, blank=True)
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    culture = models.CharField(max_length=60, blank=True)
    municipality = models.CharField(max_length=60, blank=True)
    experience = _experience()
    experience_used = _experience()
    experience_shown = _experience()
    experience_told_at = models.DateTimeField(null=True, blank=True)
    eligibility_basis = models.CharField(max_length=20, choices=EligibilityBasis)
    eligibility_on = models.DateField("eligibility date")
    eligibility_verified_by = models.CharField("verified by", max_length=80, blank=True)
    eligibility_override = models.TextField("state override, with the reason", blank=True)
    starts_on = models.DateField("start date")
    ends_on = models.DateField("end date", null=True, blank=True)
    separation = models.CharField("why they left", max_length=20, choices=Separation, blank=True)
    is_on_leave = models.BooleanField(default=False)
    fte = models.DecimalField("FTE", max_digits=3, decimal_places=2)
    core_training_completed_on = models.DateField(null=True, blank=True)

    personal = {
        "person": "account", "source_id": "pseudonym", "first_name": "name", "last_name": "name",
        "email": "address", "phone": "phone", "gender": "gender", "languages": "language", "culture": "culture",
        "municipality": "residence", "experience": "own child-welfare history",
        "experience_used": "own child-welfare history", "experience_shown": "own child-welfare history",
        "eligibility_basis": "own child-welfare history", "eligibility_on": "own child-welfare history",
        "eligibility_verified_by": "name", "eligibility_override": "free text", "separation": "employment",
        "is_on_leave": "employment",
    }  # fmt: skip
    harmless = {
        "id",
        "site",
        "starts_on",
        "ends_on",
        "fte",
        "core_training_completed_on",
        "experience_told_at",
    }

    objects = SiteManager.from_queryset(ParentPartners)()

    class Meta:
        ordering = ["last_name", "first_name"]
        indexes = [models.Index(fields=["site", "starts_on"], name="partner_site_start")]
        constraints = [
            without_ssn("parentpartner", "eligibility_override"),
            models.UniqueConstraint(
                fields=["site", "source_id"], condition=~Q(source_id=""), name="partner_source_id_once"
            ),
            models.UniqueConstraint(
                fields=["site", "person"], condition=Q(ends_on=None), name="partner_person_once"
            ),
            models.CheckConstraint(
                condition=Q(experience_used__contained_by=F("experience"))
                & Q(experience_shown__contained_by=F("experience_used")),
                name="partner_experience_within_told",
                violation_error_message="Only what is told can be used, and only what is used can be named.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="partner_ends_after_start",
                violation_error_message="The end date is before the start date.",
            ),
            models.CheckConstraint(
                condition=Q(fte__gte=0.05) & Q(fte__lte=1),
                name="partner_fte_0_05_to_1",
                violation_error_message="FTE is a number from 0.05 to 1.00.",
            ),
            # A partner who came by import was engaged before the product was there: V09 warns (import-format.md).
            models.CheckConstraint(
                condition=~Q(source_id="")
                | ~Q(eligibility_override="")
                | Q(starts_on__gte=AYearAfter(F("eligibility_on"))),
                name="v09_eligible_for_a_year",
                violation_error_message="V09: a parent partner may start one year after the eligibility date.",
            ),
        ]
        triggers = [not_in_future("core_training_completed_on")]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_eligible(self) -> bool:
        """One year since the eligibility date at the start of the role, or a state override (`domain.md` V09)."""
        # Asked for every partner of a page; the exact day matters only within a year and a day.
        is_long_after = (self.starts_on - self.eligibility_on).days > 366
        return bool(self.eligibility_override) or is_long_after or self.may_start_on <= self.starts_on

    @property
    def may_start_on(self) -> dt.date:
        """First day the role may begin without a state override (`domain.md` V09)."""
        return self.eligibility_on + ONE_YEAR

    def is_active_on(self, day: dt.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or self.ends_on > day)

    def status_on(self, day: dt.date) -> PartnerStatus:
        """Where they stand on the day; leave is told of those in the role only."""
        if self.ends_on and self.ends_on <= day:
            return PartnerStatus.ENDED
        if self.starts_on > day:
            return PartnerStatus.PLANNED
        return PartnerStatus.ON_LEAVE if self.is_on_leave else PartnerStatus.ACTIVE

    @property
    def status_today(self) -> PartnerStatus:
        return self.status_on(timezone.localdate())

    def is_trained_on(self, day: dt.date) -> bool:
        """Core training complete on the day (`domain.md` V10)."""
        return self.core_training_completed_on is not None and self.core_training_completed_on <= day

    def may_work_alone_on(self, day: dt.date) -> bool:
        """Core training complete and nothing of it lapsed; one query unless `with_lapsed` was asked (V10)."""
        lapsed = getattr(self, "lapsed_topics", None)
        if lapsed is None:
            lapsed = (
                ParentPartner.objects.with_lapsed(day).values_list("lapsed_topics", flat=True).get(pk=self.pk)
            )
        return self.is_trained_on(day) and not lapsed

    def cap(self, per_fte: int) -> int:
        """Families this partner may have: cap per FTE times FTE, rounded down, at least 1 (`domain.md` 5.4)."""
        return max(1, math.floor(per_fte * self.fte))

    def experience_shown_display(self) -> str:
        """What the person lets coordinators read, in words; never the rest."""
        names = dict(Experience.choices)
        return ", ".join(str(names[code]) for code in self.experience_shown)

    def languages_display(self) -> str:
        names = dict(Language.choices)
        return ", ".join(names.get(code, code) for code in self.languages)
