"""Sites and people."""

from __future__ import annotations

import datetime as dt

from accounts.models import User
from counties.models import County, RoleAssignment, Site, SitePhase, SiteSettings
from counties.roles import Role

LONG_AGO = dt.date(2020, 1, 1)


def make_site(slug: str = "rock", *, fips: list[str] | None = None, **fields: object) -> Site:
    """A site that has served families since 2020."""
    fields.setdefault("name", f"{slug.title()} PSP")
    fields.setdefault("operator", "county")
    site = Site.objects.create(slug=slug, opened_on=LONG_AGO, **fields)
    SitePhase.objects.create(site=site, phase="initial_implementation", starts_on=LONG_AGO)
    SiteSettings.objects.create(site=site)
    site.counties.set(County.objects.filter(fips__in=fips or []))
    return site


def make_person(name: str = "Ruth Alder", email: str = "ruth@rock.example") -> User:
    """An account without a usable password; tests sign in by `client_for`."""
    return User.objects.create_user(email, name=name)


def give(
    person: User,
    role: Role,
    site: Site | None,
    *,
    starts_on: dt.date = LONG_AGO,
    ends_on: dt.date | None = None,
) -> User:
    """Give a person a role and return the person."""
    RoleAssignment.objects.create(person=person, site=site, role=role, starts_on=starts_on, ends_on=ends_on)
    return person
