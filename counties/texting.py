"""The port through which text messages leave, if a site's operator connects one; off by default.

A sender is a class with one method, named in PSP_TEXT_SENDER by its dotted path. The product ships none: which
company may carry the messages is a contract's matter. What is sent never holds a name or anything of a family.
"""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class TextSender(Protocol):
    """Hands one message to whoever delivers it."""

    def send(self, number: str, text: str) -> None:
        """Send `text` (at most 160 characters) to a telephone number; raise when it was not taken."""


def text_sender() -> TextSender | None:
    """The sender that is connected; None: no text messages, and nothing offers them."""
    return import_string(settings.TEXT_SENDER)() if settings.TEXT_SENDER else None
