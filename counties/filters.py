"""Keeping the filters of a list: what the list's own form accepted travels signed to the form that names it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import resolve, reverse

from counties.models.filters import SavedFilter

SALT = "counties.filters"
WORDS = ("q",)
"""Fields that hold search words; they may be a name and are not kept."""


@dataclass(frozen=True)
class Choice:
    """A list and what was chosen on it."""

    page: str
    query: str


def is_a_list(request: HttpRequest) -> bool:
    """Whether the address is a list of a site: it names nothing but the site."""
    access, match = getattr(request, "access", None), request.resolver_match
    return bool(access and access.site and match and set(match.kwargs) == {"site"})


def token_of(request: HttpRequest, form: forms.BaseForm) -> str:
    """What is chosen on this list now, signed for this person and site; "" when there is nothing to keep."""
    if not is_a_list(request) or not form.is_bound or not form.is_valid():
        return ""
    query = QueryDict(mutable=True)
    for field in form.visible_fields():
        if field.name not in WORDS:
            query.setlist(field.html_name, [v for v in request.GET.getlist(field.html_name) if v])
    chosen = query.urlencode()
    if not chosen or len(chosen) > 1000:
        return ""
    return signing.dumps(
        [request.resolver_match.view_name, chosen, *_whose(request)], salt=SALT, compress=True
    )


def read_token(request: HttpRequest, token: str) -> Choice | None:
    """The list and its choices; None for anything this product did not sign for this very person and site."""
    try:
        page, query, *whose = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return Choice(page, query) if whose == _whose(request) else None


def _whose(request: HttpRequest) -> list[int]:
    return [request.site.pk, request.user.pk]


def kept_here(request: HttpRequest) -> QuerySet[SavedFilter]:
    """The filters this person sees kept for the list they are on."""
    rows = SavedFilter.objects.visible_to(request.access).filter(page=request.resolver_match.view_name)
    return rows.order_by("name", "pk")


def may_open(request: HttpRequest, row: SavedFilter) -> bool:
    """Whether this person's role opens the list the filter belongs to: its name may tell what stands there."""
    view = resolve(reverse(row.page, args=[request.site.slug])).func
    return getattr(view, "right", None) in request.access


def address_of(row: Any, slug: str) -> str:
    """Where a kept filter leads."""
    return f"{reverse(row.page, args=[slug])}?{row.query}"
