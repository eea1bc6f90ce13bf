"""The contact list, a contact's page, the timeline, and the room's part of the family page."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from counties.wall import site_scope
from tests.factories.activities import make_contact, make_event, make_goal, make_level, make_outreach
from tests.factories.families import make_child, make_episode, make_parent
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.queries import own, questions
from tests.trail import recorded

LIST_QUERIES = 4
"""Of the contact list itself: count, page, partners to filter by, and the trail."""

TIMELINE_QUERIES = 10
BUSY = ["08/01", "06/20", "06/10", "05/21"]
"""Days of the timeline's family."""
"""Of the timeline itself: the family, one question per kind, and the trail."""

D = dt.date
LIST = reverse("activities:list", args=["rock"])


def _family(site, partner=None, **parent):
    referral = make_accepted_referral(site, make_parent(site, **parent))
    make_match(site, referral, partner)
    return make_enrollment(site, referral)


def _shown(page) -> list:
    return [contact.pk for contact in page.context["listing"]]


def _timeline(family_id) -> str:
    return reverse("activities:timeline", args=["rock", family_id])


class TestTheList:
    @pytest.mark.parametrize("contacts", [1, 30])
    def test_takes_a_constant_number_of_queries(self, contacts, rock, rock_coordinator, client_for):
        for _ in range(contacts):
            make_contact(rock, _family(rock))
        asked = questions(client_for(rock_coordinator), LIST)
        assert own(asked) == LIST_QUERIES and len(asked) < 15

    def test_filters_and_searches(self, rock, rock_coordinator, client_for):
        bea = make_partner(rock, first_name="Bea")
        ana, kia = _family(rock, first_name="Ana"), _family(rock, first_name="Kia", last_name="Vang")
        home = make_contact(rock, ana, bea, held_on=D(2025, 6, 30), note="A room downtown", is_late=True)
        call = make_contact(
            rock, kia, held_on=D(2025, 7, 1), mode="phone", result="no_show", minutes=0, activities=[]
        )
        browser = client_for(rock_coordinator)
        wanted = {
            "": [call.pk, home.pk],
            "month=2025-06": [home.pk],
            f"partner={bea.pk}": [home.pk],
            f"family={kia.family_id}": [call.pk],
            "mode=phone": [call.pk],
            "result=completed": [home.pk],
            "late=on": [home.pk],
            "q=ana": [home.pk],
            "q=kia vang": [call.pk],
            "q=downtown": [home.pk],
            "q=kia downtown": [],
            "mode=phone&month=2025-06": [],
            "mode=nonsense": [call.pk, home.pk],
        }
        for query, contacts in wanted.items():
            assert _shown(browser.get(f"{LIST}?{query}")) == contacts, query
        with site_scope(rock.id):
            reference = ana.family.reference
        for q in (reference, reference.lower(), reference.removeprefix("F-")):
            assert home.pk in _shown(browser.get(LIST, {"q": q})), q

    @pytest.mark.parametrize("query", ["q=²", "q=F-99999999999", "month=2025-00", "page=99", "sort=-mode"])
    def test_takes_anything_in_the_address(self, query, rock, rock_coordinator, client_for):
        make_contact(rock, _family(rock))
        assert client_for(rock_coordinator).get(f"{LIST}?{query}").status_code == 200

    @pytest.mark.parametrize(
        ("name", "make"), [("partner", make_partner), ("family", lambda s: _family(s).family)]
    )
    def test_a_filter_by_another_sites_id_is_an_error_without_names_and_recorded(
        self, name, make, rock, door, rock_coordinator, client_for
    ):
        with site_scope(door.id):
            foreign = make(door)
        page = client_for(rock_coordinator).get(LIST, {name: str(foreign.pk)})
        assert "Choose one of the entries in the list." in page.content.decode()
        assert recorded(rock, "access.refused", about=foreign, by=rock_coordinator)

    def test_a_partner_sees_the_families_matched_now_and_searches_no_notes(
        self, rock, rock_partner, rock_partner_profile, enrollment, client_for
    ):
        mine = make_contact(rock, enrollment, rock_partner_profile, note="A room downtown")
        make_contact(rock, _family(rock), rock_partner_profile)
        browser = client_for(rock_partner)
        assert _shown(browser.get(LIST)) == [mine.pk]
        assert _shown(browser.get(LIST, {"q": "juniper"})) == [mine.pk]
        assert _shown(browser.get(LIST, {"q": "downtown"})) == []
        assert "partner" not in browser.get(LIST).context["filters"].fields

    def test_a_partner_whose_match_has_ended_sees_nothing(
        self, rock, rock_partner, rock_partner_profile, client_for
    ):
        referral = make_accepted_referral(rock)
        make_match(rock, referral, rock_partner_profile, ends_on=D(2025, 9, 1))
        contact = make_contact(rock, make_enrollment(rock, referral), rock_partner_profile)
        browser = client_for(rock_partner)
        assert _shown(browser.get(LIST)) == []
        assert browser.get(reverse("activities:detail", args=["rock", contact.pk])).status_code == 404
        assert browser.get(_timeline(referral.family_id)).status_code == 404

    def test_a_former_partner_is_a_stranger(self, rock, former_partner, client_for):
        assert client_for(former_partner).get(LIST).status_code == 404

    @pytest.mark.parametrize("who", ["rock_council", "rock_clinical"])
    def test_council_and_clinical_support_see_no_contact(self, who, request, rock, client_for):
        assert client_for(request.getfixturevalue(who)).get(LIST).status_code == 403

    def test_htmx_gets_the_fragment_only(self, rock, rock_coordinator, client_for):
        make_contact(rock, _family(rock))
        page = client_for(rock_coordinator).get(LIST, headers={"HX-Request": "true"}).content.decode()
        assert "<table" in page and "<html" not in page

    def test_is_empty_with_a_way_on(self, rock, rock_coordinator, client_for):
        browser = client_for(rock_coordinator)
        assert "No contact is logged yet." in browser.get(LIST).content.decode()
        assert "Clear the filters" in browser.get(LIST, {"mode": "phone"}).content.decode()


