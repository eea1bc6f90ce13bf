"""Passages a site may write in its own words: plain text, with a closed set of placeholders and a default.

Greeting, link and the reason why somebody gets a mail stay the product's. A room names its passages in its own
`texts.py`:

    REMINDER = register(SiteText("report_reminder", "Reminder of a report", "The mail that …", "The figures …",
                                 {"month": ("month of the report", "October 2026")}))
    REMINDER.filled(site.settings, month="October 2026")
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from counties.free_text import refuse_free_text

if TYPE_CHECKING:
    from counties.models import SiteSettings

LONGEST = 600
PLACEHOLDER = re.compile(r"{([^{}]*)}")


@dataclass(frozen=True)
class SiteText:
    """One passage.

    Args:
        code: key in `SiteSettings.texts`, and in the address of its page.
        title: what it is, as a heading.
        where: where it stands and who reads it, one sentence.
        default: the product's own words; "" for nothing.
        placeholders: name -> (what it becomes, an example). None stands for a person of a family.
    """

    code: str
    title: str
    where: str
    default: str
    placeholders: dict[str, tuple[str, str]] = field(default_factory=dict)

    def words(self, settings: SiteSettings) -> str:
        """The site's words, or the product's own, placeholders as they are."""
        return settings.texts.get(self.code, self.default)

    def is_own(self, settings: SiteSettings) -> bool:
        """Whether the site has written it."""
        return self.code in settings.texts

    def filled(self, settings: SiteSettings, **values: object) -> str:
        """The passage as it is read."""
        return self.fill(self.words(settings), values)

    def fill(self, words: str, values: dict[str, object]) -> str:
        """The words with their placeholders filled; nothing else in them means anything."""
        return PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), words)

    def example(self, words: str) -> str:
        """How the words would read, with invented values."""
        return self.fill(words, {name: example for name, (_, example) in self.placeholders.items()})

    def refuse(self, words: str) -> None:
        """Refuse words that could not be sent as they stand.

        Raises:
            ValidationError: an unknown placeholder, a lone brace, what V17 forbids, or too long.
        """
        unknown = [name for name in PLACEHOLDER.findall(words) if name not in self.placeholders]
        if unknown:
            raise ValidationError({"words": f"“{{{unknown[0]}}}” is not known here. {self._allowed()}"})
        if set("{}") & set(PLACEHOLDER.sub("", words)):
            raise ValidationError({"words": f"A brace stands alone. {self._allowed()}"})
        if len(words) > LONGEST:
            raise ValidationError({"words": f"Use at most {LONGEST} characters."})
        refuse_free_text(words=words)

    def _allowed(self) -> str:
        names = ", ".join(f"{{{name}}}" for name in self.placeholders)
        return f"You may use {names}." if names else "Take the braces out."


TEXTS: dict[str, SiteText] = {}


def register(text: SiteText) -> SiteText:
    """Make a passage known to the settings pages; called once, when its room is loaded."""
    TEXTS[text.code] = text
    return text


SITE = {"site": ("name of this site", "Rock County PSP")}
INVITATION = register(
    SiteText(
        "invitation",
        "Invitation",
        "Opens the mail that invites somebody to this site, above the link.",
        "{inviter} invites you to Parents Supporting Parents, {site}, as {role}.",
        SITE
        | {
            "inviter": ("who invites", "Casey Morgan"),
            "role": ("the role, as you call it", "Parent Partner"),
        },
    )
)
DIGEST = register(
    SiteText(
        "digest",
        "Digest",
        "Stands under this site's line in the daily or weekly mail that counts a person's new messages.",
        "",
        SITE,
    )
)
