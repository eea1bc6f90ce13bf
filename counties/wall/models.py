"""Base of every tenant table."""

from __future__ import annotations

from collections.abc import Collection

import uuid_utils.compat as uuid_utils
from django.core.exceptions import ValidationError
from django.db import models

from counties.wall.rules import without_rule
from counties.wall.scope import STATE, NoSiteScope, current_scope


class SiteQuerySet(models.QuerySet):
    """Questions every tenant table answers; rooms derive theirs from it."""

    def visible_to(self, access) -> SiteQuerySet:
        """Rows this person may see by role; rooms narrow it, the base shows nothing to anyone.

        Closed by default: a model without its own `visible_to` is never shown through a view.
        """
        return self.none()


class SiteManager(models.Manager.from_queryset(SiteQuerySet)):
    """Refuses to build a query outside a site: the second belt beside row security."""

    def get_queryset(self):
        scope = current_scope()
        rows = super().get_queryset()
        if isinstance(scope, int):
            return rows.filter(site_id=scope)
        if scope == STATE and getattr(self.model, "state_may_read", False):
            return rows
        raise NoSiteScope(f"{self.model.__name__} was asked for outside a site.")


class WallKey(models.ForeignKey):
    """Foreign key to another tenant row; `RaiseWall` adds the composite `(site, id)` constraint for it."""

    def __init__(self, to, on_delete=models.PROTECT, **kwargs):
        kwargs.setdefault("db_constraint", False)
        super().__init__(to, on_delete, **kwargs)


class SiteModel(models.Model):
    """A row that belongs to one site.

    Every subclass lists its columns in `personal` (column -> what it tells about a person) or `harmless`;
    `tests/house` fails for an undeclared one. `objects` refuses to work outside a site.
    """

    id = models.UUIDField(primary_key=True, default=uuid_utils.uuid7, editable=False)
    site = models.ForeignKey("counties.Site", on_delete=models.PROTECT, related_name="+", editable=False)

    state_may_read = False
    personal: dict[str, str] = {}
    harmless: set[str] = set()

    objects = SiteManager()

    class Meta:
        abstract = True

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        try:
            super().validate_constraints(exclude=exclude)
        except ValidationError as refusal:
            said = {
                field: [without_rule(words) for words in all_of_it]
                for field, all_of_it in refusal.message_dict.items()
            }
            raise ValidationError(said) from None
