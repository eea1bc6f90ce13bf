"""The registry as a whole: its words, its shapes, the empty site, and the wall."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest
from django.db import Error, transaction

from counties.models import Site
from counties.permissions import Right
from counties.roles import GRANTS
from counties.wall import NoSiteScope, site_scope
from referrals.models import Referral
from reporting.measures import REGISTRY, NoRowsBehind, Shape, compute, identities, lines, measure
from reporting.measures.exact import half_up, rate
from reporting.measures.guide import guide
from reporting.periods import Month, NotAMonth
from tests.factories.activities import make_contact, make_event, make_level
from tests.factories.families import make_child, make_episode
from tests.factories.matching import make_match
from tests.factories.partners import make_partner, make_session
from tests.factories.referrals import make_enrollment, make_referral
from tests.reporting.figures import (
    JUNE,
    behind,
    day,
    figures,
    make_council,
    make_link,
    make_outreach_event,
    rows_that_disagree,
)

EMPTY = {Shape.COUNT: 0, Shape.SPLIT: {}, Shape.RATE: {"n": 0, "d": 0, "value": None}}


def accept(referral: Referral) -> Referral:
    with site_scope(referral.site_id):
        referral.decided_on, referral.outcome = day("2025-06-14"), "accepted"
        referral.save()
    return referral


def fill(site: Site) -> None:
    """One row of everything a report counts, in June 2025."""
    partner = make_partner(site, starts_on=day("2025-06-01"), ends_on=day("2025-06-29"))
    make_partner(site)
    enrollment = make_enrollment(site, enrolled_on=day("2025-06-01"), closed_on=day("2025-06-28"))
    with site_scope(site.id):
        referral = enrollment.participations.select_related("referral__parent").get().referral
    make_match(site, referral, partner)
    make_level(site, enrollment, 2, day("2025-06-10"))
    contact = make_contact(site, enrollment, partner, is_late=True, activities=["mentoring", "court_prep"])
    make_contact(site, enrollment, partner, result="no_show", minutes=0)
    make_link(site, contact, "housing", "connected")
    make_event(site, referral, partner_attended=partner)
    make_event(site, referral, kind="team_meeting")
    child = make_child(site, enrollment.family)
    away = {"discharged_on": day("2025-06-05"), "discharge_reason": "relative"}
    make_episode(site, child, removed_on=day("2025-05-01"), trial_reunification_on=day("2025-06-02"), **away)
    make_episode(site, child, removed_on=day("2025-06-10"))
    again = make_referral(site, referral.parent, referred_on=day("2025-06-12"))
    make_enrollment(site, accept(again), enrolled_on=day("2025-06-29"))
    make_referral(site, referred_on=day("2025-06-12"))
    make_referral(site, referred_on=day("2025-06-12"), decided_on=day("2025-06-13"), outcome="not_reached")
    make_enrollment(site, enrolled_on=day("2025-05-20"))
    for kind in ("individual_supervision", "clinical_support", "training"):
        make_session(site, partner, kind=kind, held_on=day("2025-06-12"))
    make_council(site, "2025-06-12", judge=1, parent_partner=2)
    make_outreach_event(site, "2025-06-12")


def test_every_figure_has_words_a_section_and_its_own_id() -> None:
    fields = [each.field for each in REGISTRY]
    assert len(set(fields)) == len(fields)
    assert "".join(sorted({each.section for each in REGISTRY})) == "ABCDEFGH"
    assert all(each.label and each.definition.endswith((".", "(`domain.md` 8.4).")) for each in REGISTRY)
    assert [each.section for each in REGISTRY] == sorted(each.section for each in REGISTRY)


def test_the_guide_says_what_the_registry_says() -> None:
    written = (Path(__file__).parents[2] / "docs" / "measures.md").read_text(encoding="utf-8")
    assert written == guide(), "Run manage.py write_measures_guide."


def test_who_may_see_rows_sees_every_family_and_partner() -> None:
    for grant in GRANTS.values():
        if Right.FIGURE_ROWS in grant.rights:
            assert {Right.FAMILY_VIEW_ALL, Right.PARTNER_VIEW_ALL} <= grant.rights


@pytest.mark.django_db
def test_an_empty_site_reports_zeros_and_blanks(rock: Site) -> None:
    got = figures(rock)
    for each in REGISTRY:
        if each.shape in EMPTY:
            assert got[each.field] == EMPTY[each.shape], each.field
    assert [got[field] for field in ("B5", "B6", "C10", "E4", "E6", "F3")] == [
        None,
        None,
        None,
        0.0,
        None,
        None,
    ]
    assert got["F1"] == {"headcount": 0, "fte": 0.0}
    assert got["A2"] == {"start": "2025-06-01", "end": "2025-06-30"}
    assert identities(got) == []
    assert rows_that_disagree(rock, JUNE) == []


@pytest.mark.django_db
def test_as_many_rows_stand_behind_every_figure_as_it_says(rock: Site) -> None:
    fill(rock)
    assert rows_that_disagree(rock, JUNE) == []
    without = {each.field for each in REGISTRY if each.has_rows and not behind(each.field, rock).rows}
    assert without == {"F3b"}, "fill() leaves figures without rows"


@pytest.mark.django_db
def test_figures_without_rows_say_so(rock: Site) -> None:
    for field, part in (("F3", ""), ("H5", ""), ("A1", ""), ("B4", "middle")):
        with pytest.raises(NoRowsBehind):
            behind(field, rock, part=part)
    with pytest.raises(KeyError):
        behind("Z9", rock)


@pytest.mark.django_db
def test_another_sites_rows_do_not_count(rock: Site, door: Site, as_owner) -> None:
    fill(rock)
    alone = figures(rock)
    fill(door)
    make_contact(door, make_enrollment(door, enrolled_on=day("2025-06-02")))
    assert figures(rock) == alone
    # The second belt by itself: the owner's role is above row security, the SQL still asks for one site.
    with site_scope(rock.id), as_owner():
        assert compute(rock, day("2025-06-01")) == alone
    assert figures(door) != {**alone, "A1": figures(door)["A1"]}


@pytest.mark.django_db
def test_row_security_alone_keeps_another_sites_rows_out(rock: Site, door: Site) -> None:
    """Asked for Door inside Rock's scope, the database gives nothing, whatever the SQL says."""
    fill(door)
    with site_scope(rock.id):
        got = compute(door, day("2025-06-01"))
    assert (got["B1"], got["C6"], got["E1"], got["F1"]["headcount"], got["G3"]["events"]) == (0, 0, 0, 0, 0)


