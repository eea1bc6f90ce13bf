"""The site's reports: list, page, narrative, certification, submission, amendments, files."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.lists import ListPage, paginate, render_list
from counties.permissions import Right
from reporting import display, page
from reporting.actions import (
    amend_report,
    certify_report,
    differences,
    digest,
    draft_report,
    may_certify,
    note_changes,
    recompute_report,
    submit_report,
    take_back_certification,
    write_narrative,
)
from reporting.actions.certifying import second_person_sentence
from reporting.actions.drafting import parameters_for
from reporting.files import LABELS
from reporting.forms import (
    AmendForm,
    CertifyForm,
    DraftForm,
    NarrativeForm,
    PlainForm,
    ReportFilter,
    TakeBackForm,
)
from reporting.measures import compute, rows_behind
from reporting.measures.identities import identities
from reporting.measures.registry import BY_FIELD
from reporting.models import MonthlyReport

ROWS_ON_A_PAGE = 50


@site_view(Right.REPORT_VIEW)
def report_list(request: HttpRequest, site: str) -> HttpResponse:
    """The site's reports by month, newest version of each."""
    reports = MonthlyReport.objects.visible_to(request.access)
    years = [day.year for day in reports.dates("month", "year", order="DESC")]
    filters = ReportFilter(request.GET, years=years)
    listing = paginate(
        request,
        filters.narrow(reports.newest_version()),
        default="-month",
        sorts={"month": "month", "status": ("status", "month"), "due": "due_on", "submitted": "submitted_at"},
    )
    record("report.listed", kind="monthlyreport", ids=[report.pk for report in listing])
    context = {
        "title": "Monthly reports",
        "filters": filters,
        "listing": listing,
        "today": timezone.localdate(),
    }
    return render_list(request, "reporting/list.html", context | {"any_report": bool(years)})


