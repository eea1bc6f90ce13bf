"""Downloads of a report: made by a worker, watched on the page, handed out with a trace."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from audit.record import record
from counties import jobs
from counties.access import find
from counties.decorators import site_view
from counties.models import Job
from counties.permissions import Right
from reporting import files
from reporting.actions.certifying import ask_for_files
from reporting.models import MonthlyReport, ReportFile

LABELS = {"report.files": "Files of the report", "report.draft_file": "Draft file"}


@site_view(Right.REPORT_VIEW)
def file(request: HttpRequest, site: str, pk: str, kind: str) -> HttpResponse:
    """Hand out one file of a certified report."""
    report = find(MonthlyReport.objects.visible_to(request.access).select_related("site"), pk=pk)
    return hand_out(find(ReportFile.objects.visible_to(request.access), report=report, kind=kind), report)


@site_view(Right.REPORT_VIEW)
@require_POST
def make_file(request: HttpRequest, site: str, pk: str, kind: str) -> HttpResponse:
    """Ask the worker for a file: of a draft just for this person, of a certified report for everybody."""
    report = find(MonthlyReport.objects.visible_to(request.access), pk=pk)
    if kind not in files.MAKERS:
        raise Http404("No such kind of file.")
    if report.is_frozen:
        job = ask_for_files(report, request.access.person)
    else:
        arguments = {"report": str(report.pk), "kind": kind}
        key = f"{report.pk}:{kind}:{request.user.pk}"
        job = jobs.ask_for(kind="report.draft_file", key=key, by=request.user, arguments=arguments)
    return redirect("reporting:job", site, job.pk)


@site_view(Right.REPORT_VIEW)
def job(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """How far the work is; a page of its own, or the fragment that asks again."""
    job = find(_jobs(request), pk=pk)
    back = reverse("reporting:detail", args=[site, job.arguments["report"]])
    is_draft = job.kind == "report.draft_file"
    context = {
        "title": LABELS[job.kind],
        "job": job,
        "label": LABELS[job.kind],
        "url": reverse("reporting:job", args=[site, job.pk]),
        "download_url": reverse("reporting:draft_file", args=[site, job.pk]) if is_draft else f"{back}#files",
        "download_label": f"Download {job.file_name}" if is_draft else "Show the files",
        "back": back,
        "breadcrumbs": [("Reports", reverse("reporting:list", args=[site])), ("Report", back)],
        "is_fragment": bool(request.htmx),
    }
    return render(request, "components/progress.html" if request.htmx else "reporting/job.html", context)


@site_view(Right.REPORT_VIEW)
def draft_file(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Hand out a draft's file to the person who asked for it."""
    job = find(Job.objects.visible_to(request.access).filter(kind="report.draft_file"), pk=pk)
    if job.file is None:
        messages.info(request, "This file is not ready, or has expired. Ask for it again.")
        return redirect("reporting:detail", site, job.arguments["report"])
    record(
        "report.downloaded",
        kind="monthlyreport",
        ids=[job.arguments["report"]],
        file=job.arguments["kind"],
        draft=True,
    )
    return attachment(bytes(job.file), job.file_name, job.file_type)


def hand_out(stored: ReportFile, report: MonthlyReport) -> HttpResponse:
    """A stored file as a download, recorded on the site's trail."""
    record("report.downloaded", report, site_id=report.site_id, file=stored.kind)
    mark = f"-v{report.version}" if report.version > 1 else ""
    name = f"psp-{report.site.slug}-{report.month:%Y-%m}{mark}.{stored.kind}"
    return attachment(bytes(stored.content), name, files.TYPES[stored.kind])


def attachment(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _jobs(request: HttpRequest):
    """One's own drafts; a certified report's files are everybody's who may see the report."""
    mine = Q(kind="report.draft_file", asked_by=request.user)
    return Job.objects.filter(mine | Q(kind="report.files")).defer("file", "input_file")
