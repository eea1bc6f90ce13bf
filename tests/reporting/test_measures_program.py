"""Sections F and G, by small examples."""

from __future__ import annotations

from decimal import Decimal

import pytest

from counties.models import Site
from counties.wall import site_scope
from tests.factories.families import make_parent
from tests.factories.matching import make_match
from tests.factories.partners import make_partner, make_session
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.reporting.figures import behind, configure, day, figures, make_council, make_outreach_event

pytestmark = pytest.mark.django_db


def test_f1_counts_partners_active_at_the_end_of_the_last_day(rock: Site) -> None:
    make_partner(rock, starts_on=day("2025-06-30"), fte=Decimal("0.75"))
    make_partner(rock, ends_on=day("2025-07-01"), fte=Decimal("0.05"))
    make_partner(rock, ends_on=day("2025-06-30"))  # the end date is the first day no longer active
    make_partner(rock, starts_on=day("2025-07-01"))
    assert figures(rock)["F1"] == {"headcount": 2, "fte": 0.8}


def test_f2_counts_hires_and_separations_and_what_is_vacant(rock: Site) -> None:
    make_partner(rock, starts_on=day("2025-06-01"), fte=Decimal("0.50"))
    make_partner(rock, ends_on=day("2025-06-01"))
    make_partner(rock, ends_on=day("2025-06-30"))
    make_partner(rock, ends_on=day("2025-07-01"), fte=Decimal("0.25"))
    assert figures(rock)["F2"] == {"vacant_fte": None, "hires": 1, "separations": 2}
    configure(rock, budgeted_fte=Decimal("2.00"))
    assert figures(rock)["F2"]["vacant_fte"] == 1.25


def test_f3_divides_families_by_fte_and_is_empty_without_partners(rock: Site) -> None:
    make_enrollment(rock, enrolled_on=day("2025-06-01"))
    make_enrollment(rock, enrolled_on=day("2025-06-01"))
    assert figures(rock)["F3"] is None
    make_partner(rock, fte=Decimal("0.75"))
    assert figures(rock)["F3"] == 2.67


def test_f3b_compares_families_with_the_caps_for_the_share_of_full_time(rock: Site) -> None:
    configure(rock, soft_cap_per_fte=4, hard_cap_per_fte=6)
    partner = make_partner(rock, fte=Decimal("0.40"))  # soft 1.6 -> 1, hard 2.4 -> 2
    for _ in range(2):
        make_match(rock, partner=partner)
    make_match(rock, partner=partner, ends_on=day("2025-06-30"))
    assert figures(rock)["F3b"] == {"above_soft": 1, "above_hard": 0}
    make_match(rock, partner=partner, starts_on=day("2025-06-30"))
    assert figures(rock)["F3b"] == {"above_soft": 1, "above_hard": 1}
    small = make_partner(rock, fte=Decimal("0.05"))
    make_match(rock, partner=small)
    assert figures(rock)["F3b"] == {"above_soft": 1, "above_hard": 1}  # a cap is at least 1


def test_f3b_counts_a_family_with_two_parents_once(rock: Site) -> None:
    configure(rock, soft_cap_per_fte=1, hard_cap_per_fte=1)
    partner, parent = make_partner(rock), make_parent(rock)
    for each in (parent, make_parent(rock, parent.family)):
        make_match(rock, make_accepted_referral(rock, each), partner)
    assert figures(rock)["F3b"] == {"above_soft": 0, "above_hard": 0}


@pytest.mark.parametrize(
    ("dates", "d"),
    [
        ({"starts_on": "2025-06-16"}, 1),
        ({"starts_on": "2025-06-17"}, 0),
        ({"starts_on": "2024-01-01", "ends_on": "2025-06-16"}, 1),
        ({"starts_on": "2024-01-01", "ends_on": "2025-06-15"}, 0),
    ],
)
def test_f4_asks_of_partners_active_on_15_days(rock: Site, dates: dict[str, str], d: int) -> None:
    make_partner(rock, **{name: day(date) for name, date in dates.items()})
    assert figures(rock)["F4"]["d"] == d


