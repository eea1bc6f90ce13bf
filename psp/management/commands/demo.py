"""`make demo`: the whole product with its demo data, on one address, until somebody stops it."""

import os
import signal
import socket
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from psp.stack.data_dir import DataDir, data_dir
from psp.stack.servers import end_with_parent
from psp.stack.supervisor import AlreadyRunning, supervise


class Command(BaseCommand):
    help = "Start web, worker and beat with the demo data; Ctrl-C stops all."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        # During the preparation a stop must pass through `finally` and exit handlers.
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
        host, port = os.environ.get("PSP_HOST", "127.0.0.1"), int(os.environ.get("PSP_PORT", "8000"))
        require_free(host, port)
        run("migrate", "--verbosity=0", "--skip-checks", role="owner")
        call_command("collectstatic", interactive=False, verbosity=0)
        if "load_demo" in get_commands():
            run("load_demo", role="app")
        address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 (compared, not bound)
        try:
            code = supervise(DataDir(data_dir()), address, lambda: self.announce(address))
        except AlreadyRunning as error:
            raise CommandError(f"This data directory is already served (process {error}).") from error
        if code:
            raise CommandError("A process ended by itself; its last lines above say why.", returncode=code)

    def announce(self, address: str) -> None:
        self.stdout.write(
            f"\nPSP answers at {address}/\nSign in as any role: {address}/demo/\nCtrl-C stops it.\n"
        )
        self.stdout.flush()


def require_free(host: str, port: int) -> None:
    """Raise CommandError when somebody else already listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(f"Port {port} is taken. Try: PSP_PORT={port + 1} make demo") from error


def run(command: str, *options: str, role: str) -> None:
    """One manage.py command in a process of its own, with the database role it needs."""
    done = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), command, *options],
        env={**os.environ, "PSP_DATABASE_ROLE": role},
        stdin=subprocess.DEVNULL,
        preexec_fn=lambda: end_with_parent(signal.SIGTERM),
    )
    if done.returncode:
        raise CommandError(f"`manage.py {command}` failed; see above.")
