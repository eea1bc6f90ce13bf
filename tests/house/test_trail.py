"""The trail is append-only for everyone who can reach it, and the row history catches what goes past Python."""

from __future__ import annotations

import pytest
from django.db import Error, connection, transaction

from accounts.models import User
from audit import context
from audit.models import AuditEvent
from audit.record import record
from counties.models import Site
from counties.wall import site_scope, state_scope
from families.models import Family
from tests.factories.families import make_family

pytestmark = pytest.mark.django_db


def _execute(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("verb", ["UPDATE audit_auditevent SET verb = 'x'", "DELETE FROM audit_auditevent"])
def test_the_application_can_not_change_the_trail(rock: Site, verb: str) -> None:
    with site_scope(rock.id):
        record("family.viewed")
        with pytest.raises(Error, match="permission denied"):
            _execute(verb)


@pytest.mark.parametrize("verb", ["UPDATE audit_auditevent SET verb = 'x'", "DELETE FROM audit_auditevent"])
def test_not_even_the_owner_changes_the_trail_by_accident(rock: Site, as_owner, verb: str) -> None:
    with site_scope(rock.id):
        record("family.viewed")
    with pytest.raises(Error, match="Cannot"), as_owner() as cursor:
        cursor.execute(verb)


def test_a_site_reads_only_its_own_trail(rock: Site, door: Site) -> None:
    with site_scope(rock.id):
        record("family.viewed", kind="family", ids=["a"])
    with site_scope(door.id):
        assert not AuditEvent.objects.exists()
    record("person.signed_in")
    with state_scope():
        assert set(AuditEvent.objects.values_list("site_id", flat=True)) == {None}


def test_history_keeps_who_and_why_even_for_raw_sql(rock: Site, rock_coordinator: User) -> None:
    family = make_family(rock)
    with context.acting(actor_id=rock_coordinator.id), site_scope(rock.id):
        _execute("UPDATE families_family SET notes = 'changed past every action'")
        record("family.edited", family, reason="typing error")
        newest = family.history.order_by("-pgh_id").first()
        why = AuditEvent.objects.get(request_id=newest.pgh_request)
    assert (newest.pgh_label, newest.notes) == ("update", "changed past every action")
    assert newest.pgh_actor == rock_coordinator.id
    assert why.reason == "typing error"


def test_history_itself_can_not_be_rewritten(rock: Site) -> None:
    make_family(rock)
    with site_scope(rock.id), pytest.raises(Error, match="permission denied|Cannot"):
        _execute("UPDATE families_familyhistory SET notes = 'x'")


def test_a_bulk_update_is_in_the_history_row_by_row(rock: Site) -> None:
    for _ in range(3):
        make_family(rock)
    with site_scope(rock.id):
        Family.objects.update(notes="all at once")
        changed = Family.history.rel.related_model._base_manager.filter(pgh_label="update")
        assert changed.count() == 3
