"""Referrals on screen: list, entry, page, verbs, and who may see what."""

import datetime as dt
import uuid

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from counties.wall import site_scope
from families.models import Parent
from referrals.models import Participation, Referral
from tests.factories.families import make_consent, make_parent
from tests.factories.matching import make_match
from tests.factories.referrals import make_accepted_referral, make_enrollment, make_referral
from tests.queries import own, questions
from tests.trail import recorded

LIST_QUERIES = 4
"""Of the referral list itself: count, page, what is new, and the trail."""


def _list(rock, **filters) -> str:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return f"{reverse('referrals:list', args=[rock.slug])}?{query}"


def _url(name: str, rock, row) -> str:
    return reverse(f"referrals:{name}", args=[rock.slug, row.pk])


def _shown(answer) -> set[str]:
    return {referral.reference for referral in answer.context["listing"]}


@pytest.mark.parametrize("referrals", [1, 30])
def test_the_list_takes_a_constant_number_of_queries(referrals, rock, rock_coordinator, client_for):
    for _ in range(referrals):
        make_enrollment(rock, make_match(rock).referral)
    asked = questions(client_for(rock_coordinator), _list(rock))
    assert own(asked) == LIST_QUERIES
    assert len(asked) < 15


def test_each_stage_is_found_by_its_filter(rock, rock_coordinator, client_for):
    enrolled = make_accepted_referral(rock)
    make_enrollment(rock, enrolled)
    closed = make_accepted_referral(rock)
    make_enrollment(rock, closed, closed_on=dt.date(2025, 7, 1))
    wanted = {
        "pending": make_referral(rock),
        "waiting": make_accepted_referral(rock),
        "matched": make_match(rock).referral,
        "enrolled": enrolled,
        "closed": closed,
        "withdrawn": make_accepted_referral(rock, withdrawn_on=dt.date(2025, 6, 1)),
        "not_accepted": make_referral(rock, outcome="parent_declined", decided_on=dt.date(2025, 5, 2)),
    }
    browser = client_for(rock_coordinator)
    for stage, referral in wanted.items():
        assert _shown(browser.get(_list(rock, stage=stage))) == {referral.reference}, stage
    assert len(_shown(browser.get(_list(rock)))) == len(wanted)
    assert "Parent declined" in browser.get(_list(rock, stage="not_accepted")).content.decode()


def test_a_proposal_keeps_a_referral_waiting_until_it_is_accepted(rock, rock_coordinator, client_for):
    proposed = make_match(rock, status="proposed").referral
    assert _shown(client_for(rock_coordinator).get(_list(rock, stage="waiting"))) == {proposed.reference}


def test_search_source_and_dates_narrow(rock, rock_coordinator, client_for):
    ana = make_referral(rock, make_parent(rock, first_name="Ana", last_name="Flores"), source="gal")
    make_referral(rock, referred_on=dt.date(2025, 1, 5))
    browser = client_for(rock_coordinator)
    for filters in [
        {"q": "flores"}, {"q": "ana flores"}, {"q": ana.reference.lower()}, {"q": ana.family.reference},
        {"source": "gal"}, {"since": "2025-05-01"}, {"since": "2025-05-01", "until": "2025-05-01"},
    ]:  # fmt: skip
        assert _shown(browser.get(_list(rock, **filters))) == {ana.reference}, filters
    assert _shown(browser.get(_list(rock, until="2025-04-30", source="gal"))) == set()


def test_a_date_that_is_none_is_said_and_narrows_nothing(rock, rock_coordinator, client_for):
    make_referral(rock)
    answer = client_for(rock_coordinator).get(_list(rock, since="yesterday"))
    assert len(_shown(answer)) == 1
    assert "Enter month, day and year" in answer.content.decode()


def test_pending_days_are_shown(rock, rock_coordinator, client_for):
    referral = make_referral(rock, referred_on=timezone.localdate() - dt.timedelta(days=9))
    browser = client_for(rock_coordinator)
    for url in [_list(rock), _url("detail", rock, referral)]:
        text = BeautifulSoup(browser.get(url).content, "html.parser").get_text(" ")
        assert "9 days" in " ".join(text.split())


