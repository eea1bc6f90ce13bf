"""The rows figures are made of: raw SQL with parameters, nowhere else in the product (`stack.md` 1.4).

Every table is asked for with its `site_id`, besides row security. Parameters: `site`, `start` (first day),
`end` (first day after), `last`, `days` (length of the month), and the settings `face` (modes that are face to
face), `standard` (face-to-face minimum of levels 1 to 4), `soft` and `hard` (families per 1.0 FTE).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, eq=False)
class RowSet:
    """Named rows: `pk`, `reference` (what people see), `family_pk` or null, display columns, and conditions.

    `kind` is the model's name; `columns` maps the heading of a display column to the SQL column, `codes` the columns
    that hold codes to their labels.
    """

    name: str
    kind: str
    columns: Mapping[str, str]
    sql: str
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
