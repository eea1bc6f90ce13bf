"""The search box of the header, and its page."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse

from audit.record import record
from counties.decorators import site_view
from counties.lists import render_list
from counties.permissions import Right
from psp.search import SHORTEST, search

PANEL = "site-search-results"


class SearchForm(forms.Form):
    q = forms.CharField(
        label="Name, reference or own number", required=False, max_length=80, strip=True,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name, F-0142, R-0001"}),
    )  # fmt: skip


@site_view(Right.FAMILY_VIEW)
def search_page(request: HttpRequest, site: str) -> HttpResponse:
    """What one search finds: the whole page, its results, or the panel under the box in the header."""
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = search(request.access, text)
    if len(text) >= SHORTEST:  # the words themselves may be a name and are not kept
        record(
            "family.searched", kind="family", ids=found.family_ids, words=len(text.split()), found=found.count
        )
    context = {"title": "Search", "filters": form, "found": found, "text": text, "shortest": SHORTEST}
    partial = "panel" if request.htmx.target == PANEL else "listing"
    return render_list(request, "psp/search.html", context, partial=partial)
