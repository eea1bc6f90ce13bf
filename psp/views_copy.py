"""A parent's own copy of the record on screen: asked for with a reason, read here or made as a PDF by a worker."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties import jobs
from counties.access import find
from counties.action_forms import ActionForm, ask_about
from counties.decorators import site_view
from counties.free_text import scan_free_text
from counties.models import Job
from counties.permissions import Right
from families.models import Parent
from psp.record_copy import LEFT_OUT, sections_of
from psp.tasks import COPY
from reporting.views_files import attachment


class CopyForm(ActionForm):
    """Why the copy is made, and whether somebody has read the notes that go into it."""

    is_sent_once = False  # shown on screen first and made as a file then, both from one page
    reason = forms.CharField(
        label="Why is the copy made?",
        max_length=200,
        help_text="For example: asked for by letter on 03/04/2025. It stands in the PDF.",
    )
    with_notes = forms.BooleanField(
        label="I have read the notes of the contacts: they tell nothing private about somebody else. Put them in.",
        required=False,
    )


@site_view(Right.DISCLOSURE_RECORD)
def copy(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Ask for the reason, then have the PDF made, or show the copy here."""
    parent = find(Parent.objects.visible_to(request.access).select_related("family"), pk=pk)
    form = CopyForm(request.POST or None)
    context: dict[str, Any] = {"parent": parent, **_way_back(request, parent)}
    on_screen = "another" in request.POST
    if form.answered(request, _record_copy if on_screen else _ask_for_copy, parent=parent):
        if not on_screen:
            return redirect("copy_made", site, form.result.pk)
        sections = sections_of(request.access, parent, with_notes=form.cleaned_data["with_notes"])
        context |= {"title": f"Record of {parent}", "sections": sections, "today": timezone.localdate()}
        return render(request, "psp/copy.html", context | {"left_out": LEFT_OUT})
    record("family.viewed", parent.family, part="form")
    points = [
        "The copy holds what is recorded about this parent and the children.",
        "It leaves out who made a report, incidents, notes for the staff, and the other parent.",
        "The copy is recorded with your reason. The PDF can be downloaded by you alone, for seven days.",
    ]
    more = {"title": f"A copy of the record for {parent}", "form": form, "points": points}
    buttons = {"submit_label": "Make the PDF", "save_and_another": "Show it on screen"}
    return render(request, "components/form_page.html", context | more | buttons)


LABELS = {"done": "The copy is made", "failed": "The copy was not made"}


@site_view(Right.DISCLOSURE_RECORD)
def made(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """The PDF of a copy: its progress while a worker makes it, then the file."""
    job = find(_mine(request).defer("file", "input_file"), pk=pk)
    parent = find(
        Parent.objects.visible_to(request.access).select_related("family"), pk=job.arguments["parent"]
    )
    record("family.viewed", parent.family, part="copy")
    context = {
        "title": f"A copy of the record for {parent}", "job": job, "parent": parent,
        "label": LABELS.get(job.status, "Making the copy"),
        "url": reverse("copy_made", args=[site, job.pk]), "download_label": "Download the PDF",
        "download_url": _is_kept(job) and reverse("copy_file", args=[site, job.pk]),
        "again_url": reverse("copy_record", args=[site, parent.pk]), "is_kept": _is_kept(job),
        "is_fragment": bool(request.htmx), **_way_back(request, parent),
    }  # fmt: skip
    return render(request, "components/progress.html" if request.htmx else "psp/copy_made.html", context)


@site_view(Right.DISCLOSURE_RECORD)
def file(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Hand out the PDF to the person who asked for it, while it is kept and they may see the parent."""
    job = find(_mine(request), pk=pk)
    parent = find(
        Parent.objects.visible_to(request.access).select_related("family"), pk=job.arguments["parent"]
    )
    if not _is_kept(job) or job.file is None:
        messages.info(request, "This copy is not ready, or has expired. Ask for it again.")
        return redirect("copy_made", site, job.pk)
    record("record.downloaded", parent.family, parent)
    return attachment(bytes(job.file), job.file_name, job.file_type)


def _record_copy(*, parent: Parent, reason: str, with_notes: bool, by: User, confirmed: list[str]) -> None:
    ask_about(scan_free_text(reason=reason), confirmed)
    record("record.copied", parent.family, parent, reason=reason, with_notes=with_notes, actor_id=by.pk)


def _ask_for_copy(*, parent: Parent, reason: str, with_notes: bool, by: User, confirmed: list[str]) -> Job:
    """Have a worker print it. The reason travels as the job's input, which is gone when the work is done."""
    _record_copy(parent=parent, reason=reason, with_notes=with_notes, by=by, confirmed=confirmed)
    return jobs.ask_for(
        kind=COPY, key=f"{parent.pk}:{by.pk}:{int(with_notes)}", by=by,
        arguments={"parent": str(parent.pk), "with_notes": with_notes},
        input_file=json.dumps({"reason": reason}).encode(),
    )  # fmt: skip


def _mine(request: HttpRequest):
    return Job.objects.visible_to(request.access).filter(kind=COPY)


def _is_kept(job: Job) -> bool:
    return job.status == Job.Status.DONE and job.expires_at is not None and job.expires_at > timezone.now()


def _way_back(request: HttpRequest, parent: Parent) -> dict[str, Any]:
    slug = request.site.slug
    url = reverse("family", args=[slug, parent.family_id])
    crumbs = [("Families", reverse("families:list", args=[slug])), (str(parent.family), url)]
    return {"breadcrumbs": crumbs, "cancel_url": url}
