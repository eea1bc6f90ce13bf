"""The figures of the imported sites equal those worked out by hand from the same spreadsheets."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from counties.models import Site
from counties.wall import site_scope
from reporting.measures import compute, identities
from reporting.periods import Month
from tests.reporting.figures import figures, rows_that_disagree

DATA = Path(__file__).parents[1] / "data"
STATEMENTS = 18
"""One for each of the 15 sets of rows, and three for the site's settings, phase and counties."""

pytestmark = pytest.mark.django_db


def import_site(slug: str, refused_to: Path) -> None:
    folder = str(DATA / "spreadsheets" / slug)
    options = ["--as-of", "2026-11-21", "--refused-to", str(refused_to)]
    call_command("import_site", slug, folder, *options, stdout=StringIO())


def report(slug: str, month: str) -> dict:
    out = StringIO()
    call_command("monthly_report", slug, month, json=True, stdout=out)
    return json.loads(out.getvalue())


def wrong_figures(slug: str) -> list[str]:
    months = json.loads((DATA / "expected" / f"{slug}.json").read_text())["months"]
    wrong = []
    for month, expected in months.items():
        got = report(slug, month)
        # As text, so that 4 and 4.0 or True and 1 differ.
        wrong += [
            f"{month} {field}: {got.get(field)} instead of {value}"
            for field, value in expected.items()
            if json.dumps(got.get(field), sort_keys=True) != json.dumps(value, sort_keys=True)
        ]
    return wrong


@pytest.mark.parametrize("slug", ["rock", "jefferson", "door"])
def test_imported_spreadsheets_give_the_expected_report(
    slug: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    site: Site = request.getfixturevalue(slug)
    import_site(slug, tmp_path)
    assert wrong_figures(slug) == []
    for month in ("2025-11", "2026-09", "2026-10"):
        assert identities(figures(site, month)) == []
    assert rows_that_disagree(site, "2026-10") == []
    _costs_a_fixed_number_of_statements(site)


def _costs_a_fixed_number_of_statements(site: Site) -> None:
    with site_scope(site.id), CaptureQueriesContext(connection) as asked:
        compute(site, Month.parse("2026-10").first)
    assert len(asked) == STATEMENTS


def test_the_report_of_one_site_does_not_change_when_another_is_imported(
    door: Site, jefferson: Site, tmp_path: Path
) -> None:
    import_site("door", tmp_path)
    import_site("jefferson", tmp_path)
    assert wrong_figures("door") == []


def test_the_command_prints_a_table_with_every_figure(door: Site) -> None:
    out = StringIO()
    call_command("monthly_report", "door", "2025-06", stdout=out)
    assert "Door County PSP, June 2025" in out.getvalue()
    assert "C6    Families served" in out.getvalue()
    assert "H5    Parental rights terminated: not collected" in out.getvalue()


@pytest.mark.parametrize(
    ("site", "month", "said"),
    [
        ("nowhere", "2025-06", "There is no site"),
        ("door", "June", "is not a month"),
        ("door", "2025-13", "not a month"),
    ],
)
def test_the_command_says_what_it_does_not_understand(door: Site, site: str, month: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("monthly_report", site, month)
