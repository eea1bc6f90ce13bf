"""Every address x every role x a foreign site: guarded by its decorator, refused where it must be, and recorded."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from audit.models import AuditEvent
from counties.models import Site
from counties.roles import GRANTS, Role
from counties.wall import site_scope
from tests.factories.counties import give, make_person
from tests.house.addresses import FOREIGN, STATE_OBJECTS, THIRD_PARTY
from tests.house.world import CANARY, World, build_world

pytestmark = pytest.mark.django_db


def _patterns(resolver: URLResolver, route: str = "", space: str = "") -> Iterator[tuple[str, str, Any]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _patterns(entry, route + str(entry.pattern), inner)
        elif isinstance(entry, URLPattern):
            yield route + str(entry.pattern), f"{space}{entry.name}", entry


ADDRESSES = {name: (route, entry) for route, name, entry in _patterns(get_resolver())}
OURS = {n: v for n, v in ADDRESSES.items() if n.split("_")[0] not in THIRD_PARTY}


def _view(name: str) -> Any:
    return ADDRESSES[name][1].callback


SITE = sorted(n for n, (route, _) in OURS.items() if route.startswith("sites/"))
STATE = sorted(n for n, (route, _) in OURS.items() if route.startswith("state/"))


def test_every_view_says_who_may_open_it() -> None:
    for name, (route, entry) in OURS.items():
        scope = getattr(entry.callback, "scope", None)
        if route.startswith("sites/"):
            assert scope == "site", name
        elif route.startswith("state/"):
            assert scope == "state", name
        else:
            assert scope in ("person", "public"), name


def test_third_party_addresses_are_known_and_none_is_stale() -> None:
    assert {n.split("_")[0] for n in ADDRESSES if n not in OURS} == set(THIRD_PARTY)


def test_every_site_address_with_an_object_is_tried_against_the_wall() -> None:
    needing = {n for n in SITE if "<" in ADDRESSES[n][0].removeprefix("sites/<slug:site>/")}
    assert needing == set(FOREIGN)


@pytest.fixture
def rock_world(rock: Site) -> World:
    return build_world(rock)


@pytest.fixture
def door_world(door: Site) -> World:
    return build_world(door, token=CANARY)


CAST = {
    "program_coordinator": Role.PROGRAM_COORDINATOR,
    "partner_coordinator": Role.PARTNER_COORDINATOR,
    "parent_partner": Role.PARENT_PARTNER,
    "clinical_support": Role.CLINICAL_SUPPORT,
    "council_member": Role.COUNCIL_MEMBER,
}


METHODS = ("get", "post")
TOKEN = re.compile(rb"[\w-]{32,}")
"""Random letters of the forms' tokens, which spell the site's name once in some hundred runs."""

OF_THE_ONE_ASKED = {"matching:offer", "matching:accept_offer", "matching:decline_offer"}
"""Addresses where even a coordinator finds nothing: an offer is answered by the parent partner it was made to."""


@pytest.fixture
def cast(
    rock_world: World, rock_partner_coordinator: User, rock_clinical: User, rock_council: User
) -> dict[str, User]:
    return {
        "program_coordinator": rock_world.coordinator,
        "partner_coordinator": rock_partner_coordinator,
        "parent_partner": rock_world.partner_person,
        "clinical_support": rock_clinical,
        "council_member": rock_council,
    }


def _own(name: str, world: World) -> str:
    return reverse(
        name, kwargs={"site": world.site.slug, **(FOREIGN[name](world) if name in FOREIGN else {})}
    )


class Tried:
    """Answers that were not as they should be, all of them at once."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def expect(self, is_right: bool, *words: object) -> None:
        if not is_right:
            self.wrong.append(" ".join(str(word) for word in words))


@pytest.fixture
def tried() -> Iterator[Tried]:
    tried = Tried()
    yield tried
    assert tried.wrong == []


def _refusals() -> int:
    with site_scope(Site.objects.get(slug="rock").id):
        return AuditEvent.objects.filter(verb="access.refused").count()


@pytest.mark.parametrize("key", list(CAST))
def test_every_site_address_by_role(
    key: str,
    rock_world: World,
    door_world: World,
    cast: dict[str, User],
    client_for: Callable[[User], Client],
    tried: Tried,
) -> None:
    """The complete table: with the right anything but 403 or 5xx, without it 403.

    By both methods for those who may do most and least of the daily work, otherwise by one of them in turn. Whatever
    the answer is, no word of another site stands in it.
    """
    browser, rights = client_for(cast[key]), GRANTS[CAST[key]].rights
    by_both = key in ("program_coordinator", "parent_partner")
    for place, name in enumerate(SITE):
        has_right = _view(name).right in rights
        for method in METHODS if by_both and has_right else METHODS[place % 2 :][:1]:
            answer = getattr(browser, method)(_own(name, rock_world))
            status = answer.status_code
            allowed = (200, 201, 204, 302, 400, 404, 405, 409, 415) if has_right else (403,)
            tried.expect(status in allowed, name, method, status)
            shown = b"".join(answer).decode(errors="replace").lower()
            tried.expect(CANARY.lower() not in shown, name, method, "shows a word of another site")
            shown_to = "parent_partner" if name in OF_THE_ONE_ASKED else "program_coordinator"
            if key == shown_to and method == "get":
                tried.expect(status in (200, 302, 405), name, "shows nothing of their own", status)


