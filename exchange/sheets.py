"""Every kind of file a site can bring along, in the order in which one hangs on the other."""

from activities.imports import ContactsSheet, EventsSheet, LevelsSheet
from advisory.imports import CouncilSheet
from counties.sheets import Sheet
from families.imports import ChildrenSheet, FamiliesSheet
from matching.imports import MatchesSheet
from outreach.imports import OutreachSheet
from partners.imports import PartnersSheet, SessionsSheet
from referrals.imports import ReferralsSheet

SHEETS: dict[str, type[Sheet]] = {
    sheet.name: sheet
    for sheet in (
        PartnersSheet,
        FamiliesSheet,
        ChildrenSheet,
        ReferralsSheet,
        LevelsSheet,
        MatchesSheet,
        ContactsSheet,
        EventsSheet,
        SessionsSheet,
        CouncilSheet,
        OutreachSheet,
    )
}
