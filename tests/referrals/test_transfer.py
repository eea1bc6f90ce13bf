"""A parent offered to another site: only under a live consent, only what it covers, both trails (V13)."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from counties.wall import NoSiteScope, handing_over_to, site_scope
from counties.wall.scope import current_site_id
from families.consent_actions import NoLiveConsent
from families.models import Disclosure, Family
from referrals.incoming_actions import AnsweredAlready, decline_incoming, take_up_incoming
from referrals.models import IncomingReferral, Transfer
from referrals.transfers import PURPOSE, CannotTransfer, offer_transfer, take_back_transfer
from tests.factories.families import make_consent, make_parent
from tests.trail import recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def parent(rock):
    return make_parent(
        rock, first_name="Ana", last_name="Flores", phone="608-555-0101", language="es", municipality="Beloit",
        date_of_birth=dt.date(1990, 1, 1),
    )  # fmt: skip


@pytest.fixture
def consent(rock, door, parent, today):
    return make_consent(
        rock, parent, recipient=door.name, categories=["participation", "identity"], purpose=PURPOSE,
        starts_on=today, expires_on=today + dt.timedelta(days=30),
    )  # fmt: skip


@pytest.fixture
def offer(rock, door, parent, consent, rock_coordinator) -> Transfer:
    with site_scope(rock.id):
        return offer_transfer(parent=parent, to_site=door, by=rock_coordinator)


def _arrived(site) -> IncomingReferral:
    with site_scope(site.id):
        return IncomingReferral.objects.select_related("from_site").get()


def _status(site, offer: Transfer) -> str:
    with site_scope(site.id):
        return Transfer.objects.get(pk=offer.pk).status


def test_gives_name_and_how_to_reach_and_nothing_else(rock, door, offer, rock_coordinator):
    row = _arrived(door)
    assert (str(row), row.phone, row.language, row.sender) == (
        "Ana Flores", "608-555-0101", "es", "Rock County PSP, as a transfer",
    )  # fmt: skip
    assert (row.municipality, row.state_case_id, row.case_type, row.note) == ("", "", "", "")
    with site_scope(door.id):
        assert not Family.objects.exists()
    assert recorded(rock, "transfer.offered", offer, by=rock_coordinator)
    assert recorded(door, "transfer.received", row, by=rock_coordinator)
    with site_scope(rock.id):
        assert Disclosure.objects.get().recipient == door.name


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"recipient": "Jefferson County PSP"}, "No consent of Ana Flores names"),
        ({"expires_on": "yesterday"}, "expired"),
        ({"purpose": "Something else"}, "another purpose"),
        ({"categories": ["participation"]}, "name and how to reach"),
    ],
)
def test_without_a_live_consent_it_says_what_is_missing(
    rock, door, parent, rock_coordinator, client_for, today, change, words
):
    facts = {"recipient": door.name, "categories": ["participation", "identity"], "purpose": PURPOSE}
    if "expires_on" in change:
        change = {"starts_on": today - dt.timedelta(9), "expires_on": today - dt.timedelta(1)}
    make_consent(rock, parent, **facts | change)
    with site_scope(rock.id):
        with pytest.raises(NoLiveConsent, match=words):
            offer_transfer(parent=parent, to_site=door, by=rock_coordinator)
    url = reverse("referrals:transfer", args=["rock", parent.pk])
    browser = client_for(rock_coordinator)
    page = browser.post(url, {"to_site": door.pk})
    assert words in page.content.decode()
    form = browser.get(page.context["consent_url"]).context["form"]
    assert (form["recipient"].value(), form["purpose"].value()) == (door.name, PURPOSE)
    assert form["categories"].value() == ["participation", "identity"]
    with site_scope(door.id):
        assert not IncomingReferral.objects.exists()


def test_the_other_site_accepts(rock, door, offer, parent, rock_coordinator, door_coordinator, client_for):
    row = _arrived(door)
    url = reverse("referrals:take_up", args=["door", row.pk])
    assert client_for(door_coordinator).post(url, {"parent": ""}).status_code == 302
    assert _status(rock, offer) == "accepted"
    assert recorded(rock, "transfer.accepted", offer, by=door_coordinator)
    page = (
        client_for(rock_coordinator).get(reverse("family", args=["rock", parent.family_id])).content.decode()
    )
    assert "Accepted" in page and door_coordinator.name not in page
    assert "close the enrollment here" not in page  # there is none


def test_the_other_site_declines(rock, door, offer, door_coordinator):
    row = _arrived(door)
    with site_scope(door.id):
        decline_incoming(incoming=row, decline_reason="elsewhere", by=door_coordinator)
    assert _status(rock, offer) == "declined"


def test_an_offer_is_taken_back_until_it_is_answered(rock, door, offer, rock_coordinator, door_coordinator):
    row = _arrived(door)
    with site_scope(rock.id):
        take_back_transfer(transfer=offer, by=rock_coordinator)
    with site_scope(door.id), pytest.raises(AnsweredAlready):
        take_up_incoming(incoming=row, by=door_coordinator)
    with site_scope(rock.id), pytest.raises(CannotTransfer):
        take_back_transfer(transfer=offer, by=rock_coordinator)
    assert _status(rock, offer) == "taken_back"


def test_one_offer_at_a_time_and_never_to_oneself(rock, jefferson, offer, parent, rock_coordinator):
    with site_scope(rock.id):
        for site, words in ((jefferson, "Take that offer back"), (rock, "another site")):
            with pytest.raises(CannotTransfer, match=words):
                offer_transfer(parent=parent, to_site=site, by=rock_coordinator)


class TestHandingOver:
    def test_comes_back_to_the_site_it_left_also_after_an_error(self, rock, door):
        with site_scope(rock.id):
            with pytest.raises(ZeroDivisionError), handing_over_to(door.id):
                assert current_site_id() == door.id
                _ = 1 / 0
            assert current_site_id() == rock.id
            make = make_parent(rock)
            assert type(make).objects.filter(pk=make.pk).exists()

    def test_needs_a_site_to_come_from(self, door):
        with pytest.raises(NoSiteScope), handing_over_to(door.id):
            pass

    def test_is_used_by_transfers_alone(self):
        root = Path(settings.BASE_DIR)
        rooms = [f.parent for f in root.glob("*/__init__.py") if f.parent.name != "tests"]
        texts = {f.relative_to(root).as_posix(): f.read_text() for room in rooms for f in room.rglob("*.py")}
        users = {name for name, text in texts.items() if re.search(r"\bhanding_over_to\(", text)}
        assert users == {"counties/wall/scope.py", "referrals/transfers.py"}
