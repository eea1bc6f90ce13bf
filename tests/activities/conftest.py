"""A family the cast's parent partner walks beside, and what they type about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page

from accounts.models import User
from counties.models import Site
from counties.wall import site_scope
from partners.models import ParentPartner
from referrals.models import Enrollment, Referral
from tests.factories.matching import make_match
from tests.factories.referrals import make_accepted_referral, make_enrollment


@pytest.fixture
def referral(rock: Site, rock_partner_profile: ParentPartner) -> Referral:
    """Accepted on 05/08/2025, matched with `rock_partner` since 05/20/2025 and now."""
    referral = make_accepted_referral(rock)
    make_match(rock, referral, rock_partner_profile)
    return referral


@pytest.fixture
def enrollment(rock: Site, referral: Referral) -> Enrollment:
    """Open since 06/01/2025."""
    return make_enrollment(rock, referral)


@pytest.fixture
def typed(referral: Referral) -> dict[str, Any]:
    """A completed hour at home on 06/10/2025, as the form sends it."""
    return {
        "referral": str(referral.pk), "held_on": "2025-06-10", "mode": "in_person_home", "result": "completed",
        "minutes": "60", "activities": ["mentoring", "court_prep"], "note": "We went through the week.",
    }  # fmt: skip


@pytest.fixture
def visit(live_server, open_page, client_for) -> Callable[..., Page]:
    """Open an address as somebody of the cast."""
    host = urlsplit(live_server.url).hostname

    def opened(person: User, path: str, **options: object) -> Page:
        cookie = client_for(person).cookies[settings.SESSION_COOKIE_NAME].value
        kept = {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "domain": host, "path": "/"}
        return open_page(f"{live_server.url}{path}", storage_state={"cookies": [kept]}, **options)

    return opened


def contact_facts(**changes: Any) -> dict[str, Any]:
    """What the action takes about a contact by telephone on 06/10/2025, with `changes`."""
    facts = {"held_on": dt.date(2025, 6, 10), "mode": "phone", "result": "completed", "minutes": 20}
    return facts | {"activities": ["mentoring"]} | changes


def rows(model: Any, site: Site, **which: Any) -> list[Any]:
    """The site's rows, read behind the screens."""
    with site_scope(site.id):
        return list(model.objects.filter(**which))


def somebody_waits() -> bool:
    """Whether another connection is held up by a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
