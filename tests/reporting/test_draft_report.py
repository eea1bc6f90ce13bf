"""Drafting: one report a month, whole or not at all."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from counties.models import Site
from counties.wall import site_scope
from reporting.actions import (
    MonthNotOver,
    NothingToReport,
    ReportFrozen,
    draft_report,
    months_owed,
    recompute_report,
)
from reporting.measures import REGISTRY
from reporting.models import MonthlyReport, ReportFigure
from tests.factories.referrals import make_referral

pytestmark = pytest.mark.django_db


def test_a_draft_has_every_figure_of_the_registry(rock, report):
    with site_scope(rock.id):
        fields = set(report.figures.values_list("field", flat=True))
    assert fields == {measure.field for measure in REGISTRY}
    assert report.status == "draft"
    assert report.due_on == dt.date(2025, 7, 15)


def test_drafting_twice_gives_one_report_with_fresh_figures(rock, report, month):
    make_referral(rock, referred_on=dt.date(2025, 6, 10))
    with site_scope(rock.id):
        again = draft_report(site=rock, month=month)
        assert again.pk == report.pk
        assert MonthlyReport.objects.count() == 1
        assert ReportFigure.objects.filter(field="B1").get().value == 1
        assert ReportFigure.objects.count() == len(REGISTRY)


def test_drafting_leaves_a_certified_report_as_it_is(rock, report, month, at, rock_coordinator):
    at("certified", report, rock_coordinator)
    make_referral(rock, referred_on=dt.date(2025, 6, 10))
    with site_scope(rock.id):
        again = draft_report(site=rock, month=month)
        assert again.pk == report.pk
        assert again.figures.get(field="B1").value == 0


def test_the_person_who_drafts_is_the_preparer(rock, month, rock_partner_coordinator):
    with site_scope(rock.id):
        report = draft_report(site=rock, month=month, by=rock_partner_coordinator)
    assert report.prepared_by == rock_partner_coordinator
    assert report.prepared_by_name == "Pat Cedar"


@time_machine.travel("2025-06-30 23:30-05:00", tick=False)
def test_a_month_that_still_runs_cannot_be_drafted(rock, month):
    with site_scope(rock.id), pytest.raises(MonthNotOver, match="07/01/2025"):
        draft_report(site=rock, month=month)


@time_machine.travel("2025-07-01 00:10-05:00", tick=False)
def test_a_month_can_be_drafted_from_the_first_of_the_next_site_time(rock, month):
    with site_scope(rock.id):
        assert draft_report(site=rock, month=month).month == month


def test_a_planning_site_owes_no_report(rock, month):
    rock.phases.update(phase="planning")
    with site_scope(rock.id), pytest.raises(NothingToReport):
        draft_report(site=rock, month=month)
    with site_scope(rock.id):
        assert not MonthlyReport.objects.exists()


def test_the_first_night_owes_last_month_only(rock):
    with site_scope(rock.id):
        assert months_owed(rock, dt.date(2025, 7, 1)) == [dt.date(2025, 6, 1)]


def test_missed_months_are_made_up_for(rock, report):
    with site_scope(rock.id):
        owed = months_owed(rock, dt.date(2025, 10, 3))
    assert owed == [dt.date(2025, 7, 1), dt.date(2025, 8, 1), dt.date(2025, 9, 1)]


def test_a_month_that_has_its_report_is_computed_again_at_night(rock, report):
    with site_scope(rock.id):
        assert months_owed(rock, dt.date(2025, 7, 2)) == [dt.date(2025, 6, 1)]


def test_recomputing_takes_in_new_records(rock, report, rock_coordinator):
    make_referral(rock, referred_on=dt.date(2025, 6, 10))
    with site_scope(rock.id, actor_id=rock_coordinator.id):
        recompute_report(report=report, by=rock_coordinator)
        assert report.figures.get(field="B1").value == 1


def test_a_certified_report_is_not_recomputed(rock, report, at, rock_coordinator):
    at("certified", report, rock_coordinator)
    with site_scope(rock.id), pytest.raises(ReportFrozen):
        recompute_report(report=report, by=rock_coordinator)


def test_another_sites_report_is_another_row(rock: Site, door: Site, report, month):
    with site_scope(door.id):
        other = draft_report(site=door, month=month)
        assert MonthlyReport.objects.get() == other
    assert other.pk != report.pk
