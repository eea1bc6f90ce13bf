"""What belongs to no site can be read by the state administrator, and nothing else is there."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from audit.record import record
from counties.models import Site
from counties.wall import site_scope

pytestmark = pytest.mark.django_db
TRAIL = "/state/office/trail/"


def test_sign_ins_show_and_events_of_a_site_do_not(
    rock: Site, rock_coordinator: User, state_admin: User, client_for: Callable[[User], Client]
) -> None:
    record("session.refused", actor_id=rock_coordinator.id)
    with site_scope(rock.id):
        record("family.viewed", actor_id=rock_coordinator.id)
    page = client_for(state_admin).get(TRAIL).content.decode()
    assert rock_coordinator.name in page
    assert "Looked at a family" not in page


def test_one_persons_doings(
    rock_coordinator: User, door_coordinator: User, state_admin: User, client_for: Callable[[User], Client]
) -> None:
    for person in (rock_coordinator, door_coordinator):
        record("session.refused", actor_id=person.id)
    page = client_for(state_admin).get(f"{TRAIL}?person={door_coordinator.id}").content.decode()
    assert door_coordinator.name in page and rock_coordinator.name not in page


def test_state_staff_without_the_right_are_refused(
    state_staff: User, client_for: Callable[[User], Client]
) -> None:
    assert client_for(state_staff).get(TRAIL).status_code == 403
