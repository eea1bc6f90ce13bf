"""A site's settings as they were at the end of a month, out of their row history (docs/adr/0012)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from counties.models import Site, SiteSettings


@dataclass(frozen=True)
class SettingsThen:
    """Every version of one site's settings, oldest first, and what of them held on a day."""

    versions: list[Any]

    def on(self, day: dt.date) -> Any:
        """The version in force when the day ended; before the first one known, that first one."""
        known = self._until(day)
        return known[-1] if known else self.versions[0]

    def budgeted_fte(self, day: dt.date) -> Decimal | None:
        """Budgeted FTE on the day. It starts out empty: where nobody had filled it in by then, the first one known."""
        if any(version.budgeted_fte is not None for version in self._until(day)):
            return self.on(day).budgeted_fte
        filled = (v.budgeted_fte for v in self.versions if v.budgeted_fte is not None)
        return next(filled, None)

    def _until(self, day: dt.date) -> list[Any]:
        over = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))
        return [version for version in self.versions if version.pgh_created_at < over]


def settings_then(sites: Iterable[Site]) -> dict[int, SettingsThen]:
    """Settings of the sites over time, by site id; one query. They change a few times in a site's life."""
    history = SiteSettings.history.rel.related_model
    found: dict[int, list[Any]] = {site.pk: [] for site in sites}
    for version in history.objects.filter(site_id__in=found).order_by("pgh_created_at", "pgh_id"):
        found[version.site_id].append(version)
    return {site_id: SettingsThen(versions) for site_id, versions in found.items()}
