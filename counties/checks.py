"""The application must not be able to bypass the wall: it refuses to start otherwise (`stack.md` 1.4).

The commonest way such walls fail in production is that the application signs in as a superuser or as the owner
of the tables. Asked by `manage.py check --deploy`, when the web server starts and when a worker starts.
"""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

QUESTION = """
SELECT who.name, r.rolsuper, r.rolbypassrls, pg_has_role(who.name, 'psp_owner', 'MEMBER')
FROM (SELECT session_user::text AS name UNION SELECT current_user::text) AS who
JOIN pg_roles r ON r.rolname = who.name ORDER BY who.name
"""
WAYS = ["is a superuser", "may bypass row security (BYPASSRLS)", "may become psp_owner, who owns the tables"]


def dangers(cursor: Any) -> list[str]:
    """Why the database roles of this connection could pass the wall; nothing when they cannot."""
    cursor.execute(QUESTION)
    return [
        f"The database role {name} {way}."
        for name, *can in cursor.fetchall()
        for way, yes in zip(WAYS, can, strict=True)
        if yes
    ]  # fmt: skip


@register("psp", deploy=True)
def database_role(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """One error per way past the wall."""
    hint = "Connect as psp_web (psp/roles.sql): NOINHERIT, member of psp_app and psp_state only."
    with connection.cursor() as cursor:
        return [Error(words, hint=hint, id="psp.E001") for words in dangers(cursor)]


def refuse_dangerous_role(**kwargs: Any) -> None:
    """Raise ImproperlyConfigured rather than serve one request without the wall."""
    with connection.cursor() as cursor:
        found = dangers(cursor)
    connection.close()  # the web server forks after this
    if found:
        raise ImproperlyConfigured(" ".join(found) + " PSP does not start like this; see psp/roles.sql.")
