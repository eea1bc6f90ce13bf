"""Passages a site writes itself: plain text, known placeholders, the product's own words again at any time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from activities.texts import NOTE_STARTERS
from counties.actions.settings import write_text
from counties.emails import digest_mail, invitation_mail
from counties.models import Invitation, Site, SiteSettings
from counties.texts import TEXTS
from counties.wall import site_scope

pytestmark = pytest.mark.django_db
URL = "/sites/rock/settings/texts/"


@pytest.fixture
def browser(rock_coordinator: User, client_for: Callable[[User], Client]) -> Client:
    return client_for(rock_coordinator)


def kept_settings(site: Site) -> SiteSettings:
    return SiteSettings.objects.get(site=site)


def kept(site: Site) -> dict[str, str]:
    return kept_settings(site).texts


def test_every_passage_can_be_read_written_and_taken_back(browser: Client, rock: Site, door: Site) -> None:
    assert browser.get(URL).status_code == 200
    for code, text in TEXTS.items():
        assert browser.get(f"{URL}write/?text={code}").status_code == 200
        text.refuse(text.default)
        browser.post(f"{URL}write/?text={code}", {"words": "Our own words."})
        assert kept(rock)[code] == "Our own words." and kept(door) == {}
        browser.post(f"{URL}write/?text={code}", {"words": "Our own words.", "restore": "1"})
        assert code not in kept(rock)
    assert browser.get(f"{URL}write/?text=nothing").status_code == 404


def test_looking_first_writes_nothing_and_shows_it_filled(browser: Client, rock: Site) -> None:
    page = browser.post(f"{URL}write/?text=invitation", {"words": "Come to {site}.", "look": "1"})
    assert page.context["example"] == "Come to Rock County PSP." and kept(rock) == {}
    assert "How it would read" in page.content.decode()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("Dear {parent}", "“{parent}” is not known here. You may use {site}, {inviter}, {role}."),
        ("A {lone brace", "brace stands alone"),
        ("Call 123-45-6789", "Social Security"),
        ("It was reported by her aunt", "made a report"),
        ("x" * 601, "at most 600"),
    ],
)
@pytest.mark.parametrize("button", ["save", "look"])
def test_words_that_cannot_be_sent_are_refused(
    browser: Client, rock: Site, words: str, says: str, button: str
) -> None:
    page = browser.post(f"{URL}write/?text=invitation", {"words": words, button: "1"})
    assert page.status_code == 200 and says in " ".join(page.context["form"].errors["words"])
    assert page.context["form"]["words"].value() == words and kept(rock) == {}


def test_the_words_stand_in_the_mails_and_in_the_form(
    browser: Client, rock: Site, rock_coordinator: User, rock_partner: User
) -> None:
    for code, words in {"invitation": "Welcome, {role}.", "digest": "Office hours: 9 to 4."}.items():
        write_text(settings=rock.settings, text=TEXTS[code], words=words, by=rock_coordinator)
    write_text(settings=rock.settings, text=NOTE_STARTERS, words="What went <well>?", by=rock_coordinator)
    invited = {"email": "new@rock.example", "name": "New Person", "role": "parent_partner"}
    browser.post("/sites/rock/settings/people/invite/", invited)
    with site_scope(rock.id):
        body = invitation_mail(Invitation.objects.select_related("site__settings").latest("pk")).body
    assert "Welcome, Parent Partner." in body and "invites you" not in body
    assert (
        "Office hours: 9 to 4."
        in digest_mail(rock_partner, [(rock.name, 1, 2)], {rock.name: "Office hours: 9 to 4."}).body
    )
    assert "What went &lt;well&gt;?" in browser.get("/sites/rock/contacts/log/").content.decode()
