"""Telephone numbers: in lines that people type, and in fields of their own."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

PHONE = re.compile(r"(?<![\d-])(?:\+?1[ .-]?)?\(?(\d{3})\)?[ .-]?(\d{3})[ .-]?(\d{4})(?!\d)")
"""Three, three and four digits, however they are parted."""
FEWEST_DIGITS = 7


def refuse_no_phone(text: str) -> None:
    """A number that can be dialed has seven digits or more; words such as "ext. 12" may stand beside it.

    Raises:
        ValidationError: too few digits.
    """
    if sum(sign.isdigit() for sign in text) < FEWEST_DIGITS:
        raise ValidationError(
            _("Enter a phone number with its area code, such as 608-555-0100."), code="phone"
        )
