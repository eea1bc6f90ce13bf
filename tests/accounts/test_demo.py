"""The demo's buttons exist in the demo only."""

import importlib

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import clear_url_caches

import psp.urls
from accounts.demo import DEMO_PEOPLE, PARENT_PARTNER, make_demo_people, sign_in
from accounts.models import User
from counties.models import RoleAssignment, Site
from counties.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def urls(settings):
    """Read the addresses anew for the present settings, and again for the tests' own afterwards."""

    def reread() -> None:
        importlib.reload(psp.urls)
        clear_url_caches()

    was = settings.DEMO
    yield reread
    settings.DEMO = was
    reread()


@pytest.fixture
def demo(settings, urls, rock: Site, door: Site, jefferson: Site) -> list[User]:
    settings.DEMO = True
    urls()
    return make_demo_people()


def test_without_the_demo_there_is_no_such_page(settings, urls, rock_coordinator: User) -> None:
    settings.DEMO = False
    urls()
    assert Client().get("/demo/").status_code == 404
    assert Client().post("/demo/", {"email": rock_coordinator.email}).status_code == 404


def test_without_the_demo_nobody_is_made_or_signed_in(settings, rock: Site, rock_coordinator: User) -> None:
    settings.DEMO = False
    with pytest.raises(PermissionDenied):
        make_demo_people()
    with pytest.raises(PermissionDenied):
        sign_in(RequestFactory().post("/demo/"), rock_coordinator)


def test_every_role_has_a_button(demo: list[User]) -> None:
    page = Client().get("/demo/").content.decode()
    assert {p.role for p in DEMO_PEOPLE} == {str(role) for role in Role}
    assert all(p.email in page and p.name in page for p in DEMO_PEOPLE)
    assert PARENT_PARTNER in {p.email for p in DEMO_PEOPLE if p.role == Role.PARENT_PARTNER}


def test_a_button_opens_the_site_without_a_second_step(demo: list[User]) -> None:
    browser = Client()
    assert browser.post("/demo/", {"email": "ruth.alder@rock.example"}).headers["Location"] == "/"
    assert browser.get("/sites/rock/settings/people/").status_code == 200
    browser.post("/demo/", {"email": "dora.hazel@door.example"})
    assert browser.get("/sites/rock/settings/people/").status_code == 404
    assert browser.get("/sites/door/settings/people/").status_code == 200


def test_a_button_signs_in_nobody_else(demo: list[User], rock_coordinator: User) -> None:
    browser = Client()
    assert browser.post("/demo/", {"email": rock_coordinator.email}).status_code == 403
    assert browser.post("/demo/", {"email": "nobody@rock.example"}).status_code == 404
    assert "_auth_user_id" not in browser.session


def test_the_demo_s_people_are_made_once(demo: list[User]) -> None:
    count = RoleAssignment.objects.count()
    assert make_demo_people() == demo
    assert (RoleAssignment.objects.count(), User.objects.count()) == (count, len(DEMO_PEOPLE))


def test_a_role_ended_and_given_again_is_left_as_it_is(demo: list[User]) -> None:
    roles = demo[0].roles
    held = roles.get()
    roles.update(ends_on="2026-11-21")
    roles.create(site=held.site, role=held.role, starts_on="2026-11-22")
    assert make_demo_people() == demo and roles.count() == 2
