"""The only place where a right is tied to a view."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied

from accounts.decorators import person_view, public_view
from audit.record import record
from counties.permissions import Right

__all__ = ["person_view", "public_view", "site_view", "state_view"]

SENTENCES = {
    "site": "Your role at this site does not include this. "
    "If you need it for your work, ask your program coordinator.",
    "state": "This is for state staff whose role includes it.",
}


def _guard(scope: str, right: Right) -> Callable:
    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request.access is None:  # a view for programs, which answers in JSON instead of a sign-in page
                raise PermissionDenied("Sign in first.")
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
