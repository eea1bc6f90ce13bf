"""What a page asks the database; a list page asks a constant number of questions, under 15."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

TRANSACTION = ("SAVEPOINT", "RELEASE", "SELECT set_config")
EVERY_PAGE = ("accounts_", "counties_", "mfa_", "django_session", "usersessions_")


def questions(browser: Client, url: str) -> list[str]:
    """The statements behind one page, transaction control left out; the first look at it warms the caches."""
    assert browser.get(url).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        browser.get(url)
    return [q["sql"] for q in captured.captured_queries if not q["sql"].startswith(TRANSACTION)]


def own(statements: list[str]) -> int:
    """How many of them are the page's own, beyond session, person, roles and site that every page asks for."""
    return sum(not any(f'"{table}' in sql.split("WHERE")[0] for table in EVERY_PAGE) for sql in statements)
