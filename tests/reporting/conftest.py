"""A month that is over, and the report for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from accounts.models import User
from counties.models import Site
from counties.wall import site_scope, state_scope
from reporting.actions import accept_report, certify_report, draft_report, return_report, submit_report
from reporting.models import MonthlyReport

MONTH = dt.date(2025, 6, 1)


@pytest.fixture
def month() -> dt.date:
    return MONTH


@pytest.fixture
def report(rock: Site) -> MonthlyReport:
    """A draft nobody has prepared yet."""
    with site_scope(rock.id):
        return draft_report(site=rock, month=MONTH)


@pytest.fixture
def at(rock: Site) -> Callable[..., MonthlyReport]:
    """`at("submitted", report, by)` walks a report as far as that status."""

    def walk(status: str, report: MonthlyReport, by: User) -> MonthlyReport:
        with site_scope(report.site_id):
            certify_report(report=report, by=by)
            if status != "certified":
                submit_report(report=report, by=by)
        if status == "accepted":
            with state_scope():
                accept_report(report=report, by=by)
        if status == "returned":
            with state_scope():
                return_report(report=report, by=by, comment="C5: Please look again.")
        return report

    return walk
