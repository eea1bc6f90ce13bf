"""Every task has a room's name, takes ids only, and every beat entry names a task that exists."""

import inspect

from django.conf import settings

from psp.celery import app

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
