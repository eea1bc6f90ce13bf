"""Every look at a family stands in that family's own trail: forms and lists as well as its page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import User
from counties.models import Site
from counties.wall import site_scope
from families.models import Disclosure
from tests.factories.activities import make_contact, make_event, make_goal
from tests.factories.families import make_child, make_consent, make_episode, make_parent
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment, make_referral
from tests.trail import verbs_about

FORMS = [
    "families:edit", "families:add_parent", "families:edit_parent", "families:add_child", "families:edit_child",
    "families:record_episode", "families:edit_episode", "families:record_consent", "families:revoke_consent",
    "families:record_disclosure", "referrals:decide", "activities:correct", "activities:change_level",
    "activities:set_goal", "activities:end_goal", "activities:attendance", "activities:cancel_event",
    "matching:end", "matching:close_enrollment", "matching:record_conflict",
]  # fmt: skip
PICKERS = ["referrals:create", "activities:log", "activities:plan_event", "activities:record_incident"]
LISTS = {
    "referrals:list": "referral.listed", "activities:list": "contact.listed", "exchange:api_contacts": "contact.listed",
    "activities:events": "event.listed", "families:consents": "consent.listed",
    "families:disclosures": "disclosure.listed",
}  # fmt: skip


@pytest.fixture
def world(rock: Site, rock_coordinator: User) -> dict[str, object]:
    """Something of each kind about one family, by the name of its form."""
    referral = make_accepted_referral(rock)
    family, parent = referral.family, referral.parent
    enrollment = make_enrollment(rock, referral)
    match, child = make_match(rock, referral), make_child(rock, family)
    consent = make_consent(rock, parent)
    event = make_event(rock, referral)
    with site_scope(rock.id):
        Disclosure.objects.create(
            site=rock, parent=parent, legal_basis="Court order", recipient="The court", categories=["attendance"],
            purpose="Hearing", disclosed_by=rock_coordinator,
        )  # fmt: skip
    rows = {
        "edit": family, "add_parent": family, "edit_parent": parent, "add_child": family, "edit_child": child,
        "record_episode": child, "edit_episode": make_episode(rock, child), "record_consent": parent,
        "revoke_consent": consent, "record_disclosure": parent,
        "decide": make_referral(rock, make_parent(rock, family)),
        "correct": make_contact(rock, enrollment, match.partner), "change_level": enrollment, "set_goal": parent,
        "end_goal": make_goal(rock, parent), "attendance": event, "cancel_event": event, "end": match,
        "close_enrollment": enrollment, "record_conflict": parent, "family": family,
    }  # fmt: skip
    return rows


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_a_look(name, rock, rock_coordinator, world, client_for):
    url = reverse(name, args=["rock", world[name.partition(":")[2]].pk])
    assert client_for(rock_coordinator).get(url).status_code == 200
    assert verbs_about(rock, "family", world["family"]) == ["family.viewed"]


@pytest.mark.parametrize("name", PICKERS)
def test_a_form_that_offers_families_is_a_look_at_them(name, rock, rock_coordinator, world, client_for):
    assert client_for(rock_coordinator).get(reverse(name, args=["rock"])).status_code == 200
    assert verbs_about(rock, "family", world["family"]) == ["family.listed"]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_a_look_at_each_family_on_it(name, rock, rock_coordinator, world, client_for):
    browser = client_for(rock_coordinator)
    assert browser.get(reverse(name, args=["rock"]), {"when": "all"}).status_code == 200
    assert verbs_about(rock, "family", world["family"]) == [LISTS[name]]


def test_the_caseload_of_a_partner_is_a_look(rock, rock_coordinator, client_for):
    partner = make_partner(rock)
    match = make_match(rock, partner=partner)
    client_for(rock_coordinator).get(reverse("partners:detail", args=["rock", partner.pk]))
    with site_scope(rock.id):
        family = match.parent.family
    assert verbs_about(rock, "family", family) == ["family.listed"]
