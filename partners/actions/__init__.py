"""The only writers of this room."""

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
from partners.actions.sessions import edit_session, record_session
from partners.actions.training import record_training, strike_training

__all__ = [
    "NotTheirStory",
    "NotYetEligible",
    "PartnerNotEligible",
    "PartnerStillMatched",
    "begin_leave",
    "choose_experience",
    "create_partner",
    "edit_partner",
    "edit_recruitment",
    "edit_session",
    "end_leave",
    "end_partner",
    "move_recruitment",
    "record_session",
    "record_training",
    "register_interest",
    "strike_training",
]
