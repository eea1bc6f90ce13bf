"""Sections C, D and H, by small examples."""

from __future__ import annotations

import datetime as dt

import pytest

from counties.models import Site, SitePhase
from counties.wall import site_scope
from referrals.models import Enrollment
from tests.factories.families import make_child, make_episode, make_parent
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.reporting.figures import behind, day, figures

pytestmark = pytest.mark.django_db


def enroll(site: Site, on: str, closed: str = "", reason: str = "", parent: object = None) -> Enrollment:
    referral = make_accepted_referral(site, parent, referred_on=day(on) - dt.timedelta(days=20))
    return make_enrollment(
        site,
        referral,
        enrolled_on=day(on),
        closed_on=day(closed) if closed else None,
        closure_reason=reason,
    )


def stocks(site: Site, month: str = "2025-06") -> list[int]:
    got = figures(site, month)
    return [got[field] for field in ("C1", "C2", "C3", "C4", "C5", "C6")]


def test_the_worked_example_of_section_c(rock: Site) -> None:
    for number in range(14):
        enroll(rock, "2025-03-01", "2025-06-10" if number < 4 else "")
    for _ in range(5):
        enroll(rock, "2025-06-15")
    parent = make_parent(rock)
    enroll(rock, "2024-01-01", "2024-12-31", parent=parent)
    enroll(rock, "2025-06-15", parent=parent)
    assert stocks(rock) == [14, 5, 1, 4, 16, 20]


def test_a_family_that_closes_and_comes_back_in_one_month_is_served_once(rock: Site) -> None:
    parent = make_parent(rock)
    enroll(rock, "2025-03-01", "2025-06-10", parent=parent)
    enroll(rock, "2025-06-20", parent=parent)
    assert stocks(rock) == [1, 0, 1, 1, 1, 1]
    assert len(behind("C6", rock).rows) == 1


@pytest.mark.parametrize(
    ("on", "closed", "expected"),
    [
        ("2025-05-31", "", [1, 0, 0, 0, 1, 1]),
        ("2025-05-01", "2025-05-31", [0, 0, 0, 0, 0, 0]),
        ("2025-05-01", "2025-06-01", [1, 0, 0, 1, 0, 1]),  # active on the first morning
        ("2025-06-01", "", [0, 1, 0, 0, 1, 1]),
        ("2025-06-30", "", [0, 1, 0, 0, 1, 1]),
        ("2025-06-12", "2025-06-12", [0, 1, 0, 1, 0, 1]),
        ("2025-06-12", "2025-06-30", [0, 1, 0, 1, 0, 1]),
        ("2025-06-12", "2025-07-01", [0, 1, 0, 0, 1, 1]),
        ("2025-07-01", "", [0, 0, 0, 0, 0, 0]),
    ],
)
def test_enrollments_count_by_the_active_day_rule(
    rock: Site, on: str, closed: str, expected: list[int]
) -> None:
    enroll(rock, on, closed)
    assert stocks(rock) == expected
    assert figures(rock)["C7"] == expected[-1]


def test_the_end_of_a_month_is_the_start_of_the_next(rock: Site) -> None:
    enroll(rock, "2025-05-02", "2025-06-30")
    enroll(rock, "2025-06-30", "2025-07-01")
    enroll(rock, "2025-06-01", "2025-07-31")
    assert figures(rock)["C5"] == figures(rock, "2025-07")["C1"] == 2


def test_c7_counts_both_parents_of_a_family(rock: Site) -> None:
    enrollment = enroll(rock, "2025-06-01")
    second = make_parent(rock, enrollment.family)
    with site_scope(rock.id):
        referral = make_accepted_referral(rock, second)
        enrollment.participations.create(
            site=rock, referral=referral, parent=second, starts_on=day("2025-06-29"), is_imported=True
        )
    got = figures(rock)
    assert (got["C6"], got["C7"]) == (1, 2)
    assert all(sum(got[field].values()) == 2 for field in ("D1", "D2", "D3", "D5", "D6"))


def test_c8_tells_where_each_child_is_at_the_end_of_the_last_day(rock: Site) -> None:
    family = enroll(rock, "2025-06-01").family
    make_child(rock, family)
    for dates in (
        {"removed_on": "2025-06-30"},
        {"removed_on": "2025-07-01"},
        {"removed_on": "2025-03-01", "trial_reunification_on": "2025-06-30"},
        {"removed_on": "2025-03-01", "trial_reunification_on": "2025-07-01"},
        {"removed_on": "2025-03-01", "discharged_on": "2025-06-30", "discharge_reason": "reunification"},
        {"removed_on": "2025-03-01", "discharged_on": "2025-06-30", "discharge_reason": "adoption"},
        {"removed_on": "2025-03-01", "discharged_on": "2025-06-30", "discharge_reason": "transfer"},
        {"removed_on": "2025-03-01", "discharged_on": "2025-07-01", "discharge_reason": "adoption"},
    ):
        make_episode(rock, make_child(rock, family), **dates)
    make_child(rock)  # of a family nobody enrolled
    make_child(rock, family, date_of_birth=day("2025-07-01"))
    assert figures(rock)["C8"] == {
        "children": 9,
        "ohc": 3,
        "trial_reunification": 1,
        "at_home": 3,
        "elsewhere": 2,
    }


def test_closures_by_reason_their_planned_share_and_the_length_of_service(rock: Site) -> None:
    enroll(rock, "2025-05-01", "2025-06-10", "goals_met_reunified")
    enroll(rock, "2025-05-01", "2025-06-11", "lost_contact")
    enroll(rock, "2025-05-01", "2025-06-13", "moved")
    got = figures(rock)
    assert got["C9"] == {"goals_met_reunified": 1, "lost_contact": 1, "moved": 1}
    assert got["C9b"] == {"n": 1, "d": 2, "value": 0.5}
    assert got["C10"] == 41.0


