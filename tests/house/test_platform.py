"""The two commands and what they stand on: locks that name nobody's registry, servers that leave nothing behind."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import LiteralString

import psutil
import psycopg
import pytest
import redis
import yaml
from psycopg import errors

from psp.stack.bootstrap import make_embedded_database
from psp.stack.data_dir import BASE_DIR
from psp.stack.ready import in_database
from psp.stack.servers import free_port
from psp.stack.supervisor import HEALTHY_WITHIN_SECONDS
from tests.plugins.servers import Run

LOCKS = sorted((BASE_DIR / "requirements").glob("*.lock"))
SERVICES = {"postgres", "redis", "migrate", "web", "worker", "beat"}


def requirements(lock: Path) -> dict[str, list[str]]:
    """Each locked package with its options."""
    lines = lock.read_text().replace("\\\n", "").splitlines()
    return {line.split("==")[0].strip(): line.split()[1:] for line in lines if line.strip()}


# --- locks ---


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_file_names_no_host_and_hashes_every_package(lock: Path) -> None:
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", lock.read_text())
    for name, options in requirements(lock).items():
        assert any(option.startswith("--hash=sha256:") for option in options), name


def test_each_package_we_import_is_named_with_its_reason() -> None:
    """One that only comes along with another may be gone after the next update."""
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["test"]]
    named = {re.match(r"[\w-]+", line)[0].lower().replace("_", "-") for line in asked}
    files = [
        file
        for room in project["tool"]["importlinter"]["root_packages"]
        for file in BASE_DIR.glob(f"{room}/**/*.py")
    ]
    imported = set(
        re.findall(r"^\s*(?:from|import) (\w+)", "\n".join(file.read_text() for file in files), re.M)
    )
    brought_by = packages_distributions()
    for module in imported & set(brought_by):
        assert {name.lower().replace("_", "-") for name in brought_by[module]} & named, module


def test_the_npm_lock_names_no_host_and_checks_every_package() -> None:
    lock = json.loads((BASE_DIR / "package-lock.json").read_text())
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages
    assert [name for name, one in packages.items() if "resolved" in one] == []
    assert [name for name, one in packages.items() if "integrity" not in one] == []


def test_tests_run_on_the_very_versions_the_product_runs_on() -> None:
    run, test = (
        set((BASE_DIR / "requirements" / f"{name}.lock").read_text().split("\n")) for name in ("run", "test")
    )
    assert {line for line in run if "==" in line} <= {line for line in test if "==" in line}


def test_every_named_dependency_is_locked_and_says_why_it_is_here() -> None:
    text = (BASE_DIR / "pyproject.toml").read_text()
    project = tomllib.loads(text)["project"]
    locked = {name.lower().split("[")[0] for name in requirements(BASE_DIR / "requirements" / "run.lock")}
    named = {re.split(r"[\[<>=]", one)[0].lower() for one in project["dependencies"]}
    assert named <= locked
    block = text.split("dependencies = [", 1)[1].split("\n]", 1)[0].strip()
    assert block.startswith("#")


# --- the commands and the processes ---


def test_the_commands_people_are_told_about_exist() -> None:
    shown = subprocess.run(["make", "help"], cwd=BASE_DIR, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"make (\w+)", shown)) == {
        "help", "setup", "demo", "test", "check", "bench", "reset", "lock",
    }  # fmt: skip
    for target in ("demo", "test", "check", "reset"):
        subprocess.run(["make", "--dry-run", target], cwd=BASE_DIR, capture_output=True, check=True)


def test_compose_runs_the_same_processes_with_no_password_of_its_own() -> None:
    text = (BASE_DIR / "docker-compose.yml").read_text()
    services = yaml.safe_load(text)["services"]
    assert set(services) == SERVICES
    assert all("healthcheck" in services[name] for name in SERVICES - {"migrate"})
    # Every secret is demanded: `${NAME:?...}` stops with its name, a default would start with a known password.
    secret = re.compile(r"\$\{(\w*(?:PASSWORD|SECRET|KEYS)\w*)(:?[-?])?")
    assert {kind for _, kind in secret.findall(text)} == {":?"}
    owners = {name for name in SERVICES if "DATABASE_OWNER_URL" in services[name].get("environment", {})}
    assert owners == {"migrate"}
    processes = set(re.findall(r"^(\w+):", (BASE_DIR / "Procfile").read_text(), re.M))
    assert processes == {services[name]["command"][0] for name in ("web", "worker", "beat")}


# --- the embedded servers ---


class Laptop:
    """Processes that use one embedded stack, as commands typed on a bare machine would."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.users: list[subprocess.Popen[str]] = []

    def use(self) -> dict[str, str]:
        """Start a process that joins the stack and stays; the addresses it was given."""
        code = """
            import json, os, sys
            from psp import stack
            stack.ensure(migrate=False)
            print(json.dumps({name: os.environ[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")}))
            sys.stdout.flush()
            sys.stdin.read()
        """
        given = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PSP_DATABASE_ROLE"}
        environment = {name: value for name, value in os.environ.items() if name not in given}
        user = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code)],
            cwd=BASE_DIR,
            env={**environment, "PSP_DATA_DIR": str(self.directory)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.users.append(user)
        assert user.stdout is not None
        return dict(json.loads(user.stdout.readline()))

    def leave(self, user: int = 0) -> None:
        """One process ends by itself."""
        self.users.pop(user).communicate()

    def kill(self, user: int = 0) -> None:
        """One process is killed, with no chance to tidy up."""
        killed = self.users.pop(user)
        killed.kill()
        killed.communicate()

    def servers(self) -> list[psutil.Process]:
        """What runs for this directory: keeper, PostgreSQL, Redis."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def is_quiet_within(self, seconds: float) -> bool:
        return becomes_true(lambda: not self.servers(), seconds)

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.pid not in [user.pid for user in self.users] and (
                str(self.directory) in process.cmdline() or process.cwd().startswith(str(self.directory))
            )
        except psutil.Error:
            return False


def becomes_true(question: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.05)
    return question()


def as_owner(urls: dict[str, str], statement: LiteralString) -> list[tuple[object, ...]]:
    with psycopg.connect(urls["DATABASE_OWNER_URL"]) as connection:
        connection.execute("SET ROLE psp_owner")
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def new_laptop() -> Iterator[Callable[[], Laptop]]:
    with ExitStack() as afterwards:

        def make() -> Laptop:
            directory = (
                Path(afterwards.enter_context(tempfile.TemporaryDirectory(prefix="psp-stack-"))) / "data"
            )
            laptop = Laptop(directory)
            afterwards.callback(lambda: laptop.is_quiet_within(20))
            afterwards.callback(lambda: [laptop.kill() for _ in list(laptop.users)])
            return laptop

        yield make


def test_the_servers_live_as_long_as_somebody_uses_them(new_laptop: Callable[[], Laptop]) -> None:
    laptop = new_laptop()
    first = laptop.use()
    assert laptop.use() == first, "a second command shares the first one's servers"
    assert {"postgres", "redis-server"} < {process.name() for process in laptop.servers()}
    laptop.leave()
    with psycopg.connect(first["DATABASE_URL"]):
        """The first is gone, the second still works."""
    laptop.leave()
    assert laptop.servers() == [], "the last one out waits until the servers are down"


def test_a_killed_command_leaves_nothing_behind(new_laptop: Callable[[], Laptop]) -> None:
    laptop = new_laptop()
    laptop.use()
    laptop.kill()
    assert laptop.is_quiet_within(20)


def test_a_killed_keeper_takes_its_servers_along_and_the_next_command_starts_anew(
    new_laptop: Callable[[], Laptop],
) -> None:
    laptop = new_laptop()
    laptop.use()
    (keeper,) = (process for process in laptop.servers() if process.name().startswith("python"))
    keeper.kill()
    assert laptop.is_quiet_within(20)
    laptop.kill()
    with psycopg.connect(laptop.use()["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT session_user").fetchone() == ("psp_web",)


def test_two_stacks_run_side_by_side_and_each_keeps_its_data(new_laptop: Callable[[], Laptop]) -> None:
    one, other = new_laptop(), new_laptop()
    first, second = one.use(), other.use()
    as_owner(first, "CREATE TABLE only_here ()")
    assert as_owner(second, "SELECT to_regclass('only_here')::text") == [(None,)]
    with redis.Redis.from_url(first["REDIS_URL"]) as queue:
        queue.set("only", "here")
    with redis.Redis.from_url(second["REDIS_URL"]) as queue:
        assert queue.get("only") is None
    one.leave()
    again = one.use()
    assert as_owner(again, "SELECT to_regclass('only_here')::text") == [("only_here",)]
    with redis.Redis.from_url(again["REDIS_URL"]) as queue:
        assert queue.get("only") == b"here"


def test_the_servers_are_closed_to_everybody_else(new_laptop: Callable[[], Laptop]) -> None:
    laptop = new_laptop()
    urls = laptop.use()
    listening = {
        one.laddr.ip
        for server in laptop.servers()
        for one in server.net_connections()
        if one.status == "LISTEN"
    }
    assert listening == {"127.0.0.1"}
    assert (laptop.directory / "secrets.json").stat().st_mode & 0o077 == 0
    for url in (urls["DATABASE_URL"], in_database(urls["DATABASE_URL"], "postgres")):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(re.sub(r"//(\w+):[^@]*@", r"//postgres:guess@", url))
    with redis.Redis.from_url(re.sub(r":[^:@]*@", ":guess@", urls["REDIS_URL"])) as queue:
        with pytest.raises(redis.AuthenticationError):
            queue.ping()


def test_changed_roles_are_made_again_beside_a_database_that_is_there(database_run: Run) -> None:
    """After an update with new roles the next command meets yesterday's data."""
    for _ in range(2):
        make_embedded_database(database_run.superuser)


def test_the_application_signs_in_powerless_and_can_never_become_the_owner(
    database_run: Run, db: None
) -> None:
    with psycopg.connect(database_run.web_url, autocommit=True) as connection:
        with pytest.raises(errors.UndefinedTable):  # it may not even look into the schema
            connection.execute("SELECT count(*) FROM counties_site")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("SET ROLE psp_owner")
        connection.execute("SET ROLE psp_app")
        for statement in ("CREATE TABLE mine ()", "CREATE TEMP TABLE mine ()", "TRUNCATE counties_site"):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(statement)


# --- the supervisor ---


def stop_unread(make: subprocess.Popen[str], supervisor: psutil.Process) -> None:
    """Nobody reads what it says any more: `make demo | head`."""
    assert make.stdout is not None
    make.stdout.close()
    supervisor.send_signal(signal.SIGTERM)


STOPS = {
    "the supervisor is told to stop": lambda make, supervisor: supervisor.send_signal(signal.SIGTERM),
    "the supervisor is killed hard": lambda make, supervisor: supervisor.kill(),
}
WAYS_TO_THE_SUPERVISOR = {
    "make alone is interrupted": lambda make, supervisor: make.send_signal(signal.SIGINT),
    "make is killed hard": lambda make, supervisor: make.kill(),
    "nobody reads its output": stop_unread,
}


@contextmanager
def supervised_by_make(directory: Path, port: int, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A `make` whose only line runs the supervisor on `directory/Procfile`; all answer when this is entered."""
    program = f"""
import sys
from pathlib import Path
from psp.stack import DataDir
from psp.stack.supervisor import supervise
directory = Path("{directory}")
address = "http://127.0.0.1:{port}"
say = lambda: print("all well\\n", end="", flush=True)
sys.exit(supervise(DataDir(directory), address, say, procfile=directory / "Procfile"))
"""
    (directory / "program.py").write_text(program)
    (directory / "Makefile").write_text(f"demo:\n\t@{sys.executable} {directory}/program.py\n")
    with subprocess.Popen(
        ["make", "-f", str(directory / "Makefile"), "demo"],
        cwd=BASE_DIR,
        env=os.environ | {"PYTHONPATH": str(BASE_DIR)} | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        # As from a terminal: what a script starts with `&` ignores Ctrl-C, and so would all that comes after.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as make:
        assert make.stdout is not None
        too_long = threading.Timer(HEALTHY_WITHIN_SECONDS, make.kill)  # which ends what it prints
        too_long.start()
        try:
            printed = []
            for line in make.stdout:
                printed.append(line)
                if "all well" in line:  # what the web process says may share its line
                    break
            else:
                pytest.fail("".join(printed))
            too_long.cancel()
            yield make
        finally:
            make.kill()


def no_process_is_left(make: subprocess.Popen[str], stop: Callable[..., None]) -> bool:
    started = psutil.Process(make.pid).children(recursive=True)
    assert len(started) >= 7, "the supervisor, and a runner with its command for web, worker and beat"
    stop(make, started[0])
    _, alive = psutil.wait_procs(started, timeout=30)
    return alive == []


@pytest.mark.parametrize("stop", STOPS)
def test_web_worker_and_beat_leave_no_process_behind_when(
    stop: str, transactional_db: None, database_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Procfile").write_text((BASE_DIR / "Procfile").read_text())
    monkeypatch.delenv("DATABASE_OWNER_URL")
    monkeypatch.setenv("DATABASE_URL", database_run.web_url)
    port = free_port(None)
    settings = {
        "PSP_DATA_DIR": str(tmp_path),
        "PSP_PORT": str(port),
        "PSP_WEB_WORKERS": "1",
        "PSP_WORKERS": "1",
    }
    with supervised_by_make(tmp_path, port, **settings) as make:
        assert no_process_is_left(make, STOPS[stop])


@pytest.mark.parametrize("stop", WAYS_TO_THE_SUPERVISOR)
def test_the_supervisor_hears_of_it_when(stop: str, tmp_path: Path) -> None:
    """How the end reaches it; what it then does to the real processes is tried above."""
    (tmp_path / "healthz").mkdir()
    port = free_port(None)
    web = f"exec {sys.executable} -m http.server {port} --bind 127.0.0.1 --directory {tmp_path}"
    (tmp_path / "Procfile").write_text(f"web: {web}\nworker: exec sleep 600\nbeat: exec sleep 600\n")
    with supervised_by_make(tmp_path, port) as make:
        assert no_process_is_left(make, WAYS_TO_THE_SUPERVISOR[stop])
