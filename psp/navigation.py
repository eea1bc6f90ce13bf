"""The primary navigation, from the rights the person has here; a button and its rule cannot disagree."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from counties.access import roles_today
from counties.filters import is_a_list, kept_here
from counties.models import Message, RoleAssignment
from counties.permissions import Right
from counties.roles import Role

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
    ("Sign-ins", "office:trail", Right.STATE_PEOPLE),
]


def _site_links(request: HttpRequest) -> list[dict]:
    slug = request.site.slug
    links: list[dict[str, Any]] = []
    for label, name, right in SITE_PAGES:
        if right in request.access:
            url = reverse(name, args=[slug])
            home = name == "today"
            here = request.path == url if home else request.path.startswith(url)
            imports = name == "counties:settings" and request.path.startswith(
                f"/sites/{slug}/exchange/imports/"
            )
            links.append({"label": label, "url": url, "current": here or imports})
    return _one_current(links)


def _one_current(links: list[dict[str, Any]]) -> list[dict]:
    """A page below another ("Compare" under "Reports") is one page, not two."""
    deepest = max((len(link["url"]) for link in links if link["current"]), default=0)
    return [link | {"current": link["current"] and len(link["url"]) == deepest} for link in links]


def _state_links(request: HttpRequest) -> list[dict]:
    links: list[dict[str, Any]] = []
    for label, name, right in STATE_PAGES:
        if right in request.access:
            url = reverse(name)
            home = name in ("state:overview", "office:sites")
            here = request.path == url if home else request.path.startswith(url)
            if name == "office:sites":  # its pages stand beside those of people and sign-ins, not above them
                here = here or request.path.startswith((f"{url}sites/", reverse("office:open")))
            links.append({"label": label, "url": url, "current": here})
    return _one_current(links)


def _switcher(request: HttpRequest, roles: list[RoleAssignment]) -> dict | None:
    """The sites (and the state) this person has a role at today, for the menu beside the program's name."""
    here = request.access.site if request.access else None
    choices = {
        (r.site.name, reverse("today", args=[r.site.slug]), r.site == here)
        if r.site
        else ("State of Wisconsin", reverse("state:overview"), request.access is not None and here is None)
        for r in roles
    }
    links = [{"label": label, "url": url, "current": current} for label, url, current in sorted(choices)]
    current = next((link["label"] for link in links if link["current"]), "Choose a site")
    return {"current": current, "choices": links} if links else None


def navigation(request: HttpRequest) -> dict:
    """Context processor: what `base.html` shows around every page; it asks one question, on a list with filters two."""
    context: dict = {
        "demo": settings.DEMO,
        "idle_timeout_seconds": settings.IDLE_TIMEOUT_SECONDS,
        "tagline": "Parents who have been there, beside parents who are there now.",
        "footer_links": [{"label": "Help", "url": reverse("help")}],
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    access = getattr(request, "access", None)
    context["account_links"] = [{"label": "My account", "url": reverse("my_account")}]
    roles = getattr(request, "roles", None)  # asked already where the address names a site or the state
    if roles is None:
        roles = roles_today(user)
    context["site_switcher"] = _switcher(request, roles)
    if access is not None:
        context["access"] = access
        context["navigation"] = _site_links(request) if access.site else _state_links(request)
        if access.site and Right.PARTNER_VIEW in access and Role.PARENT_PARTNER in access.roles:
            profile = reverse("partners:my_profile", args=[access.site.slug])
            context["account_links"].insert(0, {"label": "My profile", "url": profile})
        if access.site and Right.SITE_VIEW in access:
            context["inbox_url"] = reverse("counties:inbox", args=[access.site.slug])
            context["unread"] = Message.objects.visible_to(access).unread().count()
            if is_a_list(request):
                context["saved_filters"] = kept_here(request)  # asked where there is a bar to show them
        if access.site and Right.INCIDENT_RECORD in access:
            report = reverse("activities:report_help", args=[access.site.slug])
            context["footer_links"].insert(0, {"label": "I need to report", "url": report})
        if access.site and Right.EXPORT_RUN in access:
            downloads = reverse("exchange:exports", args=[access.site.slug])
            context["account_links"].insert(0, {"label": "Downloads", "url": downloads})
        if access.site and Right.FAMILY_VIEW in access:
            context["search_url"] = reverse("search", args=[access.site.slug])
    return context
