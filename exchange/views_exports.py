"""Lists as files on screen: ask with a reason, watch, download while it is kept."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRefresh

from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.lists import paginate
from counties.models import Job
from counties.permissions import Right
from exchange.actions import JOB, ask_for_export
from exchange.exporting import LISTS, TYPES, chosen_in_words
from exchange.forms import ExportForm
from exchange.models import Export
from families.models import Family
from reporting.display import date_us, datetime_us

NO_FILTER = {"list", "page", "per_page"}
CHANGED = "Since this file was made, what you may see has changed. Export the list again."


@site_view(Right.EXPORT_RUN)
def exports(request: HttpRequest, site: str) -> HttpResponse:
    """The person's own exports: those on the way, those to download, those that have expired."""
    mine = Export.objects.visible_to(request.access).defer("content", "family_ids")
    listing = paginate(request, mine, sorts={"asked": "asked_at"}, default="-asked")
    context = {
        "title": "Downloads",
        "listing": listing,
        "rows": [(export, LISTS[export.what].label) for export in listing],
        "failed": _failed([str(export.pk) for export in listing if not export.made_at]),
    }
    return render(request, "exchange/exports.html", context)


@site_view(Right.EXPORT_RUN)
def ask(request: HttpRequest, site: str) -> HttpResponse:
    """Ask for a list as a file: `?list=families` and the filter the list has at the moment."""
    offered = [name for name, listing in LISTS.items() if listing.right in request.access]
    asked = request.GET.get("list", "")
    form = ExportForm(request.POST or None, offered=offered, initial={"what": asked})
    filters, chosen = _filters(request) if asked in offered else ("", "")
    kept = filters if request.POST.get("what") == asked else ""
    if form.answered(request, ask_for_export, filters=kept):
        return redirect("exchange:export", site, form.result.pk)
    back = request.GET.get("list") in LISTS and reverse(LIST_PAGES[asked], args=[site])
    context = {
        "title": f"Export {LISTS[asked].label.lower()}" if asked in offered else "Export a list",
        "lead": f"The list with its filter: {chosen}." if chosen else "The whole list, as you see it.",
        "form": form,
        "submit_label": "Make the file",
        "cancel_url": back or reverse("exchange:exports", args=[site]),
        "points": [
            "The file says at its head and foot who took it, when, from which site and why.",
            "It holds what the list shows; no notes and no reasons of decisions.",
            "It can be downloaded by you alone, for seven days.",
        ],
        "breadcrumbs": [("Downloads", reverse("exchange:exports", args=[site]))],
    }
    return render(request, "components/form_page.html", context)


@site_view(Right.EXPORT_RUN)
def export(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """One export: its progress while a worker makes it, then the file."""
    found = find(_mine(request), pk=pk)
    job = Job.objects.filter(kind=JOB, key=str(found.pk)).first()
    listing = LISTS[found.what]
    context = {
        "title": f"Export of {listing.label.lower()}",
        "export": found,
        "job": job,
        "label": "The file was not made" if job and job.status == Job.Status.FAILED else "Making the file",
        "url": reverse("exchange:export", args=[site, found.pk]),
        "facts": _facts(found),
        "breadcrumbs": [("Downloads", reverse("exchange:exports", args=[site]))],
    }
    if request.htmx:
        if job is None or job.status in (Job.Status.DONE, Job.Status.FAILED):
            return HttpResponseClientRefresh()
        return render(request, "components/progress.html", context | {"is_fragment": True})
    return render(request, "exchange/export.html", context)


@site_view(Right.EXPORT_RUN)
def download(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Hand out the file to the person who asked for it, while it is kept and they may see all that is in it."""
    found = find(Export.objects.visible_to(request.access), pk=pk)
    seen = Family.objects.visible_to(request.access).filter(pk__in=found.family_ids).count()
    if seen < len(found.family_ids) or LISTS[found.what].right not in request.access:
        record("access.refused", found)
        raise PermissionDenied(CHANGED)
    if not found.is_ready:
        messages.info(request, "This file is not ready, or has expired. Export the list again.")
        return redirect("exchange:export", site, found.pk)
    record("export.downloaded", found, list=found.what, file=found.kind)
    name = f"psp-{site}-{found.what}-{found.asked_at:%Y-%m-%d}.{found.kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(found.content), content_type=TYPES[found.kind], headers=headers)


LIST_PAGES = {
    "families": "families:list", "referrals": "referrals:list", "matches": "matching:list",
    "contacts": "activities:list", "partners": "partners:list",
}  # fmt: skip


def _mine(request: HttpRequest):
    return Export.objects.visible_to(request.access).select_related("site").defer("content")


def _filters(request: HttpRequest) -> tuple[str, str]:
    """The list's filter out of the address, as a query string and in words; one with an error is dropped."""
    given = request.GET.copy()
    for name in NO_FILTER:
        given.pop(name, None)
    form, _ = LISTS[request.GET["list"]].ask(request.access, given)
    if not form.is_valid():
        messages.warning(request, "The list's filter holds an error, so it is left out here.")
        return "", ""
    return given.urlencode(), chosen_in_words(form)


def _facts(found: Export) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        ("List", LISTS[found.what].label),
        ("Reason", found.reason),
        ("Asked", datetime_us(found.asked_at)),
    ]
    if found.made_at:
        facts += [
            ("Rows", f"{found.row_count:,}"),
            ("Kept until", date_us(timezone.localdate(found.expires_at))),
        ]
    return facts


def _failed(keys: list[str]) -> set[str]:
    failed = Job.objects.filter(kind=JOB, key__in=keys, status=Job.Status.FAILED)
    return set(failed.values_list("key", flat=True))
