"""Publishing: only what DCF accepted, only the newest accepted version, suppressed."""

import datetime as dt

import pytest

from counties.wall import site_scope
from reporting.actions import amend_report, publish_report
from reporting.models import PublishedFigure
from tests.factories.referrals import make_referral

pytestmark = pytest.mark.django_db


def _cell(field, part=""):
    return PublishedFigure.objects.get(field=field, part=part)


@pytest.mark.parametrize("status", ["certified", "submitted", "returned"])
def test_what_dcf_has_not_accepted_is_not_published(rock, report, at, rock_coordinator, status):
    at(status, report, rock_coordinator)
    with site_scope(rock.id):
        assert publish_report(report=report) == 0
    assert not PublishedFigure.objects.exists()


def test_small_numbers_are_not_among_the_published_ones(rock, report, at, rock_coordinator):
    make_referral(rock, referred_on=dt.date(2025, 6, 10))
    at("accepted", report, rock_coordinator)
    with site_scope(rock.id):
        publish_report(report=report)
    assert (_cell("B1").value, _cell("B1").is_suppressed) == (None, True)
    assert (_cell("C6").value, _cell("C6").is_suppressed) == (0, False)


def test_publishing_twice_gives_the_same_rows(rock, report, at, rock_coordinator):
    at("accepted", report, rock_coordinator)
    with site_scope(rock.id):
        count = publish_report(report=report)
        assert publish_report(report=report) == count
    assert PublishedFigure.objects.count() == count


def test_an_accepted_amendment_replaces_the_month_and_is_never_overwritten(
    rock, report, at, rock_coordinator
):
    at("accepted", report, rock_coordinator)
    with site_scope(rock.id):
        publish_report(report=report)
    for _ in range(20):
        make_referral(rock, referred_on=dt.date(2025, 6, 10))
    with site_scope(rock.id):
        amendment = amend_report(report=report, change_note="Twenty came late.", by=rock_coordinator)
        assert _cell("B1").value == 0
    at("accepted", amendment, rock_coordinator)
    with site_scope(rock.id):
        publish_report(report=amendment)
        assert publish_report(report=report) == 0
    assert _cell("B1").value == 20
