"""Work handed to Celery: a site's import. Safe to run twice, because importing again adds nothing."""

from __future__ import annotations

from counties.jobs import Progress, Result, handles
from counties.models import Job, Site
from exchange.importer import Content, import_files
from exchange.runs import KIND, result_of
from exchange.uploads import unpack


@handles(KIND)
def import_site(job: Job, progress: Progress) -> Result:
    """Import the job's files, telling after which file it stands."""

    def watch(number: int, of: int, name: str) -> None:
        progress((number - 1) * 100 // of, f"{name}.csv, file {number} of {of}")

    def given(content: bytes) -> Content:
        return lambda: content

    files = {name: given(content) for name, content in unpack(bytes(job.input_file or b"")).items()}
    reports = import_files(
        Site.objects.get(pk=job.site_id),
        files,
        by=job.asked_by,
        check_only=bool(job.arguments["check_only"]),
        watch=watch,
    )
    return result_of(reports)
