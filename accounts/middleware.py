"""Session limits and the demand for a second factor, in front of every page."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from accounts.factors import FACTOR, has_factor, is_shown
from audit import context

__all__ = ["FACTOR", "second_factor", "session_limits"]

SEEN, BEGAN = "psp_seen", "psp_began"
FREE_PATHS = ("/accounts/", "/static/", "/healthz/", "/demo/")


def session_limits(get_response: Callable) -> Callable:
    """End a session after 15 idle minutes or 12 hours in all (ASVS 7.3.1, 7.3.2), server side."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return _not_kept(request, _for_htmx(request, get_response(request)))
        words = _limit_passed(request)
        if words:
            _end(request, words)
            return _to_sign_in(request)
        return _not_kept(request, get_response(request))

    return middleware


def begin_limits(request: HttpRequest) -> None:
    """Both limits run from the sign-in itself: a session nobody came back with is over as well."""
    request.session[BEGAN] = request.session[SEEN] = time.time()


def _not_kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """No browser keeps a page of somebody signed in, nor one of an account: the back button shows none of it."""
    if request.user.is_authenticated or request.path_info.startswith("/accounts/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _limit_passed(request: HttpRequest) -> str:
    """Why this session is over, in words; "" while it may go on, which counts as being seen."""
    now = time.time()
    began = request.session.setdefault(BEGAN, now)
    seen = request.session.get(SEEN, 0)
    if seen and now - seen > settings.IDLE_TIMEOUT_SECONDS:
        return f"You were signed out after {settings.IDLE_TIMEOUT_SECONDS // 60} idle minutes."
    if now - began > settings.ABSOLUTE_TIMEOUT_SECONDS:
        return f"You were signed out {settings.ABSOLUTE_TIMEOUT_SECONDS // 3600} hours after you signed in."
    # Written at most 60 times per limit, so that a page costs no write of the session row.
    if now - seen > settings.IDLE_TIMEOUT_SECONDS / 60:
        request.session[SEEN] = now
    return ""


def _end(request: HttpRequest, words: str) -> None:
    request.ended_by = "limit"
    with context.acting(actor_id=request.user.pk, source="web"):
        logout(request)
    messages.info(request, f"{words} Sign in to go on where you were.")


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    where = f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': _page(request)})}"
    return HttpResponseClientRedirect(where) if request.htmx else redirect(where)


def _page(request: HttpRequest) -> str:
    """The page the person was on: for a form or fragment the one that holds it, not the address it went to."""
    if request.method == "GET" and not request.htmx:
        return request.get_full_path()
    page = request.htmx.current_url or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return "/"
    parts = urlsplit(page)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _for_htmx(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A sign-in page must not land inside a fragment: send the whole window there."""
    to_sign_in = response.status_code == 302 and response["Location"].startswith(reverse(settings.LOGIN_URL))
    return _to_sign_in(request) if request.htmx and to_sign_in else response


def second_factor(get_response: Callable) -> Callable:
    """Let nobody whose role demands it past the account pages without a second factor in this session.

    Without a factor at all, the account pages are open to set one up. With a factor that this session has not
    shown, only the page that asks for it is.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated or is_shown(request) or request.path_info.startswith("/static/"):
            return get_response(request)
        if has_factor(request.user):
            return _ask_for_factor(request, get_response)
        if request.path_info.startswith(FREE_PATHS) or not request.user.needs_second_factor:
            return get_response(request)
        return _go(request, reverse("mfa_index"))

    return middleware


def _ask_for_factor(request: HttpRequest, get_response: Callable) -> HttpResponse:
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    doors = [method["url"] for method in methods if method["id"].startswith("mfa")]
    if request.path_info in (*doors, reverse("account_logout"), reverse("health")):
        return get_response(request)
    return _go(request, f"{doors[0]}?{urlencode({'next': _page(request)})}")


def _go(request: HttpRequest, where: str) -> HttpResponse:
    return HttpResponseClientRedirect(where) if request.htmx else redirect(where)
