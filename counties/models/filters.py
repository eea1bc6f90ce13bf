"""Filters of a list that somebody kept under a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, SiteQuerySet


class SavedFilters(SiteQuerySet):
    def visible_to(self, access) -> SavedFilters:
        """A person's own, and those that others share at the site; none that was put away."""
        mine = Q(person_id=access.person.id)
        return self.filter(mine | Q(is_shared=True), retired_at=None)

    def retirable_by(self, access) -> SavedFilters:
        """One's own; whoever configures the site also what others share."""
        rows = self.visible_to(access)
        return rows if "site.configure" in access else rows.filter(person_id=access.person.id)


@keep_history
class SavedFilter(SiteModel):
    """A list's choices under a name: `page` is the list's URL name, `query` what stands after the question mark.

    Only choices that the list's own filter form has accepted are kept, and never search words: they may be a name.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    personal = {"name": "free text", "query": "may hold the id of a parent partner"}
    harmless = {"id", "site", "person", "page", "is_shared", "created_at", "retired_at"}

    objects = SiteManager.from_queryset(SavedFilters)()

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["site", "page"], name="filter_site_page")]
        constraints = [
            without_ssn("savedfilter", "name"),
            models.UniqueConstraint(
                fields=["site", "person", "page", "name"],
                condition=Q(retired_at=None),
                name="filter_name_once",
                violation_error_message="You have a filter of this name on this list already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
