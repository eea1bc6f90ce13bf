"""SQL past every form and action, to see that the database holds a rule by itself."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from counties.models import Site
from counties.wall import site_scope


def refused(site: Site, sql: str, *values: object) -> str:
    """Run one statement inside the site as the application's role; return the words of the refusal."""
    with (
        site_scope(site.id),
        pytest.raises(IntegrityError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, values)
    return str(refusal.value)
