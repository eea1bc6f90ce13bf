"""What the trail keeps of the browser's address and of what was typed into it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from audit.models import AuditEvent
from counties.models import Site
from counties.wall import site_scope

pytestmark = pytest.mark.django_db
Browsers = Callable[[User], Client]
WRONG = "/sites/rock/families/00000000-0000-0000-0000-000000000000/"


def _refusals(site: Site) -> list[AuditEvent]:
    with site_scope(site.id):
        return list(AuditEvent.objects.filter(verb="access.refused").order_by("id"))


@pytest.fixture
def browser(rock_coordinator: User, client_for: Browsers) -> Client:
    return client_for(rock_coordinator)


@pytest.mark.parametrize(
    ("proxies", "told", "same"),
    [
        (0, ("203.0.113.1", "203.0.113.2"), True),  # nobody's word counts
        (1, ("203.0.113.1", "203.0.113.2"), False),
        (1, ("203.0.113.1", "198.51.100.9, 203.0.113.1"), True),  # what a client claims itself does not count
        (2, ("203.0.113.1", "203.0.113.2"), True),  # fewer addresses than proxies: our own neighbour's
    ],
)
def test_visitors_are_told_apart_by_the_address_our_proxy_saw(
    browser: Client, rock: Site, settings, proxies: int, told: tuple[str, str], same: bool
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    for address in told:
        assert browser.get(WRONG, headers={"x-forwarded-for": address}).status_code == 404
    first, second = (event.ip_hash for event in _refusals(rock))
    assert first and (first == second) is same
