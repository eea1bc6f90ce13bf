"""Seals, and ties of the staff to a family: declared by oneself or a coordinator, lifted by another one."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from counties.access import access_to_site
from counties.action_forms import Unconfirmed
from counties.wall import site_scope
from families.models import Family, FamilyTie
from families.sealing import StillTied, declare_tie, lift_tie, seal_family, unseal_family
from tests.factories.families import make_family, make_parent, make_tie
from tests.factories.matching import make_match
from tests.factories.referrals import make_accepted_referral
from tests.raw_sql import refused
from tests.trail import recorded


@pytest.fixture
def family(rock):
    family = make_family(rock)
    make_parent(rock, family, first_name="Una", last_name="Oak")
    return family


def sees(person, site, family):
    with site_scope(site.id):
        return Family.objects.visible_to(access_to_site(person, site)).filter(pk=family.pk).exists()


def test_a_sealed_family_without_ties_is_open_to_coordinators(rock, rock_coordinator, family):
    with site_scope(rock.id):
        seal_family(family=family, reason="Known to a worker", by=rock_coordinator)
    assert sees(rock_coordinator, rock, family)
    assert recorded(rock, "family.sealed", family, by=rock_coordinator)


def test_a_tie_hides_the_family_from_that_person_alone_and_seals_it(
    rock, rock_coordinator, rock_second_coordinator, family
):
    with site_scope(rock.id):
        declare_tie(family=family, kind="related", by=rock_coordinator)
        family.refresh_from_db()
    assert family.is_sealed
    assert not sees(rock_coordinator, rock, family)
    assert sees(rock_second_coordinator, rock, family)


def test_a_partner_matched_now_loses_sight_at_once(rock, rock_partner, rock_partner_profile):
    referral = make_accepted_referral(rock)
    make_match(rock, referral, rock_partner_profile)
    assert sees(rock_partner, rock, referral.family)
    make_tie(rock, referral.family, rock_partner)
    assert not sees(rock_partner, rock, referral.family)


def test_a_lifted_tie_gives_sight_back_and_leaves_the_seal(
    rock, rock_coordinator, rock_second_coordinator, family
):
    tie = make_tie(rock, family, rock_coordinator)
    with site_scope(rock.id):
        with pytest.raises(ValidationError, match="Another coordinator"):
            lift_tie(tie=tie, lift_reason="Over", by=rock_coordinator)
        with pytest.raises(StillTied):
            unseal_family(family=family, reason="Over", by=rock_second_coordinator)
        lift_tie(tie=tie, lift_reason="They moved apart", by=rock_second_coordinator)
        with pytest.raises(ValidationError, match="lifted already"):
            lift_tie(tie=tie, lift_reason="Again", by=rock_second_coordinator)
    assert sees(rock_coordinator, rock, family)
    with site_scope(rock.id):
        family.refresh_from_db()
        assert family.is_sealed
        unseal_family(family=family, reason="Over", by=rock_coordinator)


def test_the_last_coordinator_is_asked_first(rock, rock_coordinator, family):
    with site_scope(rock.id):
        with pytest.raises(Unconfirmed) as refusal:
            declare_tie(family=family, kind="related", by=rock_coordinator)
        keys = [doubt.key for doubt in refusal.value.doubts]
        declare_tie(family=family, kind="related", by=rock_coordinator, confirmed=keys)
    assert not sees(rock_coordinator, rock, family)


def test_a_tie_once_and_only_for_people_of_the_site(
    rock, rock_coordinator, rock_partner, door_partner, family
):
    make_tie(rock, family, rock_partner)
    with site_scope(rock.id):
        with pytest.raises(ValidationError, match="declared already"):
            declare_tie(family=family, kind="related", person=rock_partner, by=rock_coordinator)
        with pytest.raises(ValidationError, match="role at this site"):
            declare_tie(family=family, kind="related", person=door_partner, by=rock_coordinator)
    words = refused(
        rock,
        "INSERT INTO families_familytie (id, site_id, family_id, person_id, kind, note, declared_by_id, declared_at,"
        " lift_reason) SELECT gen_random_uuid(), site_id, family_id, person_id, kind, note, declared_by_id,"
        " declared_at, '' FROM families_familytie",
    )
    assert "tie_once" in words


def test_a_number_that_looks_like_an_ssn_is_refused(rock, rock_coordinator, rock_partner, family):
    with site_scope(rock.id), pytest.raises(ValidationError, match="Social Security number"):
        declare_tie(
            family=family, kind="related", person=rock_partner, note="123-45-6789", by=rock_coordinator
        )


def test_a_partner_declares_their_own_tie_on_the_page(
    rock, rock_coordinator, rock_partner, rock_partner_profile, client_for
):
    referral = make_accepted_referral(rock)
    make_match(rock, referral, rock_partner_profile)
    browser, url = (
        client_for(rock_partner),
        reverse("families:declare_tie", args=["rock", referral.family_id]),
    )
    assert b'name="person"' not in browser.get(url).content
    answer = browser.post(
        url, {"kind": "personal", "note": "We went to school", "person": rock_coordinator.pk}
    )
    assert answer.headers["Location"] == reverse("families:list", args=["rock"])
    assert browser.get(reverse("family", args=["rock", referral.family_id])).status_code == 404
    with site_scope(rock.id):
        tie = FamilyTie.objects.get()
    assert tie.person == rock_partner
    assert recorded(rock, "access.refused", referral.family_id, by=rock_partner)
    assert recorded(rock, "tie.declared", referral.family_id, by=rock_partner)


def test_a_coordinator_declares_lists_and_lifts(rock, rock_coordinator, rock_partner, family, client_for):
    browser = client_for(rock_coordinator)
    page = reverse("family", args=["rock", family.pk])
    declared = browser.post(
        reverse("families:declare_tie", args=["rock", family.pk]), {"person": rock_partner.pk, "kind": "case"}
    )
    assert declared.headers["Location"] == page
    assert b"Mai Dogwood" in browser.get(page).content
    listed = browser.get(reverse("families:ties", args=["rock"]), {"q": family.reference})
    assert b"Mai Dogwood" in listed.content
    with site_scope(rock.id):
        tie = FamilyTie.objects.get()
    lifted = browser.post(reverse("families:lift_tie", args=["rock", tie.pk]), {"lift_reason": "A mistake"})
    assert lifted.headers["Location"] == page
    assert list(browser.get(reverse("families:ties", args=["rock"])).context["listing"]) == []
    assert b"A mistake" in browser.get(reverse("families:ties", args=["rock"]), {"state": "lifted"}).content


def test_seal_and_take_it_off_on_the_page(rock, rock_coordinator, family, client_for):
    browser = client_for(rock_coordinator)
    for verb, is_sealed in (("seal", True), ("unseal", False)):
        url = reverse(f"families:{verb}", args=["rock", family.pk])
        assert browser.post(url, {"reason": ""}).context["form"].errors
        browser.post(url, {"reason": "Known to a worker"})
        with site_scope(rock.id):
            family.refresh_from_db()
        assert family.is_sealed is is_sealed


def test_hiding_costs_no_query(rock, rock_coordinator, family, django_assert_num_queries):
    make_tie(rock, make_family(rock), rock_coordinator)
    with site_scope(rock.id):
        access = access_to_site(rock_coordinator, rock)
        with django_assert_num_queries(1):
            assert list(Family.objects.visible_to(access)) == [family]
