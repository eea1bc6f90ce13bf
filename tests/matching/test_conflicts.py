"""Recording and lifting conflicts, and distances between places."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from counties.wall import site_scope
from matching.conflicts import lift_conflict, record_conflict, set_distance
from matching.models import Conflict, PlaceDistance
from tests.factories.families import make_parent
from tests.factories.matching import make_conflict, make_match
from tests.factories.partners import make_partner
from tests.raw_sql import refused
from tests.trail import recorded

pytestmark = pytest.mark.django_db

SENT = {"csrfmiddlewaretoken": "nothing else is answered"}


def _url(site, name: str, *args: object) -> str:
    return reverse(f"matching:{name}", args=[site.slug, *args])


def test_a_conflict_is_recorded_once_and_lifted_not_erased(rock, rock_coordinator):
    parent, partner = make_parent(rock), make_partner(rock)
    pair = {"parent": parent, "partner": partner, "by": rock_coordinator}
    with site_scope(rock.id):
        conflict = record_conflict(kind="related", note="Cousins", **pair)
        with pytest.raises(ValidationError, match="recorded already"):
            record_conflict(kind="related", **pair)
        lifted = lift_conflict(conflict=conflict, reason="Another family of that name", by=rock_coordinator)
        assert lifted.lifted_at
        with pytest.raises(ValidationError, match="lifted already"):
            lift_conflict(conflict=conflict, reason="Twice", by=rock_coordinator)
        assert record_conflict(kind="related", **pair).pk != conflict.pk
    assert recorded(rock, "conflict.recorded", conflict)
    assert recorded(rock, "conflict.lifted", parent.family)


def test_the_database_keeps_a_conflict_once(rock):
    parent, partner = make_parent(rock), make_partner(rock)
    make_conflict(rock, parent, partner)
    other = make_conflict(rock, parent, partner, kind="same_case")
    assert "conflict_once" in refused(
        rock, "UPDATE matching_conflict SET kind = 'related' WHERE id = %s", other.pk
    )


def test_v17_a_note_may_not_hold_a_social_security_number(rock, rock_coordinator):
    with site_scope(rock.id), pytest.raises(ValidationError, match="Social Security number"):
        record_conflict(
            parent=make_parent(rock),
            partner=make_partner(rock),
            kind="related",
            note="123-45-6789",
            by=rock_coordinator,
        )


def test_the_screen_records_and_leads_to_a_match_that_wants_a_decision(rock, rock_coordinator, client_for):
    parent, partner = make_parent(rock), make_partner(rock)
    browser, url = client_for(rock_coordinator), _url(rock, "record_conflict", parent.pk)
    answer = browser.post(url, {"partner": partner.pk, "kind": "no_contact", "note": ""})
    assert answer.url == reverse("family", args=[rock.slug, parent.family_id])
    match = make_match(rock)
    answer = browser.post(
        _url(rock, "record_conflict", match.parent_id), {"partner": match.partner_id, "kind": "related"}
    )
    assert answer.url == _url(rock, "detail", match.pk)


def test_a_refused_conflict_keeps_what_was_typed(rock, rock_coordinator, client_for):
    parent, partner = make_parent(rock), make_partner(rock)
    answer = client_for(rock_coordinator).post(
        _url(rock, "record_conflict", parent.pk), {"partner": partner.pk, "note": "Neighbors since 2019"}
    )
    assert "kind" in answer.context["form"].errors
    assert "Neighbors since 2019" in answer.content.decode()


def test_a_link_may_name_the_partner_but_no_foreign_one(rock, door, rock_coordinator, client_for):
    parent, partner, stranger = make_parent(rock), make_partner(rock), make_partner(door)
    url, browser = _url(rock, "record_conflict", parent.pk), client_for(rock_coordinator)
    assert f'value="{partner.pk}" selected' in browser.get(f"{url}?partner={partner.pk}").content.decode()
    assert browser.get(f"{url}?partner={stranger.pk}").status_code == 404
    answer = browser.post(url, {"partner": stranger.pk, "kind": "related"})
    assert "partner" in answer.context["form"].errors
    assert recorded(rock, "access.refused", stranger)


def test_the_screen_lifts_with_a_reason(rock, rock_coordinator, client_for):
    conflict = make_conflict(rock, make_parent(rock), make_partner(rock))
    url, browser = _url(rock, "lift_conflict", conflict.pk), client_for(rock_coordinator)
    assert "reason" in browser.post(url, SENT).context["form"].errors
    assert browser.post(url, {"reason": "A mix-up of names"}).status_code == 302
    with site_scope(rock.id):
        assert Conflict.objects.get(pk=conflict.pk).lifted_at
    assert recorded(rock, "conflict.viewed", conflict)


def test_a_parent_partner_reaches_no_conflict_and_no_distance(rock, rock_partner, client_for):
    conflict = make_conflict(rock, make_parent(rock), make_partner(rock))
    browser = client_for(rock_partner)
    for url in (_url(rock, "lift_conflict", conflict.pk), _url(rock, "distances")):
        assert browser.get(url).status_code == 403


def test_a_distance_holds_both_ways_and_a_new_answer_replaces_the_old(rock, rock_coordinator):
    with site_scope(rock.id):
        set_distance(place="Beloit", other_place="Milton", miles=25, by=rock_coordinator)
        set_distance(place=" milton", other_place="BELOIT", miles=24, by=rock_coordinator)
        row = PlaceDistance.objects.get()
        assert (row.one, row.other, row.miles) == ("beloit", "milton", 24)
        with pytest.raises(ValidationError) as refusal:
            set_distance(place="Beloit", other_place="beloit ", miles=3, by=rock_coordinator)
    assert "other_place" in refusal.value.message_dict
    assert recorded(rock, "distance.set", row)


def test_the_database_refuses_a_place_with_itself_and_a_pair_twice(rock, rock_coordinator):
    with site_scope(rock.id):
        row = set_distance(place="Beloit", other_place="Milton", miles=25, by=rock_coordinator)
        set_distance(place="Beloit", other_place="Edgerton", miles=30, by=rock_coordinator)
    sql = "UPDATE matching_placedistance SET other = {} WHERE id = %s"
    assert "place_pair_differs" in refused(rock, sql.format("one"), row.pk)
    assert "place_pair_once" in refused(rock, sql.format("'edgerton'"), row.pk)


def test_the_screen_tells_a_distance_and_keeps_a_refused_answer(rock, rock_coordinator, client_for):
    make_parent(rock, municipality="Beloit")
    make_partner(rock, municipality=" beloit")
    make_partner(rock, municipality="Milton")
    browser, url = client_for(rock_coordinator), _url(rock, "distances")
    assert "No distance is recorded yet" in browser.get(url).content.decode()
    assert 'value="milton" selected' in browser.get(f"{url}?from=Milton").content.decode()
    answer = browser.post(url, {"place": "beloit", "other_place": "milton", "miles": "9000"})
    assert "Enter a number from 0 to 500." in answer.content.decode()
    assert answer.content.decode().count("selected") == 2
    assert "place" in browser.post(url, {"place": "Atlantis", "miles": "1"}).context["form"].errors
    browser.post(url, {"place": "beloit", "other_place": "milton", "miles": "25"})
    assert "Beloit and Milton" in browser.get(url).content.decode()
