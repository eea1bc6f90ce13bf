"""Filters of the lists of matches and of waiting parents; every one stands in the URL."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Q

from counties.access import Access
from counties.forms import SiteChoiceField
from counties.permissions import Right
from matching.models import Match, Matches
from partners.models import ParentPartner
from referrals.models import Referrals

WANTED = {"": [*Match.PRESENT, Match.Status.PAUSED], "open": list(Match.OPEN)}
"""Answers that mean several statuses."""


class MatchFilter(forms.Form):
    """Which matches are listed; without an answer those proposed, running or paused."""

    q = forms.CharField(label="Name or family", required=False, widget=forms.SearchInput)
    status = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Proposed, active or paused"),
            ("open", "Any open proposal"),
            *Match.Status.choices,
            ("all", "All"),
        ],
    )
    role = forms.ChoiceField(
        label="Primary or secondary",
        required=False,
        choices=[("", "Both"), ("primary", "Primary"), ("secondary", "Secondary")],
    )
    partner = SiteChoiceField(queryset=None, label="Parent partner", required=False, empty_label="Anyone")

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = ParentPartner.objects.visible_to(access)
        if Right.PARTNER_VIEW_ALL not in access:
            del self.fields["partner"]
            del self.fields["status"]  # a parent partner sees running matches only

    def narrow(self, matches: Matches) -> Matches:
        """The matches the valid answers leave."""
        self.is_valid()
        answers = self.cleaned_data
        status = answers.get("status", "")
        if status != "all":
            matches = matches.filter(status__in=WANTED.get(status, [status]))
        if answers.get("role"):
            matches = matches.filter(is_secondary=answers["role"] == "secondary")
        if answers.get("partner"):
            matches = matches.filter(partner=answers["partner"])
        return matches.filter(_named(answers.get("q", ""), "parent__", ["partner__"]))


class WaitingFilter(forms.Form):
    """Which waiting parents are listed."""

    q = forms.CharField(label="Name or family", required=False, widget=forms.SearchInput)
    after = forms.ChoiceField(
        label="Waiting for",
        required=False,
        choices=[("", "Any partner"), ("first", "The first partner"), ("next", "Another partner")],
    )

    def narrow(self, referrals: Referrals) -> Referrals:
        """The referrals the valid answers leave."""
        self.is_valid()
        after = self.cleaned_data.get("after")
        if after:
            referrals = referrals.filter(has_had_match=after == "next")
        return referrals.filter(_named(self.cleaned_data.get("q", ""), "parent__", []))


def _named(words: str, parent: str, others: list[str]) -> Q:
    """Every word must stand in a name, or be the family's reference (F-0142) or the site's own id of it."""
    found = Q()
    for word in words.split()[:5]:
        one = Q(**{f"{parent}family__source_id__iexact": word})
        for person in [parent, *others]:
            one |= Q(**{f"{person}first_name__icontains": word}) | Q(
                **{f"{person}last_name__icontains": word}
            )
        number = re.fullmatch(r"f-?0*(\d{1,9})", word.lower())
        if number:
            one |= Q(**{f"{parent}family__number": int(number[1])})
        found &= one
    return found
