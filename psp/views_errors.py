"""Error pages: calm, without names, saying what to do. Programs get the same in JSON."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def _answer(request: HttpRequest, status: int, template: str, **context: object) -> HttpResponse:
    if "/api/" in request.path:
        words = {
            400: "Bad request.", 403: "Your role does not include this.", 404: "Nothing here.",
            405: "Not with this method.",
        }  # fmt: skip
        return JsonResponse({"detail": context.get("reason") or words.get(status, "Refused.")}, status=status)
    return render(request, template, context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400, "errors/400.html")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, "errors/403.html", reason=str(exception or ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, "errors/404.html")


def only_by_button(get_response: Callable) -> Callable:
    """An address that only takes what a button sends, opened by itself: say so instead of an empty page.

    It happens after signing in again, on reloading, and with a link copied out of the address bar.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or request.method not in ("GET", "HEAD"):
            return response
        page = _answer(request, 405, "errors/405.html")
        page["Allow"] = response["Allow"]
        return page

    return middleware


def server_error(request: HttpRequest) -> HttpResponse:
    return render(None, "errors/500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, 403, "errors/csrf.html")
