"""The only writers of this room."""

from activities.actions.contacts import correct_contact, log_contact

__all__ = ["correct_contact", "log_contact"]
