"""The certificate of a training: told by its content, handed out to coordinators and to its owner alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from counties.models import Site
from counties.wall import site_scope
from partners.actions import strike_training
from partners.models import CertificateFile, ParentPartner, TrainingRecord
from tests.factories.partners import make_certificate, make_partner, make_training
from tests.trail import recorded

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\ncompleted\n%%EOF\n"
ClientFor = Callable[[User], Client]


@pytest.fixture
def training(rock: Site, rock_partner_profile: ParentPartner) -> TrainingRecord:
    return make_training(rock, rock_partner_profile)


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("../evil.html", content, content_type="text/html")


def test_a_certificate_is_kept_and_comes_back_as_an_attachment(
    rock: Site, rock_coordinator: User, rock_partner: User, client_for: ClientFor, training: TrainingRecord
) -> None:
    office = client_for(rock_coordinator)
    address = reverse("partners:add_certificate", args=["rock", training.pk])
    assert "completed on" in office.get(address).content.decode()
    assert office.post(address, {"certificate": upload(PDF)}).status_code == 302
    assert "very file is kept" in office.post(address, {"certificate": upload(PDF)}).content.decode()
    with site_scope(rock.id):
        file = CertificateFile.objects.get()
    assert recorded(rock, "certificate.added", file, by=rock_coordinator)
    served = reverse("partners:certificate", args=["rock", file.pk])
    assert (
        served in office.get(reverse("partners:detail", args=["rock", training.partner_id])).content.decode()
    )
    for person in (rock_coordinator, rock_partner):
        answer = client_for(person).get(served)
        assert answer.content == PDF and answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith('attachment; filename="certificate-')
        assert recorded(rock, "certificate.downloaded", file, by=person)


@pytest.mark.parametrize("content", [b"<html>", b"%PDF-1.7 cut off", b"\xff\xd8\xff cut off", b""])
def test_what_is_no_scan_is_refused_and_nothing_is_recorded(
    rock: Site, rock_coordinator: User, client_for: ClientFor, training: TrainingRecord, content: bytes
) -> None:
    office = client_for(rock_coordinator)
    address = reverse("partners:add_certificate", args=["rock", training.pk])
    assert "certificate" in office.post(address, {"certificate": upload(content)}).context["form"].errors
    sent = {"topic": "ethics", "completed_on": "2025-03-01", "attendees": [str(training.partner_id)]}
    page = office.post(
        reverse("partners:record_training", args=["rock"]), sent | {"certificate": upload(content)}
    )
    assert "certificate" in page.context["form"].errors
    with site_scope(rock.id):
        assert not CertificateFile.objects.exists()
        assert TrainingRecord.objects.count() == 1


def test_with_a_topic_it_belongs_to_one_person(
    rock: Site, rock_coordinator: User, client_for: ClientFor, training: TrainingRecord
) -> None:
    office, url = client_for(rock_coordinator), reverse("partners:record_training", args=["rock"])
    both = [str(training.partner_id), str(make_partner(rock, last_name="Other").pk)]
    sent = {"topic": "ethics", "completed_on": "2025-03-01"}
    page = office.post(url, sent | {"attendees": both, "certificate": upload(PDF)})
    assert "belongs to one person" in page.context["form"].errors["certificate"][0]
    assert office.post(url, sent | {"attendees": both[:1], "certificate": upload(PDF)}).status_code == 302
    with site_scope(rock.id):
        assert CertificateFile.objects.get().training.topic == "ethics"


def test_nobody_else_gets_it(
    rock: Site, rock_partner: User, rock_clinical: User, door_coordinator: User, former_partner: User,
    state_staff: User, rock_coordinator: User, client_for: ClientFor, training: TrainingRecord,
) -> None:  # fmt: skip
    other = make_certificate(rock, make_training(rock, make_partner(rock, last_name="Other")))
    own = make_certificate(rock, training)
    address = reverse("partners:certificate", args=["rock", other.pk])
    for person in (rock_partner, rock_clinical, door_coordinator, former_partner, state_staff):
        assert client_for(person).get(address).status_code in (403, 404), person
    with site_scope(rock.id):
        strike_training(training=training, by=rock_coordinator)
    gone = reverse("partners:certificate", args=["rock", own.pk])
    assert client_for(rock_partner).get(gone).status_code == 404
    assert client_for(rock_coordinator).get(gone).status_code == 404


def test_the_database_changes_and_erases_none(rock: Site, training: TrainingRecord) -> None:
    file = make_certificate(rock, training)
    for change in (lambda rows: rows.update(kind="png"), lambda rows: rows.delete()):
        with site_scope(rock.id), pytest.raises(ProgrammingError), transaction.atomic():
            change(CertificateFile.objects.filter(pk=file.pk))
