"""The lists of consents and disclosures: search, filters, and a constant number of queries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from counties.wall import site_scope
from families.models import Disclosure
from tests.factories.families import make_consent, make_parent
from tests.queries import own, questions

QUERIES = {"consents": 3, "disclosures": 2}
"""Count, page and trail; the page of disclosures names who shared, so `own` counts it among questions about people."""


def _disclose(site, person, parent, **fields):
    facts = {"legal_basis": "Court order", "recipient": "The court", "purpose": "Hearing"} | fields
    with site_scope(site.id):
        return Disclosure.objects.create(
            site=site, parent=parent, categories=["attendance"], disclosed_by=person, **facts
        )


def _url(name: str) -> str:
    return reverse(f"families:{name}", args=["rock"])


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("query", ["zelda", "zelda juniper", "{reference}", "clinic"])
def test_both_lists_are_searched(name, query, rock, rock_coordinator, client_for):
    zelda = make_parent(rock, first_name="Zelda")
    for parent, recipient in [(zelda, "Beloit Clinic"), (make_parent(rock), "The court")]:
        make_consent(rock, parent, kind="release_provider", recipient=recipient, purpose="Care")
        _disclose(rock, rock_coordinator, parent, recipient=recipient)
    with site_scope(rock.id):
        asked = query.format(reference=zelda.family.reference)
    page = client_for(rock_coordinator).get(_url(name), {"q": asked})
    assert [row.parent_id for row in page.context["listing"]] == [zelda.pk]


def test_disclosures_are_filtered_by_ground_and_day(rock, rock_coordinator, client_for):
    old = _disclose(rock, rock_coordinator, make_parent(rock), disclosed_on=dt.date(2025, 3, 1))
    _disclose(rock, rock_coordinator, make_parent(rock), disclosed_on=dt.date(2025, 6, 1))
    browser = client_for(rock_coordinator)
    shown = browser.get(_url("disclosures"), {"until": "2025-03-01", "ground": "legal"}).context["listing"]
    assert [row.pk for row in shown] == [old.pk]
    page = browser.get(_url("disclosures"), {"ground": "consent"})
    assert "No disclosure fits these filters." in page.content.decode()


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("name", QUERIES)
def test_the_number_of_queries_is_constant(name, rows, rock, rock_coordinator, client_for):
    for _ in range(rows):
        parent = make_parent(rock)
        make_consent(rock, parent)
        _disclose(rock, rock_coordinator, parent)
    asked = questions(client_for(rock_coordinator), _url(name))
    assert own(asked) == QUERIES[name] and len(asked) < 15
