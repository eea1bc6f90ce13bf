"""Reports by API leave the same trail as on screen."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.trail import recorded

pytestmark = pytest.mark.django_db


def test_a_list_of_reports_is_kept_in_the_trail(rock, report, rock_coordinator, client_for):
    answer = client_for(rock_coordinator).get(reverse("exchange:api_reports", args=["rock"]))
    assert [row["id"] for row in answer.json()["results"]] == [str(report.pk)]
    assert recorded(rock, "report.listed", report, rock_coordinator)
