"""Runs the Procfile's processes beside each other until one ends or somebody stops us; then none is left.

Stopped by Ctrl-C, SIGTERM, the end of the process that started us, or an interrupt of the `make` above us. Killed
hard, the kernel passes the message on: each child asked for a signal at its parent's death.
"""

import fcntl
import functools
import os
import signal
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer
from honcho.process import Popen, Process

from psp.stack.data_dir import BASE_DIR, DataDir
from psp.stack.servers import end_with_parent

HEALTHY_WITHIN_SECONDS = 90


class AlreadyRunning(Exception):
    """Another supervisor works on this data directory; the message is its process id."""


class _BoundProcess(Process):
    """One line of the Procfile. Neither honcho's runner nor the command below it outlives its parent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._child_ctor = functools.partial(Popen, preexec_fn=lambda: end_with_parent(signal.SIGTERM))

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        end_with_parent(signal.SIGKILL)  # the runner ignores the gentle ones
        super().run(events, ignore_signals)


class _Spoken:
    """Our standard output, for as long as somebody reads it: `make demo | head` must still stop all it started."""

    def write(self, text: str) -> int:
        with suppress(BrokenPipeError):
            return sys.stdout.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(BrokenPipeError):
            sys.stdout.flush()

    def isatty(self) -> bool:
        return sys.stdout.isatty()


class Supervisor(Manager):
    """honcho's manager of processes, bound to our own life, that says once when all answers."""

    def __init__(self, address: str, when_healthy: Callable[[], None]) -> None:
        super().__init__(Printer(_Spoken()))
        self._process_ctor = _BoundProcess
        self._watches: tuple[Callable[[], None], ...] = (
            functools.partial(_wait_until_healthy, address, when_healthy),
            functools.partial(_follow_make, os.getppid()),
        )

    def _start(self) -> None:
        super()._start()  # forks: threads only afterwards
        for watch in self._watches:
            threading.Thread(target=watch, daemon=True).start()


def supervise(
    data: DataDir, address: str, when_healthy: Callable[[], None], *, procfile: Path = BASE_DIR / "Procfile"
) -> int:
    """Run web, worker and beat; 0 when somebody stopped us, else the exit code of the process that ended.

    `address`: where the web process will answer. `procfile`: its lines are the processes. Raises AlreadyRunning.
    """
    end_with_parent(signal.SIGTERM)
    lock = _hold(data.supervisor_lock)
    supervisor = Supervisor(address, when_healthy)
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        # On a laptop's container everybody is root; elsewhere the worker has a user of its own.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser",
    }
    for name, command in parse_procfile(procfile.read_text()).processes.items():
        supervisor.add_process(name, command, env=environment, cwd=str(BASE_DIR))
    supervisor.loop()
    os.close(lock)
    stopped = supervisor.returncode in (128 + signal.SIGINT, 128 + signal.SIGTERM)
    return 0 if stopped else supervisor.returncode or 1


def _hold(file: Path) -> int:
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise AlreadyRunning(file.read_text()) from None
    os.truncate(handle, 0)
    os.write(handle, str(os.getpid()).encode())
    return handle


def _wait_until_healthy(address: str, when_healthy: Callable[[], None]) -> None:
    deadline = time.monotonic() + HEALTHY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if _answers(f"{address}/healthz/"):
            return when_healthy()
        time.sleep(0.2)
    print(f"{address}/healthz/ did not answer within {HEALTHY_WITHIN_SECONDS} seconds.", flush=True)


def _answers(url: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310 (our own address)
        return True
    return False


def _follow_make(parent: int) -> None:
    """End with the `make` above us. Interrupted alone, it only waits for us; its signal handler is then gone."""
    if not _catches_interrupts(parent):
        return
    while _catches_interrupts(parent):
        time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGTERM)


def _catches_interrupts(process: int) -> bool:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return False
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    return status["Name"] == "make" and bool(int(status["SigCgt"], 16) & 1 << signal.SIGINT - 1)
