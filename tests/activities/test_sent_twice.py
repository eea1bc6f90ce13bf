"""A contact sent twice, by a double tap or a retry, is one entry; an id of somebody else's tells nothing."""

from __future__ import annotations

import threading
import time
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse_lazy

from activities.actions import log_contact
from activities.models import Contact, ResourceLink
from counties.wall import site_scope
from tests.activities.conftest import contact_facts, rows, somebody_waits
from tests.factories.families import make_parent
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.trail import recorded

URL = reverse_lazy("activities:log", args=["rock"])


def test_a_double_tap_is_one_entry(rock, rock_partner, enrollment, typed, client_for):
    browser = client_for(rock_partner)
    sent = typed | {"id": str(uuid.uuid4()), "resource_1": "food"}
    assert [browser.post(URL, sent).status_code for _ in range(2)] == [302, 302]
    (contact,) = rows(Contact, rock)
    assert str(contact.pk) == sent["id"] and len(rows(ResourceLink, rock)) == 1


def test_the_form_brings_an_id_of_its_own_each_time(rock, rock_partner, enrollment, client_for):
    browser = client_for(rock_partner)
    first, second = (browser.get(URL).context["form"]["id"].value() for _ in range(2))
    assert first != second


def test_an_id_of_somebody_elses_entry_tells_nothing(
    rock, rock_partner, rock_coordinator, enrollment, typed, client_for
):
    other = make_enrollment(rock, make_accepted_referral(rock, make_parent(rock, first_name="Zelda")))
    with site_scope(rock.id):
        referral = other.participations.get().referral
        theirs = log_contact(
            referral=referral,
            partner=make_partner(rock),
            by=rock_coordinator,
            **contact_facts(),
            id=uuid.uuid4(),
        )
    page = client_for(rock_partner).post(URL, typed | {"id": str(theirs.pk)})
    assert page.status_code == 200 and "Open a new one" in page.content.decode()
    assert "Zelda" not in page.content.decode() and len(rows(Contact, rock)) == 1
    assert recorded(rock, "access.refused", theirs, by=rock_partner)


def test_an_id_of_another_sites_entry_tells_nothing(
    rock, door, door_coordinator, rock_partner, enrollment, typed, client_for
):
    foreign = make_enrollment(door)
    with site_scope(door.id):
        referral = foreign.participations.get().referral
        theirs = log_contact(
            referral=referral,
            partner=make_partner(door),
            by=door_coordinator,
            **contact_facts(),
            id=uuid.uuid4(),
        )
    page = client_for(rock_partner).post(URL, typed | {"id": str(theirs.pk)})
    assert page.status_code == 200 and rows(Contact, rock) == []


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_are_one_entry(rock, rock_partner, rock_partner_profile, enrollment, referral):
    same, start, got = uuid.uuid4(), threading.Barrier(2), []

    def send() -> None:
        try:
            start.wait()
            with site_scope(rock.id):
                got.append(
                    log_contact(
                        referral=referral,
                        partner=rock_partner_profile,
                        by=rock_partner,
                        **contact_facts(),
                        id=same,
                    )
                )
        finally:
            connection.close()

    taps = [threading.Thread(target=send) for _ in range(2)]
    for tap in taps:
        tap.start()
    for tap in taps:
        tap.join()
    assert [contact.pk for contact in got] == [same, same]
    assert len(rows(Contact, rock)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_that_differ_the_later_is_refused(
    rock, rock_partner, rock_partner_profile, enrollment, referral
):
    """The first waits with its entry unsettled until the second is stopped by it."""
    who = {"referral": referral, "partner": rock_partner_profile, "by": rock_partner, "id": uuid.uuid4()}
    got = []

    def send() -> None:
        try:
            with site_scope(rock.id):
                log_contact(**who, **contact_facts(minutes=45))
        except ValidationError as refusal:
            got.extend(refusal.messages)
        finally:
            connection.close()

    second = threading.Thread(target=send)
    with site_scope(rock.id):
        log_contact(**who, **contact_facts(minutes=20))
        second.start()
        while not somebody_waits():
            assert second.is_alive() or got == [], "The second entry was not stopped."
            time.sleep(0.02)
    second.join()
    assert "logged already" in " ".join(got)
    assert [contact.minutes for contact in rows(Contact, rock)] == [20]
