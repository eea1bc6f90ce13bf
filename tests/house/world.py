"""Two sites with one of everything, the same in both but for a token in every text of the second.

`KWARGS` tells, per URL name, which object of the world its address needs; a URL missing here fails
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
    slug = site.slug
    coordinator = give(
        make_person(f"Cora {token.lower()}", f"cora@{slug}.example"), Role.PROGRAM_COORDINATOR, site
    )
    person = give(make_person(f"Paul {token.lower()}", f"paul@{slug}.example"), Role.PARENT_PARTNER, site)
    world = World(site, coordinator, person)
    family = make_family(site, notes=f"Note {token}", source_id=f"S{token}1")
    parent = make_parent(
        site, family, first_name=f"Ann{token}", last_name=f"Lee{token}", municipality=f"Town{token}"
    )
    child = make_child(site, family, first_name=f"Kim{token}")
    partner = make_partner(site, first_name=f"Pia{token}", last_name=f"Ray{token}", person=person)
    other = make_partner(site, first_name=f"Una{token}")
    pending = make_referral(site, make_parent(site, family, first_name=f"Bob{token}"))
    waiting = make_accepted_referral(site, make_parent(site, first_name=f"Cid{token}"))
    referral = make_accepted_referral(site, parent, decision_note=f"Because {token}")
    enrollment = make_enrollment(site, referral)
    match = make_match(site, referral, partner)
    contact = act.make_contact(site, enrollment, partner, note=f"We talked {token}")
    with site_scope(site.id):
        participation = enrollment.participations.get()
        report = draft_report(site=site, month=dt.date(2025, 6, 1), by=coordinator)
        MonthlyReport.objects.filter(pk=report.pk).update(successes=f"Good {token}")
        ReportFile.objects.create(site=site, report=report, kind="pdf", content=b"%PDF", sha256="0" * 64)
        handed_in = draft_report(site=site, month=dt.date(2025, 5, 1), by=coordinator)
        for status, when in (("certified", "certified_at"), ("submitted", "submitted_at")):
            MonthlyReport.objects.filter(pk=handed_in.pk).update(status=status, **{when: timezone.now()})
        jobs = {
            f"{kind}_job": Job.objects.create(
                site=site, kind=name, key=name, status="done", asked_by=coordinator, file=b"x", file_name="x.pdf",
                arguments={"report": str(report.pk), "kind": "pdf", "parent": str(parent.pk)},
                file_type="application/pdf",
            )
            for kind, name in (("file", "report.draft_file"), ("import", "import.site"), ("copy", "record.copy"))
        }  # fmt: skip
        export = Export.objects.create(
            site=site, what="families", kind="csv", reason=f"Review {token}", asked_by=coordinator, content=b"x",
            row_count=1, made_at=timezone.now(), expires_at=timezone.now() + dt.timedelta(days=1),
        )  # fmt: skip
        meeting = CouncilMeeting.objects.create(site=site, council="local", held_on=dt.date(2025, 6, 10))
        outreach = OutreachEvent.objects.create(
            site=site,
            held_on=dt.date(2025, 6, 11),
            kind="presentation",
            audience=f"Schools {token}",
            attendance=9,
        )
        topic = TrainingTopic.objects.create(site=site, label=f"Own {token}")
        question = ContactQuestion.objects.create(site=site, words=f"Own {token}", kind="yes_no")
        saved_filter = SavedFilter.objects.create(
            site=site, person=coordinator, page="families:list", name=f"Mine {token}", query="status=waiting"
        )
        message = Message.objects.create(
            site=site, person=coordinator, kind="referral.to_decide", about_id=pending.pk, reference=pending.reference
        )  # fmt: skip
        merge = Merge.objects.create(site=site, kept=family, reason=f"Same {token}", merged_by=coordinator)
        audit_event = record("family.viewed", family, actor_id=coordinator.id)
        plan = Plan.objects.create(site=site, asked_by=coordinator)
        plan_line = PlanLine.objects.create(
            site=site,
            plan=plan,
            referral=waiting,
            position=0,
            waiting_since=dt.date(2025, 5, 8),
            problem=f"No {token}",
        )
        reassignment = Plan.objects.create(site=site, asked_by=coordinator, families_of=partner)
        PlanLine.objects.create(
            site=site, plan=reassignment, referral=referral, position=0, waiting_since=dt.date(2025, 5, 8),
            partner=other, advised=other, replaces=match,
        )  # fmt: skip
    placement = make_placement(
        site, make_episode(site, child), setting="other", setting_other=f"Home {token}".strip()
    )
    session = make_session(site, partner, topic=f"Topic {token}")
    with site_scope(site.id):
        attendance = session.attendances.get()
    consent = make_consent(site, parent, recipient=f"Agency {token}")
    world.things = {
        "family": family, "parent": parent, "child": child, "episode": placement.episode, "placement": placement,
        "consent": consent, "consent_file": make_consent_file(site, consent), "partner": partner,
        "pending": pending, "waiting": waiting, "referral": referral, "enrollment": enrollment,
        "participation": participation, "match": match, "incoming": make_incoming(site, first_name=f"Ina{token}"),
        "transfer": make_transfer(site, parent, by=coordinator),
        "proposed": make_match(site, waiting, partner, status="proposed"),
        "offered": make_match(site, partner=partner, status="offered_partner"),
        "merge": merge,
        "tie": make_tie(site, family, make_person(f"Tia {token.lower()}", f"tia@{slug}.example"), note=f"Kin {token}"),
        "plan": plan, "plan_line": plan_line, "reassignment": reassignment,
        "paused": make_match(
            site, partner=partner, status="paused", ends_on=dt.date(2025, 6, 1), end_reason="handed_over"
        ),
        "conflict": make_conflict(site, parent, other, note=f"Why {token}"),
        "topic": topic,
        "training": (training := make_training(site, partner)), "certificate": make_certificate(site, training),
        "career_entry": make_career_entry(site, partner, words=f"Seat {token}"),
        "recruitment": make_recruitment(site, first_name=f"Ida{token}"),
        "session": session, "attendance": attendance,
        "agreed_step": make_agreed_step(session, partner, words=f"Words {token}"),
        "provider": make_provider(site, name=f"Prof {token}"),
        "clinical_month": make_clinical_month(site), "contact": contact,
        "follow_up": act.make_follow_up(site, referral, coordinator, words=f"Call {token}"),
        "time": act.make_time(site, partner, coordinator),
        "note_opening": act.make_note_opening(match, coordinator, reason=f"Why {token}"),
        "draft": act.make_draft(site, coordinator, note=f"Half a word {token}"),
        "event": act.make_event(site, referral), "goal": (goal := act.make_goal(site, parent, words=f"Goal {token}")),
        "step": act.make_step(site, goal, words=f"Step {token}"),
        "report": report, "handed_in": handed_in, "meeting": meeting, "outreach": outreach, **jobs,
        "saved_filter": saved_filter, "question": question, "message": message, "audit_event": audit_event,
        "export": export,
        "role": RoleAssignment.objects.get(person=person, site=site),
        "invitation": Invitation.objects.create(
            email=f"new@{slug}.example", name=f"New {token.lower()}", site=site, role=Role.PARENT_PARTNER,
            token_hash=slug, expires_at=timezone.now() + dt.timedelta(days=1), invited_by=coordinator,
        ),
    }  # fmt: skip
    return world
