"""`ensure`: after it, the environment names a database and a queue that answer."""

import hashlib
import os
import secrets
import subprocess
import sys
from urllib.parse import quote, urlsplit

from psp.stack.data_dir import BASE_DIR, DATABASE, DATABASE_SQL, ROLES_SQL, DataDir, data_dir
from psp.stack.keeping import StackNotStarted, join, starting

# Commands that change the schema or look at it from behind sign in as the owner.
OWNER_COMMANDS = {"migrate", "makemigrations", "sqlmigrate", "showmigrations", "optimizemigration", "squashmigrations",
                  "pgtrigger", "dbshell", "inspectdb", "sqlflush"}  # fmt: skip
# Commands that never ask the database; settings still want addresses, so they get ones nobody answers at, and
# keys that seal nothing.
STACKLESS_COMMANDS = {"", "help", "version", "--help", "-h", "--version", "build_assets", "collectstatic",
                      "findstatic", "compilemessages", "makemessages"}  # fmt: skip
NOWHERE = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "DATABASE_OWNER_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "PSP_SECRET_KEY": secrets.token_urlsafe(48),
    "PSP_FIELD_KEYS": "none",
}


def for_command(command: str) -> None:
    """What `manage.py COMMAND` needs: servers and the right database role, or neither."""
    if command in STACKLESS_COMMANDS:
        for name, address in NOWHERE.items():
            os.environ.setdefault(name, address)
        return
    if command == "demo":
        os.environ["PSP_DEMO"] = "1"
    if command in OWNER_COMMANDS:
        os.environ.setdefault("PSP_DATABASE_ROLE", "owner")
    ensure(migrate=command not in OWNER_COMMANDS and command != "demo")


def ensure(*, migrate: bool = True, volatile: bool = False) -> None:
    """Start or join what the environment does not name already; see the package's docstring.

    `migrate`: bring a new embedded database up to date first. `volatile`: trade safety of the data for speed
    (tests). Raises StackNotStarted.
    """
    data = DataDir(data_dir())
    if "DATABASE_URL" not in os.environ or "REDIS_URL" not in os.environ:
        with starting(data):
            _embed(data, migrate=migrate, volatile=volatile)
    if "DATABASE_OWNER_URL" not in os.environ:
        _use_given_server(data)


def _embed(data: DataDir, *, migrate: bool, volatile: bool) -> None:
    ports = join(data, volatile=volatile)
    os.environ.setdefault("REDIS_URL", f"redis://:{data.passwords()['redis']}@127.0.0.1:{ports['redis']}/0")
    if "DATABASE_URL" in os.environ:
        return
    superuser = superuser_url(data)
    scripts = hashlib.sha256(ROLES_SQL.read_bytes() + DATABASE_SQL.read_bytes()).hexdigest()
    if data.note("roles") != scripts:
        from psp.stack import bootstrap

        bootstrap.make_roles(superuser, data)
        bootstrap.make_embedded_database(superuser)
        bootstrap.open_database(in_database(superuser, DATABASE))
        data.write_note("roles", scripts)
    _name_roles(in_database(superuser, DATABASE), data)
    if migrate and not data.note("migrated"):
        run_migrations()
        data.write_note("migrated")


def _use_given_server(data: DataDir) -> None:
    """DATABASE_URL came without its owner's: make our roles there if it is a superuser's, else use it as it is."""
    from psp.stack import bootstrap

    url = os.environ["DATABASE_URL"]
    if not bootstrap.is_superuser(url):
        return
    with starting(data):
        bootstrap.make_roles(url, data)
        bootstrap.open_database(url)
        _name_roles(url, data)


def _name_roles(url: str, data: DataDir) -> None:
    passwords = data.passwords()
    os.environ["DATABASE_URL"] = with_login(url, "psp_web", passwords["psp_web"])
    os.environ["DATABASE_OWNER_URL"] = with_login(url, "psp_migrator", passwords["psp_migrator"])
    # Keys are kept beside the database they belong to; who brings a database of their own brings keys too.
    os.environ.setdefault("PSP_SECRET_KEY", passwords["secret_key"])
    os.environ.setdefault("PSP_FIELD_KEYS", passwords["field_key"])


def run_migrations() -> None:
    """`manage.py migrate` as the owner, in a process of its own; raises StackNotStarted with what it printed."""
    command = [sys.executable, str(BASE_DIR / "manage.py"), "migrate", "--verbosity=0", "--skip-checks"]
    done = subprocess.run(
        command,
        env={**os.environ, "PSP_DATABASE_ROLE": "owner"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise StackNotStarted(f"The new database could not be migrated.\n{done.stdout}{done.stderr}")


def with_login(url: str, role: str, password: str) -> str:
    """The same server and database, signed in as another role."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{quote(role)}:{quote(password, safe='')}@{place}").geturl()


def in_database(url: str, name: str) -> str:
    """The same server and login, another database."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def superuser_url(data: DataDir) -> str:
    """The embedded server's superuser, in its maintenance database; for making roles and test databases only."""
    address = f"postgresql://127.0.0.1:{data.ports()['postgres']}/postgres"
    return with_login(address, "postgres", data.passwords()["postgres"])


def is_embedded(data: DataDir) -> bool:
    """Whether DATABASE_URL names this data directory's own server."""
    url = urlsplit(os.environ["DATABASE_URL"])
    return url.hostname == "127.0.0.1" and url.port == data.ports().get("postgres")
