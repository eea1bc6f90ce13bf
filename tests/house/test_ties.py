"""Whoever has a declared tie to a family neither opens nor finds it, at any address, in any role (docs/adr/0017)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from counties.models import Site
from counties.roles import GRANTS, Role
from counties.wall import site_scope
from families.models import Families, Family, FamilyScopedRows
from tests.factories.families import make_tie
from tests.house.addresses import FOREIGN
from tests.house.test_urls import SITE, Tried, _own, _view, tried  # noqa: F401
from tests.house.world import CANARY, World, build_world
from tests.trail import recorded

pytestmark = pytest.mark.django_db

OF_FAMILIES = re.compile(f"(Ann|Lee|Bob|Cid|Kim|Goal |Note |talked |Because |Why |Agency |Kin ){CANARY}")
"""Words of the world that only a family's rows hold; the towns of the site are shown to set their distances."""


@pytest.fixture
def world(rock: Site) -> World:
    """One of everything; coordinator and parent partner both have a tie to every family of it."""
    world = build_world(rock, token=CANARY)
    with site_scope(rock.id):
        families = list(Family.objects.all())
    for family in families:
        for person in (world.coordinator, world.partner_person):
            make_tie(rock, family, person)
    return world


def _leads_to_a_family(world: World, name: str) -> bool:
    key = FOREIGN[name](world)["pk"]
    thing = next((thing for thing in world.things.values() if thing.pk == key), None)
    rows = getattr(type(thing), "objects", None)
    with site_scope(world.site.id):
        return rows is not None and isinstance(rows.all(), FamilyScopedRows | Families)


@pytest.mark.parametrize("who", ["coordinator", "partner_person"])
def test_no_address_opens_it_and_each_attempt_is_recorded(
    who: str,
    rock: Site,
    world: World,
    client_for: Callable[[User], Client],
    tried: Tried,  # noqa: F811
) -> None:
    person = getattr(world, who)
    browser, names = client_for(person), [name for name in FOREIGN if _leads_to_a_family(world, name)]
    assert len(names) > 30
    for name in names:
        address = reverse(name, kwargs={"site": "rock", **FOREIGN[name](world)})
        statuses = {browser.get(address).status_code, browser.post(address).status_code}
        right_is_missing, wrong_method = 403, 405
        tried.expect(statuses <= {404, right_is_missing, wrong_method}, name, statuses)
        tried.expect(404 in statuses or statuses == {403}, name, statuses)
        if statuses != {403}:
            tried.expect(recorded(rock, "access.refused", FOREIGN[name](world)["pk"], by=person), name)


@pytest.mark.parametrize("who", ["coordinator", "partner_person"])
def test_no_page_shows_a_word_of_it(
    who: str,
    world: World,
    client_for: Callable[[User], Client],
    tried: Tried,  # noqa: F811
) -> None:
    browser = client_for(getattr(world, who))
    role = Role.PROGRAM_COORDINATOR if who == "coordinator" else Role.PARENT_PARTNER
    open_to_them = [name for name in SITE if _view(name).right in GRANTS[role].rights]
    for name in open_to_them:
        if name in FOREIGN and _leads_to_a_family(world, name):
            continue  # answered as 404, see above
        shown = browser.get(_own(name, world), {"q": "Ann", "when": "all", "state": "all"}).content.decode(
            errors="replace"
        )
        without_what_was_typed = shown.replace('value="Ann"', "")
        found = OF_FAMILIES.search(without_what_was_typed)
        tried.expect(found is None, name, found)


def test_everybody_else_sees_it_as_before(
    world: World, rock_coordinator: User, client_for: Callable[[User], Client]
) -> None:
    browser = client_for(rock_coordinator)
    assert browser.get(reverse("family", args=["rock", world.family.pk])).status_code == 200
    assert f"Ann{CANARY}" in browser.get(reverse("families:list", args=["rock"])).content.decode()
