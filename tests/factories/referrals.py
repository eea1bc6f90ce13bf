"""Referrals and enrollments."""

from __future__ import annotations

import datetime as dt
import uuid

from accounts.models import User
from counties.models import Site
from counties.wall import site_scope
from counties.wall.rules import next_number
from families.models import Disclosure, Parent
from referrals.models import Enrollment, IncomingReferral, Participation, Referral, Transfer
from tests.factories.families import make_consent, make_parent


def make_referral(site: Site, parent: Parent | None = None, **fields: object) -> Referral:
    parent = parent or make_parent(site)
    defaults = {"source": "cps_social_worker", "referred_on": dt.date(2025, 5, 1)}
    with site_scope(site.id):
        return Referral.objects.create(
            site=site,
            family=parent.family,
            parent=parent,
            number=next_number(Referral),
            **{**defaults, **fields},
        )


def make_accepted_referral(site: Site, parent: Parent | None = None, **fields: object) -> Referral:
    """Accepted a week after it came."""
    came = fields.get("referred_on", dt.date(2025, 5, 1))
    defaults = {"outcome": "accepted", "decided_on": came + dt.timedelta(days=7)}
    return make_referral(site, parent, **{**defaults, **fields})


def make_enrollment(
    site: Site,
    referral: Referral | None = None,
    *,
    enrolled_on: dt.date = dt.date(2025, 6, 1),
    closed_on: dt.date | None = None,
    closure_reason: str = "",
) -> Enrollment:
    """An enrollment with the one participation its referral leads to."""
    referral = referral or make_accepted_referral(site)
    agreement = make_consent(site, referral.parent, starts_on=enrolled_on)
    with site_scope(site.id):
        enrollment = Enrollment.objects.create(
            site=site,
            family=referral.family,
            enrolled_on=enrolled_on,
            closed_on=closed_on,
            closure_reason=closure_reason or ("goals_met_reunified" if closed_on else ""),
        )
        Participation.objects.create(
            site=site,
            enrollment=enrollment,
            referral=referral,
            parent=referral.parent,
            starts_on=enrolled_on,
            ends_on=closed_on,
            agreement=agreement,
        )
        return enrollment


def make_incoming(site: Site, **fields: object) -> IncomingReferral:
    """What a parent sent from outside, not looked at yet."""
    defaults = {"source": "self", "first_name": "Nia", "last_name": "Pine", "phone": "608-555-0199"}
    with site_scope(site.id):
        return IncomingReferral.objects.create(site=site, **{**defaults, **fields})


def make_transfer(
    site: Site, parent: Parent, *, by: User, to_site: Site | None = None, **fields: object
) -> Transfer:
    """An offer as the sender's site keeps it; nothing is handed over."""
    with site_scope(site.id):
        disclosure = Disclosure.objects.create(
            site=site, parent=parent, recipient="Another site", categories=["identity"], purpose="Transfer",
            legal_basis="Made for a test", disclosed_by=by,
        )  # fmt: skip
        return Transfer.objects.create(
            site=site, parent=parent, to_site=to_site or site, disclosure=disclosure, categories=["identity"],
            incoming_id=uuid.uuid4(), offered_by=by, **fields,
        )  # fmt: skip
