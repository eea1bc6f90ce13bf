"""Resolves the site of a request, the person's access there, and opens the walled transaction around it."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from audit import context
from audit.record import record
from counties.access import access_among, roles_today
from counties.models import Site
from counties.wall import site_scope, state_scope

SITE_PATH = re.compile(r"^/sites/(?P<slug>[-\w]+)/")
STATE_PATH = re.compile(r"^/state/")
OFFICE_PATH = re.compile(r"^/state/office/")


def _ip_hash(request: HttpRequest) -> str:
    """Tells visitors apart without keeping their address; behind proxies as the rate limits do (allauth)."""
    try:
        address = get_adapter(request).get_client_ip(request)
    except (ImproperlyConfigured, PermissionDenied):  # not through our proxies, or not an address at all
        address = request.META.get("REMOTE_ADDR", "")
    return hashlib.sha256(f"{settings.SECRET_KEY}{address}".encode()).hexdigest()[:16]


def site_access(get_response: Callable) -> Callable:
    """Middleware: `request.access`, the site's scope and one transaction for every request that needs them."""

    def within(scope, request: HttpRequest) -> HttpResponse:
        with scope:
            response = get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def at_site(request: HttpRequest, slug: str) -> HttpResponse:
        request.roles = roles_today(request.user)
        site = next((role.site for role in request.roles if role.site and role.site.slug == slug), None)
        access = access_among(request.roles, request.user, site) if site else None
        if access is None or not access.roles:
            there = Site.objects.filter(slug=slug).values_list("pk", flat=True).first()
            record("access.refused", site_id=there, path=_route(request))
            raise Http404("site")
        request.site, request.access = site, access
        return within(site_scope(site.id), request)

    def at_state(request: HttpRequest) -> HttpResponse:
        request.roles = roles_today(request.user)
        request.access = access_among(request.roles, request.user, None)
        if not request.access.roles:
            record("access.refused", path=_route(request))
            raise Http404("site")
        # The office writes sites and people, which belong to no site; without one no tenant row can be read.
        scope = transaction.atomic() if OFFICE_PATH.match(request.path_info) else state_scope()
        return within(scope, request)

    def middleware(request: HttpRequest) -> HttpResponse:
        request.site = request.access = request.roles = None
        person = request.user if request.user.is_authenticated else None
        request_id = uuid.uuid4()
        with context.acting(
            actor_id=person.id if person else None,
            request_id=request_id,
            source="web",
            ip_hash=_ip_hash(request),
        ):
            at = SITE_PATH.match(request.path_info)
            if person and at:
                return at_site(request, at["slug"])
            if person and STATE_PATH.match(request.path_info):
                return at_state(request)
            return get_response(request)

    return middleware


def _route(request: HttpRequest) -> str:
    """Name of the view asked for; never the path itself, which may hold anything."""
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
