"""What may not stand in free text (`domain.md` V17): Social Security numbers, and who reported.

Anything that identifies the person who reported is withheld even from the parent (s. 48.981(7)).
"""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext, gettext_noop

from counties.action_forms import Doubt

# 3-2-4 digits with the same mark between them, or nine in a row; a phone number (3-3-4) and a ZIP+4 are neither.
SSN = re.compile(r"(?<![\d-])(?:\d{3}([-. /–])\d{2}\1\d{4}|\d{9})(?![\d-])")
SSN_IN_DATABASE = r"(^|[^0-9-])([0-9]{3}([- ./–])[0-9]{2}\3[0-9]{4}|[0-9]{9})([^0-9-]|$)"
"""The same for PostgreSQL, which has no look-behind; the scan above also sees through look-alike signs."""
REPORTER = re.compile(
    r"\b(?:reported by|reporter (?:was|is|said|called)|the reporter|reporting party|who reported"
    r"|(?:made|called in|filed) (?:the|a) (?:cps )?report|anonymous (?:caller|report|reporter)"
    r"|(?:reportado|denunciado) por)\b",
    re.IGNORECASE,
)
SSN_WORDS = gettext_noop(
    "This looks like a Social Security number. Take it out: PSP never keeps one. "
    "A nine-digit case number belongs into its own field."
)
REPORTER_WORDS = gettext_noop(
    "“%(phrase)s” may tell who made a report. Leave out anything that points to that person."
)
INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])


class SocialSecurityNumber(ValidationError):
    """A free text holds what looks like a Social Security number; nobody can confirm that away."""


def scan_free_text(**texts: str) -> list[Doubt]:
    """Return the doubts about free texts, each named by its form field (`domain.md` V17).

    Raises:
        SocialSecurityNumber: with a message for each field that holds one.
    """
    plain = {field: _plain(text) for field, text in texts.items() if text}
    found = {field: gettext(SSN_WORDS) for field, text in plain.items() if SSN.search(text)}
    if found:
        raise SocialSecurityNumber(found)
    hits = ((field, REPORTER.search(text)) for field, text in plain.items())
    return [Doubt("V17", field, gettext(REPORTER_WORDS) % {"phrase": hit[0]}) for field, hit in hits if hit]


def refuse_free_text(**texts: str) -> None:
    """As `scan_free_text`, for words that everybody at a site will read: a doubt is a refusal.

    Raises:
        ValidationError: beside the fields.
    """
    doubts = scan_free_text(**texts)
    if doubts:
        raise ValidationError({doubt.field: doubt.text for doubt in doubts})


def without_ssn(model: str, column: str) -> CheckConstraint:
    """Constraint for a free-text column: the database takes no Social Security number either (V17)."""
    return CheckConstraint(
        condition=~Q(**{f"{column}__regex": SSN_IN_DATABASE}),
        name=f"v17_{model}_{column}",
        violation_error_message=f"V17: {SSN_WORDS}",
    )


def _plain(text: str) -> str:
    """The text as it looks: full-width digits, non-breaking blanks and invisible marks made ordinary."""
    text = unicodedata.normalize("NFKC", text.translate(INVISIBLE))
    return re.sub(r"\s+", " ", re.sub(r"[‐‑‒—−]", "-", text))