class TestNewReferral:
    TYPED = {"source": "self", "referred_on": "2025-05-01"}

    def test_for_a_parent_of_the_list(self, rock, rock_coordinator, client_for):
        parent = make_parent(rock)
        answer = client_for(rock_coordinator).post(
            reverse("referrals:create", args=[rock.slug]), self.TYPED | {"parent": str(parent.pk)}
        )
        with site_scope(rock.id):
            referral = Referral.objects.get()
        assert answer.headers["Location"] == _url("detail", rock, referral)
        assert referral.parent_id == parent.pk

    def test_for_a_new_parent_typed_in_the_same_form(self, rock, rock_coordinator, client_for):
        typed = self.TYPED | {
            "first_name": "Ana",
            "last_name": "Flores",
            "language": "es",
            "case_type": "in_home",
        }
        client_for(rock_coordinator).post(reverse("referrals:create", args=[rock.slug]), typed)
        with site_scope(rock.id):
            parent = Parent.objects.get()
        assert (str(parent), parent.language, parent.case_type) == ("Ana Flores", "es", "in_home")

    @pytest.mark.parametrize("both", [True, False])
    def test_needs_one_of_the_two_and_keeps_what_was_typed(self, both, rock, rock_coordinator, client_for):
        parent = make_parent(rock)
        typed = self.TYPED | {"last_name": "Flores"}
        typed |= {"parent": str(parent.pk), "first_name": "Ana"} if both else {}
        answer = client_for(rock_coordinator).post(reverse("referrals:create", args=[rock.slug]), typed)
        assert "parent" in answer.context["form"].errors
        assert 'value="Flores"' in answer.content.decode()
        with site_scope(rock.id):
            assert not Referral.objects.exists()

    @pytest.mark.parametrize("field", ["parent", "family"])
    def test_a_foreign_id_is_a_field_error_without_names_and_recorded(
        self, field, rock, door, rock_coordinator, client_for
    ):
        foreign = make_parent(door, first_name="Zelda")
        pk = foreign.pk if field == "parent" else foreign.family_id
        answer = client_for(rock_coordinator).post(
            reverse("referrals:create", args=[rock.slug]), self.TYPED | {field: str(pk), "first_name": ""}
        )
        assert answer.context["form"].errors[field] == ["Choose one of the entries in the list."]
        assert "Zelda" not in answer.content.decode()
        assert recorded(rock, "access.refused", about=pk, by=rock_coordinator)

    def test_the_address_can_name_the_parent(self, rock, rock_coordinator, client_for):
        parent = make_parent(rock)
        url = f"{reverse('referrals:create', args=[rock.slug])}?parent={parent.pk}"
        page = BeautifulSoup(client_for(rock_coordinator).get(url).content, "html.parser")
        assert page.select_one("select[name=parent] option[selected]")["value"] == str(parent.pk)

    def test_has_no_field_for_allegations(self, rock, rock_coordinator, client_for):
        page = client_for(rock_coordinator).get(reverse("referrals:create", args=[rock.slug]))
        assert not BeautifulSoup(page.content, "html.parser").select("main textarea")


class TestDecidingOnScreen:
    def test_a_parent_s_no_needs_no_reason(self, rock, rock_coordinator, client_for):
        referral = make_referral(rock)
        typed = {"outcome": "parent_declined", "decided_on": "2025-05-02", "decision_note": ""}
        assert client_for(rock_coordinator).post(_url("decide", rock, referral), typed).status_code == 302
        with site_scope(rock.id):
            referral.refresh_from_db()
        assert referral.outcome == "parent_declined"

    def test_bad_answers_keep_what_was_typed(self, rock, rock_coordinator, client_for):
        referral = make_referral(rock)
        typed = {
            "outcome": "ineligible",
            "decided_on": "2025-04-01",
            "decision_note": "Lives in another county",
        }
        answer = client_for(rock_coordinator).post(_url("decide", rock, referral), typed)
        page = BeautifulSoup(answer.content, "html.parser")
        assert "05/01/2025" in answer.context["form"].errors["decided_on"][0]
        assert page.select_one("input[name=outcome][checked]")["value"] == "ineligible"
        assert "Lives in another county" in page.select_one("textarea").text

    def test_a_second_decision_is_refused_in_words(self, rock, rock_coordinator, client_for):
        typed = {"outcome": "accepted", "decided_on": "2025-06-02"}
        answer = client_for(rock_coordinator).post(_url("decide", rock, make_accepted_referral(rock)), typed)
        assert "decided already" in answer.content.decode()

    def test_what_is_decided_opens_no_form(self, rock, rock_coordinator, client_for):
        referral = make_accepted_referral(rock)
        answer = client_for(rock_coordinator).get(_url("decide", rock, referral), follow=True)
        assert answer.redirect_chain == [(_url("detail", rock, referral), 302)]
        assert "There is nothing to decide" in answer.content.decode()


