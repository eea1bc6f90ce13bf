"""`make demo`: the whole product with its demo data, on one address, until somebody stops it."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from accounts.demo import DEMO_PEOPLE
from counties.roles import Role
from exchange.demo import load_demo
from psp.stack.data_dir import DataDir, data_dir
from psp.stack.ready import is_embedded
from psp.stack.servers import end_with_parent
from psp.stack.supervisor import AlreadyRunning, supervise


class Command(BaseCommand):
    help = "Start web, worker and beat with the demo data; Ctrl-C stops all."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        # During the preparation a stop must pass through `finally` and exit handlers.
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
        data = DataDir(data_dir())
        host, port = os.environ.get("PSP_HOST", "127.0.0.1"), int(os.environ.get("PSP_PORT", "8000"))
        require_free(host, port)
        bring_up_to_date(data)
        collect_static_files()
        load_demo(self.stdout.write)
        connections.close_all()  # the supervisor needs none, and forks
        address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 (compared, not bound)
        try:
            code = supervise(data, address, lambda: self.announce(address))
        except AlreadyRunning as error:
            raise CommandError(f"This data directory is already served (process {error}).") from error
        if code:
            raise CommandError("A process ended by itself; its last lines above say why.", returncode=code)

    def announce(self, address: str) -> None:
        first = {person.role: person for person in reversed(DEMO_PEOPLE)}
        people = [
            f"  {role.label:<28}{first[role].name:<16}{first[role].email}" for role in Role if role in first
        ]
        lines = ["", f"PSP answers at {address}/", f"Sign in with one click at {address}/demo/ as"]
        self.stdout.write("\n".join([*lines, *people, "Ctrl-C stops it."]))
        self.stdout.flush()


def bring_up_to_date(data: DataDir) -> None:
    """Migrate as the owner. On our own server only when migrations changed since the last time."""
    last = sorted(MigrationLoader(None).graph.leaf_nodes())
    version = hashlib.sha256(repr(last).encode()).hexdigest()
    if is_embedded(data) and data.note("migrations") == version:
        return
    done = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "--verbosity=0", "--skip-checks"],
        env={**os.environ, "PSP_DATABASE_ROLE": "owner"},
        stdin=subprocess.DEVNULL,
        preexec_fn=lambda: end_with_parent(signal.SIGTERM),
    )
    if done.returncode:
        raise CommandError("The database could not be migrated; see above.")
    data.write_note("migrations", version)


def collect_static_files() -> None:
    """Name and compress what pages need; only when a file or a package changed since, for it takes seconds."""
    note = settings.STATIC_ROOT.with_suffix(".done")
    files = [storage.path(name) for finder in get_finders() for name, storage in finder.list([])]
    looks = sorted((file, os.stat(file).st_mtime_ns, os.stat(file).st_size) for file in files)
    packages = (settings.BASE_DIR / "requirements" / "run.lock").read_bytes()
    version = hashlib.sha256(repr(looks).encode() + packages).hexdigest()
    if settings.STATIC_ROOT.exists() and note.exists() and note.read_text() == version:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    note.write_text(version)


def require_free(host: str, port: int) -> None:
    """Raise CommandError when somebody else already listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(f"Port {port} is taken. Try: PSP_PORT={port + 1} make demo") from error
