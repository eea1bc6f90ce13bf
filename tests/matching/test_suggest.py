"""Suggestions: each hard stop of `domain.md` 5.2, warnings, order, load, and their cost."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from counties.wall import site_scope
from families.models import FamilyTie
from matching.actions import propose_match
from matching.conflicts import lift_conflict, set_distance
from matching.models import Conflict
from matching.refusals import PartnerExcluded, PartnerNotTrained
from matching.suggest import consider, suggest
from tests.factories.activities import make_level
from tests.factories.families import make_parent, make_tie
from tests.factories.matching import make_conflict, make_match
from tests.factories.partners import make_partner, make_training
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.raw_sql import refused

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
HARD_KINDS = ["related", "same_case", "no_contact", "other_parent"]


def _seen(site, partner, parent, **more):
    with site_scope(site.id):
        return consider(partner, parent, site.settings, **more)


def _stops(site, partner, parent) -> list[str]:
    return [stop.code for stop in _seen(site, partner, parent).stops]


def test_nothing_stands_between_two_strangers(rock):
    seen = _seen(rock, make_partner(rock), make_parent(rock))
    assert (seen.stops, seen.warnings) == ((), ())


@pytest.mark.parametrize("kind", HARD_KINDS)
def test_stops_1_to_3_a_recorded_conflict_excludes(kind, rock):
    parent, partner = make_parent(rock), make_partner(rock)
    make_conflict(rock, parent, partner, kind=kind)
    assert _stops(rock, partner, parent) == [kind]
    assert _stops(rock, partner, make_parent(rock)) == []


def test_every_kind_of_conflict_is_a_stop_or_a_warning(rock):
    assert {*HARD_KINDS, "caseworker"} == set(Conflict.Kind.values)


def test_stop_4_the_partners_own_caseworker_is_a_warning_only(rock):
    parent, partner = make_parent(rock), make_partner(rock)
    make_conflict(rock, parent, partner, kind="caseworker")
    seen = _seen(rock, partner, parent)
    assert seen.stops == ()
    assert "caseworker" in seen.warnings[0]


def test_a_lifted_conflict_no_longer_excludes(rock, rock_coordinator):
    parent, partner = make_parent(rock), make_partner(rock)
    conflict = make_conflict(rock, parent, partner)
    with site_scope(rock.id):
        lift_conflict(conflict=conflict, reason="A mix-up of names", by=rock_coordinator)
    assert _stops(rock, partner, parent) == []


def test_who_has_a_tie_to_the_family_cannot_be_suggested_and_no_word_names_the_tie(
    rock, rock_partner, rock_partner_profile, rock_coordinator
):
    referral = make_accepted_referral(rock)
    make_tie(rock, referral.family, rock_partner, note="Her neighbor")
    seen = _seen(rock, rock_partner_profile, referral.parent)
    assert [(stop.code, stop.words) for stop in seen.stops] == [
        ("not_suggested", "Cannot be suggested for this family")
    ]
    assert _stops(rock, rock_partner_profile, make_parent(rock)) == []
    with site_scope(rock.id), pytest.raises(PartnerExcluded, match="Cannot be suggested"):
        propose_match(referral=referral, partner=rock_partner_profile, by=rock_coordinator)


def test_a_tie_holds_in_the_database_until_it_is_lifted(rock, rock_partner, rock_partner_profile):
    match = make_match(rock, partner=rock_partner_profile, status="accepted")
    tie = make_tie(rock, match.parent.family, rock_partner)
    begin = ("UPDATE matching_match SET status = 'active', starts_on = '2025-07-01' WHERE id = %s", match.pk)
    assert "cannot be matched with this family" in refused(rock, *begin)
    with site_scope(rock.id):
        FamilyTie.objects.filter(pk=tie.pk).update(
            lifted_at=timezone.now(), lifted_by=rock_partner, lift_reason="Moved away"
        )
    assert "Cannot be suggested" not in str(_seen(rock, match.partner, match.parent).stops)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"ends_on": TODAY}, "not_active"),
        ({"starts_on": TODAY + dt.timedelta(days=9)}, "not_active"),
        ({"source_id": "P1", "eligibility_on": dt.date(2023, 6, 1)}, "not_eligible"),
        ({"core_training_completed_on": None}, "not_trained"),
        ({"is_on_leave": True}, "on_leave"),
    ],
)
def test_stop_5_who_is_not_ready(facts, code, rock):
    assert _stops(rock, make_partner(rock, **facts), make_parent(rock)) == [code]


@pytest.mark.parametrize(
    ("families", "stops", "is_over"), [(5, [], False), (6, [], True), (7, ["at_hard_cap"], True)]
)
def test_stop_5_caps_of_half_time_are_6_and_7(families, stops, is_over, rock):
    partner, parent = make_partner(rock, fte=Decimal("0.50")), make_parent(rock)
    for _ in range(families):
        make_match(rock, partner=partner)
    seen = _seen(rock, partner, parent)
    assert [stop.code for stop in seen.stops] == stops
    assert seen.is_over_soft_cap is is_over
    assert any("Soft cap" in words for words in seen.warnings) is is_over


def test_a_second_parent_of_a_family_on_the_caseload_takes_no_further_place(rock):
    partner = make_partner(rock, fte=Decimal("0.05"))
    match = make_match(rock, partner=partner)
    assert _stops(rock, partner, make_parent(rock)) == ["at_hard_cap"]
    other_parent = make_parent(rock, match.parent.family)
    seen = _seen(rock, partner, other_parent)
    assert seen.stops == ()
    assert "other parent" in seen.warnings[0]


@pytest.mark.parametrize(
    ("who", "stops"), [("parent", ["declined"]), ("partner", ["declined"]), ("coordinator", [])]
)
def test_stop_6_a_declined_pairing_is_not_suggested_again(who, stops, rock):
    match = make_match(rock, status="declined", declined_by=who)
    assert _stops(rock, match.partner, match.parent) == stops


@pytest.mark.parametrize("status", ["proposed", "active"])
def test_an_open_match_of_the_two_is_no_suggestion_but_no_obstacle_to_itself(status, rock):
    match = make_match(rock, status=status)
    assert _stops(rock, match.partner, match.parent) == ["matched_already"]
    assert _seen(rock, match.partner, match.parent, besides=match).stops == ()


def test_an_interpreter_is_pointed_out(rock):
    partner = make_partner(rock)
    assert "interpreter" in _seen(rock, partner, make_parent(rock, language="es")).warnings[0]
    assert _seen(rock, partner, make_parent(rock, language="")).warnings == ()


def test_load_weighs_families_by_level_and_each_family_once(rock):
    partner = make_partner(rock)
    for level in (None, 1, 2, 3, 4):
        referral = make_accepted_referral(rock)
        match = make_match(rock, referral, partner)
        if level:
            enrollment = make_enrollment(rock, referral)
            make_level(rock, enrollment, 1, dt.date(2025, 6, 1))
            make_level(rock, enrollment, level, dt.date(2025, 7, 1))
    make_match(rock, make_accepted_referral(rock, make_parent(rock, match.parent.family)), partner)
    make_match(rock, partner=partner, ends_on=dt.date(2025, 8, 1), end_reason="other")
    assert _seen(rock, partner, make_parent(rock)).load == Decimal("3.50")


def test_the_best_score_comes_first_then_the_lower_load_then_the_longest_wait(rock):
    parent = make_parent(rock, language="en", shared_experience=["housing"])
    best = make_partner(rock, first_name="Best", experience=["housing"])
    busy, late, early, new = (make_partner(rock, first_name=n) for n in ("Busy", "Late", "Early", "New"))
    make_match(rock, partner=busy)
    for partner, day in ((late, dt.date(2025, 9, 1)), (early, dt.date(2025, 3, 1))):
        make_match(rock, partner=partner, starts_on=day, ends_on=dt.date(2025, 10, 1), end_reason="other")
    with site_scope(rock.id):
        order = [c.partner.first_name for c in suggest(parent, rock.settings).candidates]
    assert order == ["Best", "New", "Early", "Late", "Busy"]
    assert best


def test_who_has_left_is_not_even_listed_as_excluded(rock):
    make_partner(rock, ends_on=TODAY)
    away = make_partner(rock, is_on_leave=True)
    with site_scope(rock.id):
        found = suggest(make_parent(rock), rock.settings)
    assert [c.partner.pk for c in found.excluded] == [away.pk]
    assert not found.candidates


def test_miles_are_known_only_where_somebody_told_them(rock, rock_coordinator):
    parent = make_parent(rock, municipality="Fort  atkinson ")
    same = make_partner(rock, municipality="fort Atkinson")
    told = make_partner(rock, municipality="Beloit")
    unknown = make_partner(rock, municipality="Milton")
    nowhere = make_partner(rock, municipality="")
    with site_scope(rock.id):
        set_distance(place="Beloit", other_place="Fort Atkinson", miles=41, by=rock_coordinator)
    points = [_seen(rock, p, parent).score.parts[-1].points for p in (same, told, unknown, nowhere)]
    assert points == [10, 0, 5, 5]
    assert _seen(rock, nowhere, make_parent(rock, municipality="")).score.parts[-1].points == 5


def test_lapsed_training_is_said_and_needs_a_reason(rock, rock_coordinator):
    partner = make_partner(rock)
    make_training(rock, partner, topic="confidentiality", expires_on=dt.date(2025, 1, 1))
    referral = make_accepted_referral(rock)
    with site_scope(rock.id):
        stops = consider(partner, referral.parent, rock.settings).stops
        assert [stop.words for stop in stops] == ["Core training has lapsed: Confidentiality"]
        with pytest.raises(PartnerNotTrained):
            propose_match(referral=referral, partner=partner, by=rock_coordinator)


def test_six_queries_for_one_partner_or_for_a_thousand(rock, django_assert_num_queries):
    parent = make_parent(rock, municipality="Beloit")
    make_match(rock)
    for count in (1, 1000):
        with site_scope(rock.id):
            _many_partners(rock, count)
            limits = rock.settings
            with django_assert_num_queries(6):
                assert len(suggest(parent, limits).candidates) > count


def _many_partners(site, count: int) -> None:
    from partners.models import ParentPartner

    rows = [
        ParentPartner(
            site=site, first_name=f"P{n}", last_name="Moua", languages=["en"], eligibility_basis="reunified",
            eligibility_on=dt.date(2022, 1, 1), starts_on=dt.date(2024, 1, 1), fte=Decimal("1.00"),
            core_training_completed_on=dt.date(2024, 2, 1),
        )
        for n in range(count)
    ]  # fmt: skip
    ParentPartner.objects.bulk_create(rows)
