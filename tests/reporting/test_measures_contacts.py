"""Section E and A4, by small examples."""

from __future__ import annotations

import datetime as dt

import pytest

from counties.models import Site
from counties.wall import site_scope
from partners.models import ParentPartner
from referrals.models import Enrollment, Referral
from tests.factories.activities import make_contact, make_event, make_level, make_outreach
from tests.factories.families import make_child, make_parent
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.reporting.figures import behind, configure, day, figures, make_link

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(rock: Site) -> ParentPartner:
    return make_partner(rock)


def enroll(site: Site, on: str, closed: str = "", **told: object) -> Enrollment:
    parent = make_parent(site, **{"races": ["white"], "case_type": "in_home", **told})
    referral = make_accepted_referral(site, parent, referred_on=day(on) - dt.timedelta(days=20))
    return make_enrollment(site, referral, enrolled_on=day(on), closed_on=day(closed) if closed else None)


def required(site: Site, month: str) -> list[int]:
    found = behind("E6", site, month)
    return [row.cells[found.columns.index("Required")] for row in found.rows]


def active_days(site: Site, month: str = "2025-06") -> list[int]:
    found = behind("E6", site, month)
    return [row.cells[found.columns.index("Active days")] for row in found.rows]


def test_contacts_count_by_date_and_result(rock: Site, partner: ParentPartner) -> None:
    enrollment = enroll(rock, "2025-05-01")
    for date in ("2025-05-31", "2025-06-01", "2025-06-30", "2025-07-01"):
        make_contact(rock, enrollment, partner, held_on=day(date), minutes=50)
    make_contact(rock, enrollment, partner, held_on=day("2025-06-10"), result="no_show", minutes=0)
    got = figures(rock)
    assert (got["E1"], got["E3"], got["E4"]) == (2, 1, 1.7)


def test_e2_splits_by_mode_and_counts_the_five_in_person_modes_as_face_to_face(
    rock: Site, partner: ParentPartner
) -> None:
    enrollment = enroll(rock, "2025-06-01")
    for mode in ("in_person_court", "in_person_home", "video", "phone", "phone"):
        make_contact(rock, enrollment, partner, mode=mode)
    assert figures(rock)["E2"] == {
        "by_mode": {"in_person_court": 1, "in_person_home": 1, "phone": 2, "video": 1},
        "face_to_face": 2,
    }
    configure(rock, video_counts_face_to_face=True)
    got = figures(rock)
    assert (got["E2"]["face_to_face"], got["E6"]) == (3, 3.0)


def test_outreach_before_enrollment_is_a_contact_and_not_a_dose(rock: Site, partner: ParentPartner) -> None:
    referral = make_accepted_referral(rock, referred_on=day("2025-06-02"))
    make_outreach(rock, referral, partner, mode="in_person_home")
    got = figures(rock)
    assert (got["E1"], got["E2"]["face_to_face"], got["E6"]) == (1, 1, None)
    assert got["E5"] == {"n": 0, "d": 0, "value": None}
    assert got["E7"] == {"outreach_attempt": 1}


@pytest.mark.parametrize(("minutes", "hours"), [(3, 0.1), (2, 0.0), (9, 0.2), (15, 0.3), (59, 1.0)])
def test_e4_rounds_half_up(rock: Site, partner: ParentPartner, minutes: int, hours: float) -> None:
    make_contact(rock, enroll(rock, "2025-06-01"), partner, minutes=minutes)
    assert figures(rock)["E4"] == hours


def test_the_worked_example_of_the_contact_standard(rock: Site, partner: ParentPartner) -> None:
    enrollment = enroll(rock, "2025-03-10")
    assert active_days(rock, "2025-03") == [22]
    assert required(rock, "2025-03") == [3]
    for date in ("2025-03-12", "2025-03-20"):
        make_contact(rock, enrollment, partner, held_on=day(date))
    assert figures(rock, "2025-03")["E5"] == {"n": 0, "d": 1, "value": 0.0}
    make_contact(rock, enrollment, partner, held_on=day("2025-03-31"))
    assert figures(rock, "2025-03")["E5"] == {"n": 1, "d": 1, "value": 1.0}


