"""Home, Today and health."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from audit.record import record
from counties.decorators import person_view, public_view, site_view
from counties.models import RoleAssignment
from counties.permissions import Right
from counties.roles import GRANTS, Role
from psp.today import cards_for, families_on


@public_view
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@public_view
def help_page(request: HttpRequest) -> HttpResponse:
    """How to sign in, find one's way, and whom to ask; for anyone."""
    return render(
        request, "psp/help.html", {"title": "Help", "roles": [(r.label, GRANTS[r].sentence) for r in Role]}
    )


@person_view
def home(request: HttpRequest) -> HttpResponse:
    """Send a person to their site, to the state's pages, or let them choose."""
    roles = list(
        RoleAssignment.objects.on(timezone.localdate()).filter(person=request.user).select_related("site")
    )
    sites = sorted({r.site for r in roles if r.site}, key=lambda s: s.name)
    is_state = any(r.site is None for r in roles)
    if len(sites) == 1 and not is_state:
        return redirect("today", site=sites[0].slug)
    if is_state and not sites:
        return redirect("state:overview")
    return render(request, "psp/home.html", {"sites": sites, "is_state": is_state})


@site_view(Right.SITE_VIEW)
def today(request: HttpRequest, site: str) -> HttpResponse:
    """Show each role its own work."""
    cards = cards_for(request.access, timezone.localdate())
    record("today.viewed", kind="family", ids=sorted(families_on(cards)))
    return render(request, "psp/today.html", {"cards": cards})
