"""The room's pages in a real browser: a contact on a phone, folded resources, axe at both widths."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from activities.models import Contact, ResourceLink
from tests.activities.conftest import rows
from tests.factories.activities import make_contact, make_event
from tests.reporting.figures import make_council

pytestmark = pytest.mark.django_db(transaction=True)


def _send(page: Page) -> None:
    page.locator("main form[method=post] .psp-form-actions button").first.click()
    page.wait_for_load_state()


def test_a_partner_logs_a_contact_on_a_phone(visit, rock, rock_partner, enrollment, referral):
    page = visit(rock_partner, reverse("family", args=["rock", enrollment.family_id]), width=390)
    page.get_by_role("link", name="Log a contact").click()
    expect(page.get_by_label("Parent", exact=True)).to_have_value(str(referral.pk))
    page.get_by_label("How", exact=True).select_option("in_person_home")
    page.get_by_label("Minutes").fill("45")
    page.get_by_label("Mentoring").check()
    expect(page.get_by_label("Resource 1")).not_to_be_visible()
    page.locator("summary", has_text="Resources").click()
    page.get_by_label("Resource 1").select_option("housing")
    # Nothing lies beyond the right edge of a phone.
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="30 minutes").click()
    page.get_by_label("Note").fill("We went thr")
    expect(page.locator("[data-draft-url]")).to_contain_text("Saved ", timeout=8000)
    page.goto(page.url.split("/contacts/")[0] + "/")  # saved, so leaving asks nothing
    page.get_by_role("link", name=str(referral.parent)).first.click()
    expect(page.get_by_label("Note")).to_have_value("We went thr")
    expect(page.get_by_label("Minutes")).to_have_value("30")
    page.get_by_role("button", name="45 minutes").click()
    _send(page)
    expect(page.locator("#messages")).to_contain_text("is logged")
    (contact,) = rows(Contact, rock)
    assert (contact.minutes, contact.activities) == (45, ["mentoring"])
    assert [link.kind for link in rows(ResourceLink, rock)] == ["housing"]


def test_a_folded_group_opens_for_what_it_holds(visit, rock_partner, enrollment):
    page = visit(rock_partner, reverse("activities:log", args=["rock"]))
    page.locator("summary", has_text="Resources").click()
    page.get_by_label("Resource 1").select_option("food")
    _send(page)
    expect(page.get_by_label("Resource 1")).to_be_visible()
    expect(page.locator(".psp-error-summary")).to_be_focused()


def test_it_works_without_javascript(visit, rock, rock_partner, enrollment, referral):
    page = visit(rock_partner, reverse("activities:log", args=["rock"]), java_script_enabled=False)
    page.get_by_label("Parent", exact=True).select_option(str(referral.pk))
    page.get_by_label("How", exact=True).select_option("phone")
    page.get_by_label("No show").check()
    _send(page)
    assert len(rows(Contact, rock)) == 1


def test_the_timeline_shows_one_kind_in_place(visit, rock, rock_coordinator, referral, enrollment):
    make_contact(rock, enrollment, note="We met")
    make_event(rock, referral)
    page = visit(rock_coordinator, reverse("family", args=["rock", enrollment.family_id]))
    page.get_by_role("link", name="Hearings and meetings").click()
    expect(page.get_by_text("We met")).not_to_be_visible()
    expect(page.locator("#moments [aria-current]")).to_have_text("Hearings and meetings")
    expect(page.get_by_role("heading", name="Goals")).to_be_visible()


def test_type_ahead_keeps_the_parent_chosen_before(visit, rock_coordinator, referral, enrollment):
    page = visit(rock_coordinator, f"{reverse('activities:log', args=['rock'])}?referral={referral.pk}")
    expect(page.get_by_role("combobox", name="Parent", exact=True)).to_have_value(
        "Sol Juniper (F-0001, R-0001)"
    )


def test_axe_finds_nothing_on_a_list_that_is_narrowed(
    visit, axe, rock, rock_coordinator, referral, enrollment, live_server
):
    make_event(rock, referral)
    make_council(rock, "2025-06-10", judge=1, school=2)
    page = visit(rock_coordinator, reverse("activities:events", args=["rock"]) + "?when=past")
    assert axe(page) == []
    for name, query in (("advisory:list", "council=state"), ("activities:list", "month=June&mode=video")):
        page.goto(f"{live_server.url}{reverse(name, args=['rock'])}?{query}")
        assert axe(page) == [], name
