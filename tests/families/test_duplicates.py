"""Likely duplicates: by sound, letters, birth date and case number, within one's own sight."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from counties.access import access_to_site
from counties.wall import site_scope
from families.duplicates import likely_duplicates
from families.models import Family
from tests.factories.families import make_family, make_parent, make_tie
from tests.factories.matching import make_match
from tests.factories.referrals import make_accepted_referral
from tests.trail import recorded

BORN = dt.date(1990, 4, 7)


@pytest.fixture
def ask(rock, rock_coordinator):
    def asked(site=rock, by=rock_coordinator, **facts):
        with site_scope(site.id):
            return [(d.parent.pk, d.why) for d in likely_duplicates(access=access_to_site(by, site), **facts)]

    return asked


@pytest.mark.parametrize(
    ("first", "last", "born", "why"),
    [
        ("Katherine", "Smith", None, "Same name"),
        ("KATHERINE ", "smith", BORN, "Same name, same birth date"),
        ("Catherine", "Smyth", BORN, "Sounds the same, same birth date"),
        ("Smith", "Katherine", None, "First and last name the other way round"),
        ("Katherin", "Smithe", None, "Sounds the same"),
        ("Katheryne", "Smithson", None, "Almost the same name"),
        ("Katherine", "Smith", dt.date(1990, 7, 4), "Same name, birth date with day and month changed"),
        ("Katherine", "Smith", dt.date(1971, 1, 1), "Same name, another birth date"),
        ("Katherine", "Jones", BORN, "First name sounds the same, same birth date"),
        ("Kay", "Smith", BORN, "Last name sounds the same, same birth date"),
    ],
)
def test_says_why_in_words(first, last, born, why, rock, ask):
    parent = make_parent(rock, first_name="Katherine", last_name="Smith", date_of_birth=BORN)
    assert ask(first_name=first, last_name=last, date_of_birth=born) == [(parent.pk, why)]


@pytest.mark.parametrize(
    ("first", "last", "born"),
    [
        ("Maria", "Lopez", None),
        ("Maria", "Lopez", BORN),
        ("Catherine", "Smyth", dt.date(1971, 1, 1)),  # only sounds alike, and born on another day
        ("Katherine", "Jones", None),
        ("", "", BORN),
    ],
)
def test_other_people_are_left_alone(first, last, born, rock, ask):
    make_parent(rock, first_name="Katherine", last_name="Smith", date_of_birth=BORN)
    assert ask(first_name=first, last_name=last, date_of_birth=born) == []


@pytest.mark.parametrize(
    ("typed", "recorded_as"),
    [("Wang", "Vang"), ("Tao", "Thao"), ("Schmidt", "Smith"), ("Kristin", "Christin"), ("Xiong", "Siong")],
)
def test_another_first_letter_may_sound_the_same(typed, recorded_as, rock, ask):
    parent = make_parent(rock, first_name="Mai", last_name=recorded_as)
    assert ask(first_name="Mai", last_name=typed) == [(parent.pk, "Sounds the same")]
    assert ask(first_name=typed, last_name="Mai") == [(parent.pk, "Sounds the same the other way round")]


@pytest.mark.parametrize(
    ("typed", "recorded_as"),
    [
        ("Ann", "John"),
        ("Pao", "Vue"),
        ("Lewis", "Lopez"),
        ("Michael", "Nicole"),
        ("Www", "Оля"),
        ("Vang", "Yang"),
    ],
)
def test_other_names_stay_others(typed, recorded_as, rock, ask):
    make_parent(rock, first_name="Mai", last_name=recorded_as)
    assert ask(first_name="Mai", last_name=typed) == []


def test_accents_and_signs_make_no_difference(rock, ask):
    parent = make_parent(rock, first_name="José", last_name="Peña-Núñez")
    assert ask(first_name="Jose", last_name="Pena Nunez") == [(parent.pk, "Same name")]


def test_a_parent_without_last_name_is_no_match_for_everybody(rock, ask):
    parent = make_parent(rock, first_name="Pa", last_name="", date_of_birth=BORN)
    make_parent(rock, first_name="Lee", last_name="", date_of_birth=BORN)
    assert ask(first_name="Pa", date_of_birth=BORN) == [(parent.pk, "Same name, same birth date")]


@pytest.mark.parametrize("column", ["state_case_id", "source_id"])
def test_the_case_number_alone_is_enough(column, rock, ask):
    parent = make_parent(rock, make_family(rock, **{column: "AB-77"}), first_name="Una", last_name="Oak")
    assert ask(first_name="Bo", last_name="Elm", case_number=" ab-77 ") == [(parent.pk, "Same case number")]


def test_the_most_likely_comes_first_and_the_own_family_is_left_out(rock, ask):
    almost = make_parent(rock, first_name="Dana", last_name="Oake")
    same = make_parent(rock, first_name="Dana", last_name="Oak", date_of_birth=BORN)
    with site_scope(rock.id):
        own = same.family
    facts = {"first_name": "Dana", "last_name": "Oak", "date_of_birth": BORN}
    assert [pk for pk, _ in ask(**facts)] == [same.pk, almost.pk]
    assert [pk for pk, _ in ask(**facts, beside=own)] == [almost.pk]


def test_another_site_and_families_out_of_sight_never_show(
    rock, door, rock_partner, rock_partner_profile, ask
):
    make_parent(door, first_name="Dana", last_name="Oak")
    make_parent(rock, first_name="Dana", last_name="Oak")
    mine = make_match(
        rock,
        make_accepted_referral(rock, make_parent(rock, first_name="Dana", last_name="Oak")),
        rock_partner_profile,
    ).parent_id
    assert len(ask(first_name="Dana", last_name="Oak")) == 2
    assert [pk for pk, _ in ask(by=rock_partner, first_name="Dana", last_name="Oak")] == [mine]


def test_one_query_however_many_parents(rock, ask, rock_coordinator, django_assert_num_queries):
    for n in range(6):
        make_parent(rock, first_name="Dana", last_name=f"Oak{'e' * (n % 2)}")
    with site_scope(rock.id):
        access = access_to_site(rock_coordinator, rock)
        with django_assert_num_queries(1):
            found = likely_duplicates(access=access, first_name="Dana", last_name="Oak")
            assert {d.family.number for d in found}
    assert len(found) == 6


def _families(rock):
    with site_scope(rock.id):
        return Family.objects.count()


def test_the_form_asks_before_it_creates(rock, rock_coordinator, client_for):
    known = make_parent(rock, first_name="Dana", last_name="Oak", date_of_birth=BORN)
    browser, url = client_for(rock_coordinator), reverse("families:create", args=["rock"])
    said = {"first_name": "Dana", "last_name": "Oake", "date_of_birth": "1990-04-07", "notes": "Met at court"}
    asked = browser.post(url, said)
    with site_scope(rock.id):
        reference = str(known.family)
    assert asked.status_code == 200 and _families(rock) == 1
    for words in ("Is it one of these?", reference, "Sounds the same, same birth date", "Met at court"):
        assert words in asked.content.decode()
    assert recorded(rock, "family.listed", known.family_id, by=rock_coordinator)
    made = browser.post(url, said | {"somebody_else": asked.context["somebody_else"]})
    assert made.status_code == 302 and _families(rock) == 2


def test_somebody_new_in_the_list_is_asked_about_anew(rock, rock_coordinator, client_for):
    make_parent(rock, first_name="Dana", last_name="Oak")
    browser, url = client_for(rock_coordinator), reverse("families:create", args=["rock"])
    said = {"first_name": "Dana", "last_name": "Oak"}
    key = browser.post(url, said).context["somebody_else"]
    make_parent(rock, first_name="Dana", last_name="Oak")
    assert browser.post(url, said | {"somebody_else": key}).status_code == 200
    assert _families(rock) == 2


def test_a_family_out_of_sight_is_not_asked_about(rock, rock_coordinator, client_for):
    parent = make_parent(rock, first_name="Dana", last_name="Oak")
    with site_scope(rock.id):
        family = parent.family
    make_tie(rock, family, rock_coordinator)
    url = reverse("families:create", args=["rock"])
    answer = client_for(rock_coordinator).post(url, {"first_name": "Dana", "last_name": "Oak"})
    assert answer.status_code == 302
