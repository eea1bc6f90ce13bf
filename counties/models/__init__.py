"""Tables of this room."""

from counties.models.filters import SavedFilter
from counties.models.jobs import Job
from counties.models.messages import Message
from counties.models.people import Invitation, RoleAssignment
from counties.models.places import County, Site, SitePhase, SiteSettings, Tribe

__all__ = [
    "County", "Invitation", "Job", "Message", "RoleAssignment", "SavedFilter", "Site", "SitePhase",
    "SiteSettings", "Tribe",
]  # fmt: skip
