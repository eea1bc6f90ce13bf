"""Every task has a room's name, takes ids only, and every beat entry names a task that exists."""

import inspect

import pytest
from django.conf import settings

from counties.models import Job, Site
from counties.wall import site_scope
from psp.celery import app
from reporting.models import MonthlyReport

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
