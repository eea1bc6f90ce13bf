"""Consents, their revocation, and disclosures under them (V13)."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from counties.action_forms import Unconfirmed
from counties.wall import site_scope
from families.consent_actions import NoLiveConsent, record_consent, record_disclosure, revoke_consent
from families.models import Consent, Disclosure
from tests.factories.families import make_consent, make_parent
from tests.raw_sql import refused
from tests.trail import recorded

D = dt.date
RELEASE = {
    "kind": "release_cps_agency", "recipient": "Rock County CPS", "categories": ["attendance"],
    "purpose": "case planning",
}  # fmt: skip
SHARE = {"recipient": "rock county cps", "categories": ["attendance"], "purpose": "Case planning"}


@pytest.fixture
def parent(rock):
    return make_parent(rock)


@pytest.fixture
def release(rock, parent) -> Consent:
    return make_consent(rock, parent, **RELEASE, expires_on=timezone.localdate() + dt.timedelta(days=30))


def test_a_consent_keeps_what_was_agreed_and_by_whom_it_was_recorded(rock, parent, rock_coordinator):
    with site_scope(rock.id):
        until = timezone.localdate() + dt.timedelta(days=365)
        consent = record_consent(parent=parent, by=rock_coordinator, **RELEASE, expires_on=until)
    assert (consent.recipient, consent.recorded_by) == ("Rock County CPS", rock_coordinator)
    assert recorded(rock, "consent.recorded", about=parent.family_id)


@pytest.mark.parametrize("missing", ["recipient", "categories", "purpose", "expires_on"])
def test_a_release_names_recipient_content_purpose_and_expiry(missing, rock, parent, rock_coordinator):
    facts = {**RELEASE, "expires_on": timezone.localdate() + dt.timedelta(days=365)}
    facts[missing] = type(facts[missing])() if missing != "expires_on" else None
    with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
        record_consent(parent=parent, by=rock_coordinator, **facts)
    assert missing in refusal.value.message_dict


def test_a_spoken_yes_is_enough_for_messages_only(rock, parent, rock_coordinator):
    with site_scope(rock.id):
        assert record_consent(parent=parent, kind="messages", method="verbal", by=rock_coordinator).pk
        with pytest.raises(ValidationError, match="Ask for a signature"):
            record_consent(
                parent=parent, kind="participation_agreement", method="verbal", by=rock_coordinator
            )


def test_the_expiry_stands_after_the_start_also_in_the_database(rock, parent, rock_coordinator):
    with site_scope(rock.id), pytest.raises(ValidationError, match="Choose an expiry date after"):
        record_consent(
            parent=parent,
            kind="messages",
            starts_on=D(2025, 1, 2),
            expires_on=D(2025, 1, 2),
            by=rock_coordinator,
        )
    with pytest.raises(IntegrityError, match="consent_expires_after_start"), transaction.atomic():
        make_consent(rock, parent, starts_on=D(2025, 1, 2), expires_on=D(2025, 1, 2))


def test_the_form_proposes_twelve_months_and_keeps_what_was_typed(rock, parent, rock_coordinator, client_for):
    url = reverse("families:record_consent", args=[rock.slug, parent.pk])
    browser = client_for(rock_coordinator)
    today = timezone.localdate()
    assert browser.get(url).context["form"]["expires_on"].value() == today.replace(year=today.year + 1)
    answer = browser.post(url, {"kind": "release_court", "recipient": "Judge Reyes", "starts_on": "2025-01-02",
                                "method": "signed", "form_language": "es"})  # fmt: skip
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"categories", "purpose", "expires_on"}
    assert 'value="Judge Reyes"' in answer.content.decode()


class TestRevoking:
    def test_it_ends_sharing_at_once(self, rock, parent, release, rock_coordinator):
        with site_scope(rock.id):
            assert record_disclosure(parent=parent, by=rock_coordinator, **SHARE).consent == release
            revoke_consent(consent=release, revoked_how="by phone", by=rock_coordinator)
            with pytest.raises(NoLiveConsent, match="was revoked on"):
                record_disclosure(parent=parent, by=rock_coordinator, **SHARE)

    def test_it_happens_once(self, rock, release, rock_coordinator):
        with site_scope(rock.id):
            revoke_consent(consent=release, revoked_how="by phone", by=rock_coordinator)
            with pytest.raises(ValidationError, match="revoked already"):
                revoke_consent(consent=release, revoked_how="again", by=rock_coordinator)

    def test_it_is_done_on_screen_and_stands_in_the_trail(self, rock, release, rock_coordinator, client_for):
        url = reverse("families:revoke_consent", args=[rock.slug, release.pk])
        assert client_for(rock_coordinator).post(url, {"revoked_how": "in person"}).status_code == 302
        with site_scope(rock.id):
            release.refresh_from_db()
        assert release.revoked_at and release.revoked_how == "in person"
        assert recorded(rock, "consent.revoked", about=release, by=rock_coordinator)


MISSING = {
    "another recipient": ({"recipient": "Beloit School"}, "recipient", "No consent of Sol Juniper names"),
    "another purpose": ({"purpose": "research"}, "purpose", "agreed for another purpose: case planning"),
    "more than agreed": ({"categories": ["attendance", "progress"]}, "categories", "goals and progress"),
    "a day before it began": ({"disclosed_on": D(2024, 12, 31)}, "recipient", "begins on 01/01/2025"),
}


@pytest.mark.parametrize(("change", "field", "words"), MISSING.values(), ids=MISSING)
class TestNothingIsSharedWithoutALiveConsent:
    def test_the_action_says_what_is_missing(
        self, change, field, words, rock, parent, release, rock_coordinator
    ):
        with site_scope(rock.id), pytest.raises(NoLiveConsent) as refusal:
            record_disclosure(parent=parent, by=rock_coordinator, **{**SHARE, **change})
        assert words in refusal.value.message_dict[field][0]

    def test_the_screen_says_so_keeps_the_answers_and_the_trail_has_the_attempt(
        self, change, field, words, rock, parent, release, rock_coordinator, client_for
    ):
        url = reverse("families:record_disclosure", args=[rock.slug, parent.pk])
        answer = client_for(rock_coordinator).post(
            url, {"disclosed_on": timezone.localdate().isoformat(), **SHARE, **change}
        )
        assert words in answer.context["form"].errors[field][0]
        assert (change.get("purpose") or SHARE["purpose"]) in answer.content.decode()
        assert recorded(rock, "disclosure.refused", about=parent, by=rock_coordinator)
        with site_scope(rock.id):
            assert not Disclosure.objects.exists()


EXPIRED, REVOKED = {"expires_on": D(2025, 2, 1)}, {"revoked_at": timezone.now()}
UNCOVERED = {
    "recipient": ({}, {"recipient": "Someone"}),
    "purpose": ({}, {"purpose": "else"}),
    "categories": ({}, {"categories": ["attendance", "story"]}),
    "expired": (EXPIRED, {}),
    "revoked": (REVOKED, {}),
}
INSERT = (
    "INSERT INTO families_disclosure (id, site_id, parent_id, consent_id, legal_basis, recipient, categories, purpose,"
    " disclosed_on, disclosed_by_id) VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


@pytest.mark.parametrize(("consent", "change"), UNCOVERED.values(), ids=UNCOVERED)
def test_the_database_refuses_what_the_consent_does_not_cover(
    consent, change, rock, parent, rock_coordinator
):
    given = make_consent(rock, parent, **{**RELEASE, **consent})
    share = {**SHARE, **change}
    values = [share["recipient"], share["categories"], share["purpose"], D(2025, 3, 1), rock_coordinator.pk]
    assert "V13" in refused(rock, INSERT, rock.id, parent.pk, given.pk, "", *values)


def test_the_database_refuses_a_disclosure_with_neither_consent_nor_basis(rock, parent, rock_coordinator):
    values = ["CPS", ["attendance"], "planning", D(2025, 3, 1), rock_coordinator.pk]
    words = refused(rock, INSERT, rock.id, parent.pk, None, "", *values)
    assert "v13_consent_or_legal_basis" in words


def test_a_recorded_legal_basis_stands_in_for_a_consent(rock, parent, rock_coordinator):
    with site_scope(rock.id):
        shared = record_disclosure(
            parent=parent, legal_basis="Court order 24JC12", by=rock_coordinator, **SHARE
        )
    assert shared.consent is None


def test_choosing_the_consent_fills_recipient_and_purpose(
    rock, parent, release, rock_coordinator, client_for
):
    url = reverse("families:record_disclosure", args=[rock.slug, parent.pk])
    typed = {
        "consent": str(release.pk),
        "categories": ["attendance"],
        "disclosed_on": timezone.localdate().isoformat(),
    }
    assert client_for(rock_coordinator).post(url, typed).status_code == 302
    with site_scope(rock.id):
        shared = Disclosure.objects.get()
    assert (shared.recipient, shared.purpose, shared.consent_id) == (
        "Rock County CPS",
        "case planning",
        release.pk,
    )


def test_a_consent_of_another_parent_is_a_field_error_and_recorded(
    rock, parent, rock_coordinator, client_for
):
    other = make_consent(rock, make_parent(rock), **RELEASE)
    url = reverse("families:record_disclosure", args=[rock.slug, parent.pk])
    answer = client_for(rock_coordinator).post(
        url, {"consent": str(other.pk), "categories": ["attendance"], "disclosed_on": "2025-03-01"}
    )
    assert answer.context["form"].errors["consent"] == ["Choose one of the entries in the list."]
    assert recorded(rock, "access.refused", about=other, by=rock_coordinator)


def test_free_text_of_consents_and_disclosures_is_scanned(rock, parent, release, rock_coordinator):
    with site_scope(rock.id):
        with pytest.raises(ValidationError, match="Social Security number"):
            record_consent(parent=parent, kind="messages", witness="123-45-6789", by=rock_coordinator)
        with pytest.raises(Unconfirmed, match="who made a report"):
            record_disclosure(parent=parent, by=rock_coordinator, legal_basis="reported by a nurse", **SHARE)
        with pytest.raises(Unconfirmed, match="who made a report"):
            revoke_consent(consent=release, revoked_how="told the reporter", by=rock_coordinator)
