"""Assigning the waiting list: the plan, its lines, accepting them, and who may see them."""

import datetime as dt
import random
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from uuid_utils.compat import uuid7

from counties import jobs
from counties.access import access_to_site
from counties.codes import Experience
from counties.models import Job
from counties.wall import site_scope
from matching import matrix
from matching.models import Match, Plan, PlanLine
from matching.plan_words import stopped
from matching.plans import accept_line, change_line, make_plan, put_back_line, take_off_line
from matching.pool import between, pool
from matching.score import score
from matching.suggest import circumstances, consider
from matching.tasks import ACCEPT, MAKE
from tests.factories.families import make_parent, make_tie
from tests.factories.matching import make_conflict, make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral
from tests.trail import recorded

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def _plan(site, by) -> Plan:
    with site_scope(site.id, actor_id=by.id):
        return make_plan(plan_id=uuid7(), by=by)


def _lines(site, plan) -> list[PlanLine]:
    with site_scope(site.id):
        rows = plan.lines.select_related("partner", "advised", "referral__parent__family", "match")
        return list(rows)


def _waiting(site, days: int, **facts):
    return make_accepted_referral(
        site,
        make_parent(site, **facts),
        referred_on=TODAY - dt.timedelta(days=days),
        decided_on=TODAY - dt.timedelta(days=days),
    )


def test_the_whole_is_better_than_the_best_for_each_in_turn(rock, rock_coordinator):
    """Both want the one Spanish speaker most; only one of them can also talk with the other partner."""
    both = make_partner(
        rock, first_name="Both", languages=["es", "en"], fte=Decimal("0.05"), experience=["housing"]
    )
    plain = make_partner(rock, first_name="Plain", languages=["en"], fte=Decimal("0.05"))
    first = _waiting(rock, 30, language="en", shared_experience=["housing"])
    second = _waiting(rock, 20, language="es")
    lines = _lines(rock, _plan(rock, rock_coordinator))
    assert [(line.referral_id, line.partner_id) for line in lines] == [
        (first.pk, plain.pk),
        (second.pk, both.pk),
    ]
    assert [line.cost for line in lines] == [Decimal("25.0"), 0]
    assert recorded(rock, "plan.made")


def test_nothing_is_assigned_by_making_a_plan(rock, rock_coordinator):
    make_partner(rock)
    _waiting(rock, 3)
    _plan(rock, rock_coordinator)
    with site_scope(rock.id):
        assert not Match.objects.exists()


def test_who_waited_longer_comes_first_when_room_is_short(rock, rock_coordinator):
    make_partner(rock, fte=Decimal("0.05"))
    newest, oldest, middle = _waiting(rock, 1), _waiting(rock, 40), _waiting(rock, 20)
    lines = _lines(rock, _plan(rock, rock_coordinator))
    assert [line.referral_id for line in lines] == [oldest.pk, middle.pk, newest.pk]
    assert [line.partner_id is not None for line in lines] == [True, False, False]
    assert [line.fits for line in lines] == [1, 1, 1]


def test_a_far_better_score_outweighs_a_few_days(rock, rock_coordinator):
    make_partner(rock, fte=Decimal("0.05"), languages=["es"])
    _waiting(rock, 12, language="en")
    fits = _waiting(rock, 2, language="es")
    placed = [line for line in _lines(rock, _plan(rock, rock_coordinator)) if line.partner_id]
    assert [line.referral_id for line in placed] == [fits.pk]


def test_hard_stops_hold_and_are_counted_in_words(rock, rock_coordinator, client_for):
    referral = _waiting(rock, 5)
    make_partner(rock, is_on_leave=True)
    make_partner(rock, core_training_completed_on=None)
    make_conflict(rock, referral.parent, make_partner(rock, is_on_leave=True), kind="same_case")
    make_match(
        rock,
        make_accepted_referral(rock, referral.parent),
        make_partner(rock),
        status="declined",
        declined_by="parent",
    )
    plan = _plan(rock, rock_coordinator)
    (line,) = _lines(rock, plan)
    assert (line.partner, line.fits, line.best_total) == (None, 0, None)
    assert line.stopped == {"on_leave": 1, "not_trained": 1, "same_case": 1, "declined": 1}
    page = client_for(rock_coordinator).get(reverse("matching:plan", args=["rock", plan.pk])).content.decode()
    assert "Nobody can be suggested." in page
    assert "1 on leave" in page and "1 conflict: party, witness" in page


def test_capacity_is_fte_by_weighted_load_and_open_proposals_keep_their_place(rock, rock_coordinator):
    partner = make_partner(rock, fte=Decimal("0.50"))  # soft cap 6
    for _ in range(3):
        make_match(rock, partner=partner)
    make_match(rock, partner=partner, status="proposed")
    for days in range(4):
        _waiting(rock, days)
    lines = _lines(rock, _plan(rock, rock_coordinator))
    assert sum(line.partner_id is not None for line in lines) == 2


