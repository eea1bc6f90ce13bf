"""Tables of this room."""

from counties.models.jobs import Job
from counties.models.people import Invitation, RoleAssignment
from counties.models.places import County, Site, SitePhase, SiteSettings, Tribe

__all__ = ["County", "Invitation", "Job", "RoleAssignment", "Site", "SitePhase", "SiteSettings", "Tribe"]
