"""The tests' servers and databases: the same roles, grants and row security as in production.

Loaded with `-p tests.plugins.servers` (pyproject.toml), before settings are read; the fixtures are in database.py.

* Servers: the embedded stack on `.psp-test` (or PSP_DATA_DIR), told that a power cut may cost the data.
* A *slot* is one number per running test process, held by a file lock: it names the process's database and its
  Redis database, so that parallel workers and several runs of the suite never meet.
* The schema is migrated once, by `manage.py migrate` as the owner, into a template named by a hash of what
  migrations are made of; each process works in a clone of it. After a test that really commits, the superuser
  empties what the template had empty: the application's role may not, and some tables let nobody do it. Where the
  rows migrations brought were touched, a fresh clone takes the place of the used one.
* Tests run as `psp_tester`, which has set role psp_app, and which alone may also become psp_owner (`as_owner`).
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from psp import stack
from psp.stack import bootstrap
from psp.stack.data_dir import BASE_DIR, DATABASE_SQL, ROLES_SQL, DataDir
from psp.stack.ready import in_database, superuser_url, with_login

BROUGHT = """
SELECT string_agg(format('SELECT %L AS name, count(*) AS rows, sum(hashtext(r::text)::bigint) AS hash FROM %I r',
                         tablename, tablename), ' UNION ALL ')
FROM pg_tables WHERE schemaname = 'public'
"""
"""The statement that tells how many rows each table holds and what is in them."""
SLOTS = 64
TEMPLATES_KEPT = 3  # a run that started before the last change may still clone its own
run: "Run | None" = None


class Run:
    """What one test process works with: its slot, its database, and the superuser who makes it."""

    def __init__(self) -> None:
        given = os.environ.get("DATABASE_URL")
        os.environ.setdefault("PSP_DATA_DIR", str(BASE_DIR / ".psp-test"))
        stack.ensure(migrate=False, volatile=True)
        self.data = stack.DataDir(stack.data_dir())
        # Parallel workers inherit what their parent has put into the environment.
        self.superuser = os.environ.setdefault("PSP_TEST_SUPERUSER_URL", given or superuser_url(self.data))
        self.slot, self._slot_lock = take_slot(self.data)
        self.database = f"test_psp_{self.slot}"
        self._template = ""
        self._contents = ""
        self._brought: set[tuple[str, int, int | None]] = set()
        self.tester_url = in_database(
            with_login(self.superuser, "psp_tester", self.data.passwords()["psp_tester"]), self.database
        )
        os.environ["DATABASE_URL"] = self.tester_url
        os.environ["DATABASE_OWNER_URL"] = in_database(os.environ["DATABASE_OWNER_URL"], self.database)
        os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{self.slot}"

    @property
    def web_url(self) -> str:
        """The test database for a process of its own (worker, web): signed in as in production."""
        return with_login(self.tester_url, "psp_web", self.data.passwords()["psp_web"])

    def clone(self) -> None:
        """Put a fresh clone of the template in the place of this run's database."""
        # Once for the whole run: migrations edited meanwhile count from the next run on.
        self._template = self._template or made_template(self.data, self.superuser)
        with psycopg.connect(self.superuser, autocommit=True) as server:
            drop(server, self.database)
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER psp_owner").format(
                    sql.Identifier(self.database), sql.Identifier(self._template)
                )
            )
        open_for_tests(in_database(self.superuser, self.database))  # rights on a database are not cloned
        with psycopg.connect(in_database(self.superuser, self.database)) as connection:
            self._contents = connection.execute(BROUGHT).fetchone()[0]
            self._brought = set(connection.execute(self._contents))

    def empty(self) -> None:
        """Take away what a test committed; nobody else is connected afterwards."""
        with psycopg.connect(in_database(self.superuser, self.database)) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                [self.database],
            )
            connection.execute("SET session_replication_role = replica")  # no trigger and no key is asked
            changed = set(connection.execute(self._contents)) - self._brought
            empty = {name for name, rows, _ in self._brought if not rows}
            for name in empty & {name for name, *_ in changed}:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        if any(name not in empty for name, *_ in changed):
            self.clone()

    def drop(self) -> None:
        with psycopg.connect(self.superuser, autocommit=True) as server:
            drop(server, self.database)


