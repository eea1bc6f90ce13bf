"""A parent's own copy: everything about them, nothing of others, and the reason on record."""

from __future__ import annotations

import datetime as dt
import io

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Incident
from audit.models import AuditEvent
from counties import jobs
from counties.models import Job
from counties.wall import site_scope
from families.models import Family
from reporting.files import as_pdf
from tests.factories.activities import make_contact, make_goal
from tests.factories.families import make_child, make_consent, make_parent, make_tie
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.trail import recorded

ASKED = {"reason": "Asked by letter"}
SCREEN = ASKED | {"another": "1"}


def test_it_holds_the_parents_own_and_leaves_out_the_rest(rock, rock_coordinator, client_for):
    parent = make_parent(rock, first_name="Dana", phone="608 555 0100")
    other = make_parent(rock, parent.family, first_name="Otto", phone="608 555 0199")
    with site_scope(rock.id):
        Family.objects.update(notes="Staff think twice")
    make_child(rock, parent.family, first_name="Kim")
    referral, partner = (
        make_accepted_referral(rock, parent, decision_note="Decided because"),
        make_partner(rock),
    )
    enrollment = make_enrollment(rock, referral)
    make_match(rock, referral, partner)
    make_contact(rock, enrollment, partner, held_on=dt.date(2025, 6, 3), note="We practised for court")
    make_contact(rock, enrollment, partner, held_on=dt.date(2025, 6, 4), note="Reported by the aunt")
    make_goal(rock, parent, words="A flat of our own")
    make_goal(rock, other, words="Other goal")
    make_consent(rock, parent, recipient="The court", purpose="Hearing")
    with site_scope(rock.id):
        Incident.objects.create(
            site=rock, kind="complaint", happened_at=timezone.now(), family=parent.family,
            what_happened="Hotline", recorded_by=rock_coordinator,
        )  # fmt: skip
    browser, url = client_for(rock_coordinator), reverse("copy_record", args=["rock", parent.pk])
    assert "A flat of our own" not in browser.get(url).content.decode()
    assert browser.post(url, {"reason": ""}).context["form"].errors
    page = browser.post(url, SCREEN | {"with_notes": "on"}).content.decode()
    for words in (
        "608 555 0100",
        "Kim",
        "We practised for court",
        "A flat of our own",
        "The court",
        "Withheld.",
    ):
        assert words in page
    for words in (
        "Otto",
        "0199",
        "Staff think",
        "Decided because",
        "aunt",
        "Other goal",
        "Hotline",
        "Mandated",
    ):
        assert words not in page
    assert recorded(rock, "record.copied", parent, by=rock_coordinator)
    with site_scope(rock.id):
        assert AuditEvent.objects.get(verb="record.copied").reason == "Asked by letter"
    assert "practised" not in browser.post(url, SCREEN).content.decode()


@pytest.fixture
def dana(rock):
    """With a contact whose note may be read, and another parent beside her."""
    parent = make_parent(rock, first_name="Dana", last_name="Oak", phone="608 555 0100")
    make_parent(rock, parent.family, first_name="Otto")
    referral, partner = make_accepted_referral(rock, parent), make_partner(rock)
    enrollment = make_enrollment(rock, referral)
    make_contact(rock, enrollment, partner, held_on=dt.date(2025, 6, 3), note="We practised for court")
    make_contact(rock, enrollment, partner, held_on=dt.date(2025, 6, 4), note="Reported by the aunt")
    return parent


@pytest.fixture
def printed(monkeypatch):
    """The pages that went to the printer, which prints them all the same."""
    pages, print_html = [], as_pdf.print_html
    monkeypatch.setattr(as_pdf, "print_html", lambda html: (pages.append(html), print_html(html))[1])
    return pages


def _print(rock):
    with site_scope(rock.id):
        pk = Job.objects.get(kind="record.copy").pk
    jobs.run(rock.id, str(pk))
    with site_scope(rock.id):
        return Job.objects.get(pk=pk)


def test_a_worker_makes_an_accessible_pdf_for_the_person_who_asked(
    rock, rock_coordinator, rock_partner_coordinator, dana, client_for, printed
):
    browser = client_for(rock_coordinator)
    asked = browser.post(reverse("copy_record", args=["rock", dana.pk]), ASKED | {"with_notes": "on"})
    assert "Waiting for its turn" in browser.get(asked.url).content.decode()
    assert b"not ready" in browser.get(f"{asked.url}file/", follow=True).content
    job = _print(rock)
    assert job.status == "done" and job.input_file is None
    assert "Download the PDF" in browser.get(asked.url).content.decode()
    answer = browser.get(f"{asked.url}file/")
    assert answer["Content-Type"] == "application/pdf" and "Dana" not in answer["Content-Disposition"]
    (words,) = printed
    for said in (
        "Record of Dana Oak",
        "608 555 0100",
        "We practised for court",
        "Asked by letter",
        "Ruth Alder",
    ):
        assert said in words, said
    for other in ("Otto", "aunt"):
        assert other not in words, other
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Record of Dana Oak" and pdf.Root.MarkInfo.Marked
        assert b"pdfuaid:part" in bytes(pdf.Root.Metadata.read_bytes())
    assert recorded(rock, "record.copied", dana, by=rock_coordinator)
    assert recorded(rock, "record.downloaded", dana, by=rock_coordinator)
    assert client_for(rock_partner_coordinator).get(asked.url).status_code == 404


def test_the_pdf_expires(rock, rock_coordinator, dana, client_for):
    browser = client_for(rock_coordinator)
    asked = browser.post(reverse("copy_record", args=["rock", dana.pk]), ASKED)
    job = _print(rock)
    with site_scope(rock.id):
        Job.objects.filter(pk=job.pk).update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    assert "has expired" in browser.get(asked.url).content.decode()
    assert browser.get(f"{asked.url}file/").status_code == 302


def test_who_is_tied_to_the_family_since_gets_no_pdf(rock, rock_coordinator, dana, client_for):
    browser = client_for(rock_coordinator)
    asked = browser.post(reverse("copy_record", args=["rock", dana.pk]), ASKED)
    with site_scope(rock.id):
        family = dana.family
    make_tie(rock, family, rock_coordinator)
    assert (_print(rock).status, browser.get(asked.url).status_code) == ("failed", 404)
    assert browser.get(f"{asked.url}file/").status_code == 404
