"""Rounding half up from exact fractions; no figure passes through binary floating point before it is rounded."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction


def half_up(value: Fraction | Decimal | int, places: int) -> float:
    """Round half up (2.345 -> 2.35); the result prints with its shortest digits, as `import-format.md` asks."""
    scaled = math.floor(Fraction(value) * 10**places + Fraction(1, 2))
    return float(Decimal(scaled).scaleb(-places))


def rate(n: int, d: int) -> dict[str, int | float | None]:
    """`{"n", "d", "value"}`; the value to 4 decimals, null where d is 0."""
    return {"n": n, "d": d, "value": half_up(Fraction(n, d), 4) if d else None}