def take_slot(data: DataDir) -> tuple[int, int]:
    """The lowest number no other test process holds, and the lock that holds it until we end."""
    for slot in range(SLOTS):
        handle = os.open(data.path / f"slot-{slot}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return slot, handle
        except BlockingIOError:
            os.close(handle)
    raise RuntimeError(f"More than {SLOTS} test processes share {data.path}.")


def made_template(data: DataDir, superuser: str) -> str:
    """The migrated template's name; migrates it first when migrations changed since the last run."""
    name = f"psp_template_{schema_version()}"
    with open(data.path / "template.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with psycopg.connect(superuser, autocommit=True) as server:
            if name in templates(server):
                return name
            make_tester(server, data.passwords()["psp_tester"])
            draft = f"{name}_new"
            drop(server, draft)
            server.execute(sql.SQL("CREATE DATABASE {} OWNER psp_owner").format(sql.Identifier(draft)))
            open_for_tests(in_database(superuser, draft))
            migrate(draft)
            renamed = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            server.execute(renamed.format(sql.Identifier(draft), sql.Identifier(name)))
            for old in templates(server)[TEMPLATES_KEPT:]:
                drop(server, old)
    return name


def templates(server: psycopg.Connection) -> list[str]:
    """The templates there are, newest first."""
    like = r"SELECT datname FROM pg_database WHERE datname LIKE 'psp\_template\_%' ORDER BY oid DESC"
    return [row[0] for row in server.execute(like)]


def schema_version() -> str:
    """A hash over the files migrations are made of, the wall's operations included."""
    rooms = [room.parent for room in BASE_DIR.glob("*/__init__.py") if room.parent.name not in {"tests"}]
    parts = [
        ROLES_SQL,
        DATABASE_SQL,
        BASE_DIR / "requirements" / "run.lock",
        BASE_DIR / "audit" / "triggers.py",
    ]
    for room in rooms:
        for folder in ("migrations", "wall", "data", "sql"):
            parts += [
                file for file in room.glob(f"**/{folder}/**/*") if file.is_file() and file.suffix != ".pyc"
            ]
    digest = hashlib.sha256()
    for part in sorted(parts):
        digest.update(str(part.relative_to(BASE_DIR)).encode() + b"\0" + part.read_bytes())
    return digest.hexdigest()[:12]


def migrate(database: str) -> None:
    """`manage.py migrate` as production does it, in this database."""
    environment = {
        **os.environ,
        "PSP_DATABASE_ROLE": "owner",
        "DATABASE_OWNER_URL": in_database(os.environ["DATABASE_OWNER_URL"], database),
    }
    command = [sys.executable, str(BASE_DIR / "manage.py"), "migrate", "--verbosity=0", "--skip-checks"]
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"The test database could not be migrated.\n{done.stdout}{done.stderr}")


def make_tester(server: psycopg.Connection, password: str) -> None:
    """The tests' login: psp_web's memberships, and the owner's for looking behind the wall."""
    # The row has no columns, so it is an empty tuple, which is false.
    if server.execute("SELECT FROM pg_roles WHERE rolname = 'psp_tester'").fetchone() is None:
        server.execute("CREATE ROLE psp_tester LOGIN NOINHERIT")
    server.execute("GRANT psp_app, psp_state, psp_owner TO psp_tester")
    bootstrap.set_password(server, "psp_tester", password)


def open_for_tests(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        bootstrap.run_script(connection, DATABASE_SQL)
        name = connection.info.dbname
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO psp_tester").format(sql.Identifier(name)))


def drop(server: psycopg.Connection, database: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[Any]:
    """Start the servers and name them before pytest-django reads the settings."""
    global run
    run = Run()
    return (yield)
