"""Contacts, levels, hearings and goals."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import timezone

from accounts.models import User
from activities.models import (
    Contact,
    ContactDraft,
    FamilyEvent,
    FollowUp,
    Goal,
    GoalStep,
    Incident,
    LevelChange,
    NoteOpening,
    TimeEntry,
)
from counties.models import Site
from counties.wall import site_scope
from families.models import Parent
from matching.models import Match
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


def make_follow_up(site: Site, referral: Referral, owner: User, **fields: object) -> FollowUp:
    defaults = {"words": "Bring the housing form", "due_on": dt.date(2025, 6, 20)}
    with site_scope(site.id):
        return FollowUp.objects.create(
            site=site, referral=referral, owner=owner, made_by=owner, **{**defaults, **fields}
        )


def make_time(site: Site, partner: ParentPartner, by: User, **fields: object) -> TimeEntry:
    defaults = {"kind": "travel", "held_on": dt.date(2025, 6, 20), "minutes": 40}
    with site_scope(site.id):
        return TimeEntry.objects.create(site=site, partner=partner, entered_by=by, **{**defaults, **fields})


def make_incident(site: Site, by: User, **fields: object) -> Incident:
    facts = {"kind": "complaint", "happened_at": timezone.now(), "what_happened": "A call", **fields}
    with site_scope(site.id):
        return Incident.objects.create(site=site, recorded_by=by, **facts)


def make_step(site: Site, goal: Goal, **fields: object) -> GoalStep:
    with site_scope(site.id):
        return GoalStep.objects.create(site=site, goal=goal, **{"words": "Call the school", **fields})


def make_note_opening(match: Match, by: User, **fields: object) -> NoteOpening:
    """The notes from before the match, open to its parent partner."""
    with site_scope(match.site_id):
        return NoteOpening.objects.create(
            site_id=match.site_id, match=match, opened_by=by, **{"reason": "The parent asked", **fields}
        )
