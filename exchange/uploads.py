"""What a person sends: CSV files or one zip, checked before anything is done with it.

A zip is never unpacked to disk and never trusted: entries are counted, and each is read only up to a limit,
whatever its header claims.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers

from exchange.reading import MOST_BYTES, FileRefused, read_book, size
from exchange.sheets import SHEETS

MOST_REQUEST = MOST_BYTES + 1024 * 1024
"""Bytes of a whole request: the files and what a browser writes around them."""

MOST_UNPACKED = 60 * 1024 * 1024
MOST_ENTRIES = 40
OWN_NAME = re.compile(rf"({'|'.join(SHEETS)})(\.refused)?( ?\(\d+\))?\.csv", re.IGNORECASE)
RUBBISH = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}


class UploadRefused(Exception):
    """What was sent cannot be imported; `problems` say why, one sentence each."""

    def __init__(self, *problems: str) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class SetHugeFilesAside(FileUploadHandler):
    """In a request beyond the limit a file is its size alone: the form says so, and the content runs out unread.

    The stand-in keeps name and size, so that no form takes a file that was too large for none at all.
    """

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any) -> None:  # noqa: N803
        self.is_huge = content_length > MOST_REQUEST

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.is_huge:
            raise StopFutureHandlers  # nobody else begins a file for it

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None if self.is_huge else raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if not self.is_huge:
            return None
        return UploadedFile(io.BytesIO(), self.file_name, self.content_type, file_size, self.charset)


def read_upload(files: Iterable[UploadedFile]) -> dict[str, bytes]:
    """The sent files by sheet.

    Raises:
        UploadRefused: something among them cannot be imported; nothing is taken then.
    """
    files = list(files)
    _check_sizes(files)
    zipped = [file for file in files if _is_zip(file)]
    if zipped and len(files) > 1:
        raise UploadRefused("Send either CSV files or one zip, not both.")
    named = _unpacked(zipped[0]) if zipped else [(file.name or "", file.read()) for file in files]
    return _by_sheet(named)


def pack(contents: dict[str, bytes]) -> bytes:
    """The files as one zip, as a job keeps them."""
    return zip_of({f"{name}.csv": content for name, content in contents.items()})


def unpack(packed: bytes) -> dict[str, bytes]:
    """What `pack` packed."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {PurePosixPath(name).stem: archive.read(name) for name in archive.namelist()}


def zip_of(files: dict[str, bytes]) -> bytes:
    """A zip file of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _is_zip(file: UploadedFile) -> bool:
    name = (file.name or "").lower()
    return name.endswith(".zip") or (file.content_type or "") in (
        "application/zip",
        "application/x-zip-compressed",
    )


def _check_sizes(files: list[UploadedFile]) -> None:
    whole = sum(file.size or 0 for file in files)
    if whole > MOST_BYTES:
        raise UploadRefused(f"This is too large: {size(whole)}, the most is {size(MOST_BYTES)}.")


def _unpacked(file: UploadedFile) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [e for e in archive.infolist() if not e.is_dir() and not RUBBISH & set(_path(e).parts)]
            _check_entries(entries)
            return _contents(archive, entries)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, IndexError):
        raise UploadRefused(
            f"{file.name} is damaged or not a zip file. Make it anew and send it again."
        ) from None


def _path(entry: zipfile.ZipInfo) -> PurePosixPath:
    return PurePosixPath(entry.filename.replace("\\", "/"))


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise UploadRefused(f"The zip holds {len(entries)} files; an import has at most {len(SHEETS)}.")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UploadRefused(
            "The zip has a password. Send it without one; the connection itself is encrypted."
        )
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        # LZMA says in its header how much memory unpacking takes, and gets it.
        raise UploadRefused("The zip is packed in an unusual way. Make it with your computer's own program.")
    folders = {_path(entry).parent for entry in entries}
    if len(folders) > 1 or any(
        len(folder.parts) > 1 or ".." in folder.parts or folder.root for folder in folders
    ):
        raise UploadRefused("The zip holds folders. Put the CSV files into the zip by themselves.")


def _contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> list[tuple[str, bytes]]:
    """The entries' bytes, read no further than the limits, so that a zip bomb stays small."""
    found: list[tuple[str, bytes]] = []
    left = MOST_UNPACKED
    for entry in entries:
        name = _path(entry).name
        with archive.open(entry) as packed:
            content = packed.read(min(left, MOST_BYTES) + 1)
        left -= len(content)
        if len(content) > MOST_BYTES or left < 0:
            raise UploadRefused(f"{name} is too large when unpacked; the most is {size(MOST_BYTES)} a file.")
        found.append((name, content))
    return found


def _by_sheet(named: list[tuple[str, bytes]]) -> dict[str, bytes]:
    """The files by sheet, each good enough to begin with; every problem is named at once."""
    contents: dict[str, bytes] = {}
    problems = [] if named else ["There is no file in it."]
    for name, content in named:
        try:
            sheet = _sheet_named(name)
            if sheet in contents:
                raise FileRefused(f"There is more than one file of {sheet}.")
            read_book(SHEETS[sheet], content)
            contents[sheet] = content
        except FileRefused as refusal:
            problems.append(f"{name}: {refusal}")
    if problems:
        raise UploadRefused(*problems)
    return contents


def _sheet_named(name: str) -> str:
    own = OWN_NAME.fullmatch(name)
    if own:
        return own.group(1).lower()
    if name.lower().endswith((".xlsx", ".xls")):
        raise FileRefused(
            "This is an Excel workbook. In Excel choose Save As, “CSV UTF-8 (comma delimited)”."
        )
    if not name.lower().endswith(".csv"):
        raise FileRefused("Only CSV files can be imported.")
    raise FileRefused(
        f"The name does not say what it holds. Name it {', '.join(f'{sheet}.csv' for sheet in SHEETS)}."
    )
