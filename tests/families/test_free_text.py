"""V17: what may not stand in free text."""

import datetime as dt

import pytest
from django.db import IntegrityError
from django.utils import timezone

from activities.models import Incident
from counties.action_forms import Unconfirmed, ask_about
from counties.free_text import SocialSecurityNumber, scan_free_text
from counties.wall import site_scope
from families.models import Family
from partners.models import SupportSession
from tests.factories.activities import make_contact, make_goal, make_level
from tests.factories.families import make_consent, make_family, make_parent
from tests.factories.matching import make_conflict, make_match
from tests.factories.referrals import make_accepted_referral, make_enrollment, make_referral
from tests.raw_sql import refused


@pytest.mark.parametrize(
    "text",
    [
        "Her number is 123-45-6789.",
        "123 45 6789",
        "123.45.6789",
        "123456789",
        "123–45–6789",  # noqa: RUF001
        "123\u00a045\u00a06789",
        "12\u200b3-45-6789",
        "１２３-４５-６７８９",  # noqa: RUF001
    ],
)
def test_a_social_security_number_blocks_in_every_spelling(text):
    with pytest.raises(SocialSecurityNumber) as refusal:
        scan_free_text(note=text)
    assert "Social Security number" in refusal.value.message_dict["note"][0]
    assert "6789" not in refusal.value.message_dict["note"][0]


@pytest.mark.parametrize(
    "text",
    [
        "608-555-0142",
        "(608) 555-0142",
        "53545-1234",
        "2025-03-04",
        "03/04/2025",
        "Case 1234567",
        "",
        "1234567890123",
    ],
)
def test_telephone_numbers_zip_codes_and_dates_pass(text):
    assert scan_free_text(note=text) == []


@pytest.mark.parametrize(
    "text",
    [
        "It was Reported By a neighbor",
        "the reporter was her aunt",
        "who\n reported it",
        "an anonymous caller",
    ],
)
def test_a_phrase_about_the_reporter_is_a_doubt(text):
    (doubt,) = scan_free_text(note=text)
    assert (doubt.code, doubt.field) == ("V17", "note")


def test_ordinary_words_raise_no_doubt():
    assert scan_free_text(note="She reported feeling well. The report to court is due.") == []


def test_a_doubt_is_asked_until_that_very_sentence_is_confirmed():
    doubts = scan_free_text(note="reported by a teacher")
    with pytest.raises(Unconfirmed):
        ask_about(doubts, confirmed=["V17-00000000"])
    ask_about(doubts, confirmed=[doubts[0].key])
    elsewhere = scan_free_text(other="reported by a teacher")
    with pytest.raises(Unconfirmed):
        ask_about(elsewhere, confirmed=[doubts[0].key])


@pytest.mark.parametrize("text", ["123-45-6789", "is 123 45 6789.", "(123456789)"])
def test_the_database_takes_no_social_security_number_either(text, rock):
    family, referral = make_family(rock), make_referral(rock)
    consent = make_consent(rock, make_parent(rock))
    places = [
        ("families_family", "notes", family), ("referrals_referral", "decision_note", referral),
        ("families_consent", "revoked_how", consent),
    ]  # fmt: skip
    for table, column, row in places:
        words = refused(rock, f"UPDATE {table} SET {column} = %s WHERE id = %s", text, row.pk)
        assert f"v17_{row._meta.model_name}_{column}" in words
    with pytest.raises(IntegrityError, match="v17_consent_purpose"):
        make_consent(rock, consent.parent, purpose=text)


def test_nor_in_any_other_room(rock, rock_coordinator):
    referral = make_accepted_referral(rock)
    enrollment, match = make_enrollment(rock, referral), make_match(rock, referral)
    contact = make_contact(rock, enrollment, match.partner)
    with site_scope(rock.id):
        incident = Incident.objects.create(
            site=rock, kind="other", happened_at=timezone.now(), recorded_by=rock_coordinator
        )
        session = SupportSession.objects.create(
            site=rock, kind="training", held_on=dt.date(2025, 6, 1), minutes=60
        )
    places = [
        ("activities_contact", "note", contact), ("activities_goal", "words", make_goal(rock, referral.parent)),
        ("activities_levelchange", "reason", make_level(rock, enrollment, 2, dt.date(2025, 7, 1))),
        ("activities_incident", "what_happened", incident), ("matching_match", "decline_reason", match),
        ("matching_match", "cap_override", match), ("matching_match", "training_override", match),
        ("matching_conflict", "note", make_conflict(rock, referral.parent, match.partner)),
        ("partners_parentpartner", "eligibility_override", match.partner),
        ("partners_supportsession", "topic", session),
    ]  # fmt: skip
    for table, column, row in places:
        words = refused(rock, f"UPDATE {table} SET {column} = %s WHERE id = %s", "is 123-45-6789.", row.pk)
        assert f"v17_{row._meta.model_name}_{column}" in words


def test_neither_does_the_disclosure_log(rock, rock_coordinator):
    parent = make_parent(rock)
    sql = (
        "INSERT INTO families_disclosure (id, site_id, parent_id, legal_basis, recipient, categories, purpose,"
        " disclosed_on, disclosed_by_id) VALUES (gen_random_uuid(), %s, %s, %s, 'CPS', '{attendance}', %s, %s, %s)"
    )
    for column, basis, purpose in [("legal_basis", "123-45-6789", "x"), ("purpose", "x", "123-45-6789")]:
        values = [rock.id, parent.pk, basis, purpose, timezone.localdate(), rock_coordinator.pk]
        assert f"v17_disclosure_{column}" in refused(rock, sql, *values)


def test_the_database_takes_telephone_numbers_and_dates(rock):
    family = make_family(rock)
    with site_scope(rock.id):
        Family.objects.update(notes="608-555-0142, 53545-1234, 2025-03-04, case 1234567")
        family.refresh_from_db()
    assert family.notes.startswith("608-555-0142")
