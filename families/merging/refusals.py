"""What stands against making two records one, or taking them apart."""

from __future__ import annotations

from django.core.exceptions import ValidationError


class CannotMerge(ValidationError):
    """The two records cannot become one; says what stands against it."""


class CannotUndo(ValidationError):
    """The two records cannot be taken apart as they were; says what was done since."""
