"""Counties and tribes (reference data) and the sites that work in them."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from audit.history import keep_history


class County(models.Model):
    """One of Wisconsin's 72 counties, by five-digit FIPS code (`domain.md` 12.2)."""

    fips = models.CharField(max_length=5, primary_key=True)
    name = models.CharField(max_length=40, unique=True)
    region = models.CharField(max_length=20)

    harmless = {"fips", "name", "region"}

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "counties"

    def __str__(self) -> str:
        return f"{self.name} County"


class Tribe(models.Model):
    """One of the 11 federally recognized tribes in Wisconsin (`domain.md` 12.3)."""

    key = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(max_length=80, unique=True)
    counties = models.ManyToManyField(County, blank=True, related_name="tribes")

    harmless = {"key", "name", "counties"}

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Phase(models.TextChoices):
    PLANNING = "planning", "Planning"
    INITIAL = "initial_implementation", "Initial implementation"
    CONTINUED = "continued_implementation", "Continued implementation"
    RENEWAL_1 = "renewal_1", "Renewal 1"
    RENEWAL_2 = "renewal_2", "Renewal 2"
    RENEWAL_3 = "renewal_3", "Renewal 3"
    RENEWAL_4 = "renewal_4", "Renewal 4"
    MOU = "mou_site", "Memorandum of understanding"
    CLOSED = "closed", "Closed"


class Operator(models.TextChoices):
    COUNTY = "county", "County"
    NONPROFIT = "nonprofit", "Non-profit"
    TRIBE = "tribe", "Tribe"
    STATE = "state", "State"


class SiteRows(models.QuerySet):
    def open_on(self, day: dt.date) -> SiteRows:
        """Sites that are open on the day, in a planning phase or serving families."""
        return self.filter(opened_on__lte=day).filter(models.Q(closed_on=None) | models.Q(closed_on__gt=day))

    def serving_in(self, first: dt.date, last: dt.date) -> SiteRows:
        """Sites that owe a report for the period: open and past planning on some day of it."""
        phase = (
            SitePhase.objects.exclude(phase__in=[Phase.PLANNING, Phase.CLOSED])
            .filter(site=models.OuterRef("pk"), starts_on__lte=last)
            .filter(models.Q(ends_on=None) | models.Q(ends_on__gt=first))
        )
        return (
            self.filter(opened_on__lte=last)
            .filter(models.Q(closed_on=None) | models.Q(closed_on__gt=first))
            .filter(models.Exists(phase))
        )


class Site(models.Model):
    """The tenant: one PSP program, in one or more counties (`house.md` "The wall between sites")."""

    slug = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=80, unique=True)
    operator = models.CharField(max_length=10, choices=Operator)
    operator_name = models.CharField(max_length=120, blank=True)
    counties = models.ManyToManyField(County, related_name="sites")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    harmless = {"id", "slug", "name", "operator", "operator_name", "counties", "opened_on", "closed_on"}

    objects = SiteRows.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_on=None) | models.Q(closed_on__gte=models.F("opened_on")),
                name="site_closes_after_opening",
                violation_error_message="The closing date is before the opening date.",
            )
        ]

    @property
    def is_closed(self) -> bool:
        """Closed today or before; a closing day ahead changes nothing yet."""
        return self.closed_on is not None and self.closed_on <= timezone.localdate()

    def __str__(self) -> str:
        return self.name

    def phase_on(self, day: dt.date) -> str:
        """Contract phase in force on the day, "" when none is recorded."""
        row = self.phases.filter(starts_on__lte=day).order_by("-starts_on").first()
        return row.phase if row and (row.ends_on is None or row.ends_on > day) else ""

    @staticmethod
    def today() -> dt.date:
        """The site's local date; every Wisconsin site lives in America/Chicago."""
        return timezone.localdate()


class SitePhase(models.Model):
    """A dated contract phase of a site; half-open, never overwritten."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="phases")
    phase = models.CharField(max_length=30, choices=Phase)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    harmless = {"id", "site", "phase", "starts_on", "ends_on"}

    class Meta:
        ordering = ["site", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["site", "starts_on"], name="site_phase_one_per_start"),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gt=models.F("starts_on")),
                name="site_phase_ends_after_start",
            ),
        ]


def _labels() -> dict[str, str]:
    return {}


def _standard() -> list[int]:
    return [4, 2, 1, 0]


def _percent(low: int, high: int) -> list:
    return [MinValueValidator(low), MaxValueValidator(high)]


@keep_history
class SiteSettings(models.Model):
    """What a site may set for itself; defaults are `domain.md` 5.3 to 5.5, 6 and 11.

    Distances are miles, hours per year are hours, caps are families per 1.0 FTE. `code_lists` holds, by the name of
    a list (`counties/code_lists.py`), the codes switched off (`off`) and the site's own words (`labels`);
    `texts` the passages it has written itself (`counties/texts.py`).
    """

    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="settings")
    role_labels = models.JSONField(default=_labels, blank=True)
    report_due_day = models.PositiveSmallIntegerField(default=15, validators=_percent(1, 28))
    face_to_face_standard = ArrayField(models.PositiveSmallIntegerField(), size=4, default=_standard)
    video_counts_face_to_face = models.BooleanField(default=False)
    soft_cap_per_fte = models.PositiveSmallIntegerField(default=12, validators=_percent(1, 40))
    hard_cap_per_fte = models.PositiveSmallIntegerField(default=15, validators=_percent(1, 40))
    near_miles = models.PositiveSmallIntegerField(default=15)
    far_miles = models.PositiveSmallIntegerField(default=40)
    late_entry_business_days = models.PositiveSmallIntegerField(default=5, validators=_percent(1, 30))
    supervision_sessions_per_month = models.PositiveSmallIntegerField(default=1, validators=_percent(1, 8))
    suppression_threshold = models.PositiveSmallIntegerField(default=11, validators=_percent(6, 20))
    budgeted_fte = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    partners_are_mandated_reporters = models.BooleanField(default=True)
    reporting_lines = models.TextField(blank=True, max_length=1000)
    code_lists = models.JSONField("lists", default=dict, blank=True)
    texts = models.JSONField(default=dict, blank=True)

    harmless = {
        "id", "site", "role_labels", "report_due_day", "face_to_face_standard", "video_counts_face_to_face",
        "soft_cap_per_fte", "hard_cap_per_fte", "near_miles", "far_miles", "late_entry_business_days",
        "supervision_sessions_per_month", "suppression_threshold", "budgeted_fte",
        "partners_are_mandated_reporters", "reporting_lines", "code_lists", "texts",
    }  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hard_cap_per_fte__gte=models.F("soft_cap_per_fte")),
                name="settings_hard_cap_at_least_soft",
                violation_error_message="The hard cap is below the soft cap.",
            ),
            models.CheckConstraint(
                condition=models.Q(suppression_threshold__range=(6, 20)),
                name="settings_suppression_6_to_20",
                violation_error_message="The suppression threshold is a number from 6 to 20.",
            ),
            models.CheckConstraint(
                condition=models.Q(report_due_day__range=(1, 28)),
                name="settings_due_day_1_to_28",
                violation_error_message="The due day is a day of the month from 1 to 28.",
            ),
        ]
