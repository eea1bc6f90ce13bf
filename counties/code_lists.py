"""Lists of state codes of which a site chooses what it offers, and how it calls them (docs/adr/0025).

The state's code is what is kept, imported, exported to programs and reported. What a site chooses holds for its
screens and for new rows typed there: a code switched off is offered no more, and stays readable where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models

if TYPE_CHECKING:
    from counties.models import SiteSettings

LONGEST = 40
"""Characters of a site's own word; it stands on a button of a phone."""


@dataclass(frozen=True)
class CodeList:
    """One list of `domain.md` 3.

    Args:
        name: key in `SiteSettings.code_lists`.
        title: what the list is about, as a heading.
        codes: the state's codes with the state's words.
        always: codes that cannot be switched off, because a rule or another door needs them.
        why: one sentence about `always`.
        never: what no word of the list may speak of, if anything (V18).
    """

    name: str
    title: str
    codes: type[models.TextChoices]
    always: frozenset[str]
    why: str
    never: re.Pattern[str] | None = None

    def words(self, settings: SiteSettings) -> dict[str, str]:
        """Every code, also those switched off, as the site calls it."""
        own = self._chosen(settings).get("labels", {})
        return {code: own.get(code) or label for code, label in self.codes.choices}

    def offered(self, settings: SiteSettings, held: Collection[str] = ()) -> list[tuple[str, str]]:
        """Choices for a new row; `held` are codes a row has already and may keep."""
        off = self.off(settings).difference(held)
        return [(code, words) for code, words in self.words(settings).items() if code not in off]

    def off(self, settings: SiteSettings) -> frozenset[str]:
        """Codes the site has switched off."""
        return frozenset(self._chosen(settings).get("off", ())) - self.always

    def refuse_off(
        self, settings: SiteSettings, field: str, codes: Collection[str], held: Collection[str] = ()
    ) -> None:
        """Refuse codes switched off, except those a row has already.

        Raises:
            ValidationError: beside `field`.
        """
        off = self.off(settings).intersection(codes).difference(held)
        if off:
            names = self.words(settings)
            gone = ", ".join(f"“{names[code]}”" for code in sorted(off))
            raise ValidationError({field: f"This site no longer offers {gone}. Choose another."})

    def _chosen(self, settings: SiteSettings) -> dict:
        return settings.code_lists.get(self.name, {})


LISTS: dict[str, CodeList] = {}


def register(code_list: CodeList) -> CodeList:
    """Make a list known to the settings page; called once, when its room is loaded."""
    LISTS[code_list.name] = code_list
    return code_list
