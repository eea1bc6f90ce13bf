"""The wall between sites, its five defences in the order of cost (`house.md` "The wall between sites").

1. the site stands in the URL (`counties.middleware`); 2. every tenant model derives from `SiteModel`;
3. a child row's `(site, parent)` pair is a composite foreign key; 4. row security, forced, on every tenant
table; 5. `visible_to(access)` narrows by role inside the site. 3 and 4 are raised by `RaiseWall` in migrations.
"""

from counties.wall.models import SiteManager, SiteModel, SiteQuerySet, WallKey
from counties.wall.scope import NoSiteScope, handing_over_to, site_scope, state_scope

__all__ = [
    "NoSiteScope", "SiteManager", "SiteModel", "SiteQuerySet", "WallKey", "handing_over_to", "site_scope",
    "state_scope",
]  # fmt: skip