@pytest.mark.parametrize(
    ("changed_on", "level", "asked"),
    [
        ("2025-06-16", 2, 3),  # 4 * 15/30 + 2 * 15/30 = 3: the day itself is at the new level
        ("2025-06-17", 2, 4),  # 4 * 16/30 + 2 * 14/30 = 3.07
        ("2025-06-01", 3, 1),
        ("2025-05-01", 4, 0),
        ("2025-07-01", 3, 4),
    ],
)
def test_a_level_change_splits_the_month(rock: Site, changed_on: str, level: int, asked: int) -> None:
    make_level(rock, enroll(rock, "2025-05-01"), level, day(changed_on))
    assert required(rock, "2025-06") == [asked]


def test_several_level_changes_add_up(rock: Site) -> None:
    enrollment = enroll(rock, "2025-05-01")
    make_level(rock, enrollment, 2, day("2025-06-11"))
    make_level(rock, enrollment, 3, day("2025-06-21"))
    assert required(rock, "2025-06") == [3]  # (40 + 20 + 10) / 30 = 2.33
    configure(rock, face_to_face_standard=[8, 4, 1, 0])
    assert required(rock, "2025-06") == [5]  # (80 + 40 + 10) / 30 = 4.33


@pytest.mark.parametrize(
    ("on", "month", "days", "asked"),
    [
        ("2024-02-15", "2024-02", 15, 3),  # 4 * 15/29 = 2.07
        ("2025-02-15", "2025-02", 14, 2),  # 4 * 14/28
        ("2024-02-29", "2024-02", 1, 1),
        ("2024-01-01", "2024-02", 29, 4),
    ],
)
def test_a_leap_february_has_29_days(rock: Site, on: str, month: str, days: int, asked: int) -> None:
    enroll(rock, on)
    assert (active_days(rock, month), required(rock, month)) == ([days], [asked])


@pytest.mark.parametrize(
    ("on", "closed", "days", "d"),
    [
        ("2025-06-24", "", 7, 1),
        ("2025-06-25", "", 6, 0),
        ("2025-05-01", "2025-06-08", 7, 1),  # the closing day is no active day
        ("2025-05-01", "2025-06-07", 6, 0),
        ("2025-05-01", "2025-06-01", 0, 0),
        ("2025-06-12", "2025-06-12", 0, 0),
    ],
)
def test_families_with_fewer_than_seven_active_days_are_left_out_of_e5(
    rock: Site, on: str, closed: str, days: int, d: int
) -> None:
    enroll(rock, on, closed)
    assert active_days(rock) == [days]
    assert figures(rock)["E5"]["d"] == d


def test_e6_divides_by_family_months(rock: Site, partner: ParentPartner) -> None:
    whole = enroll(rock, "2025-05-01")
    enroll(rock, "2025-06-24")  # 7 of 30 days
    for _ in range(2):
        make_contact(rock, whole, partner, held_on=day("2025-06-10"))
    assert figures(rock)["E6"] == 1.62  # 2 / (37/30) = 1.6216


def test_e7_counts_a_contact_under_each_of_its_activities(rock: Site, partner: ParentPartner) -> None:
    enrollment = enroll(rock, "2025-06-01")
    make_contact(rock, enrollment, partner, activities=["mentoring", "court_prep"])
    make_contact(rock, enrollment, partner, activities=["mentoring"])
    make_contact(rock, enrollment, partner, activities=["mentoring"], result="no_show", minutes=0)
    assert figures(rock)["E7"] == {"court_prep": 1, "mentoring": 2}