def test_c11_counts_since_new_year_and_since_the_contract_year_began(rock: Site) -> None:
    SitePhase.objects.filter(site=rock).update(starts_on=day("2020-04-01"))
    enroll(rock, "2024-06-01", "2025-02-01")
    parent = make_parent(rock)
    enroll(rock, "2024-01-01", "2024-12-31", parent=parent)
    enroll(rock, "2025-04-01", parent=parent)
    enroll(rock, "2025-03-31")
    got = figures(rock)["C11"]
    assert got["calendar_year"] == {"new": 1, "reenrolled": 1, "closed": 1, "families": 3}
    assert got["contract_year"] == {"new": 0, "reenrolled": 1, "closed": 0, "families": 2}


def test_the_contract_year_is_empty_without_a_phase(rock: Site) -> None:
    SitePhase.objects.filter(site=rock).update(starts_on=day("2025-07-01"))
    assert figures(rock)["C11"]["contract_year"] is None
    assert figures(rock)["A1"]["phase"] is None


@pytest.mark.parametrize(
    ("told", "group"),
    [
        ({"races": ["white", "black"], "hispanic": "yes"}, "hispanic"),
        ({"races": [], "hispanic": "yes"}, "hispanic"),
        ({"races": ["white", "black"], "hispanic": "no"}, "two_or_more"),
        ({"races": ["asian"], "hispanic": ""}, "asian"),
        ({"races": ["asian", "unknown"]}, "asian"),
        ({"races": ["declined"]}, "unknown_unable"),
        ({"races": ["unable", "unknown"]}, "unknown_unable"),
        ({"races": []}, "missing"),
        ({"races": [], "hispanic": "no"}, "missing"),
    ],
)
def test_d1_follows_the_federal_reporting_groups(rock: Site, told: dict, group: str) -> None:
    enroll(rock, "2025-06-01", parent=make_parent(rock, **told))
    assert figures(rock)["D1"] == {group: 1}


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (None, "missing"),
        ("2007-07-01", "under_18"),
        ("2007-06-30", "18_24"),
        ("2000-07-01", "18_24"),
        ("2000-06-30", "25_34"),
        ("1990-06-30", "35_44"),
        ("1980-07-01", "35_44"),
        ("1980-06-30", "45_plus"),
    ],
)
def test_d2_takes_the_age_on_the_last_day(rock: Site, born: str | None, band: str) -> None:
    enroll(rock, "2025-06-01", parent=make_parent(rock, date_of_birth=born))
    assert figures(rock)["D2"] == {band: 1}


def test_d3_to_d6_count_what_was_told_and_say_what_is_missing(rock: Site) -> None:
    told = {"gender": "woman", "language": "es", "needs_interpreter": "yes", "tribal_connection": "unknown"}
    enroll(rock, "2025-06-01", parent=make_parent(rock, **told))
    enroll(rock, "2025-06-01", parent=make_parent(rock, language="", case_type=""))
    got = figures(rock)
    assert got["D3"] == {"missing": 1, "woman": 1}
    assert got["D4"] == {"language": {"es": 1, "missing": 1}, "interpreter": {"missing": 1, "yes": 1}}
    assert got["D5"] == {"missing": 1, "unknown": 1}
    assert got["D6"] == {"missing": 1, "ohc": 1}


def test_h_counts_events_of_the_month_of_children_served(rock: Site) -> None:
    family = enroll(rock, "2025-06-01").family
    for dates in (
        {"removed_on": "2025-05-31", "trial_reunification_on": "2025-06-01"},
        {"removed_on": "2025-06-01"},
        {"removed_on": "2025-06-30", "discharged_on": "2025-07-01", "discharge_reason": "relative"},
        {"removed_on": "2025-01-01", "discharged_on": "2025-06-30", "discharge_reason": "reunification"},
        {"removed_on": "2025-07-01"},
    ):
        make_episode(rock, make_child(rock, family), **dates)
    make_episode(rock, removed_on="2025-06-05")  # nobody of this family is enrolled
    got = figures(rock)
    assert (got["H1"], got["H2"], got["H3"], got["H4"]) == (2, {"begun": 1}, {"reunification": 1}, 0)


@pytest.mark.parametrize(
    ("discharged", "reason", "removed", "counts"),
    [
        ("2024-06-30", "reunification", "2025-06-30", 1),  # the anniversary counts
        ("2024-06-29", "guardianship", "2025-06-30", 0),
        ("2024-06-30", "adoption", "2025-06-30", 0),
        (
            "2024-06-30",
            "transfer",
            "2025-06-30",
            0,
        ),  # V14: not a permanency outcome, so nothing to re-enter from
        ("2025-06-15", "relative", "2025-06-15", 1),
        ("2024-02-29", "reunification", "2025-02-28", 1),  # 29 February + 12 months = 28 February
        ("2024-02-29", "reunification", "2025-03-01", 0),
    ],
)
def test_h4_counts_removals_within_twelve_months_of_a_discharge(
    rock: Site, discharged: str, reason: str, removed: str, counts: int
) -> None:
    child = make_child(rock, enroll(rock, "2025-01-01").family)
    make_episode(rock, child, removed_on="2024-01-01", discharged_on=discharged, discharge_reason=reason)
    make_episode(rock, child, removed_on=removed)
    got = figures(rock, removed[:7])
    assert (got["H1"], got["H4"]) == (1, counts)


def test_what_has_no_source_is_null_and_not_zero(rock: Site) -> None:
    got = figures(rock)
    assert [got[field] for field in ("F7", "H5", "H6")] == [None, None, None]
