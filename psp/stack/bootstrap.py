"""Makes our roles and our database on a server where we may sign in as a superuser.

Imported only when needed: the driver takes longer to load than the rest of the stack to join.
"""

from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from psp.stack.data_dir import DATABASE, DATABASE_SQL, ROLES_SQL, DataDir
from psp.stack.keeping import StackNotStarted


def make_roles(superuser_url: str, data: DataDir) -> None:
    """Run roles.sql and give the two login roles their kept passwords."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        run_script(connection, ROLES_SQL)
        for role in ("psp_web", "psp_migrator"):
            set_password(connection, role, data.passwords()[role])


def make_embedded_database(superuser_url: str) -> None:
    """Create the database `psp`."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER psp_owner").format(sql.Identifier(DATABASE)))


def open_database(superuser_url: str) -> None:
    """Give psp_owner the database this address names, and run database.sql in it."""
    name = urlsplit(superuser_url).path.lstrip("/")
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO psp_owner").format(sql.Identifier(name)))
        run_script(connection, DATABASE_SQL)


def is_superuser(url: str) -> bool:
    """Whether this address signs in as a superuser; raises StackNotStarted when it does not let us in."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = session_user").fetchone()
    except psycopg.OperationalError as error:
        raise StackNotStarted(f"The server named by DATABASE_URL does not let us in: {error}") from error
    return bool(row and row[0])


def run_script(connection: psycopg.Connection, script: Path) -> None:
    connection.execute(script.read_text())  # our own file, no parameters


def set_password(connection: psycopg.Connection, role: str, password: str) -> None:
    connection.execute(
        sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
    )
