"""V17: what may not stand in free text."""

import pytest

from counties.action_forms import Unconfirmed, ask_about
from counties.free_text import SocialSecurityNumber, scan_free_text


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
    assert "V17" in refusal.value.message_dict["note"][0]
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
