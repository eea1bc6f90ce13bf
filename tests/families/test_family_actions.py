"""Families, parents and children: what the actions write, refuse and record."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from counties.action_forms import Unconfirmed
from counties.wall import site_scope
from families.actions import (
    add_child,
    add_parent,
    create_family,
    create_family_with_parent,
    edit_child,
    edit_family,
    edit_parent,
)
from families.models import Family, Parent
from tests.factories.families import make_child, make_family, make_parent
from tests.raw_sql import refused
from tests.trail import verbs_about


def test_families_are_numbered_one_after_another_in_each_site(rock, door, rock_coordinator, door_coordinator):
    with site_scope(rock.id):
        first, second = create_family(by=rock_coordinator), create_family(by=rock_coordinator)
    with site_scope(door.id):
        other = create_family(by=door_coordinator)
    assert [f.reference for f in (first, second, other)] == ["F-0001", "F-0002", "F-0001"]


def test_every_writing_stands_in_the_family_s_trail(rock, rock_coordinator):
    with site_scope(rock.id):
        family = create_family(by=rock_coordinator)
        edit_family(family=family, notes="Prefers mornings", by=rock_coordinator)
        parent = add_parent(family=family, first_name="Ana", by=rock_coordinator)
        edit_parent(parent=parent, last_name="Flores", by=rock_coordinator)
        child = add_child(family=family, first_name="Bo", by=rock_coordinator)
        edit_child(child=child, first_name="Beau", by=rock_coordinator)
    assert verbs_about(rock, "family", family) == [
        "child.added", "child.edited", "family.created", "family.edited", "parent.added", "parent.edited",
    ]  # fmt: skip


def test_what_is_left_blank_stays_unknown(rock, rock_coordinator):
    with site_scope(rock.id):
        parent = add_parent(family=create_family(by=rock_coordinator), first_name="Ana", by=rock_coordinator)
        parent.refresh_from_db()
    assert (parent.races, parent.hispanic, parent.language, parent.tribal_connection) == ([], "", "", "")


def test_a_site_s_own_number_is_used_once(rock, rock_coordinator):
    make_family(rock, source_id="A7")
    with site_scope(rock.id):
        with pytest.raises(ValidationError) as refusal:
            create_family(source_id="A7", by=rock_coordinator)
        assert "Another family" in refusal.value.message_dict["source_id"][0]
        with pytest.raises(ValidationError) as refusal:
            create_family_with_parent(family_source_id="A7", first_name="Ana", by=rock_coordinator)
        assert "family_source_id" in refusal.value.message_dict


def test_a_birth_in_the_future_is_refused_by_action_and_database(rock, rock_coordinator):
    child, tomorrow = make_child(rock), timezone.localdate() + dt.timedelta(days=1)
    with site_scope(rock.id), pytest.raises(ValidationError, match="in the future"):
        edit_child(child=child, date_of_birth=tomorrow, by=rock_coordinator)
    sql = "UPDATE families_child SET date_of_birth = %s WHERE id = %s"
    assert "V06" in refused(rock, sql, tomorrow + dt.timedelta(days=1), child.pk)


class TestFreeText:
    @pytest.mark.parametrize(("action", "field"), [(edit_family, "notes"), (edit_family, "source_id")])
    def test_an_ssn_is_never_saved(self, action, field, rock, rock_coordinator):
        family = make_family(rock)
        with site_scope(rock.id), pytest.raises(ValidationError, match="Social Security number"):
            action(family=family, by=rock_coordinator, **{field: "123-45-6789"})

    @pytest.mark.parametrize("field", ["first_name", "last_name", "tribe", "municipality", "prefers_culture"])
    def test_every_free_field_of_a_parent_is_scanned(self, field, rock, rock_coordinator):
        parent = make_parent(rock)
        with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
            edit_parent(parent=parent, by=rock_coordinator, **{field: "123-45-6789"})
        assert "Social Security number" in refusal.value.message_dict[field][0]

    def test_a_phrase_about_the_reporter_is_saved_only_when_confirmed(self, rock, rock_coordinator):
        family, note = make_family(rock), "She was reported by name in the newspaper for her award."
        with site_scope(rock.id):
            with pytest.raises(Unconfirmed) as refusal:
                edit_family(family=family, notes=note, by=rock_coordinator)
            keys = [doubt.key for doubt in refusal.value.doubts]
            assert edit_family(family=family, notes=note, by=rock_coordinator, confirmed=keys).notes == note

    def test_the_screen_says_it_beside_the_note_and_keeps_it(self, rock, rock_coordinator, client_for):
        url = reverse("families:edit", args=[rock.slug, make_family(rock).pk])
        answer = client_for(rock_coordinator).post(url, {"notes": "Call 123-45-6789"})
        assert "Social Security number" in answer.context["form"].errors["notes"][0]
        assert "Call 123-45-6789" in answer.content.decode()


class TestNewFamilyOnScreen:
    URL = "families:create"

    def test_family_and_first_parent_are_saved_together(self, rock, rock_coordinator, client_for):
        typed = {
            "first_name": "Ana", "last_name": "Flores", "language": "es", "races": ["white", "ai_an"],
            "tribal_connection": "yes", "tribe": "Oneida Nation", "family_source_id": "R-9",
            "court_tracks": ["clts"], "notes": "Prefers mornings",
        }  # fmt: skip
        answer = client_for(rock_coordinator).post(reverse(self.URL, args=[rock.slug]), typed)
        with site_scope(rock.id):
            parent = Parent.objects.select_related("family").get()
        assert answer.headers["Location"] == reverse("family", args=[rock.slug, parent.family_id])
        assert (parent.language, parent.races, parent.tribe) == ("es", ["white", "ai_an"], "Oneida Nation")
        assert (parent.family.source_id, parent.family.court_tracks) == ("R-9", ["clts"])

    def test_another_language_and_tribe_can_be_typed(self, rock, rock_coordinator, client_for):
        typed = {"first_name": "Ana", "other_language": "fra", "other_tribe": "Brothertown Indian Nation"}
        client_for(rock_coordinator).post(reverse(self.URL, args=[rock.slug]), typed)
        with site_scope(rock.id):
            parent = Parent.objects.get()
        assert (parent.language, parent.tribe) == ("fra", "Brothertown Indian Nation")
        page = client_for(rock_coordinator).get(reverse("families:edit_parent", args=[rock.slug, parent.pk]))
        assert 'value="fra"' in page.content.decode()

    def test_bad_answers_keep_what_was_typed_and_save_nothing(self, rock, rock_coordinator, client_for):
        typed = {"first_name": "", "last_name": "Flores", "date_of_birth": "2025-02-31", "notes": "Mornings"}
        answer = client_for(rock_coordinator).post(reverse(self.URL, args=[rock.slug]), typed)
        page = answer.content.decode()
        assert set(answer.context["form"].errors) == {"first_name", "date_of_birth"}
        assert 'value="Flores"' in page and "Mornings" in page and "2025-02-31" in page
        with site_scope(rock.id):
            assert not Family.objects.exists()


def test_a_second_child_can_be_added_right_away(rock, rock_coordinator, client_for):
    url = reverse("families:add_child", args=[rock.slug, make_family(rock).pk])
    answer = client_for(rock_coordinator).post(url, {"first_name": "Bo", "another": "1"})
    assert answer.headers["Location"] == url
