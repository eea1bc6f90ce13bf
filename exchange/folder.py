"""A site's files in a folder of this machine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from exchange.importer import Content, Report
from exchange.reading import MOST_BYTES, FileRefused, size, write_refused
from exchange.sheets import SHEETS


def files_in(folder: Path) -> tuple[dict[str, Content], list[str]]:
    """The files of the folder by sheet, and the names of CSV files that are none of them."""
    found: dict[str, Content] = {}
    others = []
    for path in sorted(folder.iterdir()):
        name = path.stem.lower()
        if path.suffix.lower() != ".csv" or name.endswith(".refused"):
            continue
        if name in SHEETS and name not in found:
            found[name] = _content(path)
        else:
            others.append(path.name)
    return found, others


def _content(path: Path) -> Content:
    def read() -> bytes:
        try:
            length = path.stat().st_size
            if length > MOST_BYTES:
                raise FileRefused(f"The file is too large: {size(length)}, the most is {size(MOST_BYTES)}.")
            return path.read_bytes()
        except OSError as problem:
            raise FileRefused(f"The file cannot be read: {problem.strerror}.") from None

    return read


def write_refused_files(reports: Iterable[Report], folder: Path) -> list[Path]:
    """Write FILE.refused.csv for each file with refused rows; a former one of a file without any is taken away.

    Raises:
        OSError: the folder cannot be written to.
    """
    written = []
    for report in reports:
        path = folder / f"{report.name}.refused.csv"
        if report.refused:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(write_refused(report.header, report.refused))
            written.append(path)
        elif not report.problem:
            path.unlink(missing_ok=True)
    return written
