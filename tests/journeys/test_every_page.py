"""axe, the width of a phone and the console, on every page of the product in its normal and its refused state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from accounts.models import User
from counties.models import Site
from counties.roles import Role
from tests.factories.counties import give, make_person
from tests.house.test_urls import SITE, STATE, _own, _state
from tests.house.world import build_world

pytestmark = pytest.mark.django_db(transaction=True)

NOT_A_PAGE = {
    "activities:event_ics", "activities:report_numbers", "exchange:api_contacts", "exchange:api_log",
    "exchange:api_report", "exchange:api_reports", "exchange:download", "exchange:refused", "exchange:templates",
    "families:consent_file", "partners:certificate", "reporting:draft_file", "reporting:file", "state:file",
}  # fmt: skip
"""Files and JSON."""


EMPTY = """form => {
    const typed = "input[type=text], input[type=date], input[type=email], textarea"
    for (const box of form.querySelectorAll(typed))
        if (box.checkVisibility() && !box.readOnly && !box.disabled) box.value = ""
}"""
"""Blanks what a person could blank; a box they do not see stays as it is."""


class Look:
    """Opens pages as one person and collects what is wrong with them."""

    def __init__(self, server: str, page: Page, axe: Callable[..., list[str]]) -> None:
        self.server, self.page, self.axe = server, page, axe
        self.wrong, self.seen = [], 0
        page.on("console", lambda m: self._note(f"console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda e: self._note(f"script: {e}"))

    def _note(self, words: str) -> None:
        # Chromium reports every 4xx answer as a console error; which answers are right is tried elsewhere.
        if "status of 4" not in words:
            self.wrong.append(f"{self.page.url} {words}")

    def open(self, path: str, name: str) -> bool:
        """Open the address; False where it is no page to look at (a verb that only takes POST).

        A download raises an error here: its name belongs into `NOT_A_PAGE`.
        """
        self._widen(1280)
        there = self.page.goto(self.server + path)
        if there is None or there.status == 405 or "text/html" not in there.headers.get("content-type", ""):
            return False
        # What stands around the page has the same colors on each.
        colors = "main" if self.seen else "html"
        self._check(name, self.axe(self.page, colors=colors), (1280, 390))
        return True

    def refuse(self, name: str) -> None:
        """Send the page's form as it stands, emptied, and look at the refusal."""
        form = self.page.locator("main form[method=post].psp-form")
        if form.count() != 1:
            return
        form.evaluate(EMPTY)
        with self.page.expect_navigation():
            form.evaluate("form => form.requestSubmit(form.querySelector('button[type=submit]'))")
        if self.page.locator(".usa-alert--error, .psp-error-summary, .usa-error-message").count():
            # Where room is short. What stands around it was looked at a moment ago, and the colors of a refusal are
            # the same everywhere (tests/house/test_interface_in_browser.py).
            self._check(f"{name} refused", self.axe(self.page, "main", colors=""), (390, 1280))

    def _check(self, name: str, violations: list[str], widths: tuple[int, int]) -> None:
        """What axe said at the first width, and no sideways scroll at both."""
        self.seen += 1
        self.wrong += [f"{name} at {widths[0]}: {violation}" for violation in violations]
        for shown in widths:
            self._widen(shown)
            if self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                self.wrong.append(f"{name} at {shown}: scrolls sideways")

    def _widen(self, width: int) -> None:
        if self.page.viewport_size["width"] != width:
            self.page.set_viewport_size({"width": width, "height": 900})


@pytest.fixture
def look(chromium: Any, live_server: Any, axe: Callable) -> Callable[[Client], Look]:
    contexts: list[BrowserContext] = []

    def made(client: Client) -> Look:
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        if signed_in := client.cookies.get(settings.SESSION_COOKIE_NAME):
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": signed_in.value, "url": live_server.url}
            context.add_cookies([cookie])
        contexts.append(context)
        return Look(live_server.url, context.new_page(), axe)

    yield made
    for context in contexts:
        context.close()


@pytest.mark.parametrize("half", [0, 1])
def test_every_page_of_a_site(
    rock: Site, look: Callable, client_for: Callable[[User], Client], half: int
) -> None:
    world = build_world(rock)
    view = look(client_for(world.coordinator))
    for name in SITE[half::2]:
        if name not in NOT_A_PAGE and view.open(_own(name, world), name):
            view.refuse(name)
    assert view.wrong == []
    assert view.seen > 40


def test_every_page_of_the_state(
    rock: Site,
    look: Callable,
    client_for: Callable[[User], Client],
) -> None:
    world = build_world(rock)
    admin = give(make_person("Sue Larch", "sue@state.example"), Role.STATE_ADMIN, None)
    view = look(client_for(admin))
    for name in STATE:
        if name not in NOT_A_PAGE and view.open(_state(name, world), name):
            view.refuse(name)
    assert view.wrong == []
    assert view.seen > 10


def test_every_list_of_an_empty_site(
    rock: Site,
    rock_coordinator: User,
    look: Callable,
    client_for: Callable[[User], Client],
) -> None:
    view = look(client_for(rock_coordinator))
    for name in SITE:
        if name.endswith(":list") or name in (
            "today",
            "activities:events",
            "partners:sessions",
            "matching:waiting",
        ):
            view.open(_plain(name), name)
    assert view.wrong == []
    assert view.seen >= 9


@pytest.mark.parametrize("language", ["en", "es", "hmn"])
def test_every_page_for_people_without_an_account(
    rock: Site, client: Client, look: Callable, language: str
) -> None:
    view = look(client)
    for name in ("start", "myself", "parent", "status"):
        if view.open(f"{reverse(f'refer:{name}', args=['rock'])}?lang={language}", name):
            view.refuse(name)
    assert view.wrong == []
    assert view.seen >= 4


def _plain(name: str) -> str:
    return reverse(name, kwargs={"site": "rock"})