class TestAContactsPage:
    def test_shows_it_and_the_look_is_recorded(self, rock, rock_coordinator, enrollment, client_for):
        contact = make_contact(rock, enrollment, note="A good hour", activities=["court_prep"])
        page = client_for(rock_coordinator).get(reverse("activities:detail", args=["rock", contact.pk]))
        for words in ("A good hour", "Preparing for court", "60", "Sol Juniper"):
            assert words in page.content.decode(), words
        assert recorded(rock, "contact.viewed", contact, by=rock_coordinator)

    @pytest.mark.parametrize("name", ["detail", "correct"])
    def test_is_404_for_a_foreign_or_unknown_id_and_recorded(
        self, name, rock, door, rock_coordinator, client_for
    ):
        browser = client_for(rock_coordinator)
        for pk in (make_contact(door, make_enrollment(door)).pk, uuid.uuid4()):
            assert (
                browser.post(reverse(f"activities:{name}", args=["rock", pk]), {"note": "x"}).status_code
                == 404
            )
            assert recorded(rock, "access.refused", about=pk, by=rock_coordinator)


class TestTheTimeline:
    @pytest.fixture
    def busy(self, rock, rock_partner_profile, referral, enrollment):
        make_contact(rock, enrollment, rock_partner_profile, held_on=D(2025, 6, 10), note="We met")
        make_outreach(rock, referral, rock_partner_profile, held_on=D(2025, 5, 21))
        make_event(rock, referral, held_on=D(2025, 6, 20), partner_attended=rock_partner_profile)
        make_level(rock, enrollment, 2, D(2025, 8, 1))
        return enrollment

    def _days(self, page) -> list[str]:
        return [f"{moment.on:%m/%d}" for moment in page.context["activity_moments"]]

    def test_puts_everything_in_order_and_the_look_is_recorded(
        self, rock, rock_coordinator, busy, client_for
    ):
        page = client_for(rock_coordinator).get(_timeline(busy.family_id))
        assert [day for day in self._days(page) if day in BUSY] == BUSY
        assert self._days(page) == sorted(self._days(page), reverse=True)
        for words in (
            "Level 2 Moderate", "Mai Dogwood went along", "We met", "by Mai Dogwood", "Referral received", "Enrolled",
        ):  # fmt: skip
            assert words in page.content.decode(), words
        assert recorded(rock, "family.viewed", busy.family_id, by=rock_coordinator)

    @pytest.mark.parametrize(
        ("show", "days"),
        [("contacts", ["06/10", "05/21"]), ("dates", ["06/20"]), ("levels", ["08/01"]), ("x", 8)],
    )
    def test_shows_one_kind(self, show, days, rock, rock_coordinator, busy, client_for):
        shown = self._days(client_for(rock_coordinator).get(_timeline(busy.family_id), {"show": show}))
        assert shown == days or len(shown) == days

    def test_holds_goals_matches_and_what_happened_with_the_children(
        self, rock, rock_coordinator, busy, referral, client_for
    ):
        make_goal(rock, referral.parent, words="Sunday breakfast together", set_on=D(2025, 6, 12))
        with site_scope(rock.id):
            family = busy.family
        make_episode(rock, make_child(rock, family, first_name="Kim"), removed_on=D(2025, 3, 1))
        words = client_for(rock_coordinator).get(_timeline(busy.family_id)).content.decode()
        for said in ("Sunday breakfast together", "Kim was removed", "Match began"):
            assert said in words, said

    def test_shows_the_days_between_two(self, rock, rock_coordinator, busy, client_for):
        browser = client_for(rock_coordinator)
        days = {"since": "2025-06-10", "until": "2025-06-20"}
        assert self._days(browser.get(_timeline(busy.family_id), days)) == ["06/20", "06/10"]
        wrong = browser.get(_timeline(busy.family_id), {"since": "soon"})
        assert len(self._days(wrong)) == 8 and "Enter month, day and year" in wrong.content.decode()

    def test_prints_what_was_chosen_and_says_who_took_it(self, rock, rock_coordinator, busy, client_for):
        url = reverse("activities:print_timeline", args=["rock", busy.family_id])
        page = client_for(rock_coordinator).get(url, {"show": "contacts", "since": "2025-06-01"})
        words = page.content.decode()
        assert "We met" in words and "05/21/2025" not in words
        assert f"Printed by {rock_coordinator.name}" in words
        assert recorded(rock, "timeline.printed", busy.family_id, by=rock_coordinator)

    def test_a_partner_prints_a_current_family_only(self, rock, rock_partner, busy, client_for):
        theirs, others = (
            reverse("activities:print_timeline", args=["rock", row.family_id])
            for row in (busy, make_enrollment(rock))
        )
        assert client_for(rock_partner).get(others).status_code == 404
        assert "We met" in client_for(rock_partner).get(theirs).content.decode()

    def test_shows_earlier_ones_when_asked(self, rock, rock_coordinator, busy, client_for):
        browser = client_for(rock_coordinator)
        page = browser.get(_timeline(busy.family_id), {"limit": "2"})
        assert self._days(page) == ["08/01", "06/20"] and "Show earlier" in page.content.decode()
        for odd in ("0", "-1", "²", "x", "999999999999"):
            assert browser.get(_timeline(busy.family_id), {"limit": odd}).status_code == 200

    def test_sends_the_fragment_to_htmx(self, rock, rock_coordinator, busy, client_for):
        page = client_for(rock_coordinator).get(_timeline(busy.family_id), headers={"HX-Request": "true"})
        assert "psp-timeline" in page.content.decode() and "<html" not in page.content.decode()

    @pytest.mark.parametrize("contacts", [1, 30])
    def test_takes_a_constant_number_of_queries(self, contacts, rock, rock_coordinator, busy, client_for):
        partner = make_partner(rock)
        for _ in range(contacts):
            make_contact(rock, busy, partner)
        assert own(questions(client_for(rock_coordinator), _timeline(busy.family_id))) == TIMELINE_QUERIES

    def test_of_a_foreign_family_is_404_and_recorded(self, rock, door, rock_coordinator, client_for):
        foreign = make_enrollment(door).family_id
        assert client_for(rock_coordinator).get(_timeline(foreign)).status_code == 404
        assert recorded(rock, "access.refused", about=foreign, by=rock_coordinator)


class TestTheFamilyPage:
    def test_holds_the_month_the_goals_and_the_timeline(
        self, rock, rock_partner, rock_partner_profile, enrollment, referral, client_for
    ):
        make_goal(rock, referral.parent, words="Sunday breakfast together")
        make_contact(rock, enrollment, rock_partner_profile, note="We met")
        page = client_for(rock_partner).get(reverse("family", args=["rock", enrollment.family_id]))
        html = page.content.decode()
        for words in (
            "Sunday breakfast together",
            "We met",
            "1 Intensive",
            "of 4 required",
            "4 still to come",
        ):
            assert words in html, words
        assert f"{reverse('activities:log', args=['rock'])}?referral={referral.pk}" in html
        assert reverse("activities:change_level", args=["rock", enrollment.pk]) not in html

    def test_of_a_family_not_enrolled_leaves_the_month_out(self, rock, rock_coordinator, client_for):
        family = make_accepted_referral(rock).family_id
        page = client_for(rock_coordinator).get(reverse("family", args=["rock", family])).content.decode()
        assert "Contact this month" not in page and "Referral received" in page
