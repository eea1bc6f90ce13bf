"""Contacts, resource links, levels, hearings and meetings, goals, follow-ups, time, incidents (`domain.md` 3, 4)."""

from activities.models.answers import ContactAnswer, ContactAnswers
from activities.models.contacts import Contact, Contacts, ResourceLink, ResourceLinks
from activities.models.drafts import DRAFT_DAYS, ContactDraft, ContactDrafts
from activities.models.events import FamilyEvent, FamilyEvents
from activities.models.feeds import CalendarFeed, CalendarFeeds
from activities.models.followups import FOLLOW_UP_MOVES, FollowUp, FollowUps
from activities.models.goals import MOVES, Goal, Goals, GoalStep, GoalSteps
from activities.models.incidents import Incident, Incidents
from activities.models.levels import LevelChange, LevelChanges
from activities.models.notes import Kept, NoteOpening, NoteOpenings
from activities.models.time import TimeEntries, TimeEntry

__all__ = [
    "DRAFT_DAYS", "FOLLOW_UP_MOVES", "MOVES", "CalendarFeed", "CalendarFeeds", "Contact", "ContactAnswer",
    "ContactAnswers", "ContactDraft",
    "ContactDrafts", "Contacts", "FamilyEvent", "FamilyEvents", "FollowUp", "FollowUps", "Goal", "GoalStep",
    "GoalSteps", "Goals", "Incident", "Incidents", "Kept", "LevelChange", "LevelChanges", "NoteOpening",
    "NoteOpenings", "ResourceLink", "ResourceLinks", "TimeEntries", "TimeEntry",
]  # fmt: skip
