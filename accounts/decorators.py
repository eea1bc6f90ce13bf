"""Who may open a page that needs no right: anybody, or whoever has signed in."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required


def person_view(view: Callable) -> Callable:
    """Mark a view that any signed-in person may open because it shows only what is their own."""
    view.scope = "person"
    return view


def public_view(view: Callable) -> Callable:
    """Mark a view that is open to everyone."""
    open_view = login_not_required(view)
    open_view.scope = "public"
    return open_view
