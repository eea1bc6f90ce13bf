"""V05 and V06 of placements: on screen, in the action, in the database."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from counties.action_forms import Unconfirmed
from counties.wall import site_scope
from families.actions import edit_episode
from families.models import PlacementSpell, RemovalEpisode
from families.placement_actions import edit_placement, record_placement, strike_placement
from tests.factories.families import make_child, make_episode, make_placement
from tests.raw_sql import refused
from tests.trail import recorded

D = dt.date
INSERT = (
    "INSERT INTO families_placementspell (id, site_id, episode_id, setting, setting_other, started_on, ended_on,"
    " counts_as_placement, is_struck) VALUES (gen_random_uuid(), %s, %s, %s, '', %s, %s, true, false)"
)

IMPOSSIBLE = {
    "before the removal": ({"started_on": D(2025, 2, 28)}, "started_on", "The child was removed on", "V05"),
    "after the discharge": ({"started_on": D(2025, 9, 2)}, "started_on", "The child was discharged on", "V05"),
    "until after the discharge": (
        {"started_on": D(2025, 5, 1), "ended_on": D(2025, 9, 2)}, "ended_on", "The child was discharged on", "V05",
    ),
    "ends on its first day": (
        {"started_on": D(2025, 5, 1), "ended_on": D(2025, 5, 1)}, "ended_on", "A placement ends after its first day",
        "v05_placement_ends_after_start",
    ),
    "over another": (
        {"started_on": D(2025, 3, 15), "ended_on": D(2025, 4, 15)}, "started_on", "Foster home of a relative is",
        "v05_placements_do_not_overlap",
    ),
    "in the future": ({"started_on": D(2099, 1, 1)}, "started_on", "This date is in the future", "V06"),
}  # fmt: skip


@pytest.fixture
def episode(rock) -> RemovalEpisode:
    """March to August 2025; in a relative's foster home until April."""
    episode = make_episode(
        rock, make_child(rock), removed_on=D(2025, 3, 1), discharged_on=D(2025, 9, 1),
        discharge_reason="reunification",
    )  # fmt: skip
    make_placement(rock, episode, ended_on=D(2025, 4, 1))
    return episode


def _url(verb, row):
    return reverse(f"families:{verb}", args=["rock", row.pk])


