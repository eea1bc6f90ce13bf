"""The funnel that may leave the site: no small number, and none that follows from what is shown."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from counties.wall import site_scope
from psp.funnel_outside import GROUPED_BY, _by_group, _release, outside, release_funnel
from referrals import funnel
from referrals.models import FunnelRelease, Referral
from reporting.suppression import narrow_keys, suppress
from tests.factories.families import make_parent
from tests.factories.referrals import make_referral
from tests.trail import recorded

pytestmark = pytest.mark.django_db
URL = reverse("funnel_outside", args=["rock"])
LAST_YEAR = timezone.localdate().year - 1
OF_LAST_YEAR = f"{URL}?year={LAST_YEAR}"
FINAL = {"is_final": "on"}


@pytest.fixture
def year(rock, door) -> None:
    """16 of one source, 13 of them declined; 3 of another."""
    day = dt.date(LAST_YEAR, 5, 1)
    for n in range(16):
        parent = make_parent(rock, language="es" if n < 12 else "en")
        answer = {"outcome": "parent_declined", "decided_on": day} if n < 13 else {}
        make_referral(rock, parent, source="gal", referred_on=day, **answer)
    for _ in range(3):
        make_referral(rock, source="self", referred_on=day)
    make_referral(rock, referred_on=dt.date(LAST_YEAR - 1, 12, 31))
    make_referral(door, referred_on=day)


def _of_year():
    return Referral.objects.filter(referred_on__year=LAST_YEAR)


def test_no_small_number_is_shown_and_none_can_be_worked_out(rock, year):
    with site_scope(rock.id):
        found = outside(_of_year(), threshold=11)
        grouped = {name: _by_group(_of_year(), name) for name in GROUPED_BY}
        release = _release(grouped, funnel.losses(_of_year()))
    shown = [n for table in found.tables for _, numbers in table.rows for n in numbers]
    shown += [n for _, n in found.losses]
    assert None in shown and any(shown)
    assert not [n for n in shown if n is not None and 0 < n < 11]
    assert narrow_keys(release, set(suppress(release))) == []


def test_the_tables_add_up_before_anything_is_hidden(rock, year):
    with site_scope(rock.id):
        grouped = {name: _by_group(_of_year(), name) for name in GROUPED_BY}
        release = _release(grouped, funnel.losses(_of_year()))
    assert release.values["all", -1] == 19
    for line in release.lines:
        assert release.values[line.total] == sum(release.values[cell] for cell in line.cells), line


def test_a_year_is_released_once_and_stays_as_it_was(rock, rock_coordinator, client_for, year):
    browser = client_for(rock_coordinator)
    page = browser.get(URL).content.decode()
    assert "19 referrals came" in page and "6 still wait" in page and "<table" not in page
    assert "Tick this first." in browser.post(OF_LAST_YEAR, {"is_final": ""}).content.decode()
    answer = browser.post(OF_LAST_YEAR, FINAL, follow=True)
    assert answer.redirect_chain == [(OF_LAST_YEAR, 302)]
    assert recorded(rock, "referral.funnel_released", by=rock_coordinator)
    before = answer.context["release"].figures
    assert before["tables"][0]["rows"][-1][1][-1] == 19 and "<table" in answer.content.decode()
    for _ in range(12):
        make_referral(rock, source="gal", referred_on=dt.date(LAST_YEAR, 6, 1))
    again = browser.post(OF_LAST_YEAR, FINAL, follow=True).context["release"]
    assert again.pk == answer.context["release"].pk and again.figures == before


def test_nobody_changes_or_takes_back_a_release(rock, rock_coordinator, year):
    with site_scope(rock.id):
        release = release_funnel(site=rock, year=LAST_YEAR, by=rock_coordinator)
        for attempt in (release.delete, lambda: FunnelRelease.objects.update(threshold=0)):
            with (
                pytest.raises(DatabaseError, match="permission denied|Cannot update or delete"),
                transaction.atomic(),
            ):
                attempt()


def test_a_year_that_is_not_over_is_never_released(rock, rock_coordinator):
    with site_scope(rock.id), pytest.raises(ValidationError, match="when it is over"):
        release_funnel(site=rock, year=LAST_YEAR + 1, by=rock_coordinator)


def test_an_empty_year_is_not_released(rock, rock_coordinator, client_for):
    page = client_for(rock_coordinator).post(OF_LAST_YEAR, FINAL).content.decode()
    assert "No referral came in that year." in page and "Release" not in page
    with site_scope(rock.id):
        assert not FunnelRelease.objects.exists()


def test_only_years_that_are_over(rock, rock_coordinator, rock_partner, client_for, year):
    browser = client_for(rock_coordinator)
    page = browser.get(URL)
    assert page.status_code == 200 and f"Referral funnel of {LAST_YEAR}" in page.content.decode()
    for wrong in (str(LAST_YEAR + 1), "soon"):
        assert browser.get(URL, {"year": wrong}).context["form"].errors
        assert browser.post(f"{URL}?year={wrong}", FINAL).context["form"].errors
    with site_scope(rock.id):
        assert not FunnelRelease.objects.exists()
    assert client_for(rock_partner).get(URL).status_code == 403
    assert client_for(rock_partner).post(OF_LAST_YEAR, FINAL).status_code == 403
