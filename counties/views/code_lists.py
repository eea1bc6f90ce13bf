"""Which codes of the state's lists a site offers, and how it calls them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from counties.action_forms import ActionForm
from counties.actions.settings import change_code_lists
from counties.code_lists import LISTS, LONGEST, CodeList
from counties.decorators import site_view
from counties.models import SiteSettings
from counties.permissions import Right
from counties.views.side import settings_side


class CodeListsForm(ActionForm):
    """A box and a word for each code of each list."""

    confirmed = None

    def __init__(self, *args: Any, settings: SiteSettings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code_list in LISTS.values():
            self._ask(code_list, settings)

    def _ask(self, code_list: CodeList, settings: SiteSettings) -> None:
        off, words = code_list.off(settings), code_list.words(settings)
        for code, label in code_list.codes.choices:
            if code not in code_list.always:
                self.fields[f"on_{code_list.name}_{code}"] = forms.BooleanField(
                    label=f"Offer “{label}”", required=False, initial=code not in off
                )
            self.fields[f"name_{code_list.name}_{code}"] = forms.CharField(
                label=f"Our word for “{label}”", required=False, max_length=LONGEST,
                initial="" if words[code] == label else words[code],
            )  # fmt: skip

    def lists(self) -> Iterator[tuple[CodeList, list[tuple]]]:
        """Each list with its lines: the state's word, the box (None: always offered) and the word's field."""
        for code_list in LISTS.values():
            name = code_list.name
            yield code_list, [
                (label, None if code in code_list.always else self[f"on_{name}_{code}"], self[f"name_{name}_{code}"])
                for code, label in code_list.codes.choices
            ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The answers in the shape the action takes; the state's own word is no word of the site."""
        given = super().clean()
        return {"code_lists": {name: _chosen(code_list, given) for name, code_list in LISTS.items()}}


def _chosen(code_list: CodeList, given: dict[str, Any]) -> dict[str, Any]:
    name, choices = code_list.name, code_list.codes.choices
    off = [code for code, _ in choices if given.get(f"on_{name}_{code}") is False]
    words = {code: " ".join(given.get(f"name_{name}_{code}", "").split()) for code, _ in choices}
    labels = {code: words[code] for code, label in choices if words[code] and words[code] != label}
    return {"off": off, "labels": labels}


@site_view(Right.SITE_CONFIGURE)
def code_lists(request: HttpRequest, site: str) -> HttpResponse:
    """Choose what the site offers of the state's lists."""
    present = request.site.settings
    form = CodeListsForm(request.POST or None, settings=present)
    if form.answered(request, change_code_lists, settings=present):
        messages.success(request, "The lists are saved.")
        return redirect("counties:code_lists", site)
    context = {
        "title": "Lists and words", "form": form, "side": settings_side(request),
        "lead": "What your forms offer of the state's lists, and what your agency calls it.",
    }  # fmt: skip
    return render(request, "counties/code_lists.html", context)
