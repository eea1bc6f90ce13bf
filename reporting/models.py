"""The monthly report, its frozen figures and files, and the published cross-county figures (`domain.md` 6)."""

from __future__ import annotations

import datetime as dt

import pgtrigger
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.models import Site
from counties.wall import SiteManager, SiteModel, SiteQuerySet, WallKey


class MonthlyReports(SiteQuerySet):
    def visible_to(self, access) -> MonthlyReports:
        if "report.view" in access:
            return self.all()
        return self.handed_in() if "report.review" in access else self.none()

    def handed_in(self) -> MonthlyReports:
        """Submitted to DCF, whatever became of it."""
        return self.filter(status__in=MonthlyReport.HANDED_IN)

    def awaiting_submission(self) -> MonthlyReports:
        """First versions that DCF has not received; an amendment has no due day of its own."""
        return self.filter(version=1, status__in=[MonthlyReport.Status.DRAFT, MonthlyReport.Status.CERTIFIED])

    def decided_untold(self) -> MonthlyReports:
        """DCF has decided, and the site's coordinators have not been told since."""
        untold = Q(reminded_at=None) | Q(reminded_at__lt=models.F("reviewed_at"))
        return self.filter(untold, status__in=[MonthlyReport.Status.ACCEPTED, MonthlyReport.Status.RETURNED])

    def newest_version(self) -> MonthlyReports:
        """For each site and month the highest version."""
        return self.filter(~models.Exists(_same_month(version__gt=models.OuterRef("version"))))

    def accepted_or_newest(self) -> MonthlyReports:
        """Of what was handed in for each site and month: the newest version DCF accepted, else the newest."""
        newer = models.OuterRef("version")
        accepted = _same_month(status=MonthlyReport.Status.ACCEPTED)
        newer_accepted = accepted.filter(version__gt=newer)
        newest = ~models.Exists(accepted) & ~models.Exists(
            _same_month(version__gt=newer, status__in=MonthlyReport.HANDED_IN)
        )
        return self.handed_in().filter(
            Q(status=MonthlyReport.Status.ACCEPTED) & ~models.Exists(newer_accepted) | newest
        )


def _same_month(**narrower: object) -> models.QuerySet:
    """Versions of the outer report's site and month."""
    return MonthlyReport.objects.filter(
        site=models.OuterRef("site"), month=models.OuterRef("month"), **narrower
    )


MOVES = [
    ("draft", "certified"),
    ("certified", "draft"),
    ("certified", "submitted"),
    ("submitted", "accepted"),
    ("submitted", "returned"),
]
"""Legal changes of status; the database refuses every other."""

VOUCHED_FOR = (
    "site_id", "month", "version", "due_on", "change_note", "drafted_at", "computed_at", "parameters",
    "successes", "barriers", "help_wanted", "stories", "stories_have_consent", "staff_changes",
    "prepared_by_id", "prepared_by_name",
)  # fmt: skip
"""Columns that certification closes."""
VOUCHED_BY = ("certified_by_id", "certified_by_name", "certified_at")
"""Columns that say who certified; taking the certification back (docs/adr/0014) empties them."""


def _differ(*columns: str) -> str:
    """SQL: whether an update changes any of the columns."""
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"ROW({old}) IS DISTINCT FROM ROW({new})"


_TAKEN_BACK = "(OLD.status = 'certified' AND NEW.status = 'draft')"
FREEZE = (
    f"IF OLD.status <> 'draft' AND {_differ(*VOUCHED_FOR)}"
    f" OR OLD.status <> 'draft' AND {_differ(*VOUCHED_BY)} AND NOT {_TAKEN_BACK}"
    f" OR NEW.certification <> OLD.certification + {_TAKEN_BACK}::int"
    f" OR {_differ('submitted_by_name', 'submitted_at')}"
    " AND NOT (OLD.status = 'certified' AND NEW.status = 'submitted')"
    f" OR {_differ('reviewed_by_name', 'reviewed_at', 'review_comment')}"
    " AND NOT (OLD.status = 'submitted' AND NEW.status IN ('accepted', 'returned'))"
    " THEN RAISE EXCEPTION 'A certified report is frozen' USING ERRCODE = 'check_violation'; END IF;"
    " RETURN NEW;"
)
"""Words, names and times stay; who handed in or decided is written in that very move, once.

The number of the certification grows by one when it is taken back, and never otherwise.
"""


