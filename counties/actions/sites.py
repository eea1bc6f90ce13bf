"""Sites are opened, move through contract phases and are closed; nothing of their past is overwritten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from audit.record import record
from counties.models import County, Invitation, RoleAssignment, Site, SitePhase, SiteSettings
from counties.models.places import Phase
from counties.roles import REPORTERS

if TYPE_CHECKING:
    from accounts.models import User


class PhaseOutOfOrder(ValidationError):
    """A phase would begin before the present one; the past is not rewritten."""


class SiteAlreadyClosed(ValidationError):
    """The site was closed before."""


@transaction.atomic
def open_site(
    *,
    slug: str,
    name: str,
    counties: Collection[County],
    operator: str,
    opened_on: dt.date,
    phase: str = Phase.PLANNING,
    operator_name: str = "",
    by: User | None,
) -> Site:
    """Open a site with the default settings, in its first contract phase.

    Args:
        phase: the contract phase that begins on `opened_on` (`domain.md` 1.2).
        by: the state administrator; None for a command.

    Raises:
        ValidationError: the slug or the name is taken or badly formed, or no county is named.
    """
    if not counties:
        raise ValidationError({"counties": "Choose at least one county."})
    site = Site(slug=slug, name=name, operator=operator, operator_name=operator_name, opened_on=opened_on)
    site.full_clean()
    site.save()
    site.counties.set(counties)
    SiteSettings.objects.create(site=site)
    first = SitePhase(site=site, phase=phase, starts_on=opened_on)
    first.full_clean()
    first.save()
    record("site.opened", site, site_id=site.id, actor_id=by.id if by else None, phase=str(phase))
    return site


@transaction.atomic
def edit_site(
    *, site: Site, name: str, counties: Collection[County], operator: str, operator_name: str, by: User
) -> Site:
    """Change a site's name, counties or operator; its address keeps."""
    site = _locked(site)
    site.name, site.operator, site.operator_name = name, operator, operator_name
    site.full_clean()
    site.save()
    site.counties.set(counties)
    record("site.edited", site, site_id=site.id, actor_id=by.id)
    return site


@transaction.atomic
def begin_phase(*, site: Site, phase: str, starts_on: dt.date, by: User | None) -> SitePhase:
    """Begin a contract phase on a day; the phase before it ends on the same day (half-open).

    Raises:
        PhaseOutOfOrder: the day is not after the first day of the present phase.
        SiteAlreadyClosed: the site was closed.
    """
    site = _locked(site)
    _refuse_closed(site)
    new = _follow(site, phase, starts_on, field="starts_on")
    record("phase.begun", site, site_id=site.id, actor_id=by.id if by else None, phase=str(phase))
    return new


@transaction.atomic
def close_site(*, site: Site, closed_on: dt.date, reason: str, by: User) -> Site:
    """Close a site from a day on. Its rows stay, roles end, open invitations are withdrawn.

    Roles of those who report run on until the office ends them, with the rights of AFTER_CLOSING: the last
    months are still owed.

    Raises:
        PhaseOutOfOrder: the day is not after the first day of the present phase.
        SiteAlreadyClosed: the site was closed before.
    """
    site = _locked(site)
    _refuse_closed(site)
    _follow(site, Phase.CLOSED, closed_on, field="closed_on")
    site.closed_on = closed_on
    site.full_clean()
    site.save()
    running = RoleAssignment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=closed_on), site=site)
    running = running.exclude(role__in=REPORTERS)
    running.update(ends_on=Greatest(F("starts_on"), closed_on))
    Invitation.objects.filter(site=site, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    )
    record("site.closed", site, site_id=site.id, actor_id=by.id, reason=reason)
    return site


def _locked(site: Site) -> Site:
    return Site.objects.select_for_update().get(pk=site.pk)


def _refuse_closed(site: Site) -> None:
    if site.closed_on:
        raise SiteAlreadyClosed(f"This site was closed on {site.closed_on:%m/%d/%Y}.")


def _follow(site: Site, phase: str, starts_on: dt.date, *, field: str) -> SitePhase:
    """End the present phase and begin the next on the same day."""
    former = site.phases.order_by("starts_on").last()
    if former and starts_on <= former.starts_on:
        words = f"Choose a date after {former.starts_on:%m/%d/%Y}, when the present phase began."
        raise PhaseOutOfOrder({field: words})
    if former and former.ends_on is None:
        former.ends_on = starts_on
        former.full_clean()
        former.save(update_fields=["ends_on"])
    new = SitePhase(site=site, phase=phase, starts_on=starts_on)
    new.full_clean()
    new.save()
    return new
