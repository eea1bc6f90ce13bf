"""PSP refuses to run as a database role that could pass the wall."""

import psycopg
import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from counties import checks

pytestmark = pytest.mark.django_db


def asked_as(url: str, role: str = "") -> list[str]:
    with psycopg.connect(url) as link, link.cursor() as cursor:
        if role:
            cursor.execute("SELECT set_config('role', %s, false)", [role])
        return checks.dangers(cursor)


def test_the_role_of_production_can_not_pass_the_wall(database_run) -> None:
    assert asked_as(database_run.web_url) == []
    assert asked_as(database_run.web_url, "psp_app") == []
    assert asked_as(database_run.web_url, "psp_state") == []


def test_a_superuser_is_refused(database_run) -> None:
    words = " ".join(asked_as(database_run.superuser))
    assert "is a superuser" in words and "psp_owner" in words


def test_a_superuser_in_disguise_is_refused(database_run) -> None:
    """`SET ROLE psp_app` hides nothing: the one who signed in may reset it."""
    assert "The database role postgres is a superuser." in asked_as(database_run.superuser, "psp_app")


def test_bypassrls_is_refused(database_run) -> None:
    words = asked_as(database_run.superuser, "psp_owner")
    assert "The database role psp_owner may bypass row security (BYPASSRLS)." in words


def test_the_check_and_the_start_say_so() -> None:
    """The tests' own role may become psp_owner, so here both must refuse."""
    found = [m for m in run_checks(tags=["psp"], include_deployment_checks=True) if m.id == "psp.E001"]
    assert [m.msg for m in found] == [
        "The database role psp_tester may become psp_owner, who owns the tables."
    ]
    with pytest.raises(ImproperlyConfigured, match="psp_tester may become psp_owner"):
        checks.refuse_dangerous_role()
