"""How days are written for people in this product."""

from __future__ import annotations

import datetime as dt


def us_date(day: dt.date | None) -> str:
    """The day as MM/DD/YYYY; "" when there is none."""
    return f"{day:%m/%d/%Y}" if day else ""
