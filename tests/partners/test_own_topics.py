"""Topics a site adds to the core list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from counties.models import Site
from counties.wall import site_scope
from partners.models import ParentPartner, TrainingRecord, TrainingTopic
from partners.models.training import core_list
from tests.factories.partners import make_training
from tests.trail import recorded

pytestmark = pytest.mark.django_db
URL = "/sites/rock/partners/training/"


@pytest.fixture
def office(rock_coordinator: User, client_for: Callable[[User], Client]) -> Client:
    return client_for(rock_coordinator)


@pytest.fixture
def topic(office: Client, rock: Site) -> TrainingTopic:
    office.post(f"{URL}topics/new/", {"label": "Safe driving", "due_days": "30", "lasts_months": "12"})
    with site_scope(rock.id):
        return TrainingTopic.objects.get()


def state_of(partner: ParentPartner, topic: TrainingTopic, day: dt.date) -> str:
    with site_scope(topic.site_id):
        records = list(TrainingRecord.objects.standing().filter(partner=partner))
        own = list(TrainingTopic.objects.all())
        return {line.topic: line.state for line in core_list(partner, records, day, own)}[topic]


def test_it_is_due_lapses_and_stops_nobody_from_working_alone(
    office: Client, rock: Site, rock_partner_profile: ParentPartner, topic: TrainingTopic
) -> None:
    partner, today = rock_partner_profile, timezone.localdate()
    assert state_of(partner, topic, today) == "open"
    assert state_of(partner, topic, today + dt.timedelta(days=31)) == "overdue"
    done = today - dt.timedelta(days=400)
    sent = {
        "topic": str(topic.pk),
        "completed_on": f"{done}",
        "attendees": [str(partner.pk)],
        "minutes": "60",
    }
    assert office.post(f"{URL}new/", sent).status_code == 302
    assert state_of(partner, topic, today) == "lapsed"
    with site_scope(rock.id):
        row = TrainingRecord.objects.select_related("session").get()
        assert (row.topic, row.own_topic_id, row.session.topic) == ("", topic.pk, "Safe driving")
        assert partner.may_work_alone_on(today)
        assert partner in ParentPartner.objects.may_work_alone(today)
    for address in (URL, f"/sites/rock/partners/{partner.pk}/"):
        page = office.get(address).content.decode()
        assert "Safe driving" in page and "Lapsed" in page


def test_a_retired_topic_is_owed_by_nobody_and_keeps_its_completions(
    office: Client, rock: Site, rock_partner_profile: ParentPartner, topic: TrainingTopic
) -> None:
    make_training(rock, rock_partner_profile, topic="", own_topic=topic)
    assert office.post(f"{URL}topics/{topic.pk}/retire/").status_code == 302
    assert recorded(rock, "topic.retired", topic)
    sent = {"topic": str(topic.pk), "completed_on": "2025-03-01", "attendees": [str(rock_partner_profile.pk)]}
    assert "topic" in office.post(f"{URL}new/", sent).context["form"].errors
    assert "Safe driving" in office.get(f"/sites/rock/partners/{rock_partner_profile.pk}/").content.decode()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"label": "ethics", "due_days": "30"}, "label"),
        ({"label": "safe DRIVING", "due_days": "30"}, "label"),
        ({"label": "Call 123-45-6789", "due_days": "30"}, "label"),
        ({"label": "New", "due_days": "0"}, "due_days"),
        ({"label": "New", "due_days": "30", "lasts_months": "121"}, "lasts_months"),
    ],
)
def test_what_cannot_be_added(
    office: Client, rock: Site, topic: TrainingTopic, sent: dict[str, str], field: str
) -> None:
    assert field in office.post(f"{URL}topics/new/", sent).context["form"].errors
    with site_scope(rock.id):
        assert TrainingTopic.objects.count() == 1


def test_only_who_configures_the_site_adds_one_and_only_here(
    rock_partner: User, door: Site, door_coordinator: User, client_for: Callable[[User], Client],
    topic: TrainingTopic,
) -> None:  # fmt: skip
    assert client_for(rock_partner).get(f"{URL}topics/new/").status_code == 403
    elsewhere = client_for(door_coordinator)
    assert elsewhere.post(f"/sites/door/partners/training/topics/{topic.pk}/retire/").status_code == 404
    assert "Safe driving" not in elsewhere.get("/sites/door/partners/training/new/").content.decode()


def test_the_database_takes_one_topic_and_no_other(
    rock: Site, rock_partner_profile: ParentPartner, topic: TrainingTopic
) -> None:
    for wrong in ({"topic": ""}, {"topic": "ethics", "own_topic": topic}):
        with pytest.raises(IntegrityError, match="training_of_one_topic"), transaction.atomic():
            make_training(rock, rock_partner_profile, **wrong)
