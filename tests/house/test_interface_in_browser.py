"""The interface kit in a real browser: axe, keyboard, narrow screens, no script, words kept at sign-out."""

import pytest
from django.conf import settings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.urls_with_gallery")]
PAGES = [
    "",
    "?errors=1",
    "?q=none&status=none",
    "form/",
    "form/?danger=1",
    "errors/403/",
    "errors/404/",
    "errors/500/",
]


@pytest.fixture
def address(live_server) -> str:
    return f"{live_server.url}/styleguide/"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_and_axe_finds_nothing(address, open_page, axe, path):
    page = open_page(address + path)
    assert axe(page) == []
    page.set_viewport_size({"width": 390, "height": 900})
    assert axe(page) == []
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_axe_finds_what_is_wrong_and_colors_where_it_is_told_to_look(address, open_page, axe):
    page = open_page(address)
    pale = (
        "main.append(Object.assign(document.createElement('p'), {textContent: 'pale', style: 'color: #eee'}))"
    )
    page.evaluate(f"() => {{ const main = document.querySelector('main'); {pale} }}")
    assert [found.split(":")[0] for found in axe(page, colors="main")] == ["color-contrast"]
    assert axe(page, colors="footer") == axe(page, colors="") == []
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert [found.split(":")[0] for found in axe(page, colors="")] == ["label"]


def test_the_first_tab_lands_on_the_skip_link(address, open_page):
    page = open_page(f"{address}form/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"


def test_a_refused_form_takes_focus_and_its_links_reach_the_fields(address, open_page, axe):
    page = open_page(f"{address}form/")
    page.get_by_role("button", name="Save the contact").click()
    page.wait_for_function("document.activeElement.matches('[data-focus-on-load]')")
    links = page.locator("[data-focus-on-load] a")
    for place in range(links.count()):
        links.nth(place).click()
        wanted = links.nth(place).get_attribute("href")
        assert f"#{page.evaluate('document.activeElement.id')}" == wanted
    assert axe(page) == []


def test_the_type_ahead_box_keeps_its_hint_and_error(address, open_page):
    page = open_page(f"{address}?errors=1")
    box = page.locator("input#id_partner")
    assert box.get_attribute("aria-describedby") == "id_partner_helptext id_partner_error"


def test_a_filter_changes_the_list_the_address_and_the_announcement(address, open_page):
    page = open_page(address)
    page.select_option("[name=status]", "active")
    page.get_by_role("link", name="Remove filter Status: Active").wait_for()
    assert "status=active" in page.url
    assert page.locator("#live").inner_text() == "33 matches"
    page.get_by_role("link", name="Remove filter Status: Active").click()
    page.wait_for_url(lambda url: "status" not in url)
    page.go_back()
    page.wait_for_load_state()
    assert page.locator("h1").count() == 1


def test_leaving_a_changed_form_asks_first_and_ctrl_enter_saves(address, open_page):
    page = open_page(f"{address}form/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_label("Street").fill("Main Street")
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_timeout(200)
    assert asked == ["beforeunload"] and page.url.endswith("/form/")
    with page.expect_navigation():
        page.get_by_label("Street").press("Control+Enter")
    assert len(asked) == 1
    assert page.get_by_label("Street").input_value() == "Main Street"


def test_a_list_filters_and_a_menu_opens_without_script(address, open_page):
    page = open_page(address, java_script_enabled=False)
    page.select_option("[name=status]", "active")
    page.get_by_role("button", name="Apply").click()
    assert page.get_by_text("33 matches").is_visible()
    page.get_by_text("Why we ask").click()
    assert page.get_by_text("face-to-face contacts by month").is_visible()


def test_choices_can_be_touched_where_they_are_drawn(address, open_page):
    page = open_page(f"{address}form/", width=390)
    page.get_by_label("In person, at home").check()
    page.get_by_label("Housing").check()
    assert page.get_by_label("In person, at home").is_checked() and page.get_by_label("Housing").is_checked()


def test_idle_sign_out_warns_and_keeps_what_was_typed(
    address, open_page, axe, client_for, rock_coordinator, monkeypatch
):
    monkeypatch.setattr(settings, "IDLE_TIMEOUT_SECONDS", 6)

    def sign_in(page):
        key = client_for(rock_coordinator).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": address}])

    page = open_page(address)
    sign_in(page)
    page.goto(f"{address}form/")
    page.get_by_label("Street").fill("Main Street")
    page.get_by_label("Food").check()
    page.get_by_role("heading", name="Are you still there?").wait_for()
    assert axe(page) == []
    page.get_by_role("button", name="Stay signed in").click()
    page.locator("dialog[open]").wait_for(state="hidden")
    page.locator("body:not([data-user])").wait_for(timeout=15_000)

    sign_in(page)
    page.goto(f"{address}form/")
    page.get_by_role("button", name="Restore what you typed").click()
    assert page.get_by_label("Street").input_value() == "Main Street"
    assert page.get_by_label("Food").is_checked() and not page.get_by_label("Legal").is_checked()
    assert page.evaluate("Object.values(sessionStorage).join()").find("Main Street") == -1
