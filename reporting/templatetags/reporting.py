"""Template words of this room."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def at(mapping: dict[str, Any] | None, key: str) -> Any:
    """The entry of a mapping under a key the template holds in a variable; nothing when there is none."""
    return (mapping or {}).get(key, ())
