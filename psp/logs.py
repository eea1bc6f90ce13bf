"""Log lines without what stands in a row (the database quotes one it refuses) and without secret addresses."""

from __future__ import annotations

import logging
import re

QUOTED = re.compile(r"(DETAIL|CONTEXT): .*")
"""`DETAIL: Failing row contains (..., Ann, Lee, ...)`, to the end of the line."""
SECRET = re.compile(r"(/calendar/[-\w]+/|/invitation/|/reset/key/)[-\w]+")
"""An address that opens something by itself: Django names the path of whatever is not found."""


class WithoutRows(logging.Formatter):
    """Leaves out of every line and trace what PostgreSQL quotes of the data, and the secret part of an address."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub(r"\1...", QUOTED.sub(r"\1: left out", super().format(record)))
