"""Files that are refused whole, and what a file of refused rows looks like (`import-format.md` "Rules")."""

from __future__ import annotations

import pytest

from counties.wall import site_scope
from exchange.reading import MOST_BYTES, FileRefused, read_book, template, write_refused
from exchange.sheets import SHEETS
from outreach.models import OutreachEvent
from tests.exchange.books import book, load

OUTREACH = SHEETS["outreach"]
HEADER = "event_id,date,kind,audience,attendance\r\n"
ROW = "O1,2025-05-07,other,schools,12\r\n"

WHOLE = [
    (b"", "The file is empty."),
    (HEADER.encode(), "no rows below its header"),
    ((HEADER + ",,,,\r\n \r\n").encode(), "no rows below its header"),
    (b"event_id,date,kind,audience\r\nO1,2025-05-07,other,schools\r\n", "no column attendance"),
    (b"event_id,date,kind,audience,attendance,Date\r\n", "column date stands more than once"),
    (HEADER.replace(",", ";").encode() + b"O1;2025-05-07;other;schools;12\r\n", "Separate the columns by commas"),
    ((HEADER + ROW).replace("schools", "Beyoncé").encode("cp1252"), "perhaps as Windows-1252"),
    ((HEADER + ROW).encode("utf-16"), "not saved as UTF-8"),
    ((HEADER + ROW).encode("utf-16-le"), "characters that are no text"),
    (b"PK\x03\x04 and so on", "an Excel workbook or a zip file"),
    (b"\xd0\xcf\x11\xe0 and so on", "an Excel workbook or a zip file"),
    (b"%PDF-1.7\n1 0 obj", "no column event_id"),
    (b"<html><body>Sign in</body></html>", "no column event_id"),
    ((HEADER + 'O1,2025-05-07,other,"schools,12\r\n' + ROW).encode(), "cannot be read as CSV near line"),
    ((HEADER + "O1,2025-05-07,other," + "x" * 200_000 + ",12\r\n").encode(), "cannot be read as CSV near line 2"),
    (b"x" * (MOST_BYTES + 1), "too large: 20 MB, the most is 20 MB"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "words"), WHOLE, ids=[words for _, words in WHOLE])
def test_a_file_that_cannot_be_read_is_refused_whole_and_changes_nothing(rock, content, words):
    load(rock, outreach=[{}])

    report = load(rock, outreach=content)["outreach"]

    assert words in report.problem
    assert report.figures() == dict.fromkeys(["created", "updated", "unchanged", "refused", "warnings"], 0)
    with site_scope(rock.id):
        assert OutreachEvent.objects.count() == 1


def test_headers_are_compared_without_regard_to_case_blanks_and_underscores():
    content = (
        "\ufeff Attendance ,EVENT ID,Da_te,kind,Audience,remarks\r\n 12 , O1 ,5/7/2025,other,schools,late\r\n"
    )

    opened = read_book(OUTREACH, content.encode())

    assert opened.cells(opened.lines[0]) == {
        "event_id": "O1", "date": "5/7/2025", "kind": "other", "audience": "schools", "attendance": "12",
    }  # fmt: skip


def test_rows_are_numbered_as_a_spreadsheet_shows_them():
    content = HEADER + ",,,,\r\n" + 'O1,2025-05-07,other,"schools\nand churches",12\r\n\r\n' + ROW

    assert [line.number for line in read_book(OUTREACH, content.encode()).lines] == [3, 5]


def test_any_line_ending_will_do():
    for ending in ("\n", "\r", "\r\n"):
        assert len(read_book(OUTREACH, (HEADER + ROW).replace("\r\n", ending).encode()).lines) == 1


def test_refused_rows_keep_their_own_cells_and_cannot_run_as_formulas():
    opened = read_book(OUTREACH, (HEADER + "O1,soon,other,=1+1,12\r\n").encode())

    text = write_refused(opened.header, [(opened.lines[0], "date is not a date: soon")]).decode("utf-8-sig")

    assert text.splitlines() == [
        "event_id,date,kind,audience,attendance,row,reason",
        "O1,soon,other,'=1+1,12,2,date is not a date: soon",
    ]


def test_a_mended_file_of_refused_rows_can_be_sent_as_it_is(rock):
    refused = load(rock, outreach=[{"date": "soon", "audience": "=schools"}])["outreach"]
    returned = write_refused(refused.header, refused.refused).replace(b"soon", b"2025-05-07")

    assert load(rock, outreach=returned)["outreach"].figures()["created"] == 1
    with site_scope(rock.id):
        assert OutreachEvent.objects.get().audience == "=schools"


def test_the_reason_of_a_level_and_the_reason_of_its_refusal_do_not_mix():
    levels = SHEETS["levels"]
    opened = read_book(levels, book("levels", {"level": "9"}))
    returned = write_refused(opened.header, [(opened.lines[0], "unknown level: 9")])

    again = read_book(levels, returned)

    assert again.cells(again.lines[0])["reason"] == "case consultation"


@pytest.mark.parametrize("name", SHEETS)
def test_the_template_of_each_file_has_its_columns_and_no_rows(name):
    content = template(SHEETS[name])

    with pytest.raises(FileRefused, match="no rows below its header"):
        read_book(SHEETS[name], content)
