"""A parent partner answers an offer themselves, without a name, and nobody else's is in reach."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from counties.access import access_to_site
from counties.messages import refresh
from counties.models import Message
from counties.wall import site_scope
from matching.actions import decline_match
from matching.models import Match
from matching.offers import accept_offer
from matching.refusals import MatchMoveRefused
from matching.steps import advance_match
from matching.story import history
from matching.suggest import consider
from tests.factories.activities import make_level
from tests.factories.families import make_parent, make_tie
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.trail import recorded

pytestmark = pytest.mark.django_db
VERBS = ["offer", "accept_offer", "decline_offer"]


def _address(match, verb: str = "offer") -> str:
    return reverse(f"matching:{verb}", args=["rock", match.pk])


@pytest.fixture
def offered(rock, rock_partner_profile, rock_coordinator) -> Match:
    """Offered to Mai by Ruth: Anouk Brun, who speaks Spanish, of Beloit, at level 2."""
    parent = make_parent(
        rock,
        first_name="Anouk",
        last_name="Brun",
        language="es",
        needs_interpreter="yes",
        municipality="Beloit",
    )
    referral = make_accepted_referral(rock, parent)
    make_level(rock, make_enrollment(rock, referral), 2, dt.date(2025, 6, 1))
    match = make_match(rock, referral, rock_partner_profile, status="proposed", proposed_by=rock_coordinator)
    with site_scope(rock.id):
        return advance_match(match=match, to="offered_partner", by=rock_coordinator)


def test_an_offer_is_answered_with_what_it_needs_and_no_name(rock, offered, rock_partner, client_for):
    browser, today = client_for(rock_partner), reverse("today", args=["rock"])
    card = browser.get(today).content.decode()
    page = browser.get(_address(offered)).content.decode()
    asked = browser.get(_address(offered, "accept_offer")).content.decode()
    assert offered.referral.reference in card and _address(offered) in card
    for words in ("Spanish, with an interpreter", "Beloit", "Level 2: 2 meetings face to face a month"):
        assert words in page
    for shown in (card, page, asked):
        assert "Anouk" not in shown and "Brun" not in shown and offered.parent.family.reference not in shown
    assert browser.post(_address(offered, "accept_offer")).url == today
    with site_scope(rock.id):
        assert Match.objects.get().status == Match.Status.OFFERED_PARENT
    assert recorded(rock, "offer.accepted", offered.pk, by=rock_partner)
    assert "You have said yes" in browser.get(_address(offered)).content.decode()
    assert browser.post(_address(offered, "decline_offer")).url == _address(offered)
    with site_scope(rock.id):
        assert Match.objects.get().status == Match.Status.OFFERED_PARENT


def test_no_is_said_without_a_reason_and_the_pairing_is_not_suggested_again(
    rock, offered, rock_partner, client_for
):
    browser = client_for(rock_partner)
    assert "reason" not in browser.get(_address(offered, "decline_offer")).content.decode().lower()
    browser.post(_address(offered, "decline_offer"))
    with site_scope(rock.id):
        match = Match.objects.get()
        seen = consider(match.partner, match.parent, rock.settings)
    assert (match.status, match.declined_by, match.decline_reason) == ("declined", "partner", "")
    assert [stop.code for stop in seen.stops] == ["declined"]
    assert recorded(rock, "offer.declined", offered.pk, by=rock_partner)
    assert "Nobody asks you why" in browser.get(_address(offered)).content.decode()


def test_an_offer_taken_back_meanwhile_says_so(rock, offered, rock_partner, rock_coordinator, client_for):
    with site_scope(rock.id):
        decline_match(match=offered, declined_by="coordinator", by=rock_coordinator)
        with pytest.raises(MatchMoveRefused, match="taken back"):
            accept_offer(match=offered, by=rock_partner)
    browser = client_for(rock_partner)
    page = browser.post(_address(offered, "accept_offer"), follow=True).content.decode()
    assert "This offer was taken back." in page and "Beloit" not in page
    assert _address(offered) not in browser.get(reverse("today", args=["rock"])).content.decode()


def test_nobody_finds_or_answers_an_offer_of_another(
    rock, offered, rock_coordinator, former_partner, door_partner, client_for
):
    for person in (rock_coordinator, former_partner, door_partner):
        for verb in VERBS:
            for ask in (client_for(person).get, client_for(person).post):
                assert ask(_address(offered, verb)).status_code == 404
    assert recorded(rock, "access.refused", offered.pk, by=rock_coordinator)
    with site_scope(rock.id):
        with pytest.raises(MatchMoveRefused, match="not yours"):
            accept_offer(match=offered, by=rock_coordinator)
        assert Match.objects.get().status == Match.Status.OFFERED_PARTNER


@pytest.mark.parametrize("why", ["only thought of", "taken back before", "a tie", "has left"])
def test_what_was_never_asked_or_must_not_be_seen_is_not_there(
    why, rock, rock_partner, rock_partner_profile, client_for
):
    status = {"only thought of": "proposed", "taken back before": "declined"}.get(why, "offered_partner")
    by = {"declined_by": "coordinator"} if status == "declined" else {}
    match = make_match(rock, partner=rock_partner_profile, status=status, **by)
    if why == "a tie":
        make_tie(rock, match.parent.family, rock_partner)
    if why == "has left":
        with site_scope(rock.id):
            type(rock_partner_profile).objects.update(ends_on=timezone.localdate(), separation="personal")
    browser = client_for(rock_partner)
    assert {browser.get(_address(match, verb)).status_code for verb in VERBS} == {404}
    assert str(match.pk) not in browser.get(reverse("today", args=["rock"])).content.decode()


def test_both_are_told_without_a_name(rock, offered, rock_partner, rock_coordinator):
    make_match(rock, partner=make_partner(rock), status="offered_partner")
    with site_scope(rock.id):
        refresh(access_to_site(rock_partner, rock), timezone.localdate())
        assert list(Message.objects.filter(person=rock_partner).values_list("kind", "reference")) == [
            ("match.offered", offered.referral.reference)
        ]
        accept_offer(match=offered, by=rock_partner)
        refresh(access_to_site(rock_partner, rock), timezone.localdate())
        assert Message.objects.get(person=rock_partner).over_at
        refresh(access_to_site(rock_coordinator, rock), timezone.localdate())
        assert Message.objects.filter(kind="match.agreed", person=rock_coordinator, over_at=None).exists()


def test_the_history_tells_who_agreed_and_when_the_pairing_was_declined(
    rock, offered, rock_partner, rock_coordinator
):
    with site_scope(rock.id, actor_id=rock_partner.id):
        accept_offer(match=offered, by=rock_partner)
        told = [step["title"] for step in history(offered, coordinates=True)]
        assert told == ["Proposed", f"Offered to {offered.partner}", f"{offered.partner} agreed"]
        decline_match(match=offered, declined_by="parent", by=rock_coordinator)
        offered.refresh_from_db()
        assert history(offered, coordinates=True)[-1]["when"] == timezone.localdate()
