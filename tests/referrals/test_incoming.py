"""What staff do with incoming referrals: look, take up, join, decline; and the link they print."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from counties.wall import site_scope
from families.models import Family, Parent
from referrals.incoming_actions import AnsweredAlready, decline_incoming, take_up_incoming
from referrals.models import IncomingReferral, PublicForm, Referral
from referrals.qr import qr_code
from tests.factories.families import make_family, make_parent
from tests.factories.matching import make_match
from tests.factories.referrals import make_incoming, make_referral
from tests.queries import own, questions
from tests.raw_sql import refused
from tests.trail import recorded

pytestmark = pytest.mark.django_db
CAME = dt.date(2025, 5, 2)


def _url(name: str, row=None) -> str:
    return reverse(f"referrals:{name}", args=["rock", row.pk] if row else ["rock"])


def _again(row: IncomingReferral) -> IncomingReferral:
    with site_scope(row.site_id):
        return IncomingReferral.objects.select_related("referral__parent", "referral__family").get(pk=row.pk)


class TestTakingUp:
    def test_opens_a_family_with_what_came_in_on_the_day_it_came(self, rock, rock_coordinator, client_for):
        row = make_incoming(
            rock, received_on=CAME, source="gal", email="nia@x.example", state_case_id="8001",
            court_tracks=["tribal_court"],
        )  # fmt: skip
        answer = client_for(rock_coordinator).post(_url("take_up", row), {"parent": ""})
        referral = _again(row).referral
        assert answer.url == _url("detail", referral)
        assert (referral.source, referral.referred_on, referral.court_tracks) == (
            "gal",
            CAME,
            ["tribal_court"],
        )
        assert (str(referral.parent), referral.parent.email) == ("Nia Pine", "nia@x.example")
        assert referral.family.state_case_id == "8001"
        assert recorded(rock, "referral.taken_up", row, by=rock_coordinator)

    def test_shows_who_may_be_the_same_person_first(self, rock, rock_coordinator, client_for):
        known = make_parent(rock, first_name="Nya", last_name="Pine")
        row, browser = make_incoming(rock), client_for(rock_coordinator)
        page = browser.get(_url("incoming", row)).content.decode()
        assert f"Nya Pine, {known.family}" in page
        browser.post(_url("take_up", row), {"parent": known.pk})
        assert _again(row).referral.parent == known
        with site_scope(rock.id):
            assert Parent.objects.count() == 1

    def test_the_other_parent_of_a_known_family(self, rock, rock_coordinator, client_for):
        family = make_family(rock)
        row = make_incoming(rock)
        client_for(rock_coordinator).post(_url("take_up", row), {"family": family.pk})
        assert _again(row).referral.family == family

    def test_asks_about_a_name_that_is_known(self, rock, rock_coordinator, client_for):
        known = make_parent(rock, first_name="Nya", last_name="Pine")
        row, browser = make_incoming(rock), client_for(rock_coordinator)
        asked = browser.post(_url("take_up", row), {"parent": ""})
        assert "Is it one of these?" in asked.content.decode() and _again(row).status == "new"
        assert browser.post(_url("take_up", row), {"who": f"family-{known.family_id}"}).status_code == 302
        assert _again(row).referral.family_id == known.family_id

    def test_once_only_by_action_and_database(self, rock, rock_coordinator):
        row = make_incoming(rock)
        with site_scope(rock.id):
            take_up_incoming(incoming=row, by=rock_coordinator)
            with pytest.raises(AnsweredAlready):
                decline_incoming(incoming=row, decline_reason="mistake", by=rock_coordinator)
            assert Referral.objects.count() == Family.objects.count() == 1
        assert "incoming_taken_up_with_referral" in refused(
            rock, "UPDATE referrals_incomingreferral SET referral_id = NULL WHERE id = %s", row.pk
        )

    def test_a_parent_of_another_site_is_no_choice(self, rock, door, rock_coordinator, client_for):
        row, theirs = make_incoming(rock), make_parent(door)
        answer = client_for(rock_coordinator).post(_url("take_up", row), {"parent": theirs.pk})
        assert "Choose one of the entries" in answer.content.decode()
        assert _again(row).status == "new"
        assert recorded(rock, "access.refused", theirs)


def test_a_parent_referred_already_is_joined_to_that_referral(rock, rock_coordinator, client_for):
    before, row = make_referral(rock), make_incoming(rock)
    client_for(rock_coordinator).post(_url("join", row), {"referral": before.pk})
    assert (_again(row).status, _again(row).referral) == ("duplicate", before)


def test_declining_needs_a_reason_and_counts_nowhere(rock, rock_coordinator, client_for):
    row, browser = make_incoming(rock), client_for(rock_coordinator)
    assert browser.post(_url("decline_incoming", row), {}).status_code == 200
    assert browser.post(_url("decline_incoming", row), {"decline_reason": "mistake"}).status_code == 302
    with site_scope(rock.id):
        assert not Referral.objects.exists()
        with pytest.raises(ValidationError):
            decline_incoming(incoming=make_incoming(rock), decline_reason="", by=rock_coordinator)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_a_constant_number_of_queries(rows, rock, rock_coordinator, client_for):
    for _ in range(rows):
        make_incoming(rock)
    asked = questions(client_for(rock_coordinator), _url("incoming_list"))
    assert own(asked) == 2
    assert len(asked) < 15


def test_a_parent_partner_sees_nothing_of_it(rock, rock_partner, rock_partner_profile, client_for):
    match = make_match(rock, partner=rock_partner_profile)
    row = make_incoming(rock, status="taken_up", referral=match.referral)
    browser = client_for(rock_partner)
    for url in (_url("incoming_list"), _url("incoming", row), _url("public_form")):
        assert browser.get(url).status_code == 403
    assert "Nia" not in browser.get(_url("detail", match.referral)).content.decode()


class TestLink:
    def test_shows_the_address_and_its_code(self, rock, rock_coordinator, client_for):
        page = client_for(rock_coordinator).get(_url("public_form") + "?lang=es").content.decode()
        assert "/refer/rock/?lang=es" in page and "<svg" in page and "style=" not in page

    def test_is_switched_off_by_who_may_configure(
        self, rock, rock_coordinator, rock_partner_coordinator, client_for
    ):
        assert client_for(rock_partner_coordinator).post(_url("switch_public_form"), {}).status_code == 403
        client_for(rock_coordinator).post(_url("switch_public_form"), {"phone": "608-555-0100"})
        with site_scope(rock.id):
            assert not PublicForm.objects.get().is_open
        client_for(rock_coordinator).post(_url("switch_public_form"), {"is_open": "on"})
        with site_scope(rock.id):
            assert PublicForm.objects.get().is_open

    def test_the_code_has_its_quiet_zone(self):
        code = qr_code("https://psp.example/refer/rock/")
        assert code.path.startswith("M4,4h1v1h-1z") and code.size == 29 + 8
