"""What has left a site about its referrals."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models

from counties.wall import SiteManager, SiteModel, SiteQuerySet


class FunnelReleases(SiteQuerySet):
    def visible_to(self, access) -> FunnelReleases:
        """Whoever may release a year reads what was released."""
        return self.all() if "referral.decide" in access else self.none()


class FunnelRelease(SiteModel):
    """The funnel of one calendar year as it left the site, small numbers hidden; written once (docs/adr/0030).

    `figures` is what the page shows, without a number where none is shown; below `threshold` only 0 is.
    """

    year = models.PositiveSmallIntegerField()
    threshold = models.PositiveSmallIntegerField()
    figures = models.JSONField()
    released_at = models.DateTimeField(auto_now_add=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    harmless = {"id", "site", "year", "threshold", "figures", "released_at", "released_by"}

    objects = SiteManager.from_queryset(FunnelReleases)()

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "year"],
                name="funnel_released_once",
                violation_error_message="The funnel of this year is released already.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Funnel of {self.year}"
