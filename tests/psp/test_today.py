"""Today: each role its own work, each look recorded, whatever there is in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from counties.models import Site
from counties.wall import site_scope
from partners.models import ParentPartner
from tests.factories.families import make_parent
from tests.factories.matching import make_match
from tests.factories.partners import make_clinical_month, make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment, make_referral
from tests.queries import questions

pytestmark = pytest.mark.django_db
TODAY = "/sites/rock/"


def test_a_coordinator_sees_what_waits(
    rock: Site, rock_coordinator: User, client_for: Callable[[User], Client]
) -> None:
    pending = make_referral(rock, make_parent(rock, first_name="Ana", last_name="Flores"))
    make_accepted_referral(rock, make_parent(rock, first_name="Bea", last_name="Stone"))
    page = client_for(rock_coordinator).get(TODAY).content.decode()
    assert "Ana Flores" in page and "Bea Stone" in page
    with site_scope(rock.id):
        look = AuditEvent.objects.get(verb="today.viewed")
    assert str(pending.family_id) in look.object_ids


def test_a_parent_partner_sees_current_families_only(
    rock: Site, rock_partner: User, rock_partner_profile: ParentPartner, client_for: Callable[[User], Client]
) -> None:
    mine = make_accepted_referral(rock, make_parent(rock, first_name="Ana"))
    make_match(rock, mine, rock_partner_profile)
    make_enrollment(rock, mine)
    past = make_accepted_referral(rock, make_parent(rock, first_name="Bygone"))
    make_match(rock, past, rock_partner_profile, ends_on=dt.date(2025, 8, 1))
    make_referral(rock, make_parent(rock, first_name="Stranger"))
    page = client_for(rock_partner).get(TODAY).content.decode()
    assert "Ana" in page and "Bygone" not in page and "Stranger" not in page
    assert "no contact yet" in page


def test_a_council_member_sees_meetings_and_no_family(
    rock: Site, rock_council: User, client_for: Callable[[User], Client]
) -> None:
    make_referral(rock, make_parent(rock, first_name="Stranger"))
    page = client_for(rock_council).get(TODAY).content.decode()
    assert "No meeting is recorded" in page and "Stranger" not in page


def test_queries_stay_the_same(
    rock: Site, rock_coordinator: User, client_for: Callable[[User], Client]
) -> None:
    browser = client_for(rock_coordinator)
    for _ in range(3):
        make_referral(rock)
    assert len(questions(browser, TODAY)) == 17
    for _ in range(2):
        make_referral(rock)
        make_accepted_referral(rock)
    assert len(questions(browser, TODAY)) == 17


def test_a_coordinator_sees_whose_supervision_is_due(
    rock: Site, rock_coordinator: User, client_for: Callable[[User], Client]
) -> None:
    make_partner(rock, first_name="Una", last_name="Due")
    make_partner(rock, first_name="Lou", last_name="Away", is_on_leave=True)
    page = client_for(rock_coordinator).get(TODAY).content.decode()
    assert "Una Due" in page and "was due 01/15/2024" in page and "Lou Away" not in page


def test_clinical_support_sees_what_is_planned(
    rock: Site, rock_clinical: User, client_for: Callable[[User], Client]
) -> None:
    ahead = timezone.localdate() + dt.timedelta(days=3)
    make_clinical_month(rock, month=ahead.replace(day=1), planned_on=ahead)
    assert f"{ahead:%m/%d/%Y}" in client_for(rock_clinical).get(TODAY).content.decode()
