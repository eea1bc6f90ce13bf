"""Importing a site's spreadsheets on screen: send the files, watch, read what came of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRefresh

from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.lists import paginate
from counties.models import Job
from counties.permissions import Right
from counties.views.side import settings_side
from exchange.behind import hidden_rows, shown, without
from exchange.forms import ImportForm
from exchange.reading import template
from exchange.runs import SHOWN, ask_for_import, is_kept, runs_visible_to, totals
from exchange.sheets import SHEETS
from exchange.uploads import zip_of


@site_view(Right.IMPORT_RUN)
def imports(request: HttpRequest, site: str) -> HttpResponse:
    """Send files to import; below, what each file holds and the imports before."""
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
        if form.is_valid():
            job = ask_for_import(**form.cleaned_data, by=request.user)
            return redirect("exchange:run", site, job.pk)
    else:
        form = ImportForm()
    runs = paginate(request, runs_visible_to(request.access), sorts={"asked": "asked_at"}, default="-asked")
    context = {
        "form": form, "runs": [(job, totals(job)) for job in runs], "listing": runs,
        "sheets": [(s.name, s.one_row, [column.name for column in s.columns]) for s in SHEETS.values()],
        "side": settings_side(request),
    }  # fmt: skip
    return render(request, "exchange/imports.html", context)


@site_view(Right.IMPORT_RUN)
def run(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """One import: its progress while it runs, then its counts, warnings and refused rows."""
    job = find(runs_visible_to(request.access), pk=pk)
    hidden = hidden_rows(request.access, job)
    context = {
        "job": job, "totals": totals(job), "hidden": sum(map(len, hidden.values())),
        "files": [shown(file, hidden[file["name"]]) for file in job.result.get("files", [])],
        "is_kept": is_kept(job), "shown": SHOWN,
        "label": "Checking the files" if job.arguments.get("check_only") else "Importing the files",
        "url": reverse("exchange:run", args=[site, job.pk]), "side": settings_side(request),
        "breadcrumbs": [("Import", reverse("exchange:imports", args=[site]))],
    }  # fmt: skip
    if request.htmx:
        if job.status in (Job.Status.DONE, Job.Status.FAILED):
            return HttpResponseClientRefresh()
        return render(request, "components/progress.html", context | {"is_fragment": True})
    return render(request, "exchange/run.html", context)


@site_view(Right.IMPORT_RUN)
def refused(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Download the refused rows of one import, with the reasons."""
    job = find(runs_visible_to(request.access), pk=pk)
    if not is_kept(job):
        raise Http404("The refused rows of this import are not kept any more.")
    hidden = hidden_rows(request.access, job)
    record("import.downloaded", job, left_out=sum(map(len, hidden.values())))
    return _download(without(bytes(job.file or b""), job.file_name, hidden), job.file_name, job.file_type)


@site_view(Right.IMPORT_RUN)
def templates(request: HttpRequest, site: str) -> HttpResponse:
    """Download an empty file of each kind, with its columns."""
    files = {f"{name}.csv": template(sheet) for name, sheet in SHEETS.items()}
    return _download(zip_of(files), "empty-files.zip", "application/zip")


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=headers)