def test_hearings_and_meetings_supported(rock: Site, partner: ParentPartner) -> None:
    referral = make_accepted_referral(rock)
    make_event(rock, referral, held_on=day("2025-06-01"), partner_attended=partner)
    make_event(rock, referral, held_on=day("2025-06-30"))
    make_event(rock, referral, held_on=day("2025-06-30"), is_cancelled=True)
    make_event(rock, referral, held_on=day("2025-07-01"))
    make_event(rock, referral, kind="team_meeting", held_on=day("2025-06-12"), partner_attended=partner)
    got = figures(rock)
    assert got["E8"] == {"n": 1, "d": 2, "value": 0.5}
    assert got["E9"] == {"n": 1, "d": 1, "value": 1.0}


def test_e10_counts_links_and_leaves_fresh_offers_out_of_the_rate(rock: Site, partner: ParentPartner) -> None:
    enrollment = enroll(rock, "2025-05-01")
    july = make_contact(rock, enrollment, partner, held_on=day("2025-07-01"))
    later = make_contact(rock, enrollment, partner, held_on=day("2025-07-02"))
    make_link(rock, july, "housing", "offered")  # 30 days later is the last of July
    make_link(rock, july, "food", "connected")
    make_link(rock, later, "housing", "offered")
    make_link(rock, later, "legal", "declined")
    make_link(rock, later, "health", "connected", is_struck=True)  # named by mistake
    assert figures(rock, "2025-07")["E10"] == {
        "links": 4,
        "by_result": {"connected": 1, "declined": 1, "offered": 2},
        "by_type": {"food": 1, "housing": 2, "legal": 1},
        "connection": {"n": 1, "d": 2, "value": 0.5},
    }


def test_e11_asks_only_of_families_active_on_every_day(rock: Site, partner: ParentPartner) -> None:
    enroll(rock, "2025-06-01")
    enroll(rock, "2025-06-02")
    enroll(rock, "2025-05-01", "2025-06-30")
    attempted = enroll(rock, "2025-05-01")
    make_contact(rock, attempted, partner, held_on=day("2025-06-10"), result="no_show", minutes=0)
    reached = enroll(rock, "2025-05-01")
    make_contact(rock, reached, partner, held_on=day("2025-06-10"), mode="phone")
    assert figures(rock)["E11"] == 2


def test_a4_tells_the_share_of_late_entries(rock: Site, partner: ParentPartner) -> None:
    enrollment = enroll(rock, "2025-06-01")
    make_contact(rock, enrollment, partner, is_late=True)
    for _ in range(2):
        make_contact(rock, enrollment, partner)
    assert figures(rock)["A4"] == {"n": 1, "d": 3, "value": 0.3333}


def test_a4b_lists_gaps_of_active_families(rock: Site, partner: ParentPartner) -> None:
    enroll(
        rock, "2025-05-01", "2025-06-30", date_of_birth=None, language="", races=[]
    )  # not active at the end
    seen = enroll(rock, "2025-05-01", date_of_birth=day("1990-01-01"))
    make_contact(rock, seen, partner, held_on=day("2025-06-01"))
    assert figures(rock)["A4b"] == {}
    enroll(rock, "2025-05-31", date_of_birth=None, language="", races=[], case_type="ohc")
    fresh = enroll(rock, "2025-06-01", date_of_birth=day("1990-01-01"), hispanic="yes", races=[])
    make_child(rock, fresh.family, date_of_birth=None)
    assert figures(rock)["A4b"] == {
        "missing_birth_date": 2,
        "missing_language": 1,
        "missing_race": 1,
        "missing_removal_date": 1,
        "no_contact_30_days": 1,
    }


def test_a4b_finds_matches_that_outlast_the_enrollment(rock: Site, partner: ParentPartner) -> None:
    for ends_on in (None, day("2025-06-30"), day("2025-07-01")):
        enrollment = enroll(rock, "2025-05-01", "2025-06-30")
        make_match(
            rock, _referral_of(rock, enrollment), partner, starts_on=day("2025-05-01"), ends_on=ends_on
        )
    assert figures(rock)["A4b"] == {"match_after_closing": 2}


def _referral_of(site: Site, enrollment: Enrollment) -> Referral:
    with site_scope(site.id):
        return enrollment.participations.select_related("referral__parent").get().referral
