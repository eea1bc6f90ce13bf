"""Parent partners: their way into the work, the role, and what supports them (`domain.md` 1.2, 13)."""

from partners.models.career import CareerEntry, WellnessCheck
from partners.models.clinical import ClinicalMonth, ClinicalProvider
from partners.models.partner import (
    AYearAfter,
    EligibilityBasis,
    ParentPartner,
    ParentPartners,
    PartnerStatus,
    Separation,
)
from partners.models.recruitment import Recruitment, RecruitmentMove
from partners.models.sessions import AgreedStep, SessionAttendance, SupportSession, SupportSessions
from partners.models.training import CertificateFile, CoreTopic, TrainingRecord, TrainingTopic

__all__ = [
    "AYearAfter",
    "AgreedStep",
    "CareerEntry",
    "CertificateFile",
    "ClinicalMonth",
    "ClinicalProvider",
    "CoreTopic",
    "EligibilityBasis",
    "ParentPartner",
    "ParentPartners",
    "PartnerStatus",
    "Recruitment",
    "RecruitmentMove",
    "Separation",
    "SessionAttendance",
    "SupportSession",
    "SupportSessions",
    "TrainingRecord",
    "TrainingTopic",
    "WellnessCheck",
]
