"""Roles are given and ended on a day; they are never erased, so that the past can be explained."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from counties.actions.backing import withdraw_unbacked
from counties.models import RoleAssignment, Site
from counties.roles import Role

if TYPE_CHECKING:
    from accounts.models import User

LEADERS = (Role.PROGRAM_COORDINATOR, Role.STATE_ADMIN)
"""Whoever manages people: they cannot end this role of their own, so that somebody is always left who can."""


class CannotEndOwnRole(ValidationError):
    """The person would shut themselves out of managing people."""


class RoleAlreadyEnded(ValidationError):
    """The role ended before."""


class RoleHeldAlready(ValidationError):
    """The person holds that role in these dates."""


@transaction.atomic
def give_role(
    *, person: User, site: Site | None, role: str, starts_on: dt.date, by: User | None
) -> RoleAssignment:
    """Give a person a role at a site (at the state: None) from a day on.

    Raises:
        RoleHeldAlready: they hold it on one of those days.
        ValidationError: a state role with a site, or another role without one.
    """
    held = RoleAssignment.objects.filter(person=person, site=site, role=role)
    if held.filter(ends_on=None).exists() or held.filter(ends_on__gt=starts_on).exists():
        raise RoleHeldAlready({"role": "This person holds that role already."})
    given = RoleAssignment(person=person, site=site, role=role, starts_on=starts_on, given_by=by)
    given.full_clean(exclude=["given_by"])
    given.save()
    record(
        "role.given",
        person,
        site_id=site.id if site else None,
        actor_id=by.pk if by else None,
        role=str(role),
    )
    return given


@transaction.atomic
def end_role(*, assignment: RoleAssignment, ends_on: dt.date, by: User) -> RoleAssignment:
    """End a role; `ends_on` is the first day without it, today ends it at once.

    Raises:
        CannotEndOwnRole: their own leading role, on which the managing of people hangs.
        RoleAlreadyEnded: it ended before today.
    """
    assignment = RoleAssignment.objects.select_for_update().get(pk=assignment.pk)
    today = timezone.localdate()
    if assignment.person_id == by.pk and assignment.role in LEADERS:
        raise CannotEndOwnRole("You cannot end this role of your own. Ask another coordinator or the state.")
    if assignment.ends_on and assignment.ends_on <= today:
        raise RoleAlreadyEnded(f"This role ended on {assignment.ends_on:%m/%d/%Y}.")
    first = max(today, assignment.starts_on)
    if ends_on < first:
        raise ValidationError({"ends_on": f"Choose {first:%m/%d/%Y} or a later date."})
    assignment.ends_on = ends_on
    assignment.save(update_fields=["ends_on"])
    record("role.ended", assignment.person, site_id=assignment.site_id, actor_id=by.pk, role=assignment.role)
    withdraw_unbacked(sender=assignment.person, by=by)  # an end in the future is met when the link is opened
    return assignment
