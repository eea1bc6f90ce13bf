"""The explained score, part by part (`domain.md` 5.3)."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from counties.wall import site_scope
from families.models import Parent
from matching import matrix
from matching.models import ScoreWeights
from matching.pool import between, pool
from matching.score import Circumstances, score
from matching.suggest import circumstances
from partners.models import ParentPartner
from tests.factories.families import make_parent
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral
from tests.raw_sql import refused
from tests.trail import recorded

PARENT = {
    "language": "es",
    "shared_experience": ["substance_use", "housing"],
    "prefers_gender": "woman",
}
PARTNER = {"languages": ["es"], "experience_used": ["substance_use", "domestic_violence"], "gender": "woman"}
AROUND = {"load": Decimal("11.0"), "cap": 12, "miles": 20, "near": 15, "far": 40}


def _points(parent=(), partner=(), around=()) -> dict[str, Decimal]:
    result = score(
        Parent(**PARENT | dict(parent)),
        ParentPartner(**PARTNER | dict(partner)),
        Circumstances(**AROUND | dict(around)),
    )
    return {part.name: part.points for part in result.parts} | {"total": result.total}


def test_the_worked_example_gives_75():
    assert _points() == {
        "Language": Decimal("30.0"),
        "Shared experience": Decimal("12.5"),
        "Availability": Decimal("7.5"),
        "Culture": Decimal("10.0"),
        "Gender": Decimal("10.0"),
        "Distance": Decimal("5.0"),
        "total": Decimal("75.0"),
    }


@pytest.mark.parametrize(
    ("parent", "partner", "points"),
    [
        ("es", ["en", "es"], 30),
        ("es", ["en"], 0),
        ("", ["en"], 0),  # unknown stays unknown
        ("hmn", ["mww"], 30),
        ("hnj", ["hmn"], 30),
        ("hnj", ["mww"], 0),
        ("kar", ["kar"], 30),
    ],
)
def test_language(parent, partner, points):
    assert _points({"language": parent}, {"languages": partner})["Language"] == points


@pytest.mark.parametrize(
    ("parent", "partner", "points"),
    [
        ([], ["housing"], "0.0"),
        (["housing"], [], "0.0"),
        (["housing"], ["housing", "poverty"], "25.0"),
        (["housing", "poverty", "other"], ["housing"], "8.3"),
        (["housing", "poverty", "other"], ["housing", "poverty"], "16.7"),
    ],
)
def test_experience_is_the_share_of_what_the_parent_told(parent, partner, points):
    found = _points({"shared_experience": parent}, {"experience_used": partner})["Shared experience"]
    assert found == Decimal(points)


@pytest.mark.parametrize(
    ("load", "points"),
    [("0", "15.0"), ("10", "15.0"), ("10.25", "13.1"), ("11.5", "3.8"), ("12", "0.0"), ("14", "0.0")],
)
def test_availability_is_full_with_room_for_two(load, points):
    assert _points(around={"load": Decimal(load)})["Availability"] == Decimal(points)


@pytest.mark.parametrize(
    ("wish", "culture", "points"),
    [("", "", 10), ("", "Hmong", 10), ("hmong", "Hmong", 10), ("Ho-Chunk", "Hmong", 0)],
)
def test_culture_counts_only_when_the_parent_asks(wish, culture, points):
    assert _points({"prefers_culture": wish}, {"culture": culture})["Culture"] == points


@pytest.mark.parametrize(
    ("wish", "gender", "points"),
    [("", "man", 10), ("unknown", "man", 10), ("declined", "man", 10), ("woman", "man", 0), ("woman", "", 0)],
)
def test_gender_counts_only_when_the_parent_asks(wish, gender, points):
    assert _points({"prefers_gender": wish}, {"gender": gender})["Gender"] == points


@pytest.mark.parametrize(("miles", "points"), [(0, 10), (15, 10), (16, 5), (40, 5), (41, 0), (None, 5)])
def test_distance_goes_by_the_sites_limits_and_unknown_counts_half(miles, points):
    assert _points(around={"miles": miles})["Distance"] == points


def test_limits_of_distance_are_the_sites_own():
    assert _points(around={"miles": 20, "near": 25})["Distance"] == 10


def test_every_part_says_why_and_the_total_is_the_sum_of_what_is_shown():
    result = score(Parent(**PARENT), ParentPartner(**PARTNER), Circumstances(**AROUND))
    words = [part.words for part in result.parts]
    assert words == [
        "Speaks Spanish",
        "Shares 1 of 2",
        "Caseload 11.00 of 12, weighted",
        "No preference",
        "Prefers Woman: met",
        "About 20 miles",
    ]
    kept = result.as_json()
    assert kept["total"] == "75.0"
    assert sum(Decimal(part["points"]) for part in kept["parts"]) == Decimal(kept["total"])


def test_shared_experience_is_counted_and_named_only_as_far_as_the_partner_allows():
    def words(**partner) -> str:
        return (
            score(Parent(**PARENT), ParentPartner(**PARTNER | partner), Circumstances(**AROUND))
            .parts[1]
            .words
        )

    lived = {"experience": ["substance_use", "housing"], "experience_used": ["substance_use", "housing"]}
    assert words(**lived) == "Shares 2 of 2"
    assert words(**lived, experience_shown=["housing"]) == "Shares 2 of 2: Housing"
    assert words(experience=["substance_use", "housing"], experience_used=["housing"]) == "Shares 1 of 2"


def test_a_site_weighs_the_six_otherwise():
    weights = ScoreWeights(language=50, experience=15, availability=7, culture=10, gender=10, distance=8)
    assert _points(around={"weights": weights}) == {
        "Language": Decimal("50.0"),
        "Shared experience": Decimal("7.5"),
        "Availability": Decimal("3.5"),
        "Culture": Decimal("10.0"),
        "Gender": Decimal("10.0"),
        "Distance": Decimal("4.0"),
        "total": Decimal("85.0"),
    }


@pytest.mark.django_db
def test_weights_are_set_on_screen_and_make_100(rock, rock_coordinator, rock_partner_coordinator, client_for):
    url, browser = reverse("matching:weights", args=["rock"]), client_for(rock_coordinator)
    answers = dict(zip(ScoreWeights.CRITERIA, (31, 24, 15, 10, 10, 11), strict=True))
    page = browser.post(url, answers).content.decode()
    assert "The six numbers make 101." in page and 'value="31"' in page
    assert browser.post(url, answers | {"distance": 10}).status_code == 302
    suggest_url = reverse("matching:suggest", args=["rock", make_accepted_referral(rock).pk])
    make_partner(rock)
    page = browser.get(suggest_url).content.decode()
    assert "Language 31" in page and "Shared experience 24" in page
    assert client_for(rock_partner_coordinator).post(url, answers).status_code == 403
    assert "scoreweights_make_100" in refused(rock, "UPDATE matching_scoreweights SET language = 99")
    assert recorded(rock, "weights.set")


@pytest.mark.django_db
def test_many_at_once_are_scored_by_the_sites_weights_as_one_by_one(rock):
    with site_scope(rock.id):
        ScoreWeights.objects.create(
            site=rock, language=13, experience=29, availability=17, culture=11, gender=23, distance=7
        )
    wish = {
        "shared_experience": ["housing", "poverty", "disability"],
        "prefers_gender": "woman",
        "municipality": "Beloit",
    }
    parents = [make_parent(rock), make_parent(rock, language="es", **wish)]
    for gender, languages in (("woman", ["es"]), ("man", ["en", "es"]), ("", ["en"])):
        make_partner(rock, gender=gender, languages=languages, experience=["housing"], municipality="Milton")
    with site_scope(rock.id):
        standings, known = pool(rock.settings, timezone.localdate()), between(parents)
        tenths = matrix.points(parents, standings, known, rock.settings)
        for row, parent in enumerate(parents):
            for column, standing in enumerate(standings):
                words = score(parent, standing.partner, circumstances(standing, parent, rock.settings, known))
                assert int(words.total * 10) == tenths[row][column]
