"""Two records of one child become one, and two again (docs/adr/0020)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from counties.wall import site_scope
from families.merging import CannotMerge, merge_children, undo_merge
from families.models import Child, Merge, RemovalEpisode
from reporting.measures.compute import compute
from tests.exchange.books import load
from tests.factories.families import make_child, make_episode, make_family, make_parent
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.families.test_merging import everything
from tests.trail import recorded

D = dt.date
MARCH = {"removed_on": D(2025, 3, 1)}


@pytest.fixture
def family(rock):
    return make_family(rock, source_id="F1")


@pytest.fixture
def kim(rock, family):
    """Removed in March; the birth date is not recorded."""
    kim = make_child(rock, family, first_name="Kim", date_of_birth=None, source_id="C1")
    make_episode(rock, kim, **MARCH)
    return kim


@pytest.fixture
def again(rock, family):
    """The same child: the removal in March once more, an earlier one, and the birth date."""
    again = make_child(rock, family, first_name="Kimmy", date_of_birth=D(2019, 2, 3), source_id="C1-B")
    make_episode(rock, again, **MARCH)
    make_episode(
        rock, again, removed_on=D(2023, 1, 1), discharged_on=D(2023, 6, 1), discharge_reason="reunification"
    )
    return again


def _merge(rock, by, kept, emptied) -> Merge:
    with site_scope(rock.id):
        return merge_children(kept=kept, emptied=emptied, reason="Same birth certificate", by=by)


def _removals(rock) -> list[tuple[str, dt.date]]:
    with site_scope(rock.id):
        rows = RemovalEpisode.objects.select_related("child").order_by("child__first_name", "removed_on")
        return [(row.child.first_name, row.removed_on) for row in rows]


def test_what_both_hold_counts_once_and_the_rest_moves(rock, rock_coordinator, kim, again):
    merge = _merge(rock, rock_coordinator, kim, again)
    assert _removals(rock) == [("Kim", D(2023, 1, 1)), ("Kim", D(2025, 3, 1))]
    with site_scope(rock.id):
        kept = Child.objects.get()
        assert (kept.pk, kept.date_of_birth) == (kim.pk, D(2019, 2, 3))
        assert Child.with_merged.get(pk=again.pk).merged_into_id == kim.pk
    assert recorded(rock, "child.merged", merge.kept_id, by=rock_coordinator)


def test_undo_restores_every_row_exactly(rock, rock_coordinator, kim, again):
    before = everything(rock)
    merge = _merge(rock, rock_coordinator, kim, again)
    assert everything(rock) != before
    with site_scope(rock.id):
        undo_merge(merge=merge, by=rock_coordinator)
    assert everything(rock) == before


def test_the_report_counts_the_child_once(rock, rock_coordinator, family, kim, again):
    make_enrollment(rock, make_accepted_referral(rock, make_parent(rock, family)))
    with site_scope(rock.id):
        before = compute(rock, D(2025, 6, 1))["C8"]["children"]
    _merge(rock, rock_coordinator, kim, again)
    with site_scope(rock.id):
        after = compute(rock, D(2025, 6, 1))["C8"]["children"]
    assert (before, after) == (2, 1)


@pytest.mark.parametrize(
    ("facts", "removal", "words"),
    [
        ({"date_of_birth": D(2018, 1, 1)}, MARCH, "different birth dates"),
        ({}, {"removed_on": D(2025, 2, 1)}, "Both have a removal"),
        ({}, {"removed_on": D(2018, 2, 1), "discharged_on": D(2018, 3, 1), "discharge_reason": "relative"},
         "before the birth date"),
    ],
)  # fmt: skip
def test_what_stands_against_it_is_said(facts, removal, words, rock, rock_coordinator, family, again):
    other = make_child(rock, family, **{"date_of_birth": None, **facts})
    make_episode(rock, other, **removal)
    with pytest.raises(CannotMerge, match=words):
        _merge(rock, rock_coordinator, other, again)
    with site_scope(rock.id):
        assert Child.objects.count() == 2 and not Merge.objects.exists()


def test_children_of_two_families_or_one_record_twice_are_refused(rock, rock_coordinator, kim):
    for other in (make_child(rock, make_family(rock)), kim):
        with pytest.raises(CannotMerge):
            _merge(rock, rock_coordinator, kim, other)


def test_the_spreadsheet_s_row_of_the_emptied_record_changes_nothing(rock, rock_coordinator, kim, again):
    _merge(rock, rock_coordinator, kim, again)
    row = {
        "child_id": "C1-B",
        "first_name": "Other",
        "date_of_birth": "2019-02-03",
        "removal_date": "2025-03-01",
    }
    blank = {"trial_reunification_start": "", "discharge_date": "", "discharge_reason": ""}
    report = load(rock, children=[row | blank])
    assert _removals(rock) == [("Kim", D(2023, 1, 1)), ("Kim", D(2025, 3, 1))], report


def test_on_screen_and_back(rock, rock_coordinator, kim, again, client_for):
    browser, url = client_for(rock_coordinator), reverse("merge_children", args=["rock", kim.family_id])
    page = browser.get(url).content.decode()
    assert "Kimmy, born 02/03/2019" in page and "Kim, no birth date" in page
    wrong = browser.post(url, {"kept": kim.pk, "emptied": kim.pk, "reason": "Same"})
    assert "two different records" in wrong.content.decode() and 'value="Same"' in wrong.content.decode()
    assert browser.post(url, {"kept": kim.pk, "emptied": again.pk, "reason": "Same"}).status_code == 302
    page = browser.get(reverse("family", args=["rock", kim.family_id])).content.decode()
    assert "Two records of a child were merged" in page and "Kimmy" not in page
    with site_scope(rock.id):
        merge = Merge.objects.get()
    assert browser.post(reverse("undo_merge", args=["rock", merge.pk]), {"sure": "1"}).status_code == 302
    assert "Kimmy" in browser.get(reverse("family", args=["rock", kim.family_id])).content.decode()
