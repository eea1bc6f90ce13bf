"""The cast: the same people in every test, each with a job in it.

`rock_*` are insiders, `door_*` the outsiders a wall must stop, `former_partner` somebody whose role ended,
`state_*` DCF. `client_for(person)` is that person's browser, signed in with the second factor.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from django.utils import timezone

from accounts.middleware import FACTOR
from accounts.models import User
from counties.models import Site
from counties.roles import Role
from partners.models import ParentPartner
from tests.factories.counties import give, make_person, make_site
from tests.factories.partners import make_partner

pytest_plugins = ["tests.plugins.database", "tests.plugins.pages"]


@pytest.hookimpl(trylast=True)  # after the order was shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes a minute starts first: left to the end, one process would still be at it while the others wait."""
    items.sort(key=lambda item: "every_page_of_a_site" not in item.nodeid)


@pytest.fixture
def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture
def rock(db: None) -> Site:
    return make_site("rock", name="Rock County PSP", fips=["55105"])


@pytest.fixture
def door(db: None) -> Site:
    return make_site("door", name="Door County PSP", operator="nonprofit", fips=["55029"])


@pytest.fixture
def jefferson(db: None) -> Site:
    return make_site("jefferson", name="Jefferson County PSP", fips=["55055"])


@pytest.fixture
def rock_coordinator(rock: Site) -> User:
    return give(make_person("Ruth Alder", "ruth@rock.example"), Role.PROGRAM_COORDINATOR, rock)


@pytest.fixture
def rock_second_coordinator(rock: Site) -> User:
    return give(make_person("Ada Birch", "ada@rock.example"), Role.PROGRAM_COORDINATOR, rock)


@pytest.fixture
def rock_partner_coordinator(rock: Site) -> User:
    return give(make_person("Pat Cedar", "pat@rock.example"), Role.PARTNER_COORDINATOR, rock)


@pytest.fixture
def rock_partner(rock: Site) -> User:
    return give(make_person("Mai Dogwood", "mai@rock.example"), Role.PARENT_PARTNER, rock)


@pytest.fixture
def rock_partner_profile(rock: Site, rock_partner: User) -> ParentPartner:
    return make_partner(rock, first_name="Mai", last_name="Dogwood", person=rock_partner)


@pytest.fixture
def rock_clinical(rock: Site) -> User:
    return give(make_person("Cleo Elm", "cleo@rock.example"), Role.CLINICAL_SUPPORT, rock)


@pytest.fixture
def rock_council(rock: Site) -> User:
    return give(make_person("Carl Fir", "carl@rock.example"), Role.COUNCIL_MEMBER, rock)


@pytest.fixture
def former_partner(rock: Site) -> User:
    person = make_person("Fay Gorse", "fay@rock.example")
    give(person, Role.PARENT_PARTNER, rock, starts_on=dt.date(2024, 1, 1), ends_on=dt.date(2025, 1, 1))
    make_partner(rock, first_name="Fay", last_name="Gorse", person=person, ends_on=dt.date(2025, 1, 1))
    return person


@pytest.fixture
def door_coordinator(door: Site) -> User:
    return give(make_person("Dora Hazel", "dora@door.example"), Role.PROGRAM_COORDINATOR, door)


@pytest.fixture
def door_partner(door: Site) -> User:
    person = give(make_person("Don Ivy", "don@door.example"), Role.PARENT_PARTNER, door)
    make_partner(door, first_name="Don", last_name="Ivy", person=person)
    return person


@pytest.fixture
def state_staff(db: None) -> User:
    return give(make_person("Sam Juniper", "sam@state.example"), Role.STATE_STAFF, None)


@pytest.fixture
def state_admin(db: None) -> User:
    return give(make_person("Sue Larch", "sue@state.example"), Role.STATE_ADMIN, None)


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """Browser of a person who has signed in with a second factor."""

    def browser(person: User) -> Client:
        # What signing in leaves behind, written at once: hundreds of tests start like this.
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session.update(
            {
                SESSION_KEY: str(person.pk),
                BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                HASH_SESSION_KEY: person.get_session_auth_hash(),
                FACTOR: True,
            }
        )
        session.save()
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        return client

    return browser
