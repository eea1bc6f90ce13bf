"""Two records made one: everything moves, nothing is lost, and it can be taken apart again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse

from activities.models import Contact
from audit.history import RowHistory
from counties.sheets import Table
from counties.wall import SiteModel, site_scope
from counties.wall.rules import next_number
from families.merging import CannotMerge, CannotUndo, merge_families, merge_parents, undo_merge
from families.models import Child, Family, FamilyTie, Merge, Parent
from matching.models import Match
from reporting.actions import draft_report
from tests.factories.activities import make_contact, make_goal
from tests.factories.families import make_child, make_consent, make_family, make_parent, make_tie
from tests.factories.matching import make_conflict, make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment, make_referral
from tests.trail import recorded


@pytest.fixture
def kept(rock):
    """A family known since March, without a birth date."""
    parent = make_parent(rock, make_family(rock, notes="First note"), first_name="Dana", last_name="Oak")
    make_referral(rock, parent, referred_on=dt.date(2025, 3, 1))
    return parent


@pytest.fixture
def emptied(rock):
    """The same family typed again, with everything that can hang on one."""
    family = make_family(rock, notes="Second note", state_case_id="C-9")
    born = dt.date(1990, 4, 7)
    parent = make_parent(rock, family, first_name="Dana", last_name="Oake", date_of_birth=born, language="es")
    referral, partner = make_accepted_referral(rock, parent), make_partner(rock)
    enrollment = make_enrollment(rock, referral)
    make_match(rock, referral, partner)
    make_contact(rock, enrollment, partner)
    make_goal(rock, parent)
    make_child(rock, family)
    make_consent(rock, parent)
    make_conflict(rock, parent, make_partner(rock))
    return parent


def everything(site):
    """Every row of every walled table as it stands, but for the merges themselves."""
    with site_scope(site.id):
        return {
            model._meta.label: list(model._base_manager.order_by("pk").values())
            for model in apps.get_models()
            if issubclass(model, SiteModel)
            and not issubclass(model, RowHistory)
            and model._meta.label != "families.Merge"
        }


def merged(rock, by, kept, emptied, same=True):
    with site_scope(rock.id):
        return merge_families(
            kept=kept.family, emptied=emptied.family, reason="Typed twice", by=by,
            same={emptied: kept} if same else {},
        )  # fmt: skip


def test_everything_hangs_on_the_kept_family_afterwards(rock, rock_coordinator, kept, emptied):
    merge = merged(rock, rock_coordinator, kept, emptied)
    with site_scope(rock.id):
        family = Family.objects.get()
        parent = Parent.objects.get()
        assert (family, parent) == (kept.family, kept)
        for rows in (family.children, family.referrals, family.enrollments, parent.matches, parent.goals):
            assert rows.count() == rows.model.objects.count() > 0
        assert Contact.objects.get().referral.family == family
        assert (parent.date_of_birth, parent.language) == (dt.date(1990, 4, 7), "en")
        assert (family.notes, family.state_case_id) == ("First note\n\nSecond note", "C-9")
        gone = Family.with_merged.get(pk=merge.emptied_id)
        assert gone.merged_into == family
    assert recorded(rock, "family.merged", emptied.family_id, by=rock_coordinator)


@pytest.mark.parametrize("same", [True, False])
def test_undo_restores_every_row_exactly(same, rock, rock_coordinator, kept, emptied):
    before = everything(rock)
    merge = merged(rock, rock_coordinator, kept, emptied, same)
    assert everything(rock) != before
    with site_scope(rock.id):
        undo_merge(merge=merge, by=rock_coordinator)
        with pytest.raises(CannotUndo, match="undone already"):
            undo_merge(merge=merge, by=rock_coordinator)
    assert everything(rock) == before
    assert recorded(rock, "merge.undone", kept.family_id, by=rock_coordinator)


def test_what_was_added_since_stays_and_what_was_corrected_is_kept(rock, rock_coordinator, kept, emptied):
    merge = merged(rock, rock_coordinator, kept, emptied)
    child = make_child(rock, kept.family, first_name="New")
    with site_scope(rock.id):
        Parent.objects.filter(pk=kept.pk).update(date_of_birth=dt.date(1991, 1, 1))
        undo_merge(merge=merge, by=rock_coordinator)
        assert Child.objects.get(pk=child.pk).family == kept.family
        assert Parent.objects.get(pk=kept.pk).date_of_birth == dt.date(1991, 1, 1)


def test_two_enrollments_at_once_are_refused_in_words(rock, rock_coordinator, kept, emptied):
    make_enrollment(rock, make_accepted_referral(rock, kept))
    before = everything(rock)
    with pytest.raises(CannotMerge, match="Both are enrolled in the same time"):
        merged(rock, rock_coordinator, kept, emptied)
    assert everything(rock) == before


def test_two_partners_at_once_are_refused_in_words(rock, rock_coordinator, kept, emptied):
    make_match(rock, make_accepted_referral(rock, kept))
    with pytest.raises(CannotMerge, match="Both have a parent partner in the same time"):
        merged(rock, rock_coordinator, kept, emptied)


def test_what_only_the_database_sees_is_refused_in_words(rock, rock_coordinator, kept, emptied):
    with site_scope(rock.id):
        partner = emptied.conflicts.get().partner
    make_conflict(rock, kept, partner)
    with pytest.raises(CannotMerge, match="conflicts of the two cannot stand side by side"):
        merged(rock, rock_coordinator, kept, emptied)


def test_a_tie_moves_along_and_hides_the_kept_family(
    rock, rock_coordinator, rock_second_coordinator, kept, emptied
):
    make_tie(rock, emptied.family, rock_second_coordinator)
    merged(rock, rock_coordinator, kept, emptied)
    with site_scope(rock.id):
        tie = FamilyTie.objects.get()
        assert tie.family == kept.family and tie.family.is_sealed


def test_a_tie_to_both_stays_on_both(rock, rock_coordinator, rock_second_coordinator, kept, emptied):
    for one in (kept, emptied):
        make_tie(rock, one.family, rock_second_coordinator)
    merged(rock, rock_coordinator, kept, emptied)
    with site_scope(rock.id):
        assert FamilyTie.objects.filter(family=kept.family).count() == 1


def test_two_parents_of_one_family_become_one_and_two_again(rock, rock_coordinator, kept):
    twice = make_parent(rock, kept.family, first_name="Dana", phone="608 555 0100")
    make_match(rock, make_accepted_referral(rock, twice))
    before = everything(rock)
    with site_scope(rock.id):
        merge = merge_parents(kept=kept, emptied=twice, reason="Typed twice", by=rock_coordinator)
        assert list(kept.family.parents.all()) == [kept]
        assert Match.objects.get().parent == Match.objects.get().referral.parent == kept
        undo_merge(merge=merge, by=rock_coordinator)
    assert everything(rock) == before


def test_parents_of_two_families_are_refused(rock, rock_coordinator, kept, emptied):
    with site_scope(rock.id), pytest.raises(CannotMerge, match="Merge the families first"):
        merge_parents(kept=kept, emptied=emptied, reason="x", by=rock_coordinator)


def test_only_the_latest_merge_is_undone(rock, rock_coordinator, kept, emptied):
    first = merged(rock, rock_coordinator, kept, emptied)
    third = make_parent(rock, first_name="Dana")
    merged(rock, rock_coordinator, third, kept, same=False)
    with site_scope(rock.id), pytest.raises(CannotUndo, match="later merge"):
        undo_merge(merge=first, by=rock_coordinator)


def test_a_referral_recorded_since_for_a_parent_who_came_along_keeps_them_one(
    rock, rock_coordinator, kept, emptied
):
    merge = merged(rock, rock_coordinator, kept, emptied, same=False)
    with site_scope(rock.id):
        parent = Parent.objects.get(pk=emptied.pk)
    make_referral(rock, parent)
    before = everything(rock)
    with pytest.raises(CannotUndo, match="new referral"), site_scope(rock.id):
        undo_merge(merge=merge, by=rock_coordinator)
    assert everything(rock) == before


def test_an_emptied_record_is_not_merged_again_and_its_number_is_not_given_again(
    rock, rock_coordinator, kept, emptied
):
    merged(rock, rock_coordinator, kept, emptied)
    with site_scope(rock.id):
        with pytest.raises(CannotMerge, match="merged already"):
            merge_families(kept=emptied.family, emptied=kept.family, reason="x", by=rock_coordinator)
        with pytest.raises(CannotMerge, match="different"):
            merge_families(kept=kept.family, emptied=kept.family, reason="x", by=rock_coordinator)
        assert next_number(Family) == Family.with_merged.count() + 1


def test_a_reason_with_a_social_security_number_is_refused(rock, rock_coordinator, kept, emptied):
    with site_scope(rock.id), pytest.raises(ValidationError, match="Social Security number"):
        merge_families(kept=kept.family, emptied=emptied.family, reason="123-45-6789", by=rock_coordinator)


def test_merge_and_undo_on_the_pages(rock, rock_coordinator, kept, emptied, client_for):
    browser, page = client_for(rock_coordinator), reverse("family", args=["rock", kept.family_id])
    url = reverse("merge_families", args=["rock", kept.family_id])
    with site_scope(rock.id):
        draft = draft_report(site=rock, month=dt.date(2025, 6, 1), by=rock_coordinator)
    assert "Sounds the same" in browser.get(url).content.decode()
    compare = f"{url}?other={emptied.family_id}"
    form = browser.get(compare).context["form"]
    assert browser.post(compare, {"parent_0": "", "reason": ""}).context["form"].errors
    said = {"parent_0": str(kept.pk), "reason": "Typed twice"}
    assert list(form.there.values()) == [emptied]
    assert browser.post(compare, said).headers["Location"] == page
    assert recorded(rock, "report.recomputed", draft)
    old = browser.get(reverse("family", args=["rock", emptied.family_id]))
    assert old.headers["Location"] == page
    assert b"was merged into this record" in browser.get(page).content
    listed = browser.get(reverse("families:list", args=["rock"])).context["listing"]
    assert [family.pk for family in listed] == [kept.family_id]
    with site_scope(rock.id):
        merge = Merge.objects.get()
    undone = browser.post(reverse("undo_merge", args=["rock", merge.pk]), {"sent": "1"})
    assert undone.headers["Location"] == page
    assert browser.get(reverse("family", args=["rock", emptied.family_id])).status_code == 200


def test_two_parents_on_the_page(rock, rock_coordinator, kept, client_for):
    twice = make_parent(rock, kept.family, first_name="Dana")
    browser, url = client_for(rock_coordinator), reverse("merge_parents", args=["rock", kept.family_id])
    same = browser.post(url, {"kept": kept.pk, "emptied": kept.pk, "reason": "x"})
    assert "Choose two different records." in same.content.decode()
    browser.post(url, {"kept": kept.pk, "emptied": twice.pk, "reason": "Typed twice"})
    with site_scope(rock.id):
        assert list(Parent.objects.all()) == [kept]


def test_an_import_finds_the_kept_record_under_the_old_ids(rock, rock_coordinator, kept, emptied):
    with site_scope(rock.id):
        Family.objects.filter(pk=emptied.family_id).update(source_id="F-OLD")
        Parent.objects.filter(pk=emptied.pk).update(source_id="P-OLD")
    merged(rock, rock_coordinator, kept, emptied)
    with site_scope(rock.id):
        assert Table(Family, "source_id").get("F-OLD") == kept.family
        assert Table(Parent, "source_id").get("P-OLD") == kept
