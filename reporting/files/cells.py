"""What a spreadsheet program would run, made into text: for every CSV file that leaves the product."""

from __future__ import annotations

from typing import Any

BEGINS = ("=", "+", "-", "@")
SPACE = ("\t", "\r", "\n")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program may take this text for more than text."""
    return text.startswith(SPACE) or text.lstrip().startswith(BEGINS)


def safe(cell: Any) -> Any:
    """Text that might be run gets an apostrophe in front; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and is_formula(cell) else cell