class TestEnrollingOnScreen:
    TYPED = {"enrolled_on": "2025-06-01", "method": "signed", "form_language": "en"}

    def test_the_agreement_is_recorded_in_the_same_form(self, rock, rock_coordinator, client_for):
        referral = make_match(rock).referral
        answer = client_for(rock_coordinator).post(
            _url("enroll", rock, referral), self.TYPED | {"is_signed": "on"}
        )
        assert answer.headers["Location"] == reverse("family", args=[rock.slug, referral.family_id])
        with site_scope(rock.id):
            assert Participation.objects.get().agreement.kind == "participation_agreement"

    def test_without_it_v16_stands_beside_the_box(self, rock, rock_coordinator, client_for):
        answer = client_for(rock_coordinator).post(
            _url("enroll", rock, make_match(rock).referral), self.TYPED | {"witness": "J. Moe"}
        )
        assert "participation agreement" in answer.context["form"].errors["is_signed"][0]
        assert 'value="J. Moe"' in answer.content.decode()

    def test_v19_stands_beside_the_date(self, rock, rock_coordinator, client_for):
        first = make_enrollment(rock, closed_on=dt.date(2025, 8, 1))
        again = make_match(rock, make_accepted_referral(rock, make_parent(rock, first.family))).referral
        answer = client_for(rock_coordinator).post(
            _url("enroll", rock, again), self.TYPED | {"is_signed": "on", "enrolled_on": "2025-08-01"}
        )
        assert "choose a date after that day" in answer.context["form"].errors["enrolled_on"][0]

    def test_an_agreement_of_somebody_else_is_a_field_error_and_recorded(
        self, rock, rock_coordinator, client_for
    ):
        other = make_consent(rock, make_parent(rock))
        answer = client_for(rock_coordinator).post(
            _url("enroll", rock, make_match(rock).referral), self.TYPED | {"agreement": str(other.pk)}
        )
        assert "agreement" in answer.context["form"].errors
        assert recorded(rock, "access.refused", about=other, by=rock_coordinator)


def test_a_withdrawal_is_done_on_screen(rock, rock_coordinator, client_for):
    referral = make_accepted_referral(rock)
    browser = client_for(rock_coordinator)
    assert "leaves the waiting list" in browser.get(_url("withdraw", rock, referral)).content.decode()
    assert browser.post(_url("withdraw", rock, referral), {"withdrawn_on": "2025-06-01"}).status_code == 302
    assert recorded(rock, "referral.withdrawn", about=referral, by=rock_coordinator)


def test_the_page_tells_the_story_and_the_look_is_recorded(rock, rock_coordinator, client_for):
    referral = make_match(rock).referral
    make_enrollment(rock, referral, closed_on=dt.date(2025, 9, 1))
    page = client_for(rock_coordinator).get(_url("detail", rock, referral)).content.decode()
    for words in [
        "Referral received",
        "Accepted",
        "Match began",
        "Enrolled",
        "Enrollment closed",
        "05/20/2025",
    ]:
        assert words in page, words
    assert recorded(rock, "referral.viewed", about=referral, by=rock_coordinator)


class TestAParentPartner:
    def test_sees_referrals_of_families_matched_now_only(
        self, rock, rock_partner, rock_partner_profile, client_for
    ):
        mine = make_match(rock, partner=rock_partner_profile).referral
        former = make_match(rock, partner=rock_partner_profile, ends_on=dt.date(2025, 6, 1)).referral
        make_referral(rock)
        browser = client_for(rock_partner)
        assert _shown(browser.get(_list(rock))) == {mine.reference}
        assert browser.get(_url("detail", rock, mine)).status_code == 200
        assert browser.get(_url("detail", rock, former)).status_code == 404
        assert recorded(rock, "access.refused", about=former, by=rock_partner)

    @pytest.mark.parametrize("name", ["decide", "withdraw", "enroll"])
    def test_may_do_nothing_to_them(self, name, rock, rock_partner, rock_partner_profile, client_for):
        mine = make_match(rock, partner=rock_partner_profile).referral
        assert client_for(rock_partner).get(_url(name, rock, mine)).status_code == 403


@pytest.mark.parametrize("name", ["detail", "decide", "withdraw", "enroll"])
def test_a_foreign_or_unknown_referral_is_404_and_recorded(name, rock, door, rock_coordinator, client_for):
    browser = client_for(rock_coordinator)
    for pk in [make_referral(door).pk, uuid.uuid4()]:
        assert browser.get(reverse(f"referrals:{name}", args=[rock.slug, pk])).status_code == 404
        assert recorded(rock, "access.refused", about=pk, by=rock_coordinator)


def test_an_empty_list_says_what_comes_first(rock, rock_coordinator, client_for):
    assert "Record a referral" in client_for(rock_coordinator).get(_list(rock)).content.decode()
