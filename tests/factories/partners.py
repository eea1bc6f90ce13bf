"""Parent partners and their sessions."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal

from accounts.models import User
from counties.models import Site
from counties.wall import site_scope
from partners.models import (
    AgreedStep,
    CareerEntry,
    CertificateFile,
    ClinicalMonth,
    ClinicalProvider,
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


def make_certificate(
    site: Site, training: TrainingRecord, content: bytes = b"%PDF-1.7 completed %%EOF"
) -> CertificateFile:
    with site_scope(site.id):
        return CertificateFile.objects.create(
            site=site, training=training, kind="pdf", content=content, size=len(content),
            sha256=hashlib.sha256(content).hexdigest(), added_by=User.objects.first(),
        )  # fmt: skip


def make_training(site: Site, partner: ParentPartner, **fields: object) -> TrainingRecord:
    """A topic of the core list completed for good."""
    defaults = {"topic": "foundation", "completed_on": dt.date(2024, 1, 10)}
    with site_scope(site.id):
        return TrainingRecord.objects.create(site=site, partner=partner, **{**defaults, **fields})


def make_agreed_step(session: SupportSession, partner: ParentPartner, **fields: object) -> AgreedStep:
    """Something agreed, due a week after the session."""
    defaults = {"words": "Ask about the training", "due_on": session.held_on + dt.timedelta(days=7)}
    with site_scope(session.site_id):
        return AgreedStep.objects.create(
            site_id=session.site_id, session=session, partner=partner, **{**defaults, **fields}
        )


def make_provider(site: Site, **fields: object) -> ClinicalProvider:
    """A provider whose licence is valid for long."""
    defaults = {
        "name": "Nia Oak", "licence": "lcsw", "licence_number": "123-45", "licence_expires_on": dt.date(2999, 1, 1),
        "verified_on": dt.date(2025, 1, 2), "verified_by": "Ruth Alder",
    }  # fmt: skip
    with site_scope(site.id):
        return ClinicalProvider.objects.create(site=site, **{**defaults, **fields})


def make_clinical_month(site: Site, **fields: object) -> ClinicalMonth:
    with site_scope(site.id):
        return ClinicalMonth.objects.create(site=site, **{"month": dt.date(2025, 6, 1), **fields})


def make_career_entry(site: Site, partner: ParentPartner, **fields: object) -> CareerEntry:
    defaults = {"kind": "committee", "words": "Local council", "starts_on": dt.date(2025, 6, 2)}
    with site_scope(site.id):
        return CareerEntry.objects.create(site=site, partner=partner, **{**defaults, **fields})
