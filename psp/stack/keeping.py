"""The user's side of the keeper: join the running servers or start them, and leave at exit."""

import atexit
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psp.stack.data_dir import BASE_DIR, DataDir

_held: dict[Path, int] = {}


class StackNotStarted(Exception):
    """PostgreSQL or Redis could not be started; the message holds the end of their log."""


def join(data: DataDir, *, volatile: bool = False) -> dict[str, int]:
    """Hold the servers of this data directory for the life of this process; the ports they listen on.

    Call under `starting`. Raises StackNotStarted.
    """
    if data.path not in _held:
        handle = os.open(data.users_lock, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(handle, fcntl.LOCK_SH)  # waits while a keeper is stopping its servers
        _held[data.path] = handle
        atexit.register(leave, data, os.getpid())
    if not keeper_lives(data):
        _start_keeper(data, volatile)
    return data.ports()


def leave(data: DataDir, joined_by: int | None = None) -> None:
    """Let go of the servers; if we were the last, wait until they are down. Forked children leave nothing."""
    if joined_by not in (None, os.getpid()) or data.path not in _held:
        return
    os.close(_held.pop(data.path))
    time.sleep(0.02)  # let the keeper, if we were the last, take the lock before we look
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and keeper_lives(data) and _keeper_is_stopping(data):
        time.sleep(0.02)


@contextmanager
def starting(data: DataDir) -> Iterator[None]:
    """One at a time looks whether the servers run and the database is ready."""
    data.create()
    with open(os.open(data.start_lock, os.O_RDWR | os.O_CREAT, 0o600)) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def keeper_lives(data: DataDir) -> bool:
    return not _could_lock(data.keeper_lock, fcntl.LOCK_SH)


def _keeper_is_stopping(data: DataDir) -> bool:
    return not _could_lock(data.users_lock, fcntl.LOCK_SH)


def _could_lock(file: Path, how: int) -> bool:
    try:
        handle = os.open(file, os.O_RDWR)
    except FileNotFoundError:
        return True  # nobody has ever held it, or `make reset` took it away
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    finally:
        os.close(handle)


def _start_keeper(data: DataDir, volatile: bool) -> None:
    data.running_file.unlink(missing_ok=True)
    data.passwords()
    command = [
        sys.executable,
        "-m",
        "psp.stack.keeper",
        str(data.path),
        *(["--volatile"] if volatile else []),
    ]
    with open(data.log, "ab") as log:
        # A session of its own: Ctrl-C is for the commands, the keeper follows when they are gone.
        keeper = subprocess.Popen(
            command, cwd=BASE_DIR, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    while not data.running_file.exists():
        if keeper.poll() is not None:
            raise StackNotStarted("\n".join(data.log.read_text(errors="replace").splitlines()[-20:]))
        time.sleep(0.02)
