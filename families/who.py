"""The question "Is it one of these?", put where the same person may be entered twice (`likely_duplicates`).

Forms of a referral derive from `WhoForm`. The form of a new family shows the same people on its own page, because
whoever is among them has a family already.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html

from audit.record import record
from counties.access import Access
from counties.action_forms import ActionForm
from counties.dates import us_date
from families.duplicates import LikelyDuplicate, likely_duplicates
from families.models import Parent

LOOK = "Somebody recorded here may be the same person. Look at the list, then choose."
NOT_IN_LIST = "Choose one of the entries in the list."


class WhoForm(ActionForm):
    """A form that takes in somebody new only after the likely duplicates were shown.

    `who` appears above the other fields as soon as there is somebody to show, and what was typed stays. The answer
    sets `parent` (the same person), or `family` (another parent of theirs), or nothing (somebody new).
    """

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        self.likely: list[LikelyDuplicate] = []

    def newcomer(self, answers: dict[str, Any]) -> dict[str, Any] | None:
        """Whom to look for (arguments of `likely_duplicates`); None when the parent was chosen already."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        asked = self.newcomer(answers)
        self.likely = likely_duplicates(access=self.access, **asked) if asked else []
        if self.likely:
            answers |= self._answer()
        return answers

    def _answer(self) -> dict[str, Any]:
        """Show the list; the parent or family it was answered with."""
        somebody_new = f"new-{key_of(self.likely)}"
        choices = [*_choices(self.access, self.likely), (somebody_new, "Nobody of these: a new parent")]
        self.fields["who"] = forms.ChoiceField(
            label="Is it one of these?", choices=choices, widget=forms.RadioSelect(attrs={"class": "tile columns"}),
            help_text="What you typed stays as it is.",
        )  # fmt: skip
        self.order_fields(["who"])
        chosen: dict[str, dict[str, Any]] = {
            f"parent-{one.parent.pk}": {"parent": one.parent} for one in self.likely
        }
        chosen |= {f"family-{one.family.pk}": {"family": one.family} for one in self.likely}
        chosen[somebody_new] = {}
        said = str(self.data.get(self.add_prefix("who"), ""))
        if said in chosen:
            return chosen[said]
        self._refuse(said)
        return {}

    def _refuse(self, said: str) -> None:
        kind, _, key = said.partition("-")
        if kind in ("parent", "family"):
            record("access.refused", kind=kind, ids=[key], door="form")
            self.add_error("who", NOT_IN_LIST)
        else:  # nothing yet, or somebody came into the list since
            self.add_error("who", LOOK)


def key_of(likely: Iterable[LikelyDuplicate]) -> str:
    """Names these very people, so that somebody new in the list is asked about anew."""
    return f"{zlib.crc32(','.join(sorted(str(one.parent.pk) for one in likely)).encode()):08x}"


def _choices(access: Access, likely: Iterable[LikelyDuplicate]) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Each of them under a heading, with the two ways it may be one of these."""
    groups, families = [], set()
    for one in likely:
        options = [(f"parent-{one.parent.pk}", f"The same person: {one.parent}")]
        if one.family.pk not in families:
            options.append((f"family-{one.family.pk}", f"Same family, another parent: {one.family}"))
            families.add(one.family.pk)
        groups.append((_heading(access, one), options))
    return groups


def _heading(access: Access, one: LikelyDuplicate) -> str:
    return format_html(
        '{}, <a class="usa-link" href="{}" target="_blank" rel="noopener">{}<span class="usa-sr-only"> (opens in a new'
        ' tab)</span></a><span class="psp-muted psp-line">{}. {}</span>',
        one.parent, reverse("family", args=[access.site.slug, one.family.pk]), one.family, one.why, _known(one.parent),
    )  # fmt: skip


def _known(parent: Parent) -> str:
    born = f"Born {us_date(parent.date_of_birth)}" if parent.date_of_birth else "Birth date not recorded"
    return ", ".join(filter(None, [born, parent.municipality]))
