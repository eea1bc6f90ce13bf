"""The only writers of this room."""

from partners.actions.career import add_career_entry, strike_career_entry, take_wellness_check
from partners.actions.clinical import ProviderNotLicensed, plan_clinical_support, save_provider
from partners.actions.partners import (
    NotTheirStory,
    PartnerNotEligible,
    PartnerStillMatched,
    begin_leave,
    choose_experience,
    create_partner,
    edit_partner,
    end_leave,
    end_partner,
)
from partners.actions.recruitment import (
    NotYetEligible,
    edit_recruitment,
    move_recruitment,
    register_interest,
)
from partners.actions.sessions import (
    agree_step,
    edit_session,
    finish_agreed_step,
    record_session,
    strike_agreed_step,
    strike_session,
    write_note,
)
from partners.actions.training import (
    add_certificate,
    add_topic,
    record_training,
    retire_topic,
    strike_training,
)

__all__ = [
    "NotTheirStory",
    "NotYetEligible",
    "PartnerNotEligible",
    "PartnerStillMatched",
    "ProviderNotLicensed",
    "add_career_entry",
    "add_certificate",
    "add_topic",
    "retire_topic",
    "agree_step",
    "begin_leave",
    "choose_experience",
    "create_partner",
    "edit_partner",
    "edit_recruitment",
    "edit_session",
    "end_leave",
    "end_partner",
    "finish_agreed_step",
    "move_recruitment",
    "plan_clinical_support",
    "record_session",
    "record_training",
    "register_interest",
    "save_provider",
    "strike_agreed_step",
    "strike_career_entry",
    "strike_session",
    "strike_training",
    "take_wellness_check",
    "write_note",
]
