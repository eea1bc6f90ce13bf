"""How days are written for people in this product, and which of them cannot be yet."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils import timezone


def us_date(day: dt.date | None) -> str:
    """The day as MM/DD/YYYY; "" when there is none."""
    return f"{day:%m/%d/%Y}" if day else ""


def in_future(**days: dt.date | None) -> dict[str, str]:
    """What to say beside each field whose day is after today (`domain.md` V06)."""
    today = timezone.localdate()
    late = [name for name, day in days.items() if day and day > today]
    return dict.fromkeys(late, "This date is in the future. Choose today or an earlier day.")


def refuse_future(**days: dt.date | None) -> None:
    """Refuse days after today.

    Raises:
        ValidationError: beside each such field.
    """
    if late := in_future(**days):
        raise ValidationError(late)
