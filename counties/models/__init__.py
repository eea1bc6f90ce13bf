"""Tables of this room."""

from counties.models.filters import SavedFilter
from counties.models.jobs import Job
from counties.models.messages import Message
from counties.models.people import Invitation, RoleAssignment
from counties.models.places import County, Site, SitePhase, SiteSettings, Tribe
from counties.models.questions import ContactQuestion

__all__ = [
    "ContactQuestion", "County", "Invitation", "Job", "Message", "RoleAssignment", "SavedFilter", "Site", "SitePhase",
    "SiteSettings", "Tribe",
]  # fmt: skip
