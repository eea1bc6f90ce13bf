"""The only writers of this room."""

from activities.actions.contacts import correct_contact, log_contact
from activities.actions.drafts import discard_draft, save_draft
from activities.actions.events import cancel_event, edit_event, plan_event, record_attendance
from activities.actions.feeds import make_feed, revoke_feed
from activities.actions.followups import add_follow_up, end_follow_up, hand_on_follow_up
from activities.actions.goals import (
    add_step,
    celebrate_goal,
    end_goal,
    mark_step,
    set_goal,
    strike_step,
)
from activities.actions.incidents import record_incident, strike_incident
from activities.actions.levels import change_level
from activities.actions.notes import close_notes, open_notes
from activities.actions.time import log_time, strike_time

__all__ = [
    "add_follow_up",
    "add_step",
    "cancel_event",
    "celebrate_goal",
    "change_level",
    "close_notes",
    "correct_contact",
    "discard_draft",
    "edit_event",
    "end_follow_up",
    "end_goal",
    "hand_on_follow_up",
    "log_contact",
    "log_time",
    "make_feed",
    "mark_step",
    "open_notes",
    "plan_event",
    "record_attendance",
    "record_incident",
    "revoke_feed",
    "save_draft",
    "set_goal",
    "strike_incident",
    "strike_step",
    "strike_time",
]