def test_the_arrays_say_what_the_words_say(rock):
    """Every pairing of a mixed lot: the array's points and stops are those of the explained score."""
    choose = random.Random(3)

    def some(codes, most=3):
        return choose.sample(codes, choose.randint(0, most))

    tongues, places = ["en", "es", "hmn", "mww", ""], ["Beloit", "Janesville", ""]
    for n in range(14):
        make_partner(
            rock, languages=some(tongues[:4]), experience=some(Experience.values, 5),
            culture=choose.choice(["", "Hmong", "Ho-Chunk"]),
            gender=choose.choice(["woman", "man", ""]), municipality=choose.choice(places), is_on_leave=n == 3,
            fte=choose.choice([Decimal("0.05"), Decimal("0.50"), Decimal("1.00")]),
        )  # fmt: skip
    parents = [
        make_parent(
            rock, language=choose.choice(tongues), shared_experience=some(Experience.values, 5),
            prefers_culture=choose.choice(["", "hmong"]), prefers_gender=choose.choice(["", "woman", "unknown"]),
            municipality=choose.choice(places),
        )
        for _ in range(12)
    ]  # fmt: skip
    make_match(rock, make_accepted_referral(rock, parents[0]), make_partner(rock))
    make_conflict(rock, parents[1], make_partner(rock))
    with site_scope(rock.id):
        standings, known = pool(rock.settings, TODAY), between(parents)
        points = matrix.points(parents, standings, known, rock.settings)
        stops, codes = matrix.stops(parents, standings, known)
        for n, parent in enumerate(parents):
            for m, standing in enumerate(standings):
                words = score(parent, standing.partner, circumstances(standing, parent, rock.settings, known))
                assert points[n, m] == words.total * 10
                first = [stop.code for stop in consider(standing.partner, parent, rock.settings).stops][:1]
                assert [codes[stops[n, m]]] == (first or [""])


def test_a_plan_takes_a_constant_number_of_queries(rock, rock_coordinator, django_assert_max_num_queries):
    for count in (1, 12):
        for n in range(count):
            make_partner(rock)
            _waiting(rock, n)
        with django_assert_max_num_queries(24):
            _plan(rock, rock_coordinator)


def test_the_same_job_run_twice_makes_one_plan(rock, rock_coordinator):
    _waiting(rock, 5)
    with site_scope(rock.id, actor_id=rock_coordinator.id):
        job = Job.objects.create(site=rock, kind=MAKE, key="k", asked_by=rock_coordinator)
    jobs.run(rock.id, str(job.pk))
    with site_scope(rock.id):
        assert make_plan(plan_id=job.pk, by=rock_coordinator).pk == job.pk
        assert (Plan.objects.count(), PlanLine.objects.count()) == (1, 1)
        assert Job.objects.get(pk=job.pk).status == "done"


def test_accepting_a_line_proposes_the_match_and_twice_is_once(rock, rock_coordinator):
    make_partner(rock)
    _waiting(rock, 5)
    (line,) = _lines(rock, _plan(rock, rock_coordinator))
    with site_scope(rock.id):
        for _ in range(2):
            accept_line(line=line, by=rock_coordinator)
        match = Match.objects.get()
        assert (match.status, match.partner_id, match.proposed_by) == (
            "proposed",
            line.partner_id,
            rock_coordinator,
        )
        assert PlanLine.objects.get().match_id == match.pk


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (lambda line: make_match(line.site, line.referral, make_partner(line.site)), "waits no longer"),
        (lambda line: make_conflict(line.site, line.referral.parent, line.partner), "cannot be matched"),
        (lambda line: [make_match(line.site, partner=line.partner) for _ in range(1)], "cannot be matched"),
        (lambda line: make_match(line.site, partner=line.partner, status="proposed"), "no room left"),
    ],
)
def test_a_stale_line_is_refused_and_says_what_to_do(happens, words, rock, rock_coordinator):
    make_partner(rock, fte=Decimal("0.05"))
    _waiting(rock, 5)
    (line,) = _lines(rock, _plan(rock, rock_coordinator))
    happens(line)
    with site_scope(rock.id):
        before = Match.objects.count()
        line = accept_line(line=line, by=rock_coordinator)
        assert Match.objects.count() == before
        assert line.match is None
        assert words in line.problem and "ake the line off." in line.problem


def test_nobody_is_planned_for_a_family_they_have_a_tie_to(rock, rock_coordinator, rock_partner):
    tied = make_partner(rock, person=rock_partner)
    make_tie(rock, _waiting(rock, 9).family, rock_partner)
    _waiting(rock, 5)
    first, second = _lines(rock, _plan(rock, rock_coordinator))
    assert (first.partner, first.stopped, second.partner) == (None, {"not_suggested": 1}, tied)
    assert stopped(first) == ["1 cannot be suggested for this family"]
    with site_scope(rock.id), pytest.raises(ValidationError, match="Cannot be suggested"):
        change_line(line=first, partner=tied, by=rock_coordinator)


