"""The primary navigation, from the rights the person has here; a button and its rule cannot disagree."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from counties.permissions import Right

SITE_PAGES = [
    ("Today", "today", Right.SITE_VIEW),
    ("Families", "families:list", Right.FAMILY_VIEW),
    ("Referrals", "referrals:list", Right.REFERRAL_CREATE),
    ("Matches", "matching:list", Right.MATCH_VIEW),
    ("Contacts", "activities:list", Right.CONTACT_VIEW),
    ("Calendar", "activities:events", Right.EVENT_RECORD),
    ("Partners", "partners:list", Right.PARTNER_VIEW_ALL),
    ("Sessions", "partners:sessions", Right.SESSION_VIEW),
    ("Council", "advisory:list", Right.COUNCIL_VIEW),
    ("Outreach", "outreach:list", Right.OUTREACH_VIEW),
    ("Reports", "reporting:list", Right.REPORT_VIEW),
    ("Compare", "reporting:comparison", Right.COMPARISON_VIEW),
    ("Settings", "counties:settings", Right.SITE_CONFIGURE),
]
STATE_PAGES = [
    ("Overview", "state:overview", Right.STATE_VIEW),
    ("Reports", "state:reports", Right.STATE_VIEW),
    ("Compare", "state:comparison", Right.COMPARISON_VIEW),
    ("Sites", "office:sites", Right.STATE_SITES),
    ("People", "office:people", Right.STATE_PEOPLE),
]


def _site_links(request: HttpRequest) -> list[dict]:
    slug = request.site.slug
    links = []
    for label, name, right in SITE_PAGES:
        if right in request.access:
            url = reverse(name, args=[slug])
            home = name == "today"
            here = request.path == url if home else request.path.startswith(url)
            links.append({"label": label, "url": url, "current": here})
    return links


def _state_links(request: HttpRequest) -> list[dict]:
    return [
        {"label": label, "url": reverse(name), "current": request.path == reverse(name)}
        for label, name, right in STATE_PAGES
        if right in request.access
    ]


def navigation(request: HttpRequest) -> dict:
    """Context processor: `navigation`, `other_sites`, `demo`, `idle_timeout_seconds`."""
    context: dict = {"demo": settings.DEMO, "idle_timeout_seconds": settings.IDLE_TIMEOUT_SECONDS}
    access = getattr(request, "access", None)
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    if access is not None:
        context["navigation"] = _site_links(request) if access.site else _state_links(request)
        context["access"] = access
    return context
