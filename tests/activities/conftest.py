"""A family the cast's parent partner walks beside, and what they type about it."""

from __future__ import annotations

from typing import Any

import pytest

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


def rows(model: Any, site: Site, **which: Any) -> list[Any]:
    """The site's rows, read behind the screens."""
    with site_scope(site.id):
        return list(model.objects.filter(**which))
