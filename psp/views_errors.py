"""Error pages: calm, without names, saying what to do. Programs get the same in JSON."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def _answer(request: HttpRequest, status: int, template: str, **context: object) -> HttpResponse:
    if "/api/" in request.path:
        words = {400: "Bad request.", 403: "Your role does not include this.", 404: "Nothing here."}
        return JsonResponse({"detail": context.get("reason") or words.get(status, "Refused.")}, status=status)
    return render(request, template, context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400, "errors/400.html")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, "errors/403.html", reason=str(exception or ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, "errors/404.html")


def server_error(request: HttpRequest) -> HttpResponse:
    return render(None, "errors/500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, 403, "errors/csrf.html")