def test_every_site_address_for_strangers(
    rock_world: World,
    door_coordinator: User,
    door_partner: User,
    former_partner: User,
    state_staff: User,
    state_admin: User,
    client_for: Callable[[User], Client],
    tried: Tried,
) -> None:
    """People without a role here get 404 on every address, without a name and recorded; by each method in turn.

    Nobody is told apart among them before the view: a coordinator of another site and somebody whose role ended try
    every address, one of the other three each.
    """
    door, former, *others = (
        client_for(person)
        for person in (door_coordinator, former_partner, door_partner, state_staff, state_admin)
    )
    before = _refusals()
    for place, name in enumerate(SITE):
        for row, browser in enumerate((door, former, others[place % 3])):
            method = METHODS[(row + place) % 2]
            answer = getattr(browser, method)(_own(name, rock_world))
            tried.expect(answer.status_code == 404, name, method, row, answer.status_code)
            words = TOKEN.sub(b"", answer.content)
            tried.expect(b"Rock" not in words, name, "names the site")
    assert _refusals() - before == 3 * len(SITE)


def test_every_address_without_a_sign_in(rock_world: World, tried: Tried) -> None:
    browser = Client()
    for name in SITE:
        answer = browser.get(_own(name, rock_world))
        if ":api_" in name:
            tried.expect(answer.status_code == 403 and answer.json() == {"detail": "Sign in first."}, name)
        else:
            tried.expect(answer.headers.get("Location", "").startswith("/accounts/login/"), name)


def test_a_foreign_id_in_an_own_address(
    rock_world: World, door_world: World, client_for: Callable[[User], Client], tried: Tried
) -> None:
    """Another site's id and an id that never existed look the same, and each attempt is recorded."""
    browser = client_for(rock_world.coordinator)

    def answers(name: str, ids: dict[str, object], methods: tuple[str, ...]) -> dict[str, Any]:
        address = reverse(name, kwargs={"site": "rock", **ids})
        found = {method: getattr(browser, method)(address) for method in methods}
        return {method: answer for method, answer in found.items() if answer.status_code != 405}

    before = _refusals()
    for place, name in enumerate(sorted(FOREIGN)):
        theirs = FOREIGN[name](door_world)
        foreign = answers(name, theirs, METHODS)
        taken = tuple(foreign)[place % len(foreign) :][:1]
        unknown = answers(name, {k: _other(v) for k, v in theirs.items()}, taken)
        statuses = {answer.status_code for answer in (*foreign.values(), *unknown.values())}
        tried.expect(statuses == {404}, name, statuses)
        for method in taken:
            same = len(foreign[method].content) == len(unknown[method].content)
            tried.expect(same, name, "tells a foreign id from an unknown one")
        so_far = _refusals()
        tried.expect(so_far >= before + len(foreign) + 1, name, "was not recorded")
        before = so_far


def _other(value: object) -> object:
    if isinstance(value, uuid.UUID):
        return uuid.uuid4()
    return value + 10_000 if isinstance(value, int) else value


@pytest.mark.parametrize("role", [Role.STATE_STAFF, Role.STATE_ADMIN])
def test_every_state_address_by_role(
    role: Role, door_world: World, client_for: Callable[[User], Client], tried: Tried
) -> None:
    """State pages by right, and never a word of a family."""
    browser = client_for(give(make_person("Sam Juniper", "sam@state.example"), role, None))
    for name in STATE:
        answer = browser.get(_state(name, door_world))
        allowed = (200, 302, 404, 405) if _view(name).right in GRANTS[role].rights else (403,)
        tried.expect(answer.status_code in allowed, name, answer.status_code)
        tried.expect(CANARY not in answer.content.decode(errors="replace"), name, "shows a family's word")


def test_every_state_address_for_people_of_a_site(
    door_world: World, client_for: Callable[[User], Client], tried: Tried
) -> None:
    for person in (door_world.coordinator, door_world.partner_person):
        browser = client_for(person)
        for name in STATE:
            tried.expect(browser.get(_state(name, door_world)).status_code == 404, name, person.email)
    for name in STATE:
        tried.expect(Client().get(_state(name, door_world)).status_code == 302, name)


def _state(name: str, world: World) -> str:
    return reverse(name, kwargs=STATE_OBJECTS[name](world) if name in STATE_OBJECTS else {})
