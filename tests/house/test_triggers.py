"""Raw SQL of the application cannot tell a trigger to stand aside, whatever it sets in its session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import Error, connection, transaction
from pgtrigger import registry

from accounts.models import User
from audit.record import record
from counties.actions.invitations import invite_person
from counties.models import Site
from counties.wall import site_scope
from families.consent_actions import record_disclosure
from tests.factories.counties import make_person
from tests.factories.families import make_consent, make_parent
from tests.house.test_moves import _goal, _match, _report

pytestmark = pytest.mark.django_db

IGNORE_ALL = """
SELECT set_config('pgtrigger.ignore', '{' || string_agg(DISTINCT name, ',') || '}', true) FROM (
    SELECT tgname::text AS name FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT tgrelid::regclass || ':' || tgname FROM pg_trigger WHERE NOT tgisinternal
) AS named
"""


CHANGE_A_FROZEN_REPORT = "UPDATE reporting_monthlyreport SET successes = 'x' WHERE id = %s"


@pytest.fixture(params=["psp_app", "psp_owner"])
def ignoring(request, rock: Site) -> Iterator[None]:
    """Inside Rock's scope as the role, with every trigger there is named as one to ignore."""
    with site_scope(rock.id), connection.cursor() as cursor:
        cursor.execute(IGNORE_ALL)
        cursor.execute("SELECT set_config('role', %s, true)", [request.param])
        yield


@pytest.fixture
def rows(rock: Site) -> dict[str, object]:
    """A certified report, a declined match, an open goal and an event, made before anybody ignores anything."""
    with site_scope(rock.id):
        record("family.viewed")
    return {
        "report": _report(rock, "certified").pk,
        "match": _match(rock, "declined").pk,
        "goal": _goal(rock, "open").pk,
    }


@pytest.mark.parametrize(
    ("what", "statement", "refusal"),
    [
        ("report", CHANGE_A_FROZEN_REPORT, "frozen"),
        ("report", "UPDATE reporting_monthlyreport SET status = 'accepted' WHERE id = %s", "[Tt]ransition"),
        ("match", "UPDATE matching_match SET status = 'active' WHERE id = %s", "[Tt]ransition"),
        ("goal", "UPDATE activities_goal SET set_on = current_date + 9 WHERE id = %s", "V06"),
    ],
)
def test_named_triggers_fire_all_the_same(
    rows: dict[str, object], ignoring: None, what: str, statement: str, refusal: str
) -> None:
    with pytest.raises(Error, match=refusal), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [rows[what]])


def test_with_the_library_s_own_function_they_would_not(
    rock: Site, rows: dict[str, object], as_owner
) -> None:
    """The attempt above is a real one."""
    model, trigger = registry.registered()[0]
    with as_owner() as cursor:
        cursor.execute(str(trigger.compile(model).sql))
    with site_scope(rock.id), connection.cursor() as cursor:
        cursor.execute(IGNORE_ALL)
        cursor.execute(CHANGE_A_FROZEN_REPORT, [rows["report"]])
        assert cursor.rowcount == 1


@pytest.mark.parametrize("table", ["audit_auditevent", "reporting_monthlyreporthistory"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET site_id = site_id", "DELETE FROM {}"])
def test_neither_trail_nor_history_is_rewritten(
    rows: dict[str, object], ignoring: None, table: str, verb: str
) -> None:
    with pytest.raises(Error, match="permission denied|Cannot"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(verb.format(table))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE families_disclosure SET recipient = 'x'", "UPDATE families_disclosure SET disclosed_on = '2020-01-01'",
        "UPDATE families_consent SET categories = '{identity}'", "UPDATE families_consent SET method = 'verbal'",
        "UPDATE counties_roleassignment SET role = 'program_coordinator' WHERE role = 'parent_partner'",
        "UPDATE counties_roleassignment SET person_id = (SELECT max(id) FROM accounts_user)",
        "UPDATE counties_invitation SET role = 'program_coordinator'", "UPDATE counties_invitation SET email = 'x@y.z'",
    ],
)  # fmt: skip
def test_what_a_row_was_made_to_say_stays(rock: Site, rock_partner: User, statement: str) -> None:
    """Who shared what with whom, who was given which role: corrected by another row, never in this one."""
    parent = make_parent(rock)
    facts = {"recipient": "School", "categories": ["participation"], "purpose": "Homework"}
    make_consent(rock, parent, **facts)
    make_person("Zoe Yew", "zoe@rock.example")
    with site_scope(rock.id):
        record_disclosure(parent=parent, by=rock_partner, **facts)
        invite_person(email="new@rock.example", name="New", role="parent_partner", site=rock, by=rock_partner)
        with pytest.raises(Error, match="made to say stays"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)


def test_what_the_triggers_ask_says_no_to_everybody() -> None:
    assert _functions() == [("public", "SELECT false", "psp_owner")]


def test_a_trigger_installed_later_changes_nothing_of_it(as_owner) -> None:
    model, trigger = registry.registered()[0]
    with as_owner() as cursor:
        cursor.execute(trigger.compile(model).install_sql)
    assert _functions() == [("public", "SELECT false", "psp_owner")]


@pytest.mark.parametrize("role", ["psp_app", "psp_state", "psp_web"])
def test_the_application_can_put_nothing_in_its_place(role: str) -> None:
    """Neither make a function, nor a schema or a temporary table that would be found first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_schema_privilege(%s, 'public', 'CREATE'), has_database_privilege(%s, current_database(),"
            " 'CREATE'), has_database_privilege(%s, current_database(), 'TEMP'), pg_has_role(%s, 'psp_owner', 'SET')",
            [role] * 4,
        )
        assert cursor.fetchone() == (False, False, False, False)


def _functions() -> list[tuple[str, str, str]]:
    """Every function of the name: schema, text, owner."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pronamespace::regnamespace::text, prosrc, pg_get_userbyid(proowner) FROM pg_proc"
            " WHERE proname = '_pgtrigger_should_ignore'"
        )
        return cursor.fetchall()
