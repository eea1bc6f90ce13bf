"""Reports by API leave the same trail as on screen."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from counties.wall import site_scope
from reporting.measures import REGISTRY, compute
from tests.trail import recorded

pytestmark = pytest.mark.django_db


def test_a_list_of_reports_is_kept_in_the_trail(rock, report, rock_coordinator, client_for):
    answer = client_for(rock_coordinator).get(reverse("exchange:api_reports", args=["rock"]))
    assert [row["id"] for row in answer.json()["results"]] == [str(report.pk)]
    assert recorded(rock, "report.listed", report, rock_coordinator)


def test_figures_come_in_the_order_of_the_report(rock, report, rock_coordinator, client_for):
    answer = client_for(rock_coordinator).get(reverse("exchange:api_report", args=["rock", report.pk]))
    figures = answer.json()["figures"]
    assert list(figures) == [measure.field for measure in REGISTRY]
    with site_scope(rock.id):
        computed = compute(rock, report.month)
    assert json.dumps(figures) == json.dumps({field: computed[field] for field in figures})
