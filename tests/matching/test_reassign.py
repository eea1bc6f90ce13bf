"""Handing several families of one parent partner on at once."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from uuid_utils.compat import uuid7

from counties import jobs
from counties.access import access_to_site
from counties.models import Job
from counties.wall import site_scope
from matching.models import Match, Plan, PlanLine
from matching.plans import accept_line
from matching.reassign import accept_reassignment, make_reassignment, reassignable
from matching.tasks import REASSIGN
from tests.factories.families import make_parent, make_tie
from tests.factories.matching import make_conflict, make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral
from tests.trail import recorded

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 9, 1)


def _matches(site, partner, count: int, **facts) -> list[Match]:
    return [
        make_match(site, make_accepted_referral(site, make_parent(site, **facts)), partner)
        for _ in range(count)
    ]


def _plan(site, partner, by) -> Plan:
    with site_scope(site.id, actor_id=by.id):
        matches = list(reassignable(access_to_site(by, site), partner))
        return make_reassignment(plan_id=uuid7(), partner=partner, matches=matches, by=by)


def _lines(site, plan) -> list[PlanLine]:
    with site_scope(site.id):
        return list(plan.lines.select_related("partner", "replaces", "referral__parent"))


def _accept(site, plan, by, **more) -> list[PlanLine]:
    facts = {"handed_on": DAY, "end_reason": "partner_left", "begins": True, **more}
    with site_scope(site.id, actor_id=by.id):
        return accept_reassignment(plan=plan, lines=list(plan.lines.all()), by=by, **facts)


def test_each_family_becomes_an_ended_match_and_a_new_one(rock, rock_coordinator):
    leaver = make_partner(rock, first_name="Lea")
    others = {make_partner(rock).pk, make_partner(rock).pk}
    old = _matches(rock, leaver, 3)
    with site_scope(rock.id):
        Match.objects.filter(pk=old[2].pk).update(is_cover=True)
    plan = _plan(rock, leaver, rock_coordinator)
    assert _accept(rock, plan, rock_coordinator) == []
    with site_scope(rock.id):
        for match in old:
            match.refresh_from_db()
            assert (match.status, match.ends_on, match.end_reason) == ("ended", DAY, "partner_left")
            new = Match.objects.get(referral=match.referral_id, status="active")
            assert (new.starts_on, new.partner_id in others) == (DAY, True)
            assert new.is_cover == match.is_cover == (match.pk == old[2].pk)
        assert Match.objects.filter(partner=leaver).count() == 3
    assert recorded(rock, "match.ended", old[0]) and recorded(rock, "plan.accepted", plan)


def test_without_everybodys_yes_the_new_matches_are_only_proposed(rock, rock_coordinator):
    leaver, other = make_partner(rock), make_partner(rock)
    _matches(rock, leaver, 1)
    _accept(rock, _plan(rock, leaver, rock_coordinator), rock_coordinator, begins=False)
    with site_scope(rock.id):
        assert Match.objects.get(partner=other).status == Match.Status.PROPOSED


def test_hard_stops_and_room_hold_and_the_leaver_is_never_planned(rock, rock_coordinator, rock_partner):
    leaver = make_partner(rock)
    small = make_partner(rock, fte=Decimal("0.05"))  # one family
    tied = make_partner(rock, person=rock_partner)
    make_partner(rock, is_on_leave=True)
    matches = _matches(rock, leaver, 3)
    for match in matches:
        make_tie(rock, match.parent.family, rock_partner)
    make_conflict(rock, matches[0].parent, small)
    lines = _lines(rock, _plan(rock, leaver, rock_coordinator))
    assert lines[0].partner is None and lines[0].stopped == {"related": 1, "not_suggested": 1, "on_leave": 1}
    assert sorted(str(line.partner_id) for line in lines[1:]) == sorted([str(small.pk), "None"])
    assert tied.pk not in {line.partner_id for line in lines}


def test_what_changed_meanwhile_is_named_and_holds_up_no_other(rock, rock_coordinator, client_for):
    leaver = make_partner(rock)
    make_partner(rock)
    first, second = _matches(rock, leaver, 2)
    plan = _plan(rock, leaver, rock_coordinator)
    with site_scope(rock.id):
        Match.objects.filter(pk=first.pk).update(status="ended", ends_on=DAY, end_reason="other")
    (refused,) = _accept(rock, plan, rock_coordinator)
    assert refused.replaces_id == first.pk and "ended now" in refused.problem
    with site_scope(rock.id):
        second.refresh_from_db()
        assert second.status == "ended"
        assert Match.objects.filter(status="active").count() == 1
    page = client_for(rock_coordinator).get(reverse("matching:plan", args=["rock", plan.pk])).content.decode()
    assert "1 line could not be handed on" in page and "Not done" in page


def test_a_date_before_a_match_began_refuses_that_line_alone(rock, rock_coordinator):
    leaver = make_partner(rock)
    make_partner(rock)
    _matches(rock, leaver, 1)
    (refused,) = _accept(
        rock, _plan(rock, leaver, rock_coordinator), rock_coordinator, handed_on=dt.date(2025, 5, 1)
    )
    assert "05/20/2025" in refused.problem
    with site_scope(rock.id):
        assert Match.objects.get().status == Match.Status.ACTIVE


def test_the_job_of_the_waiting_list_proposes_no_line_of_it(rock, rock_coordinator):
    leaver = make_partner(rock)
    make_partner(rock)
    _matches(rock, leaver, 1)
    (line,) = _lines(rock, _plan(rock, leaver, rock_coordinator))
    with site_scope(rock.id):
        assert "waits no longer" in accept_line(line=line, by=rock_coordinator).problem
        assert Match.objects.count() == 1


def test_the_whole_way_on_screen(rock, rock_coordinator, rock_partner, client_for):
    leaver, other = make_partner(rock, first_name="Lea"), make_partner(rock, first_name="Ora")
    kept, given = _matches(rock, leaver, 2)
    browser = client_for(rock_coordinator)
    reassign = reverse("matching:reassign", args=["rock", leaver.pk])
    assert reassign in browser.get(reverse("partners:detail", args=["rock", leaver.pk])).content.decode()
    assert (
        reassign
        in browser.get(reverse("matching:list", args=["rock"]), {"partner": leaver.pk}).content.decode()
    )
    assert "Choose at least one family" in browser.post(reassign, {"confirmed": "x"}).content.decode()
    assert browser.post(reassign, {"chosen": make_match(rock).pk}).context["form"].errors
    url = browser.post(reassign, {"chosen": given.pk}).url
    with site_scope(rock.id):
        job = Job.objects.get(kind=REASSIGN)
    jobs.run(rock.id, str(job.pk))
    page = browser.get(url).content.decode()
    assert "Hand on 1 family" in page and "Ora" in page and "05/20/2025" in page
    accept = reverse("matching:accept_reassignment", args=["rock", job.pk])
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    answers = {"handed_on": f"{tomorrow}", "end_reason": "capacity", "begins": "yes"}
    page = browser.post(accept, answers | {"begins": ""}).content.decode()
    assert "Choose an answer." in page
    page = browser.post(accept, answers)
    assert page.context["form"].errors == {
        "handed_on": ["This date is in the future. Choose today or an earlier day."]
    }
    page = browser.post(accept, answers | {"handed_on": "2025-05-01"}, follow=True).content.decode()
    assert f"Not handed on: {given.parent}" in page and "or later" in page
    page = browser.post(accept, answers | {"handed_on": "2025-09-01"}, follow=True).content.decode()
    assert "1 family is handed on." in page
    with site_scope(rock.id):
        assert {m.pk for m in Match.objects.filter(partner=leaver, status="active")} == {kept.pk}
        assert Match.objects.get(partner=other, status="active").referral_id == given.referral_id
    assert browser.get(accept).status_code == 302
    for name, key in (("reassign", leaver.pk), ("accept_reassignment", job.pk)):
        assert (
            client_for(rock_partner).get(reverse(f"matching:{name}", args=["rock", key])).status_code == 403
        )
