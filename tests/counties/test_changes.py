"""Row history read back as changes a person understands."""

import datetime as dt
import uuid

import pytest

from audit import context
from audit.changes import changes_of, histories
from audit.record import record
from counties.models import Site
from counties.wall import site_scope
from families.models import Family, Parent
from tests.factories.families import make_family, make_parent

pytestmark = pytest.mark.django_db


def changed(site: Site, **values: object) -> dict[str, tuple[str, str]]:
    """Change a parent in one request; field -> (before, after)."""
    parent = make_parent(site, first_name="Ann", date_of_birth=dt.date(1990, 5, 4))
    with context.acting(request_id=uuid.uuid4()), site_scope(site.id):
        Parent.objects.filter(pk=parent.pk).update(**values)
        changes, total = changes_of(context.current().request_id)
    assert total == 1 and changes[0].what == "update"
    return {name: (old, new) for name, old, new in changes[0].fields}


def test_only_what_differs_shows_with_both_values(rock: Site) -> None:
    assert changed(rock, first_name="Anna") == {"first name": ("Ann", "Anna")}


def test_dates_and_choices_read_as_people_write_them(rock: Site) -> None:
    seen = changed(rock, date_of_birth=dt.date(1991, 6, 7), needs_interpreter="yes")
    assert seen["date of birth"] == ("05/04/1990", "06/07/1991")
    assert seen["interpreter"] == ("", "Yes")


def test_a_request_over_many_tables_is_one_answer(rock: Site, django_assert_max_num_queries) -> None:
    with context.acting(request_id=uuid.uuid4()), site_scope(rock.id):
        for _ in range(3):
            make_parent(rock, make_family(rock))
        record("family.created")
        with django_assert_max_num_queries(5):
            changes, total = changes_of(context.current().request_id)
    assert (total, len(changes)) == (6, 6)
    assert {c.table for c in changes} == {"family", "parent"}


def test_another_site_s_history_is_not_there(rock: Site, door: Site) -> None:
    with context.acting(request_id=uuid.uuid4()):
        make_family(door)
        with site_scope(rock.id):
            assert changes_of(context.current().request_id) == ([], 0)


def test_every_history_table_is_asked() -> None:
    assert {Family, Parent} <= {m._meta.get_field("pgh_obj").related_model for m in histories()}
