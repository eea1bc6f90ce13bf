"""What may be sent on screen: CSV files or one zip; everything else gets a sentence and changes nothing."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from exchange.sheets import SHEETS
from exchange.uploads import MOST_ENTRIES, UploadRefused, pack, read_upload, unpack
from tests.exchange.books import book

PARTNERS = book("partners", {})


def sent(*files: tuple[str, bytes]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, content) for name, content in files]


def zipped(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def encrypted() -> bytes:
    """A zip whose entry says that it is encrypted, in its local and in its central header."""
    content = bytearray(zipped(("partners.csv", PARTNERS)))
    struct.pack_into("<H", content, content.index(b"PK\x03\x04") + 6, 0x1)
    struct.pack_into("<H", content, content.index(b"PK\x01\x02") + 8, 0x1)
    return bytes(content)


def repacked(method: int) -> bytes:
    """A zip packed in another way than by deflating."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("partners.csv", PARTNERS)
    return out.getvalue()


NO_NAME = zipped(("pärtners.csv", PARTNERS)).replace("ä".encode(), b"\xff\xff")
"""A zip whose entry says its name is UTF-8, and it is not."""


def test_csv_files_are_known_by_their_names():
    upload = sent(("Partners.CSV", PARTNERS), ("outreach.refused (1).csv", book("outreach", {})))

    assert set(read_upload(upload)) == {"partners", "outreach"}


@pytest.mark.parametrize("folder", ["", "rock/", "Rock county 2026\\"])
def test_one_zip_may_hold_them_beside_what_macs_add(folder):
    content = zipped(
        (f"{folder}partners.csv", PARTNERS), ("__MACOSX/._partners.csv", b"x"), (f"{folder}.DS_Store", b"x")
    )

    assert read_upload(sent(("rock.zip", content))) == {"partners": PARTNERS}


REFUSED = [
    ([("notes.docx", b"x")], "notes.docx: Only CSV files can be imported."),
    ([("partners.xlsx", b"PK\x03\x04")], "partners.xlsx: This is an Excel workbook."),
    ([("contact.csv", b"x")], "contact.csv: The name does not say what it holds. Name it partners.csv"),
    ([("partners.csv", PARTNERS), ("partners (1).csv", PARTNERS)], "There is more than one file of partners."),
    ([("partners.csv", b"")], "partners.csv: The file is empty."),
    ([("partners.csv", PARTNERS.splitlines(True)[0])], "partners.csv: The file has no rows below its header."),
    ([("outreach.csv", book("outreach", {"audience": "Beyoncé"}).decode().encode("cp1252"))], "Windows-1252"),
    ([("partners.csv", b"x" * 50 * 1024 * 1024)], "This is too large: 50 MB, the most is 20 MB."),
    ([("rock.zip", zipped()), ("partners.csv", PARTNERS)], "Send either CSV files or one zip, not both."),
    ([("rock.zip", zipped())], "There is no file in it."),
    ([("rock.zip", b"PK\x03\x04 broken")], "rock.zip is damaged or not a zip file."),
    ([("rock.zip", zipped(("partners.csv", PARTNERS))[:-30])], "rock.zip is damaged or not a zip file."),
    ([("rock.zip", PARTNERS)], "rock.zip is damaged or not a zip file."),
    ([("rock.zip", encrypted())], "The zip has a password."),
    ([("rock.zip", NO_NAME)], "rock.zip is damaged or not a zip file."),
    ([("rock.zip", repacked(zipfile.ZIP_LZMA))], "The zip is packed in an unusual way."),
    ([("rock.zip", zipped(("a/partners.csv", PARTNERS), ("b/families.csv", b"x")))], "The zip holds folders."),
    ([("rock.zip", zipped(("a/b/partners.csv", PARTNERS)))], "The zip holds folders."),
    ([("rock.zip", zipped(("../partners.csv", PARTNERS)))], "The zip holds folders."),
    ([("rock.zip", zipped(("/partners.csv", PARTNERS)))], "The zip holds folders."),
    ([("rock.zip", zipped(("partners.csv", PARTNERS), ("photo.jpg", b"x")))], "photo.jpg: Only CSV files"),
    ([("rock.zip", zipped(("inner.zip", zipped())))], "inner.zip: Only CSV files"),
    ([("rock.zip", zipped(*((f"{n}.csv", b"x") for n in range(MOST_ENTRIES + 1))))], "The zip holds 41 files"),
    ([("bomb.zip", zipped(("contacts.csv", b"\0" * 21 * 1024 * 1024)))], "contacts.csv is too large when unpacked"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_anything_else_gets_a_sentence(files, words):
    with pytest.raises(UploadRefused) as refusal:
        read_upload(sent(*files))

    assert words in str(refusal.value)


def test_many_large_entries_are_stopped_at_the_limit_of_the_whole():
    big = book("contacts", {}) + b"x" * 15 * 1024 * 1024
    bomb = zipped(*((f"{name}.csv", big) for name in list(SHEETS)[:5]))

    with pytest.raises(UploadRefused, match="too large when unpacked"):
        read_upload(sent(("bomb.zip", bomb)))


def test_an_entry_that_lies_about_its_size_is_read_no_further_than_the_limit():
    content = bytearray(zipped(("contacts.csv", b"\0" * 30 * 1024 * 1024)))
    struct.pack_into("<I", content, content.index(b"PK\x01\x02") + 24, 10)

    with pytest.raises(UploadRefused, match="damaged|too large"):
        read_upload(sent(("bomb.zip", bytes(content))))


def test_every_problem_is_named_at_once():
    with pytest.raises(UploadRefused) as refusal:
        read_upload(sent(("partners.csv", b"x"), ("notes.txt", b"y"), ("outreach.csv", book("outreach", {}))))

    assert len(refusal.value.problems) == 2


def test_a_job_keeps_what_was_sent():
    assert unpack(pack({"partners": PARTNERS})) == {"partners": PARTNERS}