@pytest.mark.parametrize(("facts", "field", "words", "rule"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
class TestImpossibleDates:
    def test_on_screen(self, facts, field, words, rule, rock, episode, rock_coordinator, client_for):
        typed = {name: day.isoformat() for name, day in facts.items()} | {"setting": "shelter"}
        answer = client_for(rock_coordinator).post(_url("record_placement", episode), typed)
        assert answer.context["form"].errors[field][0].startswith(words)
        assert f'value="{typed["started_on"]}"' in answer.content.decode()

    def test_in_the_action(self, facts, field, words, rule, rock, episode, rock_coordinator):
        with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
            record_placement(episode=episode, by=rock_coordinator, setting="shelter", **facts)
        assert refusal.value.message_dict[field][0].startswith(words)

    def test_in_the_database(self, facts, field, words, rule, rock, episode):
        values = (rock.id, episode.pk, "shelter", facts["started_on"], facts.get("ended_on"))
        assert rule in refused(rock, INSERT, *values)


def test_the_first_placement_begins_on_the_removal_date(rock, rock_coordinator):
    episode = make_episode(rock, removed_on=D(2025, 3, 1))
    with site_scope(rock.id), pytest.raises(ValidationError, match="first placement begins on the removal"):
        record_placement(episode=episode, by=rock_coordinator, setting="shelter", started_on=D(2025, 3, 2))
    assert "V05" in refused(rock, INSERT, rock.id, episode.pk, "shelter", D(2025, 3, 2), None)


def test_a_new_placement_ends_the_open_one_before_it(rock, rock_coordinator, client_for):
    episode = make_episode(rock, removed_on=D(2025, 3, 1))
    browser = client_for(rock_coordinator)
    for setting, day in (("shelter", "2025-03-01"), ("trial_reunification", "2025-06-01")):
        typed = {"setting": setting, "started_on": day, "confirmed": ["V05"]}
        page = browser.post(_url("record_placement", episode), typed)
        if page.status_code == 200:  # a long trial reunification is asked about first
            keys = [key for key, _ in page.context["form"].fields["confirmed"].choices]
            assert (
                browser.post(_url("record_placement", episode), typed | {"confirmed": keys}).status_code
                == 302
            )
    with site_scope(rock.id):
        episode.refresh_from_db()
        spells = list(episode.placements.values_list("setting", "ended_on", "counts_as_placement"))
    assert spells == [("shelter", D(2025, 6, 1), True), ("trial_reunification", None, False)]
    assert episode.trial_reunification_on == D(2025, 6, 1)


def test_an_unusual_trial_reunification_waits_for_a_confirmation(rock, episode, rock_coordinator):
    facts = {"setting": "trial_reunification", "started_on": D(2025, 4, 1), "ended_on": D(2025, 4, 5)}
    with site_scope(rock.id):
        with pytest.raises(Unconfirmed, match="took 4 days") as refusal:
            record_placement(episode=episode, by=rock_coordinator, **facts)
        keys = [doubt.key for doubt in refusal.value.doubts]
        assert record_placement(episode=episode, by=rock_coordinator, confirmed=keys, **facts).pk


def test_a_removal_keeps_its_placements_inside(rock, episode, rock_coordinator):
    with site_scope(rock.id):
        with pytest.raises(ValidationError, match="first placement begins on 03/01/2025"):
            edit_episode(episode=episode, by=rock_coordinator, removed_on=D(2025, 3, 2))
        with pytest.raises(ValidationError, match="recorded until 04/01/2025"):
            edit_episode(episode=episode, by=rock_coordinator, discharged_on=D(2025, 3, 20))
    move = "UPDATE families_removalepisode SET discharged_on = '2025-03-20' WHERE id = %s"
    assert "V05" in refused(rock, move, episode.pk)


def test_a_struck_placement_makes_room_and_stays_in_the_history(rock, episode, rock_coordinator, client_for):
    with site_scope(rock.id):
        (spell,) = episode.placements.all()
    browser = client_for(rock_coordinator)
    assert "reason" in browser.post(_url("strike_placement", spell), {"reason": ""}).context["form"].errors
    assert browser.post(_url("strike_placement", spell), {"reason": "wrong child"}).status_code == 302
    with site_scope(rock.id):
        assert record_placement(
            episode=episode, by=rock_coordinator, setting="group_home", started_on=D(2025, 3, 1)
        ).pk
        assert PlacementSpell.objects.count() == 2
    assert recorded(rock, "placement.struck", spell, rock_coordinator)
    assert browser.get(_url("edit_placement", spell)).status_code == 404


def test_the_first_of_several_is_not_struck_alone(rock, episode, rock_coordinator):
    with site_scope(rock.id):
        (first,) = episode.placements.all()
        record_placement(
            episode=episode,
            by=rock_coordinator,
            setting="shelter",
            started_on=D(2025, 4, 1),
            ended_on=D(2025, 5, 1),
        )
        with pytest.raises(ValidationError, match="later placements first"):
            strike_placement(spell=first, by=rock_coordinator, reason="mistake")


def test_another_setting_is_named_and_scanned(rock, episode, rock_coordinator):
    (spell,) = _placements(rock, episode)
    with site_scope(rock.id):
        with pytest.raises(ValidationError, match="which other setting"):
            edit_placement(spell=spell, by=rock_coordinator, setting="other")
        with pytest.raises(ValidationError, match="Social Security number"):
            edit_placement(spell=spell, by=rock_coordinator, setting="other", setting_other="123-45-6789")


def test_the_family_page_shows_them(rock, episode, rock_coordinator, client_for):
    page = client_for(rock_coordinator).get(reverse("family", args=["rock", episode.child.family_id]))
    assert "Foster home of a relative, 03/01/2025 to 04/01/2025" in " ".join(page.content.decode().split())


def _placements(rock, episode):
    with site_scope(rock.id):
        return list(episode.placements.all())
