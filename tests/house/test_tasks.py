"""Every task has a room's name, takes ids only, keeps to its site, and every beat entry names a task that exists."""

import datetime as dt
import inspect
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from accounts.models import User
from counties import jobs
from counties.models import Job, Site
from counties.wall import SiteModel, site_scope
from psp.celery import app
from reporting.models import MonthlyReport
from tests.house.world import CANARY, World, build_world

ALLOWED = {
    "origin",  # scheme and host of the product itself, for the link in a mail
    "site_id",
    "job_id",
    "report_id",
    "month",
    "stage",
    "invitation_id",
    "user_id",
}


def _ours() -> dict:
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}


def test_every_task_is_named_after_its_room() -> None:
    for name in _ours():
        assert name.split(".")[0] in settings.INSTALLED_APPS, name


def test_tasks_take_ids_never_rows_or_names() -> None:
    for name, task in _ours().items():
        parameters = set(inspect.signature(task.run).parameters)
        assert parameters <= ALLOWED, f"{name}: {parameters - ALLOWED}"


def test_every_beat_entry_names_a_task() -> None:
    tasks = _ours()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in tasks


@pytest.mark.django_db
def test_every_beat_entry_may_ring_twice(rock: Site, django_capture_on_commit_callbacks) -> None:
    """Two beats, or one that fires twice, leave what one leaves."""
    tasks = _ours()

    def ring() -> tuple[int, int]:
        for entry in settings.CELERY_BEAT_SCHEDULE.values():
            with django_capture_on_commit_callbacks(execute=False):
                tasks[entry["task"]].run()
        with site_scope(rock.id):
            return MonthlyReport.objects.count(), Job.objects.count()

    assert ring() == ring()


# --- an id of another site ---

JOBS: dict[str, Callable[[World], dict[str, Any]] | None] = {
    "report.files": lambda there: {"report": str(there.handed_in.pk)},
    "report.draft_file": lambda there: {"report": str(there.report.pk), "kind": "csv"},
    "matching.accept_plan": lambda there: {"lines": [str(there.plan_line.pk)]},
    "export.list": lambda there: {"export": str(there.export.pk)},
    "matching.make_reassignment": lambda there: {
        "partner": str(there.partner.pk),
        "matches": [str(there.match.pk)],
    },
    "record.copy": lambda there: {"parent": str(there.parent.pk), "with_notes": False},
    "matching.make_plan": None,
    "import.site": None,
}
"""For each kind of job, arguments that name rows of another site; None where it names no row."""
ARGUMENTS: dict[str, Callable[[World], Any]] = {
    "report_id": lambda there: str(there.handed_in.pk),
    "job_id": lambda there: str(_queued(there.site, "report.files", JOBS["report.files"](there)).pk),
}
"""For each argument beside `site_id`, a row of another site."""


@pytest.mark.django_db
def test_a_task_given_a_row_of_another_site_leaves_it_alone(rock: Site, door: Site, mailoutbox: list) -> None:
    there = build_world(door)
    named = {name: [p for p in inspect.signature(task.run).parameters] for name, task in _ours().items()}
    given = {
        name: {p: ARGUMENTS[p](there) for p in parameters if p != "site_id"}
        for name, parameters in named.items()
        if "site_id" in parameters and len(parameters) > 1
    }
    assert set(given) == {"counties.run_job", "reporting.follow_decision"}
    before = _all_of(door)
    for name, arguments in given.items():
        with suppress(ObjectDoesNotExist):
            _ours()[name].run(site_id=rock.id, **arguments)
    assert _all_of(door) == before
    assert mailoutbox == []


@pytest.mark.django_db
def test_a_job_that_names_a_row_of_another_site_fails_and_leaves_it_alone(
    rock: Site, door: Site, rock_coordinator: User
) -> None:
    _ours()  # loads the handlers
    assert set(JOBS) == set(jobs._handlers)
    there = build_world(door)
    before = _all_of(door)
    for kind, arguments in JOBS.items():
        if arguments is None:
            continue
        job = _queued(rock, kind, arguments(there), by=rock_coordinator)
        with suppress(ObjectDoesNotExist):
            jobs.run(rock.id, str(job.pk))
        with site_scope(rock.id):
            job.refresh_from_db()
        assert (job.status, job.file, job.result) == (Job.Status.FAILED, None, {}), kind
    assert _all_of(door) == before


@pytest.mark.django_db
@pytest.mark.parametrize("lost", ["the role", "the account"])
def test_work_that_waited_is_not_done_for_somebody_who_lost(
    lost: str, rock: Site, rock_coordinator: User, today: dt.date
) -> None:
    """The right is asked when the work begins, not only when it was asked for."""
    _ours()
    assert set(jobs._handlers) - set(jobs._rights) == {"report.files"}, (
        "owed for a certified report, whoever asked"
    )
    waiting = [_queued(rock, kind, {}, by=rock_coordinator) for kind in jobs._rights]
    if lost == "the role":
        rock_coordinator.roles.update(starts_on=today - dt.timedelta(days=9), ends_on=today)
    else:
        User.objects.filter(pk=rock_coordinator.pk).update(is_active=False, deactivated_at=timezone.now())
    for job in waiting:
        jobs.run(rock.id, str(job.pk))
        with site_scope(rock.id):
            job.refresh_from_db()
        assert (job.status, job.problem) == ("failed", "You may not do this here any more."), job.kind


def _queued(site: Site, kind: str, arguments: dict[str, Any], *, by: User | None = None) -> Job:
    with site_scope(site.id):
        return Job.objects.create(site=site, kind=kind, key="foreign", arguments=arguments, asked_by=by)


def _all_of(site: Site) -> dict[str, list[tuple]]:
    """Every row of every tenant table at a site."""
    tables = [model for model in apps.get_models() if issubclass(model, SiteModel)]
    with site_scope(site.id):
        return {model._meta.label: list(model.objects.order_by("pk").values_list()) for model in tables}


# --- mail ---


@pytest.mark.django_db
def test_no_task_mails_a_word_of_a_family(rock: Site, mailoutbox: list) -> None:
    """Every text of the site carries the canary; the mails tell that something waits, and where."""
    world = build_world(rock, token=CANARY)
    tasks = _ours()
    for name in ("reporting.remind_site", "counties.refresh_site_messages"):
        tasks[name].run(rock.id)
    for person in User.objects.filter(is_active=True):
        User.objects.filter(pk=person.pk).update(
            digest=User.Digest.DAILY, quiet_from="00:00", quiet_until="00:00"
        )
        tasks["counties.send_digest"].run(person.pk)
    tasks["counties.send_invitation"].run(world.invitation.pk)
    assert len(mailoutbox) >= 3
    for mail in mailoutbox:
        assert CANARY not in str(mail.message()), mail.subject