def test_a_line_is_changed_to_another_partner_or_nobody_within_hard_stops_and_room(rock, rock_coordinator):
    one, other = make_partner(rock, fte=Decimal("0.05")), make_partner(rock, fte=Decimal("0.05"))
    away = make_partner(rock, is_on_leave=True)
    _waiting(rock, 9), _waiting(rock, 5)
    first, second = _lines(rock, _plan(rock, rock_coordinator))
    assert {first.partner_id, second.partner_id} == {one.pk, other.pk}
    with site_scope(rock.id):
        for partner, words in ((away, "On leave"), (second.partner, "no room")):
            with pytest.raises(ValidationError, match=words):
                change_line(line=first, partner=partner, by=rock_coordinator)
        assert change_line(line=second, partner=None, by=rock_coordinator).cost is None
        assert change_line(line=first, partner=second.advised, by=rock_coordinator).score["total"]
        take_off_line(line=first, by=rock_coordinator)
        assert not PlanLine.objects.open().exists()
        accept_line(line=PlanLine.objects.get(pk=first.pk), by=rock_coordinator)
        assert not Match.objects.exists()
        put_back_line(line=first, by=rock_coordinator)
        accept_line(line=PlanLine.objects.get(pk=first.pk), by=rock_coordinator)
        with pytest.raises(ValidationError, match="proposed already"):
            take_off_line(line=first, by=rock_coordinator)


def test_the_whole_way_on_screen(rock, rock_coordinator, client_for, django_capture_on_commit_callbacks):
    make_partner(rock, first_name="Pia", languages=["es"])
    make_partner(rock, first_name="Uma")
    for days, language in ((9, "es"), (5, "en")):
        _waiting(rock, days, language=language)
    browser = client_for(rock_coordinator)
    assert (
        "Make a plan for 2 waiting parents"
        in browser.get(reverse("matching:plans", args=["rock"])).content.decode()
    )
    url = browser.post(reverse("matching:plans", args=["rock"])).url
    assert "Working out the plan" in browser.get(url).content.decode()
    with site_scope(rock.id):
        job = Job.objects.get(kind=MAKE)
    jobs.run(rock.id, str(job.pk))
    assert "HX-Refresh" in browser.get(f"{url}?progress=1", headers={"HX-Request": "true"}).headers
    page = browser.get(url).content.decode()
    assert "Propose 2 matches" in page and "The best for this parent" in page and "Speaks Spanish" in page
    plan = Plan(pk=job.pk)
    first, second = _lines(rock, plan)
    change = reverse("matching:change_line", args=["rock", second.pk])
    assert "Nobody for now" in browser.get(change).content.decode()
    away = make_partner(rock, is_on_leave=True)
    assert "partner" in browser.post(change, {"partner": away.pk}).context["form"].errors
    assert browser.post(change, {"partner": ""}, headers={"X": "y"}).url == url
    assert "Nobody for now, as you chose" in browser.get(url).content.decode()
    assert browser.post(reverse("matching:take_off_line", args=["rock", second.pk])).url == url
    assert "Taken off" in browser.get(url).content.decode()
    browser.post(reverse("matching:put_back_line", args=["rock", second.pk]))
    accept = reverse("matching:accept_plan", args=["rock", plan.pk])
    assert "Propose 1 match" in browser.get(accept).content.decode()
    assert browser.post(accept).url == url
    with site_scope(rock.id):
        job = Job.objects.get(kind=ACCEPT)
    assert "Proposing the matches" in browser.get(url).content.decode()
    jobs.run(rock.id, str(job.pk))
    with site_scope(rock.id):
        match = Match.objects.select_related("partner").get()
    assert match.partner.first_name == "Pia"
    assert reverse("matching:detail", args=["rock", match.pk]) in browser.get(url).content.decode()
    assert browser.get(accept).url == url  # nothing is left


def test_only_those_who_match_see_plans_and_sealed_lines_stay_hidden(
    rock, rock_coordinator, rock_partner, client_for
):
    _waiting(rock, 5)
    plan = _plan(rock, rock_coordinator)
    for name, args in (("plans", ["rock"]), ("plan", ["rock", plan.pk]), ("accept_plan", ["rock", plan.pk])):
        assert client_for(rock_partner).get(reverse(f"matching:{name}", args=args)).status_code == 403
    with site_scope(rock.id):
        assert not PlanLine.objects.visible_to(access_to_site(rock_partner, rock)).exists()
        assert PlanLine.objects.visible_to(access_to_site(rock_coordinator, rock)).count() == 1


def test_the_page_of_a_plan_takes_a_constant_number_of_queries(
    rock, rock_coordinator, client_for, django_assert_max_num_queries
):
    browser = client_for(rock_coordinator)
    make_partner(rock)
    for count in (1, 20):
        for n in range(count):
            _waiting(rock, n)
        url = reverse("matching:plan", args=["rock", _plan(rock, rock_coordinator).pk])
        browser.get(url)
        with django_assert_max_num_queries(24):
            browser.get(url)
