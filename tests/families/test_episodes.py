"""V01 to V06 of removal episodes: on screen, in the action, in the database."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from counties.action_forms import Unconfirmed
from counties.wall import site_scope
from families.actions import edit_child, edit_episode, record_episode
from families.models import Child, RemovalEpisode
from tests.factories.families import make_child, make_episode
from tests.raw_sql import refused
from tests.trail import recorded

D = dt.date
BORN = D(2015, 6, 1)
INSERT = (
    "INSERT INTO families_removalepisode (id, site_id, child_id, removed_on, trial_reunification_on, discharged_on,"
    " discharge_reason, source) VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, 'typed')"
)

IMPOSSIBLE = {
    "V01 discharge before removal": (
        {"removed_on": D(2025, 3, 2), "discharged_on": D(2025, 3, 1), "discharge_reason": "reunification"},
        "discharged_on", "before the removal date", "v01_discharge_after_removal",
    ),
    "V01 removal before birth": ({"removed_on": D(2015, 5, 31)}, "removed_on", "before the date of birth", "V01"),
    "V02 date without reason": (
        {"removed_on": D(2025, 3, 1), "discharged_on": D(2025, 4, 1)},
        "discharge_reason", "Choose the reason of the discharge", "v02_discharge_with_reason",
    ),
    "V02 reason without date": (
        {"removed_on": D(2025, 3, 1), "discharge_reason": "reunification"},
        "discharged_on", "Enter the date of the discharge", "v02_discharge_with_reason",
    ),
    "V04 overlap": ({"removed_on": D(2024, 2, 1)}, "removed_on", "overlaps the removal from", "V04"),
    "V04 same day inside another": (
        {"removed_on": D(2024, 2, 1), "discharged_on": D(2024, 2, 1), "discharge_reason": "runaway"},
        "removed_on", "overlaps the removal from", "V04",
    ),
    "V04 around another": (
        {"removed_on": D(2023, 1, 1), "discharged_on": D(2025, 1, 1), "discharge_reason": "runaway"},
        "removed_on", "overlaps the removal from", "V04",
    ),
    "V05 trial before removal": (
        {"removed_on": D(2025, 3, 1), "trial_reunification_on": D(2025, 2, 1)},
        "trial_reunification_on", "begins before the removal", "v05_trial_inside_episode",
    ),
    "V05 trial after discharge": (
        {"removed_on": D(2025, 3, 1), "trial_reunification_on": D(2025, 5, 1), "discharged_on": D(2025, 4, 1),
         "discharge_reason": "reunification"},
        "trial_reunification_on", "begins after the discharge", "v05_trial_inside_episode",
    ),
    "V06 removal in the future": ({"removed_on": D(2099, 1, 1)}, "removed_on", "in the future", "V06"),
}  # fmt: skip

UNUSUAL = {
    "V03 same day": (
        {"removed_on": D(2025, 3, 1), "discharged_on": D(2025, 3, 1), "discharge_reason": "reunification"},
        "discharged_on", "on the same day",
    ),
    "V05 short trial": (
        {"removed_on": D(2025, 3, 1), "trial_reunification_on": D(2025, 4, 1), "discharged_on": D(2025, 4, 7),
         "discharge_reason": "reunification"},
        "trial_reunification_on", "took 6 days",
    ),
    "V05 long trial": (
        {"removed_on": D(2024, 5, 1), "trial_reunification_on": D(2024, 6, 1), "discharged_on": D(2024, 10, 30),
         "discharge_reason": "reunification"},
        "trial_reunification_on", "took 151 days",
    ),
}  # fmt: skip


@pytest.fixture
def child(rock) -> Child:
    """Removed once before, from January to March 2024."""
    child = make_child(rock, date_of_birth=BORN)
    make_episode(
        rock, child, removed_on=D(2024, 1, 10), discharged_on=D(2024, 3, 10), discharge_reason="reunification"
    )
    return child


def _url(rock, child):
    return reverse("families:record_episode", args=[rock.slug, child.pk])


def _typed(facts):
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in facts.items()}


def _episodes(rock, child) -> int:
    with site_scope(rock.id):
        return RemovalEpisode.objects.filter(child=child).count()


@pytest.mark.parametrize(("facts", "field", "rule", "constraint"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
class TestImpossibleDates:
    def test_the_screen_says_it_beside_the_field_and_keeps_what_was_typed(
        self, facts, field, rule, constraint, rock, child, rock_coordinator, client_for
    ):
        answer = client_for(rock_coordinator).post(_url(rock, child), _typed(facts))
        assert answer.status_code == 200
        assert rule in answer.context["form"].errors[field][0]
        assert f'value="{facts["removed_on"].isoformat()}"' in answer.content.decode()
        assert _episodes(rock, child) == 1

    def test_the_action_refuses(self, facts, field, rule, constraint, rock, child, rock_coordinator):
        with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
            record_episode(child=child, by=rock_coordinator, **facts)
        assert rule in refusal.value.message_dict[field][0]

    def test_the_database_refuses(self, facts, field, rule, constraint, rock, child):
        names = ["removed_on", "trial_reunification_on", "discharged_on"]
        values = [rock.id, child.pk, *(facts.get(name) for name in names), facts.get("discharge_reason", "")]
        assert constraint.lower() in refused(rock, INSERT, *values).lower()


@pytest.mark.parametrize(("facts", "field", "words"), UNUSUAL.values(), ids=UNUSUAL)
class TestUnusualDates:
    def test_the_action_waits_for_a_confirmation(self, facts, field, words, rock, rock_coordinator):
        child = make_child(rock, date_of_birth=BORN)
        with site_scope(rock.id):
            with pytest.raises(Unconfirmed) as refusal:
                record_episode(child=child, by=rock_coordinator, **facts)
            assert words in refusal.value.message_dict[field][0]
            keys = [doubt.key for doubt in refusal.value.doubts]
            with pytest.raises(Unconfirmed):
                record_episode(child=child, by=rock_coordinator, confirmed=["other"], **facts)
            assert record_episode(child=child, by=rock_coordinator, confirmed=keys, **facts).pk


def test_eighteen_at_removal_is_asked_about_and_a_day_younger_is_not(rock, rock_coordinator):
    child = make_child(rock, date_of_birth=D(2002, 6, 1))
    with site_scope(rock.id):
        with pytest.raises(Unconfirmed, match="18 on that day, outside federal measures") as refusal:
            record_episode(child=child, removed_on=D(2020, 6, 1), by=rock_coordinator)
        keys = [doubt.key for doubt in refusal.value.doubts]
        confirmed = record_episode(child=child, removed_on=D(2020, 6, 1), by=rock_coordinator, confirmed=keys)
        younger = edit_episode(episode=confirmed, removed_on=D(2020, 5, 31), by=rock_coordinator)
    assert younger.removed_on == D(2020, 5, 31)


def test_the_screen_offers_save_anyway_and_saves_once_ticked(rock, child, rock_coordinator, client_for):
    browser, typed = client_for(rock_coordinator), _typed(UNUSUAL["V03 same day"][0])
    page = browser.post(_url(rock, child), typed)
    assert "Save anyway" in page.content.decode()
    (key, _label) = page.context["form"].fields["confirmed"].choices[0]
    done = browser.post(_url(rock, child), typed | {"confirmed": [key]})
    assert done.status_code == 302
    assert _episodes(rock, child) == 2


def test_a_tick_for_other_dates_does_not_count(rock, child, rock_coordinator, client_for):
    browser, typed = client_for(rock_coordinator), _typed(UNUSUAL["V03 same day"][0])
    (key, _label) = browser.post(_url(rock, child), typed).context["form"].fields["confirmed"].choices[0]
    other = typed | {"removed_on": "2025-03-02", "discharged_on": "2025-03-02", "confirmed": [key]}
    assert browser.post(_url(rock, child), other).status_code == 200
    assert _episodes(rock, child) == 1


def test_a_removal_may_begin_on_the_day_the_one_before_ended(rock, child, rock_coordinator):
    with site_scope(rock.id):
        assert record_episode(child=child, removed_on=D(2024, 3, 10), by=rock_coordinator).pk


def test_a_running_trial_of_150_days_is_usual_and_of_151_is_asked_about(rock, rock_coordinator):
    child, today = make_child(rock), timezone.localdate()
    removed = today - dt.timedelta(days=300)
    with site_scope(rock.id):
        with pytest.raises(Unconfirmed, match="has run 151 days"):
            record_episode(
                child=child, removed_on=removed, by=rock_coordinator,
                trial_reunification_on=today - dt.timedelta(days=151),
            )  # fmt: skip
        trial = today - dt.timedelta(days=150)
        assert record_episode(
            child=child, removed_on=removed, trial_reunification_on=trial, by=rock_coordinator
        ).pk


def test_a_discharge_is_added_by_editing_and_recorded(rock, rock_coordinator, client_for):
    episode = make_episode(rock)
    url = reverse("families:edit_episode", args=[rock.slug, episode.pk])
    assert 'value="2025-03-01"' in client_for(rock_coordinator).get(url).content.decode()
    typed = {"removed_on": "2025-03-01", "discharged_on": "2025-06-01", "discharge_reason": "reunification"}
    assert client_for(rock_coordinator).post(url, typed).status_code == 302
    with site_scope(rock.id):
        episode.refresh_from_db()
        family = Child.objects.get(pk=episode.child_id).family_id
    assert episode.discharged_on == D(2025, 6, 1)
    assert recorded(rock, "episode.edited", about=family)


def test_editing_an_episode_does_not_meet_itself(rock, rock_coordinator):
    episode = make_episode(rock)
    with site_scope(rock.id):
        assert edit_episode(episode=episode, removed_on=D(2025, 3, 5), by=rock_coordinator).removed_on == D(
            2025, 3, 5
        )


class TestBirthAfterRemoval:
    def test_the_screen_says_it_beside_the_field(self, rock, child, rock_coordinator, client_for):
        url = reverse("families:edit_child", args=[rock.slug, child.pk])
        answer = client_for(rock_coordinator).post(url, {"first_name": "Quin", "date_of_birth": "2024-02-01"})
        assert "There is a removal on" in answer.context["form"].errors["date_of_birth"][0]
        assert 'value="2024-02-01"' in answer.content.decode()

    def test_the_action_refuses(self, rock, child, rock_coordinator):
        with site_scope(rock.id), pytest.raises(ValidationError, match="There is a removal on"):
            edit_child(child=child, first_name="Quin", date_of_birth=D(2024, 2, 1), by=rock_coordinator)

    def test_the_database_refuses(self, rock, child):
        sql = "UPDATE families_child SET date_of_birth = '2024-02-01' WHERE id = %s"
        assert "V01" in refused(rock, sql, child.pk)
