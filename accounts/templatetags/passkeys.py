"""What the passkey pages hand to the browser."""

import json

from django import template

register = template.Library()


@register.filter
def as_json(value: object) -> str:
    """The value as JSON, for a `data-` attribute (escaped there as any other text)."""
    return json.dumps(value)
