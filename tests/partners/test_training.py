"""The core list: due dates, what lapses, hours, and who may not yet work alone."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from counties.wall import site_scope
from partners.actions import add_topic, record_training, strike_training
from partners.models import CoreTopic, ParentPartner, SupportSession, TrainingRecord
from partners.models.training import core_list
from tests.factories.partners import make_partner, make_session, make_training
from tests.queries import questions
from tests.raw_sql import refused
from tests.trail import recorded

pytestmark = pytest.mark.django_db

LIST_QUERIES = 10
"""Of the training page, whoever is here."""

TODAY = timezone.localdate()


def _alone(site) -> list[str]:
    with site_scope(site.id):
        return [partner.first_name for partner in ParentPartner.objects.may_work_alone(TODAY)]


def test_the_screen_records_completion_and_hours(rock, rock_coordinator, client_for):
    ann, bea = (make_partner(rock, first_name=name) for name in ("Ann", "Bea"))
    typed = {
        "topic": "confidentiality", "completed_on": "2025-06-02", "minutes": "90", "attendees": [ann.pk, bea.pk],
    }  # fmt: skip
    browser = client_for(rock_coordinator)
    assert browser.post(reverse("partners:record_training", args=[rock.slug]), typed).status_code == 302
    with site_scope(rock.id):
        rows = list(TrainingRecord.objects.all())
        session = SupportSession.objects.get()
        assert {row.expires_on for row in rows} == {dt.date(2027, 6, 2)}
        assert {row.session for row in rows} == {session}
        assert (session.minutes, session.topic) == (90, "Confidentiality")
        assert session.attendances.count() == 2
    assert recorded(rock, "training.recorded", ann, by=rock_coordinator)
    page = browser.get(reverse("partners:detail", args=[rock.slug, ann.pk])).content.decode()
    assert "06/02/2027" in page


@pytest.mark.parametrize(
    ("expires_on", "state", "alone"),
    [
        (TODAY, "lapsed", False),
        (TODAY + dt.timedelta(days=1), "lapses_soon", True),
        (TODAY + dt.timedelta(days=61), "done", True),
        (None, "done", True),
    ],
)
def test_a_completion_holds_until_its_day(expires_on, state, alone, rock):
    partner = make_partner(rock)
    row = make_training(rock, partner, topic="confidentiality", expires_on=expires_on)
    with site_scope(rock.id):
        lines = core_list(partner, [row], TODAY)
        assert [line.state for line in lines] == [state]
        assert partner.may_work_alone_on(TODAY) is alone
    assert (_alone(rock) == ["Pao"]) is alone


def test_a_newer_completion_takes_the_place_of_a_lapsed_one(rock):
    partner = make_partner(rock)
    make_training(rock, partner, topic="confidentiality", expires_on=dt.date(2025, 1, 1))
    newer = make_training(
        rock,
        partner,
        topic="confidentiality",
        completed_on=dt.date(2025, 1, 2),
        expires_on=TODAY + dt.timedelta(99),
    )
    assert _alone(rock) == ["Pao"]
    with site_scope(rock.id):
        TrainingRecord.objects.filter(pk=newer.pk).update(is_struck=True)
    assert _alone(rock) == []


def test_without_core_training_nobody_works_alone_and_topics_fall_due(rock):
    partner = make_partner(rock, core_training_completed_on=None, starts_on=TODAY - dt.timedelta(days=31))
    assert _alone(rock) == []
    states = {line.topic: line.state for line in core_list(partner, [], TODAY)}
    assert (states["foundation"], states["ethics"]) == ("overdue", "open")


def test_the_last_topic_completes_core_training(rock, rock_coordinator):
    partner = make_partner(rock, core_training_completed_on=None)
    for topic in CoreTopic.values[1:]:
        make_training(rock, partner, topic=topic, completed_on=dt.date(2025, 3, 1))
    with site_scope(rock.id):
        own = add_topic(label="Safe driving", by=rock_coordinator)
        record_training(
            topic=own, completed_on=dt.date(2025, 6, 1), attendees=[partner], by=rock_coordinator
        )  # a topic of the site's own does not count
        record_training(
            topic="foundation", completed_on=dt.date(2025, 2, 1), attendees=[partner], by=rock_coordinator
        )
        partner.refresh_from_db()
    assert partner.core_training_completed_on == dt.date(2025, 3, 1)


def test_a_completion_is_struck_out_not_erased(rock, rock_coordinator, client_for):
    row = make_training(rock, make_partner(rock))
    browser = client_for(rock_coordinator)
    assert browser.post(reverse("partners:strike_training", args=[rock.slug, row.pk])).status_code == 302
    with site_scope(rock.id):
        assert TrainingRecord.objects.get().is_struck
        strike_training(training=row, by=rock_coordinator)
    assert recorded(rock, "training.struck")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"completed_on": TODAY + dt.timedelta(days=1)}, "completed_on"),
        ({"expires_on": dt.date(2025, 6, 2)}, "expires_on"),
        ({"minutes": 60, "completed_on": dt.date(2023, 1, 1)}, "attendees"),
    ],
)
def test_what_cannot_be(changes, field, rock, rock_coordinator):
    answers = {
        "topic": "ethics", "completed_on": dt.date(2025, 6, 2), "attendees": [make_partner(rock)], **changes
    }  # fmt: skip
    with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
        record_training(by=rock_coordinator, **answers)
    assert field in refusal.value.message_dict


def test_the_screen_keeps_what_cannot_be(rock, rock_coordinator, client_for):
    tomorrow = str(TODAY + dt.timedelta(days=1))
    typed = {"topic": "ethics", "completed_on": tomorrow, "attendees": [make_partner(rock).pk]}
    answer = client_for(rock_coordinator).post(reverse("partners:record_training", args=[rock.slug]), typed)
    assert "today or an earlier day" in answer.context["form"].errors["completed_on"][0]
    assert f'value="{tomorrow}"' in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("completed_on = '2999-01-01'", "V06"),
        ("expires_on = completed_on", "training_expires_after_completion"),
    ],
)
def test_the_database_refuses_as_well(change, rule, rock):
    row = make_training(rock, make_partner(rock))
    assert rule in refused(rock, f"UPDATE partners_trainingrecord SET {change} WHERE id = %s", row.pk)


def test_the_training_page_asks_few_times(rock, rock_coordinator, client_for):
    browser, url = client_for(rock_coordinator), reverse("partners:training", args=[rock.slug])
    for name in ("Ann", "Bea", "Cat"):
        partner = make_partner(rock, first_name=name)
        make_training(rock, partner, expires_on=dt.date(2025, 1, 1))
        make_session(rock, partner, kind="training", topic="ethics", held_on=TODAY, minutes=90)
    assert len(questions(browser, url)) == LIST_QUERIES < 15
    page = browser.get(url)
    assert [row["hours"] for row in page.context["rows"]] == [1.5, 1.5, 1.5]
    assert page.context["topics"] == [("ethics", 4.5)]


def test_a_parent_partner_reads_their_own_list_only(rock, rock_partner, rock_partner_profile, client_for):
    make_training(rock, rock_partner_profile, topic="ethics", evidence="No. 7")
    browser = client_for(rock_partner)
    assert browser.get(reverse("partners:training", args=[rock.slug])).status_code == 403
    own = browser.get(reverse("partners:detail", args=[rock.slug, rock_partner_profile.pk])).content.decode()
    assert "Ethics" in own
    assert "Strike out" not in own
