"""What one person may do in the present request, and finding the rows they may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from audit.record import record
from counties.models import RoleAssignment, Site
from counties.permissions import Right
from counties.roles import AFTER_CLOSING, GRANTS, REPORTERS, Role

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Access:
    """A person's roles at one site (or at the state) today. `"match.end" in access` asks for a right."""

    person: User
    site: Site | None
    roles: frozenset[Role]
    rights: frozenset[Right] = field(init=False)

    def __post_init__(self) -> None:
        rights = (
            frozenset().union(*(GRANTS[role].rights for role in self.roles)) if self.roles else frozenset()
        )
        if self.site and self.site.is_closed:
            rights &= AFTER_CLOSING
        object.__setattr__(self, "rights", rights)

    def __contains__(self, right: object) -> bool:
        return right in self.rights

    @property
    def sees_all_families(self) -> bool:
        return Right.FAMILY_VIEW_ALL in self.rights


def roles_today(person: User) -> list[RoleAssignment]:
    """The person's roles in force, each with its site and the site's settings; an account switched off has none."""
    if not person.is_active:
        return []
    roles = RoleAssignment.objects.on(timezone.localdate()).filter(person=person)
    return list(roles.select_related("site__settings"))


def access_among(roles: list[RoleAssignment], person: User, site: Site | None) -> Access:
    """What these roles of the person come to at a site, or at the state; a closed site has reporters only."""
    here = frozenset(Role(one.role) for one in roles if one.site_id == (site.pk if site else None))
    return Access(person, site, here.intersection(REPORTERS) if site and site.is_closed else here)


def access_to_site(person: User, site: Site) -> Access:
    """The person's access at a site today, for work of the queue and for invitations; no roles means no rights."""
    return access_among(roles_today(person), person, site)


def access_to_state(person: User) -> Access:
    """The person's access as state staff today."""
    return access_among(roles_today(person), person, None)


def find(rows: QuerySet, **key: Any):
    """Return the one row with this key, or answer 404 and record the attempt.

    Args:
        rows: a queryset already narrowed by `visible_to(access)`.
        key: normally `pk=...`; a foreign site's id and a mistyped one look the same.

    Raises:
        Http404: nothing visible has that key.
    """
    try:
        return rows.get(**key)
    except (rows.model.DoesNotExist, ValidationError, ValueError, TypeError):
        record("access.refused", kind=rows.model._meta.model_name, ids=[str(v) for v in key.values()])
        raise Http404("Nothing here under this address.") from None
