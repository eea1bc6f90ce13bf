"""Long work of a site: asked for here, run by a worker, watched on a page, safe to run twice.

PostgreSQL holds the truth (`Job`), Redis only rings the bell. A handler is registered per kind:

    @handles("report.pdf", Right.REPORT_VIEW)
    def render(job: Job, progress: Progress) -> Result: ...

The right is asked anew when the work begins: whoever asked may have lost it while the work waited. A handler opens its
own short `site_scope(job.site_id)` blocks; no transaction stays open while it computes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from audit.record import record
from counties.access import access_to_site
from counties.models import Job, Site
from counties.permissions import Right
from counties.wall import site_scope
from counties.wall.scope import current_site_id

LEASE = dt.timedelta(minutes=6)
MOST_ATTEMPTS = 5
KEEP_FOR = dt.timedelta(days=7)


@dataclass
class Result:
    """What a handler leaves behind: counts for the page and perhaps a file to download."""

    facts: dict[str, Any] = field(default_factory=dict)
    file: bytes | None = None
    file_name: str = ""
    file_type: str = ""


Progress = Callable[[int, str], None]
Handler = Callable[[Job, Progress], Result]
_handlers: dict[str, Handler] = {}
_rights: dict[str, Right] = {}


class CannotDoJob(Exception):
    """The work failed for a reason the person can understand and act on; its text is shown."""


def handles(kind: str, right: Right | None = None) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of job; lives in a room's `tasks.py`.

    Args:
        right: what whoever asked must still hold at the site; None for work that is owed whoever asked.
    """

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        if right:
            _rights[kind] = right
        return handler

    return register


def ask_for(
    *, kind: str, key: str, by, arguments: dict | None = None, input_file: bytes | None = None
) -> Job:
    """Ask for one piece of work inside the present site; asking again while it runs returns the same job."""
    from counties.tasks import run_job

    unfinished = Job.objects.filter(kind=kind, key=key, status__in=[Job.Status.QUEUED, Job.Status.RUNNING])
    if running := unfinished.first():
        return running
    try:
        with transaction.atomic():
            job = Job.objects.create(
                site_id=current_site_id(),
                kind=kind,
                key=key,
                arguments=arguments or {},
                asked_by=by,
                input_file=input_file,
            )
    except IntegrityError:
        if running := unfinished.first():  # somebody clicked at the same moment
            return running
        raise
    record("job.asked", job, job_kind=kind)
    run_job.delay_on_commit(job.site_id, str(job.id))
    return job


def take(site_id: int, job_id: str) -> Job | None:
    """Take the lease of a waiting (or abandoned) job; None when somebody else has it or it is finished."""
    now = timezone.now()
    free = Q(status=Job.Status.QUEUED) | Q(status=Job.Status.RUNNING, lease_until__lt=now)
    with site_scope(site_id):
        taken = Job.objects.filter(free, pk=job_id, attempt__lt=MOST_ATTEMPTS).update(
            status=Job.Status.RUNNING, lease_until=now + LEASE, attempt=F("attempt") + 1
        )
        return Job.objects.get(pk=job_id) if taken else None


def run(site_id: int, job_id: str) -> None:
    """Run one job to its end; called by the worker, harmless when called twice."""
    job = take(site_id, job_id)
    if job is None:
        return

    def mine():
        return Job.objects.filter(pk=job.id, status=Job.Status.RUNNING, attempt=job.attempt)

    def progress(percent: int, text: str) -> None:
        with site_scope(site_id):
            mine().update(progress=percent, progress_text=text, lease_until=timezone.now() + LEASE)

    def end(status: Job.Status, **told: Any) -> None:
        with site_scope(site_id, actor_id=job.asked_by_id):
            _end(mine(), status, **told)

    try:
        _refuse_if_lost(job)
        result = _handlers[job.kind](job, progress)
    except CannotDoJob as problem:
        end(Job.Status.FAILED, problem=str(problem))
    except Exception:
        end(Job.Status.FAILED, problem="Something went wrong on our side. Please try again.")
        raise
    else:
        end(
            Job.Status.DONE, progress=100, progress_text="Done", result=result.facts,
            file=result.file, file_name=result.file_name, file_type=result.file_type,
        )  # fmt: skip


def _refuse_if_lost(job: Job) -> None:
    """The role, or the account, may have ended between asking and now."""
    right = _rights.get(job.kind)
    if right is None:
        return
    if job.asked_by is None or right not in access_to_site(job.asked_by, Site.objects.get(pk=job.site_id)):
        raise CannotDoJob("You may not do this here any more.")


def _end(jobs: QuerySet[Job], status: Job.Status, **told: Any) -> None:
    """However a job ends, its upload goes, its days are counted and the trail says so."""
    now = timezone.now()
    for job in list(jobs.only("pk", "site", "kind", "asked_by")):
        if jobs.filter(pk=job.pk).update(
            status=status, input_file=None, finished_at=now, expires_at=now + KEEP_FOR, **told
        ):
            record("job.finished", job, actor_id=job.asked_by_id, job_kind=job.kind, status=str(status))


def forget_expired(site_id: int) -> int:
    """Empty the files, uploads and results of jobs whose time is over; the row itself stays. Returns how many."""
    with site_scope(site_id):
        over = Job.objects.filter(expires_at__lt=timezone.now())
        return over.exclude(file=None, input_file=None, result={}).update(
            file=None, input_file=None, result={}
        )


def ring_again(site_id: int) -> list[str]:
    """Ids of jobs that wait too long; those whose worker died wait again, and out of attempts they are failed."""
    now = timezone.now()
    with site_scope(site_id):
        dead = Job.objects.filter(status=Job.Status.RUNNING, lease_until__lt=now)
        _end(
            dead.filter(attempt__gte=MOST_ATTEMPTS),
            Job.Status.FAILED,
            problem="This work was interrupted too often. Please ask again.",
        )
        waiting = Job.objects.filter(status=Job.Status.QUEUED, asked_at__lt=now - dt.timedelta(seconds=30))
        again = [*waiting.values_list("pk", flat=True), *dead.values_list("pk", flat=True)]
        dead.update(status=Job.Status.QUEUED, lease_until=None)  # nobody works at it, and its page says so
    return [str(pk) for pk in again]
