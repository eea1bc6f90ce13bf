"""Search: however the name was heard, only within the wall, the role and today's matches, each search on record."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from counties.models import Site
from counties.wall import site_scope
from matching.models import Match
from partners.models import ParentPartner
from tests.factories.families import make_child, make_family, make_parent, make_tie
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_referral
from tests.queries import own, questions

pytestmark = pytest.mark.django_db
SEARCH = "/sites/rock/search/"


def found(browser: Client, text: str) -> dict[str, list[str]]:
    """Labels by group."""
    groups = browser.get(SEARCH, {"q": text}).context["found"].groups
    return {group.title: [hit.label for hit in group.hits] for group in groups}


@pytest.fixture
def browser(rock_coordinator: User, client_for: Callable[[User], Client]) -> Client:
    return client_for(rock_coordinator)


@pytest.mark.parametrize(
    "text",
    [
        "Katherine",
        "kath",
        "Catharine",
        "Kathrine Meyer",
        "Maier",
        "meier kath",
        "Núñez-Meyer",
        "nunez",
        "Theo",
    ],
)
def test_a_family_is_found_however_the_name_was_heard(text: str, browser: Client, rock: Site) -> None:
    family = make_family(rock)
    make_parent(rock, family, first_name="Katherine", last_name="Nunez Meyer")
    make_parent(rock, family, first_name="Hank", last_name="Meyer")
    make_child(rock, family, first_name="Theo")
    make_parent(rock, make_family(rock), first_name="Ulf", last_name="Brandt")
    assert found(browser, text)["Families"] == [f"{family.reference} Hank Meyer, Katherine Nunez Meyer"]


def test_another_first_letter_finds_who_sounds_the_same_and_nobody_else(browser: Client, rock: Site) -> None:
    for name in ("Vang", "Thao", "John", "Vue"):
        make_parent(rock, make_family(rock), first_name="Mai", last_name=name)
    for asked, meant in [("Wang", "Vang"), ("Tao", "Thao")]:
        assert [label[7:] for label in found(browser, asked)["Families"]] == [f"Mai {meant}"]
    assert found(browser, "Ann") == found(browser, "Pao") == {}


def test_the_nearest_name_comes_first_and_a_childs_name_says_so(browser: Client, rock: Site) -> None:
    make_parent(rock, make_family(rock), first_name="Mara", last_name="Olson")
    near = make_parent(rock, make_family(rock), first_name="Max", last_name="Berg").family
    by_child = make_child(
        rock, make_parent(rock, make_family(rock), first_name="Ulf").family, first_name="Max"
    )
    hits = browser.get(SEARCH, {"q": "max"}).context["found"].groups[0].hits
    assert [hit.family_id for hit in hits] == [near.pk, by_child.family_id]
    assert "child" in hits[1].note and "child" not in hits[0].note


def test_a_reference_finds_its_kind_and_a_number_both(browser: Client, rock: Site) -> None:
    referral = make_referral(rock, make_parent(rock, first_name="Ana", last_name="Flores"))
    family = referral.family
    make_referral(rock, make_parent(rock, first_name="Ulf", last_name="Brandt"))
    assert found(browser, family.reference.lower()) == {"Families": [f"{family.reference} Ana Flores"]}
    assert found(browser, referral.reference) == {"Referrals": [f"{referral.reference} Ana Flores"]}
    assert set(found(browser, f"000{referral.number}")) == {"Families", "Referrals"}
    assert found(browser, "F-9999") == {}


def test_partners_and_referrals_are_found_by_name(browser: Client, rock: Site) -> None:
    make_partner(rock, first_name="Stephanie", last_name="Olson")
    make_partner(rock, first_name="Bo", last_name="Quist")
    make_referral(rock, make_parent(rock, first_name="Stefanie", last_name="Berg"))
    groups = found(browser, "stefany")
    assert groups["Parent partners"] == ["Stephanie Olson"] and len(groups["Referrals"]) == 1


@pytest.mark.parametrize(
    "text", ["", " ", "a", "%", "__", "'; --", "x" * 200, "\0\0", "😀😀", "R-99999999999"]
)
def test_odd_words_find_nothing_and_break_nothing(text: str, browser: Client, rock: Site) -> None:
    make_referral(rock, make_parent(rock, first_name="Ana", last_name="Flores"))
    answer = browser.get(SEARCH, {"q": text})
    assert answer.status_code == 200 and answer.context["found"].count == 0


def test_a_parent_partner_finds_current_families_alone(
    rock: Site, rock_partner: User, rock_partner_profile: ParentPartner, client_for: Callable[[User], Client]
) -> None:
    parent = make_parent(rock, first_name="Ana", last_name="Flores")
    mine = make_accepted_referral(rock, parent)
    make_match(rock, mine, rock_partner_profile)
    make_referral(rock, make_parent(rock, first_name="Ana", last_name="Stranger"))
    make_partner(rock, first_name="Ana", last_name="Other")
    theirs = client_for(rock_partner)
    groups = found(theirs, "ana")
    assert groups == {
        "Families": [f"{parent.family.reference} Ana Flores"], "Referrals": [f"{mine.reference} Ana Flores"],
    }  # fmt: skip
    with site_scope(rock.id):
        Match.objects.update(status="ended", ends_on=timezone.localdate(), end_reason="parent_asked")
    assert found(theirs, "ana") == {} and found(theirs, parent.family.reference) == {}


def test_a_declared_tie_hides_the_family(browser: Client, rock: Site, rock_coordinator: User) -> None:
    referral = make_referral(rock, make_parent(rock, first_name="Ana", last_name="Flores"))
    assert set(found(browser, "flores")) == {"Families", "Referrals"}
    make_tie(rock, referral.family, rock_coordinator)
    assert found(browser, "flores") == {} and found(browser, referral.reference) == {}


def test_nothing_of_another_site_is_found(browser: Client, rock: Site, door: Site) -> None:
    referral = make_referral(door, make_parent(door, first_name="Ana", last_name="Flores"))
    make_partner(door, first_name="Ana", last_name="Flores")
    assert found(browser, "flores") == {} and found(browser, referral.reference) == {}


@pytest.mark.parametrize("who", ["rock_clinical", "rock_council"])
def test_roles_without_families_do_not_search(who: str, request, client_for) -> None:
    theirs = client_for(request.getfixturevalue(who))
    assert theirs.get(SEARCH).status_code == 403
    assert "data-search" not in theirs.get("/sites/rock/").content.decode()


def test_each_search_is_on_record_without_its_words(browser: Client, rock: Site) -> None:
    family = make_parent(rock, first_name="Ana", last_name="Flores").family
    browser.get(SEARCH, {"q": "ana flores"})
    browser.get(SEARCH, {"q": "f"})
    with site_scope(rock.id):
        event = AuditEvent.objects.get(verb="family.searched")
    assert event.object_ids == [str(family.pk)] and event.facts == {"words": 2, "found": 1}


def test_the_box_in_the_header_shows_what_is_found_as_one_types(browser: Client, rock: Site) -> None:
    make_parent(rock, first_name="Ana", last_name="Flores")
    headers = {"HX-Request": "true", "HX-Target": "site-search-results"}
    panel = browser.get(SEARCH, {"q": "flor"}, headers=headers).content.decode()
    assert "Ana Flores" in panel and "<html" not in panel and "psp-card" not in panel
    assert "Nothing that you may see" in browser.get(SEARCH, {"q": "zz"}, headers=headers).content.decode()
    page = browser.get(SEARCH, {"q": "flor"}, headers={"HX-Request": "true"}).content.decode()
    assert "psp-card" in page and "<html" not in page


def test_more_than_a_few_lead_to_the_list(browser: Client, rock: Site) -> None:
    for _ in range(10):
        make_parent(rock, first_name="Ana", last_name="Flores")
    (group,) = browser.get(SEARCH, {"q": "flores"}).context["found"].groups
    assert len(group.hits) == 8 and group.more_url == "/sites/rock/families/?q=flores"
    assert browser.get(group.more_url).context["listing"].total == 10


@pytest.mark.parametrize("families", [1, 20])
def test_a_search_takes_a_constant_number_of_queries(families: int, browser: Client, rock: Site) -> None:
    for _ in range(families):
        make_referral(rock, make_parent(rock, first_name="Ana", last_name="Flores"))
    asked = questions(browser, f"{SEARCH}?q=ana+flores")
    assert own(asked) == 5 and len(asked) < 15, asked
