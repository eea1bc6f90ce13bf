"""Work handed to Celery: a site's import, and lists as files. Safe to run twice."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.db.models import QuerySet
from django.forms import Form
from django.http import QueryDict
from django.utils import timezone

from counties.access import access_to_site
from counties.jobs import CannotDoJob, Progress, Result, handles
from counties.models import Job, Site
from counties.permissions import Right
from counties.wall import site_scope
from exchange import actions
from exchange.exporting import LISTS, Sheet, chosen_in_words, make
from exchange.importer import Content, import_files
from exchange.models import Export
from exchange.runs import KIND, result_of
from exchange.uploads import unpack

BATCH = 1_000
MOST_ROWS = 50_000


@handles(KIND, Right.IMPORT_RUN)
def import_site(job: Job, progress: Progress) -> Result:
    """Import the job's files, telling after which file it stands."""

    def watch(number: int, of: int, name: str) -> None:
        progress((number - 1) * 100 // of, f"{name}.csv, file {number} of {of}")

    def given(content: bytes) -> Content:
        return lambda: content

    site = Site.objects.get(pk=job.site_id)
    files = {name: given(content) for name, content in unpack(bytes(job.input_file or b"")).items()}
    reports = import_files(
        site,
        files,
        by=job.asked_by,
        check_only=bool(job.arguments["check_only"]),
        watch=watch,
    )
    return result_of(reports)


@handles(actions.JOB, Right.EXPORT_RUN)
def make_export(job: Job, progress: Progress) -> Result:
    """Make the file of a list, of what the person may see at this moment; a second run finds it made."""
    with site_scope(job.site_id, actor_id=job.asked_by_id):
        export = Export.objects.select_related("asked_by", "site__settings").get(pk=job.arguments["export"])
        if export.made_at:
            return Result({"rows": export.row_count})
        form, rows = _theirs(export)
        chosen, keys = chosen_in_words(form), list(rows.values_list("pk", flat=True)[: MOST_ROWS + 1])
    if len(keys) > MOST_ROWS:
        raise CannotDoJob(
            f"The list is longer than {MOST_ROWS:,} rows. Narrow it with a filter and export again."
        )
    listing, cells, families = LISTS[export.what], [], set()
    for start in range(0, len(keys), BATCH):
        progress(start * 100 // len(keys), f"{start:,} of {len(keys):,} rows")
        with site_scope(job.site_id, actor_id=job.asked_by_id):
            batch = keys[start : start + BATCH]
            found = {row.pk: row for row in _theirs(export)[1].filter(pk__in=batch)}
            here = [found[key] for key in batch if key in found]
            cells += [listing.cells(row) for row in here]
            families |= {family for row in here if (family := listing.family(row))}
    content = make(_sheet(export, chosen, cells), export.kind)
    with site_scope(job.site_id, actor_id=job.asked_by_id):
        actions.keep_export(export=export, content=content, row_count=len(cells), family_ids=families)
    return Result({"rows": len(cells)})


def _theirs(export: Export) -> tuple[Form, QuerySet]:
    """The list's filter and rows, by the rights the person has now.

    Raises:
        CannotDoJob: the person may not export this list any more, or the filter names what they cannot see.
    """
    listing, access = LISTS[export.what], access_to_site(export.asked_by, export.site)
    if not {Right.EXPORT_RUN, listing.right} <= access.rights:
        raise CannotDoJob("You may not export this list any more.")
    form, rows = listing.ask(access, QueryDict(export.filters))
    if not form.is_valid():
        raise CannotDoJob("The filter does not work any more. Open the list, choose again and export.")
    return form, rows


def _sheet(export: Export, chosen: str, cells: list[list[Any]]) -> Sheet:
    asked = timezone.localtime(export.asked_at)
    return Sheet(
        title=f"{export.site.name}: {LISTS[export.what].label}",
        mark=f"Exported by {export.asked_by.name} on {asked:%m/%d/%Y %H:%M} from {export.site.name}",
        reason=export.reason,
        chosen=chosen,
        columns=list(LISTS[export.what].columns),
        rows=cells,
    )


@shared_task(name="exchange.forget_expired_exports")
def forget_expired_exports() -> None:
    """Every night: files of exports are gone after seven days, as their page says."""
    for site_id in Site.objects.values_list("id", flat=True):
        with site_scope(site_id):
            actions.forget_expired_exports()
