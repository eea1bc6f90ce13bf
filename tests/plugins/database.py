"""The fixtures behind `db` and `transactional_db`; loaded from tests/conftest.py, after pytest-django's own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from tests.plugins import servers
from tests.plugins.servers import Run


@pytest.fixture(scope="session")
def database_run() -> Run:
    """This test process's slot, database and addresses."""
    assert servers.run is not None
    return servers.run


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, database_run: Run
) -> Iterator[None]:
    """In place of pytest-django's own: a clone of the template, as psp_tester with role psp_app."""
    from django.core.cache import cache
    from django.db import connections
    from django.test import TransactionTestCase

    def start_afresh(test_case: TransactionTestCase) -> None:
        connections.close_all()
        database_run.empty()

    database_run.clone()
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        cache.clear()
        # Django would flush as the application's role, and lose the reference data migrations brought.
        patch.setattr(TransactionTestCase, "_fixture_teardown", start_afresh)
        yield
        connections.close_all()
    database_run.drop()


@pytest.fixture
def as_owner(db: None) -> Callable[[], AbstractContextManager[Any]]:
    """`with as_owner() as cursor:` runs SQL as psp_owner on the test's own connection, behind the wall."""
    from django.db import connection, transaction

    @contextmanager
    def owner() -> Iterator[Any]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('role')")
            before = cursor.fetchone()[0]
            cursor.execute("SELECT set_config('role', 'psp_owner', true)")
            yield cursor
            cursor.execute("SELECT set_config('role', %s, true)", [before])

    return owner


@pytest.fixture
def celery_worker(transactional_db: None, database_run: Run) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker process on this test's database and queue, signed in as in production.

    It sees what the test has committed; `process.kill()` is a worker that dies half-way.
    """
    from psp.celery import app

    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
    environment |= {"DATABASE_URL": database_run.web_url, "PYTHONWARNINGS": "ignore"}
    app.control.purge()
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "psp", "worker", "--concurrency", "1"]
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL) as worker:
        try:
            deadline = time.monotonic() + 60
            while not app.control.ping(timeout=0.5):
                assert worker.poll() is None and time.monotonic() < deadline, "The worker did not start."
            yield worker
            worker.terminate()
            worker.wait(timeout=30)
        except subprocess.TimeoutExpired:
            pass  # a test has stopped it, or it hangs: the suite goes on
        finally:
            worker.kill()
