"""The side navigation that the pages behind "Settings" share."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from counties.permissions import Right

PAGES = [
    ("Settings", "counties:settings", Right.SITE_CONFIGURE),
    ("Lists and words", "counties:code_lists", Right.SITE_CONFIGURE),
    ("Texts", "counties:texts", Right.SITE_CONFIGURE),
    ("Questions", "counties:questions", Right.SITE_CONFIGURE),
    ("People", "counties:people", Right.PEOPLE_MANAGE),
    ("Import", "exchange:imports", Right.IMPORT_RUN),
    ("Audit trail", "counties:trail", Right.AUDIT_VIEW),
]


def settings_side(request: HttpRequest) -> list[dict]:
    """Links for `components/side_nav.html`: those this person may open, the present one marked."""
    links = [
        (label, reverse(name, args=[request.site.slug]))
        for label, name, right in PAGES
        if right in request.access
    ]
    here = max((url for _, url in links if request.path.startswith(url)), key=len, default="")
    return [{"label": label, "url": url, "current": url == here} for label, url in links]
