"""Log lines without what stands in a row: the database quotes the whole of it when it refuses one."""

from __future__ import annotations

import logging
import re

QUOTED = re.compile(r"(DETAIL|CONTEXT): .*")
"""`DETAIL: Failing row contains (..., Ann, Lee, ...)`, to the end of the line."""


class WithoutRows(logging.Formatter):
    """Leaves out of every line and trace what PostgreSQL quotes of the data."""

    def format(self, record: logging.LogRecord) -> str:
        return QUOTED.sub(r"\1: left out", super().format(record))