@pytest.mark.django_db
def test_nothing_is_computed_outside_a_site(rock: Site) -> None:
    with pytest.raises((NoSiteScope, Error)), transaction.atomic():
        compute(rock, day("2025-06-01"))


def test_lines_print_every_part_with_its_words() -> None:
    assert [(x.part, x.label, x.value) for x in lines(measure("B1"), 3)] == [("", "Referrals received", 3)]
    assert [(x.part, x.label) for x in lines(measure("B7"), {"n": 1, "d": 2, "value": 0.5})] == [
        ("n", "Accepted"),
        ("d", "Accepted, declined or not reached"),
        ("value", "Share"),
    ]
    modes = {"by_mode": {"phone": 2}, "face_to_face": 0}
    assert [(x.part, x.label, x.value) for x in lines(measure("E2"), modes)] == [
        ("by_mode.phone", "By mode: Phone", 2),
        ("face_to_face", "Face to face", 0),
    ]
    assert lines(measure("C9"), {}) == []


@pytest.mark.parametrize(
    ("numerator", "denominator", "places", "rounded"),
    [
        (1, 3, 4, 0.3333),
        (2, 3, 4, 0.6667),
        (1, 8, 2, 0.13),
        (5, 1000, 2, 0.01),
        (49, 10000, 2, 0.0),
        (25, 2, 0, 13.0),
    ],
)
def test_rounding_is_half_up_from_exact_fractions(
    numerator: int, denominator: int, places: int, rounded: float
) -> None:
    assert half_up(Fraction(numerator, denominator), places) == rounded


def test_a_rate_without_denominator_has_no_value() -> None:
    assert rate(0, 0) == {"n": 0, "d": 0, "value": None}


def test_a_month_knows_its_days() -> None:
    february = Month.parse("2024-02")
    assert (february.last, february.next, february.days) == (dt.date(2024, 2, 29), dt.date(2024, 3, 1), 29)
    assert (str(february), february.name) == ("2024-02", "February 2024")
    assert Month.of(dt.date(2024, 12, 31)).next == dt.date(2025, 1, 1)


@pytest.mark.parametrize("text", ["2024-2", "2024-00", "2024-13", "24-01", "", "2024-01-01", "1999-12"])
def test_anything_but_a_month_is_refused(text: str) -> None:
    with pytest.raises(NotAMonth):
        Month.parse(text)
