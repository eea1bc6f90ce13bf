"""A list's filters are kept under a name, and put away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from counties.filters import Choice
from counties.free_text import scan_free_text
from counties.models import SavedFilter
from counties.wall.scope import current_site_id

if TYPE_CHECKING:
    from accounts.models import User


class FilterNameTaken(ValidationError):
    """The person has a filter of that name on that list."""


@transaction.atomic
def save_filter(*, choice: Choice, name: str, is_shared: bool, by: User) -> SavedFilter:
    """Keep what was chosen on a list.

    Raises:
        FilterNameTaken: choose another name, or put the other one away first.
        SocialSecurityNumber: the name holds what looks like one (V17).
    """
    scan_free_text(name=name)
    if SavedFilter.objects.filter(person=by, page=choice.page, name=name, retired_at=None).exists():
        raise FilterNameTaken({"name": "You have a filter of this name on this list. Choose another name."})
    kept = SavedFilter.objects.create(
        site_id=current_site_id(), person=by, page=choice.page, query=choice.query, name=name, is_shared=is_shared
    )  # fmt: skip
    record("filter.saved", kept, page=choice.page, shared=is_shared)
    return kept


@transaction.atomic
def retire_filter(*, saved: SavedFilter, by: User) -> SavedFilter:
    """Put a kept filter away; it is offered to nobody any more."""
    saved.retired_at = timezone.now()
    saved.save(update_fields=["retired_at"])
    record("filter.retired", saved, page=saved.page)
    return saved
