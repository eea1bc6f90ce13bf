"""The signed form of a consent: told by its content, kept behind the wall, each look recorded."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from counties.access import access_to_site
from counties.kept_files import LARGEST_FILE
from counties.wall import site_scope
from families.models import Consent, ConsentFile
from tests.factories.families import make_consent, make_consent_file, make_parent, make_tie
from tests.factories.matching import make_match
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.trail import recorded

PDF = b"%PDF-1.7\nsigned\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0 picture \xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n picture IEND\xaeB`\x82"


@pytest.fixture
def consent(rock):
    return make_consent(rock, make_parent(rock))


def send(browser, consent, content, name="form.pdf"):
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return browser.post(reverse("families:consent", args=["rock", consent.pk]), {"signed_file": file})


@pytest.mark.parametrize(("content", "kind"), [(PDF, "pdf"), (JPEG, "jpeg"), (PNG, "png")])
def test_what_is_kept_comes_back_as_an_attachment(content, kind, rock, rock_coordinator, consent, client_for):
    browser = client_for(rock_coordinator)
    assert send(browser, consent, content, name="../evil name.html").status_code == 302
    with site_scope(rock.id):
        file = ConsentFile.objects.get()
    assert file.kind == kind
    answer = browser.get(reverse("families:consent_file", args=["rock", file.pk]))
    assert answer.content == content
    assert answer["Content-Disposition"] == f'attachment; filename="consent-F-0001-2025-01-01.{kind}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    for verb in ("consent_file.added", "consent_file.downloaded"):
        assert recorded(rock, verb, file, by=rock_coordinator)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html><script>alert(1)</script>", "Choose a PDF, JPEG or PNG file"),
        (b"GIF89a picture", "Choose a PDF, JPEG or PNG file"),
        (b"%PDF-1.7 half a file", "The end of this file is missing"),
        (b"\xff\xd8\xff half", "The end of this file is missing"),
        (b"", "empty"),
        (PDF + b" " * LARGEST_FILE, "larger than 10 MB"),
    ],
)
def test_anything_else_is_refused_beside_the_field(
    content, words, rock, rock_coordinator, consent, client_for
):
    answer = send(client_for(rock_coordinator), consent, content)
    assert words in answer.content.decode()
    with site_scope(rock.id):
        assert not ConsentFile.objects.exists()


def test_a_file_too_large_to_be_read_stops_the_consent(rock, rock_coordinator, client_for):
    """It must not look as if no file had been chosen: the consent would stand without its signed form."""
    url = reverse("families:record_consent", args=["rock", make_parent(rock).pk])
    typed = {
        "kind": "participation_agreement", "method": "signed", "form_language": "en", "starts_on": "2025-06-01",
        "signed_file": SimpleUploadedFile("scan.pdf", PDF + b" " * 22 * 1024 * 1024),
    }  # fmt: skip
    answer = client_for(rock_coordinator).post(url, typed)
    assert "larger than 10 MB" in answer.context["form"].errors["signed_file"][0]
    with site_scope(rock.id):
        assert not Consent.objects.exists()


def test_the_same_file_is_kept_once(rock, rock_coordinator, consent, client_for):
    browser = client_for(rock_coordinator)
    send(browser, consent, PDF)
    assert "is kept with the consent already" in send(browser, consent, PDF).content.decode()


def test_it_comes_with_the_consent_and_a_bad_one_stops_both(rock, rock_coordinator, client_for):
    parent = make_parent(rock)
    browser, url = client_for(rock_coordinator), reverse("families:record_consent", args=["rock", parent.pk])
    said = {
        "kind": "participation_agreement", "starts_on": "2025-06-01", "method": "signed", "form_language": "es",
        "form_version": "2025-1",
    }  # fmt: skip
    assert browser.post(url, said | {"signed_file": SimpleUploadedFile("a.pdf", b"no")}).status_code == 200
    with site_scope(rock.id):
        assert not Consent.objects.exists()
    assert browser.post(url, said | {"signed_file": SimpleUploadedFile("a.pdf", PDF)}).status_code == 302
    with site_scope(rock.id):
        file = ConsentFile.objects.select_related("consent").get()
    page = browser.get(reverse("families:consent", args=["rock", file.consent_id])).content.decode()
    for words in ("Spanish", "2025-1", "Download"):
        assert words in page


def test_a_partner_matched_now_and_somebody_with_a_tie_get_no_file(
    rock, rock_partner, rock_partner_profile, rock_second_coordinator, client_for
):
    referral = make_accepted_referral(rock)
    make_match(rock, referral, rock_partner_profile)
    url = reverse(
        "families:consent_file",
        args=["rock", make_consent_file(rock, make_consent(rock, referral.parent)).pk],
    )
    assert client_for(rock_partner).get(url).status_code == 403
    assert client_for(rock_second_coordinator).get(url).status_code == 200
    make_tie(rock, referral.family, rock_second_coordinator)
    assert client_for(rock_second_coordinator).get(url).status_code == 404


def test_the_database_keeps_it_as_it_came(rock, rock_coordinator, consent):
    make_consent_file(rock, consent)
    with pytest.raises(ProgrammingError, match="Cannot update"), site_scope(rock.id), transaction.atomic():
        ConsentFile.objects.update(content=b"x")


def test_an_expiry_is_said_on_today_until_renewed(rock, rock_coordinator, client_for, today):
    referral = make_accepted_referral(rock)
    make_enrollment(rock, referral)  # with an agreement that has no end
    soon = {
        "kind": "release_court",
        "recipient": "The court",
        "purpose": "Hearing",
        "categories": ["attendance"],
    }
    ending = make_consent(rock, referral.parent, expires_on=today + dt.timedelta(days=20), **soon)
    make_consent(
        rock, referral.parent, kind="part2", recipient="Clinic", expires_on=today + dt.timedelta(days=40)
    )
    make_consent(rock, make_parent(rock), expires_on=today + dt.timedelta(days=5))  # of a family not enrolled
    with site_scope(rock.id):
        assert list(Consent.objects.visible_to(access_to_site(rock_coordinator, rock)).ending(today)) == [
            ending
        ]
    page = client_for(rock_coordinator).get(reverse("today", args=["rock"])).content.decode()
    assert reverse("families:consent", args=["rock", ending.pk]) in page
    make_consent(rock, referral.parent, starts_on=today, expires_on=today + dt.timedelta(days=365), **soon)
    with site_scope(rock.id):
        assert not Consent.objects.ending(timezone.localdate()).exists()
