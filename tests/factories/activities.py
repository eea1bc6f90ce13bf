"""Contacts, levels, hearings and goals."""

from __future__ import annotations

import datetime as dt
import uuid

from accounts.models import User
from activities.models import Contact, ContactDraft, FamilyEvent, Goal, LevelChange
from counties.models import Site
from counties.wall import site_scope
from families.models import Parent
from partners.models import ParentPartner
from referrals.models import Enrollment, Referral
from tests.factories.partners import make_partner


def make_contact(
    site: Site, enrollment: Enrollment, partner: ParentPartner | None = None, **fields: object
) -> Contact:
    """A completed hour at home, within the enrollment."""
    partner = partner or make_partner(site)
    defaults = {
        "held_on": enrollment.enrolled_on + dt.timedelta(days=3),
        "mode": "in_person_home",
        "result": "completed",
        "minutes": 60,
        "activities": ["mentoring"],
    }
    with site_scope(site.id):
        return Contact.objects.create(
            site=site,
            enrollment=enrollment,
            referral=enrollment.participations.first().referral,
            partner=partner,
            **{**defaults, **fields},
        )


def make_outreach(site: Site, referral: Referral, partner: ParentPartner, **fields: object) -> Contact:
    """A contact before enrollment, stored against the referral."""
    defaults = {
        "held_on": referral.referred_on + dt.timedelta(days=2),
        "mode": "phone",
        "result": "completed",
        "minutes": 10,
        "activities": ["outreach_attempt"],
    }
    with site_scope(site.id):
        return Contact.objects.create(site=site, referral=referral, partner=partner, **{**defaults, **fields})


def make_draft(site: Site, writer: User, **fields: object) -> ContactDraft:
    """An unfinished contact without a parent chosen."""
    with site_scope(site.id):
        return ContactDraft.objects.create(site=site, writer=writer, window=uuid.uuid4(), **fields)


def make_level(site: Site, enrollment: Enrollment, level: int, changed_on: dt.date) -> LevelChange:
    with site_scope(site.id):
        return LevelChange.objects.create(
            site=site, enrollment=enrollment, level=level, changed_on=changed_on, reason="case consultation"
        )


def make_event(site: Site, referral: Referral, **fields: object) -> FamilyEvent:
    defaults = {"kind": "hearing", "held_on": dt.date(2025, 6, 20)}
    with site_scope(site.id):
        return FamilyEvent.objects.create(site=site, referral=referral, **{**defaults, **fields})


def make_goal(site: Site, parent: Parent, **fields: object) -> Goal:
    defaults = {"words": "See my children every week", "set_on": dt.date(2025, 6, 5)}
    with site_scope(site.id):
        return Goal.objects.create(site=site, parent=parent, **{**defaults, **fields})