def test_f4_counts_individual_supervision_attended_in_the_month(rock: Site) -> None:
    supervised, grouped, missed, later = (make_partner(rock) for _ in range(4))
    make_session(rock, supervised, held_on=day("2025-06-30"))
    make_session(rock, grouped, kind="group_supervision")
    session = make_session(rock, missed)
    with site_scope(rock.id):
        session.attendances.update(is_present=False)
    make_session(rock, later, held_on=day("2025-07-01"))
    assert figures(rock)["F4"] == {"n": 1, "d": 4, "value": 0.25}
    configure(rock, supervision_sessions_per_month=2)
    assert figures(rock)["F4"]["n"] == 0
    make_session(rock, supervised, held_on=day("2025-06-15"))
    assert figures(rock)["F4"]["n"] == 1


def test_f5_asks_of_partners_active_on_the_date_of_a_session(rock: Site) -> None:
    assert figures(rock)["F5"] == {"held": False, "n": 0, "d": 0, "value": None}
    first, second = make_partner(rock), make_partner(rock)
    make_partner(rock, ends_on=day("2025-06-12"))
    make_partner(rock, starts_on=day("2025-06-13"))
    make_session(rock, first, kind="clinical_support", held_on=day("2025-06-12"))
    assert figures(rock)["F5"] == {"held": True, "n": 1, "d": 2, "value": 0.5}
    make_session(rock, first, second, kind="clinical_support", held_on=day("2025-06-12"))
    assert figures(rock)["F5"] == {"held": True, "n": 2, "d": 2, "value": 1.0}


def test_a_clinical_session_nobody_attended_was_held(rock: Site) -> None:
    make_session(rock, kind="clinical_support", held_on=day("2025-06-12"))
    assert figures(rock)["F5"] == {"held": True, "n": 0, "d": 0, "value": None}


def test_f6_counts_core_training_complete_by_the_last_day(rock: Site) -> None:
    make_partner(rock, core_training_completed_on=day("2025-06-30"))
    make_partner(rock, core_training_completed_on=day("2025-07-01"))
    make_partner(rock, core_training_completed_on=None)
    assert figures(rock)["F6"] == {"n": 1, "d": 3, "value": 0.3333}


def test_f6b_adds_up_training_hours_of_everybody_present(rock: Site) -> None:
    first, second = make_partner(rock), make_partner(rock)
    make_session(rock, first, second, kind="training", topic="trauma", minutes=45)
    make_session(rock, first, kind="training", topic="", minutes=30)
    assert figures(rock)["F6b"] == {"trauma": 1.5, "unnamed": 0.5}


def test_g1_counts_the_local_council_by_role_and_the_share_of_parents(rock: Site) -> None:
    make_council(rock, "2025-06-30", parent_participant_past=2, parent_partner=1, judge=0, psp_staff=3)
    make_council(rock, "2025-06-10", council="state", dcf=5)
    make_council(rock, "2025-07-01", judge=5)
    got = figures(rock)["G1"]
    assert got["met"] is True
    assert got["attendance"] == {"parent_participant_past": 2, "parent_partner": 1, "psp_staff": 3}
    assert got["parent_share"] == {"n": 3, "d": 6, "value": 0.5}
    assert len(behind("G1", rock, part="met").rows) == 1


def test_a_council_that_met_without_a_list_of_people_has_met(rock: Site) -> None:
    make_council(rock, "2025-06-12")
    assert figures(rock)["G1"] == {
        "met": True,
        "attendance": {},
        "parent_share": {"n": 0, "d": 0, "value": None},
    }


def test_g3_counts_outreach_events_and_people(rock: Site) -> None:
    for date in ("2025-05-31", "2025-06-01", "2025-06-30", "2025-07-01"):
        make_outreach_event(rock, date, 12)
    assert figures(rock)["G3"] == {"events": 2, "attendance": 24}
