"""Session limits and the demand for a second factor, in front of every page."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

SEEN, BEGAN, FACTOR = "psp_seen", "psp_began", "psp_factor"
FREE_PATHS = ("/accounts/", "/static/", "/healthz/", "/demo/")


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    where = f"{reverse(settings.LOGIN_URL)}?next={request.get_full_path()}&ended=1"
    return HttpResponseClientRedirect(where) if getattr(request, "htmx", False) else redirect(where)


def session_limits(get_response: Callable) -> Callable:
    """End a session after 15 idle minutes or 12 hours in all (ASVS 7.3.1, 7.3.2), server side."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        now = time.time()
        idle = now - request.session.get(SEEN, now)
        whole = now - request.session.setdefault(BEGAN, now)
        if idle > settings.IDLE_TIMEOUT_SECONDS or whole > settings.ABSOLUTE_TIMEOUT_SECONDS:
            logout(request)
            return _to_sign_in(request)
        request.session[SEEN] = now
        return get_response(request)

    return middleware


def second_factor(get_response: Callable) -> Callable:
    """Let nobody whose role demands it past the account pages without a second factor in this session."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated or request.path_info.startswith(FREE_PATHS):
            return get_response(request)
        if not request.user.needs_second_factor:
            return get_response(request)
        if not is_mfa_enabled(request.user) and not request.session.get(FACTOR):
            return redirect("mfa_index")
        return get_response(request)

    return middleware
