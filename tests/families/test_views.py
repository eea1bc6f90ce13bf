"""The family list, the family page, and who may see what."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from families.models import Parent
from tests.factories.families import make_child, make_consent, make_episode, make_family, make_parent
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment, make_referral
from tests.queries import own, questions
from tests.trail import recorded

LIST_QUERIES = 6
"""Of the family list itself: count, page, parents, running matches, partners to filter by, and the trail."""


def _list(rock, **filters) -> str:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return f"{reverse('families:list', args=[rock.slug])}?{query}"


def _shown(answer) -> list[str]:
    return [family.reference for family in answer.context["listing"]]


def _full_family(site, **parent) -> Parent:
    """A family with everything a row can show."""
    parent = make_parent(site, **parent)
    make_child(site, parent.family)
    referral = make_accepted_referral(site, parent)
    make_match(site, referral)
    make_enrollment(site, referral)
    return parent


@pytest.mark.parametrize("families", [1, 30])
def test_the_list_takes_a_constant_number_of_queries(families, rock, rock_coordinator, client_for):
    for _ in range(families):
        _full_family(rock)
    asked = questions(client_for(rock_coordinator), _list(rock))
    assert own(asked) == LIST_QUERIES
    assert len(asked) < 15


def test_search_finds_names_references_ids_and_towns(rock, rock_coordinator, client_for):
    ana = make_parent(rock, first_name="Ana", last_name="Flores", municipality="Beloit", source_id="P-77")
    make_child(rock, ana.family, first_name="Ximena")
    other = make_parent(rock, first_name="Kia", last_name="Vang", municipality="Janesville")
    browser = client_for(rock_coordinator)
    for q in ["flores", "ana flores", "beloit", "P-77", ana.family.reference, "ximena", "Ximena Flores"]:
        assert _shown(browser.get(_list(rock, q=q))) == [ana.family.reference], q
    assert _shown(browser.get(_list(rock, q="ana vang"))) == []
    assert other.family.reference in _shown(browser.get(_list(rock)))


def test_status_tells_enrolled_waiting_and_closed_families_apart(rock, rock_coordinator, client_for):
    enrolled = _full_family(rock).family
    waiting = make_accepted_referral(rock).family
    pending = make_referral(rock).family
    closed = make_enrollment(rock, closed_on=dt.date(2025, 7, 1)).family
    declined = make_referral(rock, outcome="parent_declined", decided_on=dt.date(2025, 5, 2)).family
    browser = client_for(rock_coordinator)
    assert _shown(browser.get(_list(rock, status="enrolled"))) == [enrolled.reference]
    assert set(_shown(browser.get(_list(rock, status="waiting")))) == {waiting.reference, pending.reference}
    assert _shown(browser.get(_list(rock, status="closed"))) == [closed.reference]
    assert _shown(browser.get(_list(rock, status="not_enrolled"))) == [declined.reference]


def test_filters_by_situation_and_partner_join(rock, rock_coordinator, client_for):
    mai = make_partner(rock, first_name="Mai")
    wanted = make_match(rock, partner=mai).parent
    make_match(rock, partner=make_partner(rock))
    ended = make_match(rock, partner=mai, ends_on=dt.date(2025, 6, 1))
    browser = client_for(rock_coordinator)
    shown = _shown(browser.get(_list(rock, partner=mai.pk, case_type="ohc")))
    assert shown == [wanted.family.reference] and ended.parent.family.reference not in shown
    assert _shown(browser.get(_list(rock, partner=mai.pk, case_type="in_home"))) == []


@pytest.mark.parametrize("sort", ["family", "name", "status", "enrolled", "-family", "nonsense"])
def test_every_sort_shows_every_family(sort, rock, rock_coordinator, client_for):
    _full_family(rock)
    make_family(rock)
    assert len(_shown(client_for(rock_coordinator).get(_list(rock, sort=sort)))) == 2


def test_htmx_gets_the_fragment_only(rock, rock_coordinator, client_for):
    _full_family(rock)
    page = client_for(rock_coordinator).get(_list(rock), headers={"HX-Request": "true"}).content.decode()
    assert "<table" in page and "<html" not in page


def test_a_foreign_partner_in_the_filter_is_an_error_without_names_and_recorded(
    rock, door, rock_coordinator, client_for
):
    foreign = make_partner(door, first_name="Zelda")
    answer = client_for(rock_coordinator).get(_list(rock, partner=foreign.pk))
    assert answer.status_code == 200
    assert "Zelda" not in answer.content.decode()
    assert "Choose one of the entries in the list." in answer.content.decode()
    assert recorded(rock, "access.refused", about=foreign, by=rock_coordinator)


class TestAParentPartner:
    def test_sees_the_families_matched_now_and_no_other(
        self, rock, rock_partner, rock_partner_profile, client_for
    ):
        mine = make_match(rock, partner=rock_partner_profile).parent.family
        make_match(rock, partner=rock_partner_profile, ends_on=timezone.localdate())
        make_match(rock, partner=rock_partner_profile, starts_on=timezone.localdate() + dt.timedelta(days=1))
        make_match(rock, partner=rock_partner_profile, status="proposed")
        _full_family(rock)
        answer = client_for(rock_partner).get(_list(rock))
        assert _shown(answer) == [mine.reference]
        assert "New family" not in answer.content.decode()

    def test_reads_the_page_of_a_matched_family_without_verbs_of_coordinators(
        self, rock, rock_partner, rock_partner_profile, client_for
    ):
        family = make_match(rock, partner=rock_partner_profile).parent.family
        page = client_for(rock_partner).get(reverse("family", args=[rock.slug, family.pk]))
        assert page.status_code == 200
        assert reverse("families:edit", args=[rock.slug, family.pk]) not in page.content.decode()

    @pytest.mark.parametrize(
        "match", [{"ends_on": dt.date(2025, 6, 1)}, {"status": "proposed"}], ids=["ended", "proposed"]
    )
    def test_gets_404_for_a_family_not_matched_now(
        self, match, rock, rock_partner, rock_partner_profile, client_for
    ):
        family = make_match(rock, partner=rock_partner_profile, **match).parent.family
        assert client_for(rock_partner).get(reverse("family", args=[rock.slug, family.pk])).status_code == 404
        assert recorded(rock, "access.refused", about=family, by=rock_partner)

    def test_may_not_open_a_form_even_of_a_matched_family(
        self, rock, rock_partner, rock_partner_profile, client_for
    ):
        parent = make_match(rock, partner=rock_partner_profile).parent
        url = reverse("families:edit_parent", args=[rock.slug, parent.pk])
        assert client_for(rock_partner).get(url).status_code == 403


class TestTheFamilyPage:
    def test_holds_the_family_and_each_look_is_recorded(self, rock, rock_coordinator, client_for):
        parent = _full_family(rock, first_name="Ana", last_name="Flores")
        child = make_child(rock, parent.family, first_name="Ximena")
        make_episode(rock, child)
        make_consent(rock, parent, kind="release_court", recipient="Judge Reyes", purpose="review")
        page = client_for(rock_coordinator).get(reverse("family", args=[rock.slug, parent.family_id]))
        for words in [
            "Ana Flores",
            "Ximena",
            "Removed 03/01/2025",
            "Judge Reyes",
            "Enrolled since",
            "R-0001",
        ]:
            assert words in page.content.decode(), words
        assert recorded(rock, "family.viewed", about=parent.family_id, by=rock_coordinator)

    def test_of_another_site_is_404_whatever_the_address(self, rock, door, rock_coordinator, client_for):
        foreign = make_parent(door, first_name="Zelda").family
        browser = client_for(rock_coordinator)
        assert browser.get(reverse("family", args=[rock.slug, foreign.pk])).status_code == 404
        assert browser.get(reverse("family", args=[door.slug, foreign.pk])).status_code == 404
        assert recorded(rock, "access.refused", about=foreign, by=rock_coordinator)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("families:edit", make_family), ("families:add_parent", make_family), ("families:add_child", make_family),
        ("families:edit_parent", make_parent), ("families:record_consent", make_parent),
        ("families:record_disclosure", make_parent), ("families:edit_child", make_child),
        ("families:record_episode", make_child), ("families:edit_episode", make_episode),
        ("families:revoke_consent", lambda site: make_consent(site, make_parent(site))),
    ],
)  # fmt: skip
class TestEveryFormOfTheRoom:
    def test_opens_for_a_coordinator(self, name, make, rock, rock_coordinator, client_for):
        assert (
            client_for(rock_coordinator).get(reverse(name, args=[rock.slug, make(rock).pk])).status_code
            == 200
        )

    def test_is_404_for_a_foreign_or_unknown_id_and_recorded(
        self, name, make, rock, door, rock_coordinator, client_for
    ):
        browser = client_for(rock_coordinator)
        for pk in [make(door).pk, uuid.uuid4()]:
            assert browser.post(reverse(name, args=[rock.slug, pk]), {"first_name": "x"}).status_code == 404
            assert recorded(rock, "access.refused", about=pk, by=rock_coordinator)


def test_the_consent_list_filters_by_state(rock, rock_coordinator, client_for):
    today = timezone.localdate()
    parent = make_parent(rock)
    soon = make_consent(rock, parent, expires_on=today + dt.timedelta(days=10))
    late = make_consent(rock, parent, expires_on=today + dt.timedelta(days=100))
    gone = make_consent(rock, parent, expires_on=today)
    revoked = make_consent(rock, parent, revoked_at=timezone.now())
    browser, url = client_for(rock_coordinator), reverse("families:consents", args=[rock.slug])
    wanted = {
        "live": {soon, late},
        "expiring": {soon},
        "expired": {gone},
        "revoked": {revoked},
        "": {soon, late, gone, revoked},
    }
    for state, consents in wanted.items():
        assert set(browser.get(f"{url}?state={state}").context["listing"]) == consents, state


def test_an_empty_site_says_what_comes_first(rock, rock_coordinator, client_for):
    browser = client_for(rock_coordinator)
    assert "A family comes in with its first referral." in browser.get(_list(rock)).content.decode()
    for name in ["families:consents", "families:disclosures"]:
        assert "psp-empty" in browser.get(reverse(name, args=[rock.slug])).content.decode()
