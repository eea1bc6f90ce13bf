"""What a page asks about its own session."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.decorators import person_view


@person_view
@require_POST
def alive(request: HttpRequest) -> HttpResponse:
    """Somebody is still there; passing `accounts.middleware.session_limits` has noted it."""
    return HttpResponse(status=204)