@site_view(Right.REPORT_VIEW)
def detail(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """One version of a report: figures, narrative, what is left to do, files, history."""
    report = _report(request, pk)
    record("report.viewed", report)
    values = dict(report.figures.values_list("field", "value"))
    versions = list(
        MonthlyReport.objects.visible_to(request.access).filter(month=report.month).order_by("-version")
    )
    is_newest = report == versions[0]
    answered = page.answered_by(report, versions)
    changed = page.changes(note_changes(report=report)) if report.is_frozen and is_newest else []
    context = {
        "title": f"Report for {report.month:%B %Y}",
        "report": report,
        "sections": display.sections(values),
        "problems": identities(values),
        "changes": changed,
        "narrative": page.narrative(report),
        "comment": page.read_comment(answered.review_comment if answered else report.review_comment),
        "answered": answered,
        "versions": versions,
        "is_newest": is_newest,
        "may_amend": is_newest and report.status in (report.Status.ACCEPTED, report.Status.RETURNED),
        "files": page.stored_files(report),
        "file_kinds": LABELS,
        "files_job": page.files_job(report) if report.is_frozen else None,
        "taken_back": page.taken_back(report),
        "today": timezone.localdate(),
        "breadcrumbs": [("Reports", reverse("reporting:list", args=[site]))],
    }
    return render(request, "reporting/detail.html", context)


@site_view(Right.REPORT_DRAFT)
def draft(request: HttpRequest, site: str) -> HttpResponse:
    """Draft the report of a month that has none."""
    taken = set(MonthlyReport.objects.visible_to(request.access).values_list("month", flat=True))
    since = request.site.opened_on
    form = DraftForm(request.POST or None, today=timezone.localdate(), since=since, taken=taken)
    if form.answered(request, draft_report, site=request.site):
        messages.success(request, f"The report for {form.result.month:%B %Y} is drafted.")
        return redirect("reporting:detail", site, form.result.pk)
    return _form(
        request,
        form,
        "Draft a report",
        reverse("reporting:list", args=[site]),
        submit_label="Draft the report",
        lead="The night of the 1st drafts last month by itself. Use this for a month that was left out.",
    )


@site_view(Right.REPORT_DRAFT)
def recompute(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Compute a draft's figures from the records as they are now."""
    report = _report(request, pk)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if form.answered(request, recompute_report, report=report):
        messages.success(request, "The figures are computed from the records as they are now.")
        return redirect(_page(request, report))
    return _form(
        request,
        form,
        "Compute the figures again",
        _page(request, report),
        submit_label="Compute again",
        points=["Figures come from the records as they are now.", "The narrative stays as it is."],
    )


@site_view(Right.REPORT_WRITE)
def write(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Write the narrative, K1 to K5."""
    report = _report(request, pk)
    if report.is_frozen:
        return _too_late(request, report, "This report is certified; its narrative does not change any more.")
    form = NarrativeForm(
        request.POST or None,
        initial={name: getattr(report, name) for name in NarrativeForm.base_fields if name != "confirmed"},
    )
    if form.answered(request, write_narrative, report=report):
        messages.success(request, "The narrative is saved.")
        return redirect(_page(request, report))
    return _form(
        request,
        form,
        f"Narrative for {report.month:%B %Y}",
        _page(request, report),
        submit_label="Save the narrative",
        lead="Leave a part empty when there is nothing to say.",
    )


@site_view(Right.REPORT_CERTIFY)
def certify(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Look at the figures as of now, then freeze them."""
    report = _report(request, pk)
    if report.is_frozen:
        return _too_late(request, report, "This report is certified already.")
    form = CertifyForm(request.POST or None)
    if form.answered(request, certify_report, report=report):
        messages.success(
            request, "The report is certified and its figures are frozen. Submit it to DCF next."
        )
        return redirect(_page(request, report))
    values = compute(report.site, report.month, parameters=parameters_for(report))
    shown = CertifyForm(initial={"seen": digest(report, values)})
    context = {
        "title": f"Certify the report for {report.month:%B %Y}",
        "report": report,
        "form": form,
        "seen": shown["seen"],
        "sections": display.sections(values),
        "problems": identities(values),
        "changes": page.changes(differences(report, values)),
        "narrative": page.narrative(report),
        "may_certify": may_certify(report=report, by=request.user),
        "second_person": ""
        if may_certify(report=report, by=request.user)
        else second_person_sentence(report, request.user),
        "breadcrumbs": _trail(request, report),
    }
    return render(request, "reporting/certify.html", context)


@site_view(Right.REPORT_CERTIFY)
def take_back(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Make a certified report that was not submitted a draft again."""
    report = _report(request, pk)
    if report.status != report.Status.CERTIFIED:
        return _too_late(request, report, "Only a certified report that was not submitted can be taken back.")
    form = TakeBackForm(request.POST or None)
    if form.answered(request, take_back_certification, report=report):
        messages.success(request, "The certification is taken back. The report is a draft again.")
        return redirect(_page(request, report))
    return _form(
        request,
        form,
        f"Take back the certification for {report.month:%B %Y}",
        _page(request, report),
        submit_label="Take back the certification",
        points=[
            "The report becomes a draft; its figures are computed from the records as they are now.",
            "The narrative can be written again, and the report has to be certified anew.",
            "Files of this certification are no longer handed out; the trail keeps who certified and when.",
        ],
    )


@site_view(Right.REPORT_SUBMIT)
def submit(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Hand the certified report in to DCF."""
    report = _report(request, pk)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if form.answered(request, submit_report, report=report):
        messages.success(request, f"The report for {report.month:%B %Y} has been submitted to DCF.")
        return redirect(_page(request, report))
    return _form(
        request,
        form,
        f"Submit the report for {report.month:%B %Y}",
        _page(request, report),
        submit_label="Submit to DCF",
        points=[
            "DCF sees the certified figures and the narrative, never a family.",
            "DCF accepts the report or returns it with comments; you are told by e-mail.",
            "Afterwards a correction is a numbered amendment.",
        ],
    )


@site_view(Right.REPORT_AMEND)
def amend(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Open the next version of a report DCF has decided on."""
    report = _report(request, pk)
    form = AmendForm(request.POST or None)
    if form.answered(request, amend_report, report=report):
        messages.success(request, "The amendment is drafted with the figures of today's records.")
        return redirect(_page(request, form.result))
    return _form(
        request,
        form,
        f"Amend the report for {report.month:%B %Y}",
        _page(request, report),
        submit_label="Draft the amendment",
        points=[
            "A new version is drafted; the narrative is copied.",
            "The certified version stays as it is and can still be read.",
            "The amendment is certified and submitted like the first version.",
        ],
    )


@site_view(Right.FIGURE_ROWS)
def rows(request: HttpRequest, site: str, pk: str, field: str) -> HttpResponse:
    """The records behind one figure, as they are today."""
    report = _report(request, pk)
    if field not in BY_FIELD or not BY_FIELD[field].has_rows:
        return _too_late(
            request, report, "This figure is computed from other figures; it has no records of its own."
        )
    of = BY_FIELD[field]
    part = request.GET.get("part", "") if request.GET.get("part") in of.kind.behind() else ""
    behind = rows_behind(field, report.site, report.month, part, parameters=parameters_for(report))
    found = Paginator(page.within_sight(request, behind), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    record(
        "figure.rows_viewed",
        **page.shown(found),
        figure=field,
        month=f"{report.month:%Y-%m}",
        report=str(report.pk),
    )
    values = dict(report.figures.filter(field=field).values_list("field", "value"))
    context = {
        "title": f"Behind {field} {of.label}",
        "report": report,
        "measure": of,
        "shown": display.show(of, values.get(field)),
        "part": display.part_label(of, part) if part else "",
        "table": page.rows_table(request, behind, found),
        "listing": ListPage(page=found, sort="", sorts=(), page_size=ROWS_ON_A_PAGE),
        "breadcrumbs": _trail(request, report),
    }
    return render(request, "reporting/rows.html", context)


def _report(request: HttpRequest, pk: str) -> MonthlyReport:
    """The report, with its site and the site's settings as the request knows them."""
    report = find(MonthlyReport.objects.visible_to(request.access), pk=pk)
    report.site = request.site
    return report


def _page(request: HttpRequest, report: MonthlyReport) -> str:
    return reverse("reporting:detail", args=[request.site.slug, report.pk])


def _trail(request: HttpRequest, report: MonthlyReport) -> list[tuple[str, str]]:
    return [
        ("Reports", reverse("reporting:list", args=[request.site.slug])),
        (f"{report.month:%B %Y}", _page(request, report)),
    ]


def _too_late(request: HttpRequest, report: MonthlyReport, sentence: str) -> HttpResponse:
    messages.info(request, sentence)
    return redirect(_page(request, report))


def _form(request: HttpRequest, form: object, title: str, back: str, **more: object) -> HttpResponse:
    crumbs = [("Reports", reverse("reporting:list", args=[request.site.slug]))]
    context = {"title": title, "form": form, "cancel_url": back, "breadcrumbs": crumbs, **more}
    return render(request, "components/form_page.html", context)