@keep_history
class MonthlyReport(SiteModel):
    """One version of one site's report for one month. Version 1 is the first; an amendment is the next number.

    `month` is its first day. Figures freeze at certification; nobody's name is looked up afterwards, so the
    names of preparer, certifier and reviewer are kept as they were. `certification` counts: a certification
    taken back before the report was submitted makes room for the next one, with files of its own.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        CERTIFIED = "certified", "Certified"
        SUBMITTED = "submitted", "Submitted"
        RETURNED = "returned", "Returned"
        ACCEPTED = "accepted", "Accepted"

    HANDED_IN = [Status.SUBMITTED, Status.RETURNED, Status.ACCEPTED]

    state_may_read = True

    month = models.DateField()
    version = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    due_on = models.DateField()
    change_note = models.TextField(blank=True)
    drafted_at = models.DateTimeField(auto_now_add=True)
    computed_at = models.DateTimeField(null=True, blank=True)
    parameters = models.JSONField(
        default=dict, blank=True, help_text="Settings the figures were computed under (docs/adr/0012)."
    )
    successes = models.TextField("successes", blank=True)
    barriers = models.TextField("barriers", blank=True)
    help_wanted = models.TextField("help wanted from DCF", blank=True)
    stories = models.TextField("impact statements", blank=True)
    stories_have_consent = models.BooleanField("the people quoted agreed to it", default=False)
    staff_changes = models.TextField("changes in staff or agreements", blank=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    prepared_by_name = models.CharField(max_length=120, blank=True)
    certified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    certified_by_name = models.CharField(max_length=120, blank=True)
    certified_at = models.DateTimeField(null=True, blank=True)
    certification = models.PositiveSmallIntegerField(default=1)
    submitted_by_name = models.CharField(max_length=120, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    reviewed_by_name = models.CharField(max_length=120, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_comment = models.TextField(blank=True)
    changed_since_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    personal = {
        "successes": "free text", "barriers": "free text", "help_wanted": "free text", "stories": "free text",
        "staff_changes": "free text", "prepared_by": "staff", "prepared_by_name": "staff", "certified_by": "staff",
        "certified_by_name": "staff", "submitted_by_name": "staff", "reviewed_by_name": "staff",
        "review_comment": "free text", "change_note": "free text",
    }  # fmt: skip
    harmless = {
        "id", "site", "month", "version", "status", "due_on", "drafted_at", "computed_at", "parameters",
        "stories_have_consent", "certified_at", "certification", "submitted_at", "reviewed_at", "changed_since_at",
        "reminded_at",
    }  # fmt: skip

    objects = SiteManager.from_queryset(MonthlyReports)()

    class Meta:
        ordering = ["-month", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["site", "month", "version"], name="report_version_once"),
            models.UniqueConstraint(
                fields=["site", "month"],
                condition=Q(status__in=["draft", "certified", "submitted"]),
                name="report_one_open_version",
                violation_error_message="A version of this month's report is still open.",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(change_note=""),
                name="report_amendment_with_note",
                violation_error_message="An amendment needs a change note.",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", certified_at=None)
                | (~Q(status="draft") & Q(certified_at__isnull=False)),
                name="report_certified_at_with_status",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "certified"], submitted_at=None)
                | Q(status__in=["submitted", "returned", "accepted"], submitted_at__isnull=False),
                name="report_submitted_at_with_status",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(review_comment=""),
                name="report_returned_with_comment",
                violation_error_message="Say what has to be changed.",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="report_month_is_first_day"),
            *(
                without_ssn("monthlyreport", column)
                for column in (
                    "change_note", "successes", "barriers", "help_wanted", "stories", "staff_changes",
                    "review_comment",
                )
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.FSM(name="moves", field="status", transitions=MOVES),
            pgtrigger.Trigger(name="frozen", when=pgtrigger.Before, operation=pgtrigger.Update, func=FREEZE),
        ]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}" + (f", amendment {self.version - 1}" if self.version > 1 else "")

    @property
    def is_frozen(self) -> bool:
        return self.status != self.Status.DRAFT

    @property
    def has_narrative(self) -> bool:
        """Whether something is written under K1 to K5."""
        return any((self.successes, self.barriers, self.help_wanted, self.stories, self.staff_changes))

    @property
    def ends(self) -> dt.date:
        """First day after the month (periods are half-open inside)."""
        return self.month + relativedelta(months=1)


class ReportFigures(SiteQuerySet):
    def visible_to(self, access) -> ReportFigures:
        return self.filter(report__in=MonthlyReport.objects.visible_to(access))


class ReportFigure(SiteModel):
    """One figure of one report version, as `monthly_report --json` prints it. The database freezes it.

    No row history: a draft's figures are recomputed at will, certified ones cannot change.
    """

    state_may_read = True

    report = WallKey(MonthlyReport, related_name="figures")
    field = models.CharField(max_length=8)
    value = models.JSONField(null=True)

    harmless = {"id", "site", "report", "field", "value"}

    objects = SiteManager.from_queryset(ReportFigures)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "report", "field"], name="figure_once")]
        triggers = [
            pgtrigger.Trigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("state", "text")],
                func="SELECT status INTO state FROM reporting_monthlyreport"
                " WHERE id = coalesce(NEW.report_id, OLD.report_id);"
                " IF state <> 'draft' THEN RAISE EXCEPTION 'Certified figures are frozen'"
                " USING ERRCODE = 'check_violation'; END IF;"
                " RETURN coalesce(NEW, OLD);",
            )
        ]


class ReportFiles(SiteQuerySet):
    def visible_to(self, access) -> ReportFiles:
        return self.current().filter(report__in=MonthlyReport.objects.visible_to(access))

    def current(self) -> ReportFiles:
        """Files of the present certification; those of one that was taken back are kept and handed to nobody."""
        return self.filter(certification=models.F("report__certification"))


class ReportFile(SiteModel):
    """One file of a certified report; made once by the worker, the same for everybody who may read it.

    The application may add files, not change them. `certification` is the report's when the file was made.
    """

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "XLSX"
        CSV = "csv", "CSV"
        JSON = "json", "JSON"

    state_may_read = True

    report = WallKey(MonthlyReport, related_name="files")
    kind = models.CharField(max_length=4, choices=Kind)
    certification = models.PositiveSmallIntegerField(default=1)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)

    personal = {"content": "the whole report with its narrative"}
    harmless = {"id", "site", "report", "kind", "certification", "sha256", "made_at"}

    objects = SiteManager.from_queryset(ReportFiles)()

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "report", "kind", "certification"], name="report_file_once"
            )
        ]


class PublishedFigure(models.Model):
    """A certified figure after suppression (`domain.md` 11), readable outside its site; no person's data.

    `value` is null where it is suppressed; nothing else about a suppressed cell is kept here.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="published_figures")
    month = models.DateField()
    field = models.CharField(max_length=8)
    part = models.CharField(
        max_length=40, blank=True, help_text="Code of a split, or numerator, denominator, value."
    )
    value = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    is_suppressed = models.BooleanField(default=False)
    published_at = models.DateTimeField(auto_now_add=True)

    harmless = {"id", "site", "month", "field", "part", "value", "is_suppressed", "published_at"}

    class Meta:
        ordering = ["site", "month", "field", "part"]
        constraints = [
            models.UniqueConstraint(fields=["site", "month", "field", "part"], name="published_once"),
            models.CheckConstraint(
                condition=Q(is_suppressed=False) | Q(value=None), name="published_suppressed_without_value"
            ),
        ]
