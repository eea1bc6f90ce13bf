"""Pages in tests: static files as they lie in the project, a real Chromium, and axe inside it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from django.conf import settings
from django.templatetags.static import static
from django.test import override_settings
from playwright.sync_api import Browser, Page, sync_playwright

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    # No page stays long enough for its scripts to be compiled twice, or for its memory to be tidied; what was
    # compiled for one page serves the next.
    "--js-flags=--no-opt,--no-maglev,--no-flush-bytecode,--min-semi-space-size=32",
]  # fmt: skip
AXE = ("axe", Path(axe_playwright_python.__file__).parent)
"""Served like our own files: from a cache the browser takes half a megabyte of script in a third of the time."""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "resultTypes": ["violations"],
}
VIOLATIONS = """async ([part, colors, rules]) => {
    if (colors) axe.configure({rules: [{id: "color-contrast", selector: `${colors} *`}]})
    const options = {...rules, rules: {"color-contrast": {enabled: Boolean(colors)}}}
    return (await axe.run(part, options)).violations.map(found => `${found.id}: ${found.nodes[0].html}`)
}"""


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    """Names without hashes, so that no test needs `collectstatic`."""
    with override_settings(
        STORAGES=settings.STORAGES | {"staticfiles": PLAIN},
        STATICFILES_DIRS=[*settings.STATICFILES_DIRS, AXE],
        WHITENOISE_AUTOREFRESH=True,
        WHITENOISE_USE_FINDERS=True,
    ):
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a worker. Without Chromium: skipped on a laptop, failed in CI."""
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            "Chromium is missing: apt-get install chromium-headless-shell"
        )
    # Playwright runs an event loop in this thread; Django would refuse the test's own database calls.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address in a fresh browser profile; a message on its console fails the test at the end."""
    contexts, messages = [], []

    def opened(url: str, *, width: int = 1280, **options: object) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: messages.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.goto(url, wait_until="load")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert messages == []


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """What axe finds on a page, or in a part of it: rule and first element of each violation.

    `colors` is the part whose contrast is looked at, "" for none of it: that takes three quarters of the time.
    """

    def run(page: Page, part: str = "html", *, colors: str = "html") -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.add_script_tag(url=static("axe/axe.min.js"))
        return page.evaluate(VIOLATIONS, [part, colors, RULES])

    return run
