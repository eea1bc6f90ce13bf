"""The only writers of this room."""

from activities.actions.contacts import correct_contact, log_contact
from activities.actions.drafts import discard_draft, save_draft
from activities.actions.events import cancel_event, plan_event, record_attendance
from activities.actions.goals import end_goal, set_goal
from activities.actions.incidents import record_incident
from activities.actions.levels import change_level

__all__ = [
    "cancel_event",
    "change_level",
    "correct_contact",
    "discard_draft",
    "end_goal",
    "log_contact",
    "plan_event",
    "record_attendance",
    "record_incident",
    "save_draft",
    "set_goal",
]
