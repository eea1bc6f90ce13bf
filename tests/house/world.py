"""Two sites with one of everything, the same in both but for a token in every text of the second.

`addresses.py` tells, per URL name, which object of the world its address needs; a URL missing there fails
`test_urls.py`, so nobody adds an address without saying how to try the wall with it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from accounts.models import User
from advisory.models import CouncilMeeting
from audit.record import record
from counties.models import ContactQuestion, Invitation, Job, Message, RoleAssignment, SavedFilter, Site
from counties.roles import Role
from counties.wall import site_scope
from exchange.models import Export
from families.models import Merge
from matching.models import Plan, PlanLine
from outreach.models import OutreachEvent
from partners.models import TrainingTopic
from reporting.actions import draft_report
from reporting.models import MonthlyReport, ReportFile
from tests.factories import activities as act
from tests.factories.counties import give, make_person
from tests.factories.families import (
    make_child,
    make_consent,
    make_consent_file,
    make_episode,
    make_family,
    make_parent,
    make_placement,
    make_tie,
)
from tests.factories.matching import make_conflict, make_match
from tests.factories.partners import (
    make_agreed_step,
    make_career_entry,
    make_certificate,
    make_clinical_month,
    make_partner,
    make_provider,
    make_recruitment,
    make_session,
    make_training,
)
from tests.factories.referrals import (
    make_accepted_referral,
    make_enrollment,
    make_incoming,
    make_referral,
    make_transfer,
)

CANARY = "Zzyzx"
"""Stands in every free text of the foreign site (small letters: in names of its staff); never to be seen elsewhere."""


@dataclass
class World:
    """One of everything at one site."""

    site: Site
    coordinator: User
    partner_person: User
    things: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["things"][name]
        except KeyError:
            raise AttributeError(name) from None


def build_world(site: Site, *, token: str = "") -> World:
    """Make one of everything at the site; `token` marks its texts."""
    staff = [
        (f"Cora {token.lower()}", f"cora@{site.slug}.example", Role.PROGRAM_COORDINATOR),
        (f"Paul {token.lower()}", f"paul@{site.slug}.example", Role.PARENT_PARTNER),
    ]
    world = World(site, *(give(make_person(name, email), role, site) for name, email, role in staff))
    for room in (_families, _partners, _referrals, _matching, _activities, _reporting, _counties):
        world.things |= room(world, site, token)
    return world


def _families(world: World, site: Site, token: str) -> dict[str, Any]:
    family = make_family(site, notes=f"Note {token}", source_id=f"S{token}1")
    parent = make_parent(
        site, family, first_name=f"Ann{token}", last_name=f"Lee{token}", municipality=f"Town{token}"
    )
    child = make_child(site, family, first_name=f"Kim{token}")
    placement = make_placement(
        site, make_episode(site, child), setting="other", setting_other=f"Home {token}".strip()
    )
    consent = make_consent(site, parent, recipient=f"Agency {token}")
    relative = make_person(f"Tia {token.lower()}", f"tia@{site.slug}.example")
    with site_scope(site.id):
        merge = Merge.objects.create(
            site=site, kept=family, reason=f"Same {token}", merged_by=world.coordinator
        )
    return {
        "family": family, "parent": parent, "child": child, "episode": placement.episode, "placement": placement,
        "consent": consent, "consent_file": make_consent_file(site, consent), "merge": merge,
        "tie": make_tie(site, family, relative, note=f"Kin {token}"),
    }  # fmt: skip


def _partners(world: World, site: Site, token: str) -> dict[str, Any]:
    partner = make_partner(
        site, first_name=f"Pia{token}", last_name=f"Ray{token}", person=world.partner_person
    )
    session = make_session(site, partner, topic=f"Topic {token}")
    training = make_training(site, partner)
    with site_scope(site.id):
        attendance = session.attendances.get()
        topic = TrainingTopic.objects.create(site=site, label=f"Own {token}")
    return {
        "partner": partner, "other": make_partner(site, first_name=f"Una{token}"),
        "session": session, "attendance": attendance,
        "agreed_step": make_agreed_step(session, partner, words=f"Words {token}"),
        "training": training, "topic": topic, "certificate": make_certificate(site, training),
        "career_entry": make_career_entry(site, partner, words=f"Seat {token}"),
        "recruitment": make_recruitment(site, first_name=f"Ida{token}"),
        "provider": make_provider(site, name=f"Prof {token}"), "clinical_month": make_clinical_month(site),
    }  # fmt: skip


def _referrals(world: World, site: Site, token: str) -> dict[str, Any]:
    referral = make_accepted_referral(site, world.parent, decision_note=f"Because {token}")
    enrollment = make_enrollment(site, referral)
    with site_scope(site.id):
        participation = enrollment.participations.get()
    return {
        "referral": referral, "enrollment": enrollment, "participation": participation,
        "pending": make_referral(site, make_parent(site, world.family, first_name=f"Bob{token}")),
        "waiting": make_accepted_referral(site, make_parent(site, first_name=f"Cid{token}")),
        "incoming": make_incoming(site, first_name=f"Ina{token}"),
        "transfer": make_transfer(site, world.parent, by=world.coordinator),
    }  # fmt: skip


def _matching(world: World, site: Site, token: str) -> dict[str, Any]:
    partner, other = world.partner, world.other
    match = make_match(site, world.referral, partner)
    since = {"position": 0, "waiting_since": dt.date(2025, 5, 8)}
    with site_scope(site.id):
        plan = Plan.objects.create(site=site, asked_by=world.coordinator)
        plan_line = PlanLine.objects.create(
            site=site, plan=plan, referral=world.waiting, problem=f"No {token}", **since
        )
        reassignment = Plan.objects.create(site=site, asked_by=world.coordinator, families_of=partner)
        PlanLine.objects.create(
            site=site, plan=reassignment, referral=world.referral, partner=other, advised=other, replaces=match, **since
        )  # fmt: skip
    return {
        "match": match, "plan": plan, "plan_line": plan_line, "reassignment": reassignment,
        "proposed": make_match(site, world.waiting, partner, status="proposed"),
        "offered": make_match(site, partner=partner, status="offered_partner"),
        "paused": make_match(
            site, partner=partner, status="paused", ends_on=dt.date(2025, 6, 1), end_reason="handed_over"
        ),
        "conflict": make_conflict(site, world.parent, other, note=f"Why {token}"),
    }  # fmt: skip


def _activities(world: World, site: Site, token: str) -> dict[str, Any]:
    goal = act.make_goal(site, world.parent, words=f"Goal {token}")
    return {
        "contact": act.make_contact(site, world.enrollment, world.partner, note=f"We talked {token}"),
        "draft": act.make_draft(site, world.coordinator, note=f"Half a word {token}"),
        "time": act.make_time(site, world.partner, world.coordinator),
        "incident": act.make_incident(site, world.coordinator, family=world.family, what_happened=f"A call {token}"),
        "follow_up": act.make_follow_up(site, world.referral, world.coordinator, words=f"Call {token}"),
        "note_opening": act.make_note_opening(world.match, world.coordinator, reason=f"Why {token}"),
        "event": act.make_event(site, world.referral), "goal": goal,
        "step": act.make_step(site, goal, words=f"Step {token}"),
    }  # fmt: skip


def _reporting(world: World, site: Site, token: str) -> dict[str, Any]:
    """A draft with a file, a report handed in, and what the upper rooms keep beside them."""
    with site_scope(site.id):
        report, handed_in = (
            draft_report(site=site, month=dt.date(2025, month, 1), by=world.coordinator) for month in (6, 5)
        )
        MonthlyReport.objects.filter(pk=report.pk).update(successes=f"Good {token}")
        ReportFile.objects.create(site=site, report=report, kind="pdf", content=b"%PDF", sha256="0" * 64)
        for status, when in (("certified", "certified_at"), ("submitted", "submitted_at")):
            MonthlyReport.objects.filter(pk=handed_in.pk).update(status=status, **{when: timezone.now()})
        export = Export.objects.create(
            site=site, what="families", kind="csv", reason=f"Review {token}", asked_by=world.coordinator, content=b"x",
            row_count=1, made_at=timezone.now(), expires_at=timezone.now() + dt.timedelta(days=1),
        )  # fmt: skip
        meeting = CouncilMeeting.objects.create(site=site, council="local", held_on=dt.date(2025, 6, 10))
        outreach = OutreachEvent.objects.create(
            site=site, held_on=dt.date(2025, 6, 11), kind="presentation", audience=f"Schools {token}", attendance=9
        )  # fmt: skip
    return {
        "report": report,
        "handed_in": handed_in,
        "export": export,
        "meeting": meeting,
        "outreach": outreach,
    }


def _counties(world: World, site: Site, token: str) -> dict[str, Any]:
    """What stands on a person's desk, and finished work of the worker for the rooms above."""
    coordinator, pending = world.coordinator, world.pending
    kinds = {"file_job": "report.draft_file", "import_job": "import.site", "copy_job": "record.copy"}
    with site_scope(site.id):
        jobs = {
            name: Job.objects.create(
                site=site, kind=kind, key=kind, status="done", asked_by=coordinator, file=b"x", file_name="x.pdf",
                arguments={"report": str(world.report.pk), "kind": "pdf", "parent": str(world.parent.pk)},
                file_type="application/pdf",
            )
            for name, kind in kinds.items()
        }  # fmt: skip
        return jobs | {
            "question": ContactQuestion.objects.create(site=site, words=f"Own {token}", kind="yes_no"),
            "saved_filter": SavedFilter.objects.create(
                site=site, person=coordinator, page="families:list", name=f"Mine {token}", query="status=waiting"
            ),
            "message": Message.objects.create(
                site=site, person=coordinator, kind="referral.to_decide", about_id=pending.pk,
                reference=pending.reference,
            ),
            "audit_event": record("family.viewed", world.family, actor_id=coordinator.id),
            "role": RoleAssignment.objects.get(person=world.partner_person, site=site),
            "invitation": Invitation.objects.create(
                email=f"new@{site.slug}.example", name=f"New {token.lower()}", site=site, role=Role.PARENT_PARTNER,
                token_hash=site.slug, expires_at=timezone.now() + dt.timedelta(days=1), invited_by=coordinator,
            ),
        }  # fmt: skip
