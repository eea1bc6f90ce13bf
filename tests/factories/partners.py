"""Parent partners and their sessions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from counties.models import Site
from counties.wall import site_scope
from partners.models import (
    ParentPartner,
    Recruitment,
    RecruitmentMove,
    SessionAttendance,
    SupportSession,
    TrainingRecord,
)


def make_partner(site: Site, **fields: object) -> ParentPartner:
    """An eligible, trained, full-time parent partner since 2024."""
    defaults = {
        "first_name": "Pao",
        "last_name": "Moua",
        "languages": ["en"],
        "eligibility_basis": "reunified",
        "eligibility_on": dt.date(2022, 1, 1),
        "starts_on": dt.date(2024, 1, 1),
        "fte": Decimal("1.00"),
        "core_training_completed_on": dt.date(2024, 2, 1),
    }
    fields.setdefault("experience_used", fields.get("experience", []))
    with site_scope(site.id):
        return ParentPartner.objects.create(site=site, **{**defaults, **fields})


def make_session(site: Site, *attendees: ParentPartner, **fields: object) -> SupportSession:
    defaults = {"kind": "individual_supervision", "held_on": dt.date(2025, 6, 2), "minutes": 45}
    with site_scope(site.id):
        session = SupportSession.objects.create(site=site, **{**defaults, **fields})
        for partner in attendees:
            SessionAttendance.objects.create(site=site, session=session, partner=partner)
        return session


def make_recruitment(site: Site, **fields: object) -> Recruitment:
    """Somebody interested since June 2025."""
    defaults = {"first_name": "Ida", "last_name": "Fern"}
    with site_scope(site.id):
        recruitment = Recruitment.objects.create(site=site, **{**defaults, **fields})
        RecruitmentMove.objects.create(
            site=site, recruitment=recruitment, after=recruitment.status, moved_on=dt.date(2025, 6, 1)
        )
        return recruitment


def make_training(site: Site, partner: ParentPartner, **fields: object) -> TrainingRecord:
    """A topic of the core list completed for good."""
    defaults = {"topic": "foundation", "completed_on": dt.date(2024, 1, 10)}
    with site_scope(site.id):
        return TrainingRecord.objects.create(site=site, partner=partner, **{**defaults, **fields})
