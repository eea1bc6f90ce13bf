"""Telephone numbers in lines that people type."""

import re

PHONE = re.compile(r"(?<![\d-])(?:\+?1[ .-]?)?\(?(\d{3})\)?[ .-]?(\d{3})[ .-]?(\d{4})(?!\d)")
"""Three, three and four digits, however they are parted."""
