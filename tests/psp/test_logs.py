"""No line of a log holds what stands in a row."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from psp.logs import WithoutRows
from tests.factories.counties import make_person


def test_a_refused_row_is_not_quoted(db):
    """Row security keeps tenant rows out of the database's words; accounts have none."""
    person = make_person("Zora Zzyzx", "zora@zzyzx.example")
    with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET is_active = NULL WHERE id = %s", [person.pk])
    assert "Zzyzx" in str(refusal.value)  # the danger is real
    problem = refusal.value
    trace = (type(problem), problem, problem.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "Task failed: %r", (problem,), trace)
    line = WithoutRows("%(message)s").format(record)
    assert "zzyzx" not in line.lower() and "DETAIL: left out" in line and "not-null constraint" in line


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("calendar_feed", {"site": "rock", "token": "Zzyzx-_9"}),
        ("invitation", {"token": "Zzyzx-_9"}),
        ("account_reset_password_from_key", {"uidb36": "1x", "key": "Zzyzx-_9"}),
    ],
)
def test_an_address_that_opens_something_is_not_written_down(name, more):
    record = logging.LogRecord(
        "x", logging.WARNING, __file__, 1, "Not Found: %s", (reverse(name, kwargs=more),), None
    )
    line = WithoutRows("%(message)s").format(record)
    assert line.startswith("Not Found: /") and "Zzyzx" not in line


def test_every_handler_of_ours_leaves_rows_out():
    assert settings.LOGGING["formatters"]["line"]["()"] == "psp.logs.WithoutRows"
    assert {handler["formatter"] for handler in settings.LOGGING["handlers"].values()} == {"line"}
    assert settings.LOGGING["root"]["handlers"] == list(settings.LOGGING["handlers"])
