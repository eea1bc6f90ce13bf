"""Matches."""

from __future__ import annotations

import datetime as dt

from counties.models import Site
from counties.wall import site_scope
from matching.models import Conflict, Match
from partners.models import ParentPartner
from referrals.models import Referral
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral


def make_match(
    site: Site, referral: Referral | None = None, partner: ParentPartner | None = None, **fields: object
) -> Match:
    """A running match, unless the fields say otherwise."""
    referral = referral or make_accepted_referral(site)
    partner = partner or make_partner(site)
    defaults = {"status": "active", "starts_on": dt.date(2025, 5, 20)}
    if fields.get("ends_on"):
        defaults["status"] = "ended"
    if fields.get("status") in (*Match.OPEN, Match.Status.DECLINED):
        defaults["starts_on"] = None
    if fields.get("status") in ("offered_partner", "offered_parent", "accepted"):
        defaults["offered_on"] = dt.date(2025, 5, 19)
    with site_scope(site.id):
        return Match.objects.create(
            site=site, referral=referral, parent=referral.parent, partner=partner, **{**defaults, **fields}
        )


def make_conflict(site: Site, parent: object, partner: ParentPartner, **fields: object) -> Conflict:
    with site_scope(site.id):
        return Conflict.objects.create(
            site=site, parent=parent, partner=partner, **{"kind": "related", **fields}
        )
