"""A refusal is on record whatever was typed into the address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import Http404
from django.test import Client

from accounts.models import User
from audit.models import AuditEvent
from audit.record import record
from counties.access import find
from counties.models import Site
from counties.wall import site_scope
from families.models import Family
from tests.factories.families import make_parent

pytestmark = pytest.mark.django_db
Browsers = Callable[[User], Client]


@pytest.mark.parametrize("typed", ["\0", "a\0b", "x" * 5000])
def test_no_id_is_too_odd_to_record(rock: Site, typed: str) -> None:
    with site_scope(rock.id):
        with pytest.raises(Http404):
            find(Family.objects.all(), pk=typed)
        kept = AuditEvent.objects.get(verb="access.refused").object_ids
    assert kept == [typed.replace("\0", "")[:64]]


def test_a_list_of_ids_is_kept_in_full(rock: Site) -> None:
    with site_scope(rock.id):
        assert record("family.listed", kind="family", ids=["a\0", 7]).object_ids == ["a", "7"]


def test_a_nul_in_the_address_is_refused_and_on_record(
    rock_coordinator: User, rock: Site, client_for: Browsers
) -> None:
    parent = make_parent(rock)
    url = f"/sites/rock/matches/parents/{parent.pk}/conflicts/new/?partner=%00"
    assert client_for(rock_coordinator).get(url).status_code == 404
    with site_scope(rock.id):
        assert AuditEvent.objects.get(verb="access.refused").object_kind == "parentpartner"
