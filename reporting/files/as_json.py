"""Exactly what `manage.py monthly_report SITE YYYY-MM --json` prints, frozen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from reporting.display import restored
from reporting.measures import REGISTRY

if TYPE_CHECKING:
    from reporting.files.document import Document


def make_json(document: Document) -> bytes:
    """One object keyed by field id, in the registry's order (`import-format.md`)."""
    values = {m.field: restored(m, document.values[m.field]) for m in REGISTRY if m.field in document.values}
    return json.dumps(values, indent=1, ensure_ascii=False).encode()
