"""A parent's own copy: everything about them, nothing of others, and the reason on record."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from activities.models import Incident
from audit.models import AuditEvent
from counties.wall import site_scope
from families.models import Family
from tests.factories.activities import make_contact, make_goal
from tests.factories.families import make_child, make_consent, make_parent
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.trail import recorded


def test_it_holds_the_parents_own_and_leaves_out_the_rest(rock, rock_coordinator, client_for):
    parent = make_parent(rock, first_name="Dana", phone="608 555 0100")
    other = make_parent(rock, parent.family, first_name="Otto", phone="608 555 0199")
    with site_scope(rock.id):
        Family.objects.update(notes="Staff think twice")
    make_child(rock, parent.family, first_name="Kim")
    referral, partner = (
        make_accepted_referral(rock, parent, decision_note="Decided because"),
        make_partner(rock),
    )
    enrollment = make_enrollment(rock, referral)
    make_match(rock, referral, partner)
    make_contact(rock, enrollment, partner, held_on=dt.date(2025, 6, 3), note="We practised for court")
    make_contact(rock, enrollment, partner, held_on=dt.date(2025, 6, 4), note="Reported by the aunt")
    make_goal(rock, parent, words="A flat of our own")
    make_goal(rock, other, words="Other goal")
    make_consent(rock, parent, recipient="The court", purpose="Hearing")
    with site_scope(rock.id):
        Incident.objects.create(
            site=rock, kind="complaint", happened_at=timezone.now(), family=parent.family,
            what_happened="Hotline", recorded_by=rock_coordinator,
        )  # fmt: skip
    browser, url = client_for(rock_coordinator), reverse("copy_record", args=["rock", parent.pk])
    assert "A flat of our own" not in browser.get(url).content.decode()
    assert browser.post(url, {"reason": ""}).context["form"].errors
    page = browser.post(url, {"reason": "Asked by letter", "with_notes": "on"}).content.decode()
    for words in (
        "608 555 0100",
        "Kim",
        "We practised for court",
        "A flat of our own",
        "The court",
        "Withheld.",
    ):
        assert words in page
    for words in (
        "Otto",
        "0199",
        "Staff think",
        "Decided because",
        "aunt",
        "Other goal",
        "Hotline",
        "Mandated",
    ):
        assert words not in page
    assert recorded(rock, "record.copied", parent, by=rock_coordinator)
    with site_scope(rock.id):
        assert AuditEvent.objects.get(verb="record.copied").reason == "Asked by letter"
    assert "practised" not in browser.post(url, {"reason": "Asked by letter"}).content.decode()


def test_a_partner_makes_no_copy(rock, rock_partner, rock_partner_profile, client_for):
    referral = make_accepted_referral(rock)
    make_match(rock, referral, rock_partner_profile)
    url = reverse("copy_record", args=["rock", referral.parent_id])
    assert client_for(rock_partner).get(url).status_code == 403
