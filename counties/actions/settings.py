"""What a site sets for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from counties.models import SiteSettings

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def change_settings(*, settings: SiteSettings, by: User, **values: Any) -> SiteSettings:
    """Change a site's settings; the names of those that changed go into the trail, both values into the history.

    Raises:
        ValidationError: a value out of its range, or two that contradict each other.
    """
    settings = SiteSettings.objects.select_for_update().get(pk=settings.pk)
    changed = [name for name, value in values.items() if getattr(settings, name) != value]
    for name in changed:
        setattr(settings, name, values[name])
    _refuse(settings)
    if changed:
        settings.save(update_fields=changed)
        record("settings.changed", settings, actor_id=by.pk, fields=changed)
    return settings


def _refuse(settings: SiteSettings) -> None:
    """Everything that is wrong at once, each beside its field."""
    problems: dict[str, list[str]] = {}
    try:
        settings.full_clean(validate_constraints=False)
    except ValidationError as refusal:
        problems = refusal.message_dict
    if settings.hard_cap_per_fte < settings.soft_cap_per_fte:
        problems.setdefault("hard_cap_per_fte", []).append(
            f"Choose {settings.soft_cap_per_fte}, the soft cap, or more."
        )
    if settings.far_miles <= settings.near_miles:
        problems.setdefault("far_miles", []).append(
            f"Choose more than {settings.near_miles} miles, which count as near."
        )
    if problems:
        raise ValidationError(problems)
