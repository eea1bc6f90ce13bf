"""The five defences hold on every tenant table, as the database itself tells it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DataError, IntegrityError, ProgrammingError, connection, transaction

from counties.models import Site
from counties.wall import NoSiteScope, SiteModel, site_scope, state_scope
from counties.wall.operations import POLICY
from families.models import Child, Family
from tests.factories.families import make_family

pytestmark = pytest.mark.django_db

WITHOUT_ROW_SECURITY = {
    "counties_roleassignment": "read to find out which sites a person has a role at",
    "counties_sitephase": "site facts, read across sites by the state",
    "counties_sitesettings": "site facts, no person's data",
    "counties_sitesettingshistory": "history of site facts",
    "counties_invitation": "read by token before a site is known; no family data",
    "counties_site_counties": "which counties a site covers, public",
    "reporting_publishedfigure": "certified figures after suppression, made to be read across sites",
}
"""Tables with a site_id and no row security, each with its reason; an entry that no longer applies fails."""

ODD_POLICIES = {
    "audit_auditevent": {"site", "append", "office"},
    "reporting_monthlyreport": {"site", "state_reads", "state_decides"},
    "reporting_monthlyreporthistory": {"site", "state_trace"},
    "reporting_reportfigure": {"site", "state_reads"},
    "reporting_reportfile": {"site", "state_reads"},
}
"""Tables with more policies: the trail is appended to from anywhere, the state reads reports (docs/adr/0002)."""


def _rows(sql: str, *params: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _site_tables() -> list[str]:
    return [
        row[0]
        for row in _rows(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind IN ('r', 'p') AND a.attname = 'site_id' AND NOT a.attisdropped"
            " AND c.relnamespace = 'public'::regnamespace ORDER BY 1"
        )
    ]


def test_every_table_with_a_site_has_forced_row_security() -> None:
    walled = {
        row[0]
        for row in _rows(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relkind = 'r'"
        )
    }
    open_tables = set(_site_tables()) - walled
    assert open_tables == set(WITHOUT_ROW_SECURITY)


def test_policies_have_the_one_text_allowed() -> None:
    policies: dict[str, dict[str, tuple]] = {}
    for table, name, using, check, roles in _rows(
        "SELECT tablename, policyname, qual, with_check, roles::text FROM pg_policies WHERE schemaname = 'public'"
    ):
        policies.setdefault(table, {})[name] = (using, check, roles)
    assert set(policies) == set(_site_tables()) - set(WITHOUT_ROW_SECURITY)
    for table, found in policies.items():
        assert set(found) == ODD_POLICIES.get(table, {"site"}), table
        using, check, roles = found["site"]
        assert using == POLICY and roles == "{psp_app}", table
        assert check == (None if table == "audit_auditevent" else POLICY), table


def test_every_tenant_model_derives_from_site_model_and_requires_its_site() -> None:
    for model in apps.get_models():
        fields = {f.name: f for f in model._meta.local_fields}
        if "site" in fields and not model._meta.db_table.endswith("history"):
            if model._meta.db_table in WITHOUT_ROW_SECURITY:
                continue
            assert issubclass(model, SiteModel), model
            assert not fields["site"].null, model


def test_keys_between_tenant_tables_carry_the_site() -> None:
    tenant = {m._meta.db_table for m in apps.get_models() if issubclass(m, SiteModel)}
    composite = {
        (table, column)
        for table, columns in _rows(
            "SELECT conrelid::regclass::text, (SELECT array_agg(a.attname ORDER BY a.attname) FROM pg_attribute a"
            " WHERE a.attrelid = conrelid AND a.attnum = ANY (conkey)) FROM pg_constraint WHERE contype = 'f'"
        )
        if len(columns) == 2 and "site_id" in columns
        for column in columns
        if column != "site_id"
    }
    for model in apps.get_models():
        if not issubclass(model, SiteModel):
            continue
        for field in model._meta.local_fields:
            target = field.remote_field.model._meta.db_table if field.remote_field else ""
            if target in tenant:
                assert (model._meta.db_table, field.column) in composite, f"{model.__name__}.{field.name}"


def test_unique_constraints_and_indexes_of_tenant_tables_start_with_the_site() -> None:
    tenant = [m._meta.db_table for m in apps.get_models() if issubclass(m, SiteModel)]
    rows = _rows(
        "SELECT t.relname, i.relname,"
        " (SELECT attname FROM pg_attribute WHERE attrelid = t.oid AND attnum = x.indkey[0]),"
        " x.indisprimary, x.indisunique FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
        " JOIN pg_class t ON t.oid = x.indrelid WHERE t.relname = ANY (%s)",
        tenant,
    )
    # A plain index on one foreign key column serves the reverse lookup of that key alone.
    for table, index, first, is_primary, is_unique in rows:
        if is_unique and not is_primary:
            one_to_one = table == "referrals_participation" and first == "referral_id"
            assert first == "site_id" or one_to_one, f"{table}.{index}"


def test_the_application_role_can_neither_bypass_nor_alter_row_security() -> None:
    (row,) = _rows("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user")
    assert row == (False, False, False)
    owned = _rows("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
    assert owned == [(0,)]
    with pytest.raises(ProgrammingError), transaction.atomic():
        _rows("ALTER TABLE families_family DISABLE ROW LEVEL SECURITY")


def test_the_application_can_erase_nothing_but_draft_figures() -> None:
    deletable = {
        row[0]
        for row in _rows(
            "SELECT table_name FROM information_schema.role_table_grants"
            " WHERE grantee = 'psp_app' AND privilege_type IN ('DELETE', 'TRUNCATE')"
        )
    }
    assert deletable == {
        "reporting_reportfigure", "reporting_publishedfigure", "counties_site_counties",
        "django_session", "account_emailaddress", "account_emailconfirmation", "mfa_authenticator",
        "usersessions_usersession",
    }  # fmt: skip


def test_state_role_reaches_only_figures_and_site_facts() -> None:
    readable = {
        row[0]
        for row in _rows(
            "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'v', 'm')"
            " AND c.relnamespace = 'public'::regnamespace"
            " AND has_any_column_privilege('psp_state', c.oid, 'SELECT')"
        )
    }
    assert readable == {
        "audit_auditevent", "counties_county", "counties_tribe", "counties_tribe_counties", "counties_site",
        "counties_site_counties",
        "counties_sitephase", "counties_sitesettings", "counties_sitesettingshistory",
        "counties_roleassignment", "reporting_monthlyreport",
        "reporting_reportfigure", "reporting_reportfile", "reporting_publishedfigure",
    }  # fmt: skip


def test_no_view_or_function_goes_around_the_wall() -> None:
    views = _rows(
        "SELECT relname FROM pg_class WHERE relkind = 'm' OR (relkind = 'v' AND relnamespace = 'public'::regnamespace"
        " AND NOT coalesce('security_invoker=true' = ANY (reloptions), false))"
    )
    assert views == []
    definers = _rows("SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace")
    assert definers == []


def test_a_query_without_a_site_fails_loudly(rock: Site) -> None:
    with pytest.raises(NoSiteScope):
        Family.objects.count()
    # Before any scope PostgreSQL does not know the setting, after one it is empty: loud both ways.
    with pytest.raises((DataError, ProgrammingError)), transaction.atomic():
        Family._base_manager.count()


def test_a_row_of_another_site_can_be_neither_read_nor_written_nor_pointed_at(rock: Site, door: Site) -> None:
    theirs = make_family(door)
    with site_scope(rock.id):
        assert not Family._base_manager.filter(pk=theirs.pk).exists()
        assert Family._base_manager.filter(pk=theirs.pk).update(notes="x") == 0
        with pytest.raises(ProgrammingError), transaction.atomic():
            Child.objects.create(site=door, family_id=theirs.pk, first_name="Quin")
        with pytest.raises(IntegrityError), transaction.atomic():
            Child.objects.create(site=rock, family_id=theirs.pk, first_name="Quin")
            _run("SET CONSTRAINTS ALL IMMEDIATE")


def test_state_staff_cannot_reach_a_family_even_by_raw_sql(rock: Site) -> None:
    make_family(rock)
    tenant = [
        m._meta.db_table for m in apps.get_models() if issubclass(m, SiteModel) and not m.state_may_read
    ]
    with state_scope():
        for table in tenant:
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                _rows(f"SELECT * FROM {table}")


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("dropped", ["policies", "both"])
def test_the_two_belts_are_independent(rock: Site, door: Site, as_owner, dropped: str) -> None:
    """Mutation: without policies the manager still narrows; without both a foreign row shows."""
    theirs = make_family(door)
    _run("SET CONSTRAINTS ALL IMMEDIATE")
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE families_family DISABLE ROW LEVEL SECURITY")
    with site_scope(rock.id):
        rows = Family.objects if dropped == "policies" else Family._base_manager
        assert rows.filter(pk=theirs.pk).exists() is (dropped == "both")
