"""Section B, by small examples."""

from __future__ import annotations

import pytest

from counties.models import Site
from tests.factories.families import make_child, make_episode, make_parent
from tests.factories.matching import make_match
from tests.factories.referrals import make_accepted_referral, make_referral
from tests.reporting.figures import behind, day, figures

pytestmark = pytest.mark.django_db


def came(site: Site, on: str, decided: str = "", outcome: str = "accepted", **fields: object) -> object:
    decision = {"decided_on": day(decided), "outcome": outcome} if decided else {}
    return make_referral(site, referred_on=day(on), **decision, **fields)


def test_b1_counts_the_first_and_the_last_day_and_not_the_days_around(rock: Site) -> None:
    for date in ("2025-05-31", "2025-06-01", "2025-06-30", "2025-07-01"):
        came(rock, date)
    assert figures(rock)["B1"] == 2


def test_b2_splits_by_source_and_leaves_zero_out(rock: Site) -> None:
    came(rock, "2025-06-02")
    came(rock, "2025-06-03", source="self")
    came(rock, "2025-06-04", source="self")
    assert figures(rock)["B2"] == {"cps_social_worker": 1, "self": 2}


def test_b3_counts_by_the_date_of_the_decision(rock: Site) -> None:
    came(rock, "2025-05-20", "2025-06-01")
    came(rock, "2025-06-20", "2025-06-30", "parent_declined")
    came(rock, "2025-06-25", "2025-07-01")
    came(rock, "2025-05-20", "2025-05-31", "ineligible")
    assert figures(rock)["B3"] == {"accepted": 1, "parent_declined": 1}


def test_b4_is_pending_on_the_morning_of_the_first_and_at_the_end_of_the_last_day(rock: Site) -> None:
    came(rock, "2025-05-20", "2025-06-01")  # decided on the first day: pending that morning
    came(rock, "2025-05-20", "2025-05-31")
    came(rock, "2025-05-20")
    came(rock, "2025-06-30", "2025-06-30")  # decided on the last day: not pending at its end
    came(rock, "2025-06-30")
    got = figures(rock)
    assert got["B4"] == {"start": 2, "end": 2}
    assert got["B4"]["end"] == got["B4"]["start"] + got["B1"] - sum(got["B3"].values())


def test_b5_is_the_exact_median_of_days_to_decision(rock: Site) -> None:
    came(rock, "2025-06-01", "2025-06-06")
    assert figures(rock)["B5"] == 5.0
    came(rock, "2025-06-01", "2025-06-09")
    assert figures(rock)["B5"] == 6.5
    came(rock, "2025-06-01", "2025-06-29")
    assert figures(rock)["B5"] == 8.0


def test_b6_counts_from_the_latest_removal_still_running_on_the_referral_date(rock: Site) -> None:
    parent = make_parent(rock)
    for removed, discharged in (("2025-03-01", None), ("2025-05-12", None), ("2025-05-30", "2025-06-11")):
        child = make_child(rock, parent.family)
        reason = "reunification" if discharged else ""
        make_episode(rock, child, removed_on=removed, discharged_on=discharged, discharge_reason=reason)
    came(rock, "2025-06-11", parent=parent)  # the discharge on that very day ends care
    assert figures(rock)["B6"] == 30.0


def test_b6_leaves_out_families_without_a_child_in_care_and_is_empty_without_any(rock: Site) -> None:
    came(rock, "2025-06-11")
    parent = make_parent(rock)
    make_episode(rock, make_child(rock, parent.family), removed_on="2025-06-12")
    came(rock, "2025-06-11", parent=parent)
    assert figures(rock)["B6"] is None
    same_day = make_parent(rock)
    make_episode(rock, make_child(rock, same_day.family), removed_on="2025-06-11")
    came(rock, "2025-06-11", parent=same_day)
    assert figures(rock)["B6"] == 0.0


def test_b7_leaves_out_what_nobody_declined(rock: Site) -> None:
    outcomes = [
        "accepted",
        "accepted",
        "parent_declined",
        "ineligible",
        "no_capacity",
        "conflict_no_alternative",
    ]
    for outcome in [*outcomes, "withdrawn"]:
        came(rock, "2025-06-01", "2025-06-05", outcome)
    assert figures(rock)["B7"] == {"n": 2, "d": 3, "value": 0.6667}


def test_b8_waits_until_a_match_has_begun(rock: Site) -> None:
    make_match(rock, starts_on=day("2025-06-30"))
    make_match(rock, starts_on=day("2025-07-01"))
    make_match(rock, status="proposed")
    assert figures(rock)["B8"] == 2
    assert figures(rock, "2025-07")["B8"] == 1


def test_b8_forgets_the_withdrawn_and_those_accepted_later(rock: Site) -> None:
    make_accepted_referral(rock, withdrawn_on=day("2025-06-30"))
    make_accepted_referral(rock, withdrawn_on=day("2025-07-01"))
    came(rock, "2025-06-20", "2025-07-01")
    came(rock, "2025-06-20", "2025-06-21", "no_capacity")
    assert figures(rock)["B8"] == 1


def test_the_rows_behind_a_rate_say_which_count_in_the_numerator(rock: Site) -> None:
    came(rock, "2025-06-01", "2025-06-05")
    came(rock, "2025-06-02", "2025-06-05", "not_reached")
    came(rock, "2025-06-03", "2025-06-05", "ineligible")
    found = behind("B7", rock)
    assert [row.reference for row in found.rows] == ["R-0001", "R-0002"]
    assert [row.parts for row in found.rows] == [("n", "d"), ("d",)]
    outcome = found.columns.index("Outcome")
    assert [row.cells[outcome] for row in found.rows] == ["Accepted", "Not reached"]
    assert found.rows[0].family_pk is not None
    assert sum("n" in row.parts for row in found.rows) == 1
