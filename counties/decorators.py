"""The only place where a right is tied to a view."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied

from audit.record import record
from counties.permissions import Right

SENTENCES = {
    "site": "Your role at this site does not include this. Ask your program coordinator if you need it.",
    "state": "This is for state staff whose role includes it.",
}


def _guard(scope: str, right: Right) -> Callable:
    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if right not in request.access:
                record("access.refused", right=str(right), path=request.resolver_match.view_name)
                raise PermissionDenied(SENTENCES[scope])
            return view(request, *args, **kwargs)

        guarded.right = right
        guarded.scope = scope
        return guarded

    return decorate


def site_view(right: Right) -> Callable:
    """Guard a view under `/sites/<site>/`: the person needs `right` at that site today. Refusals are recorded."""
    return _guard("site", right)


def state_view(right: Right) -> Callable:
    """Guard a view under `/state/`: the person needs `right` as state staff today."""
    return _guard("state", right)


def person_view(view: Callable) -> Callable:
    """Mark a view that any signed-in person may open because it shows only what is their own."""
    view.scope = "person"
    return view


def public_view(view: Callable) -> Callable:
    """Mark a view that is open to everyone."""
    open_view = login_not_required(view)
    open_view.scope = "public"
    return open_view
