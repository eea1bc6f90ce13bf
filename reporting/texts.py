"""What a site may write about its reports in its own words."""

from counties.texts import SITE, SiteText, register

REMINDER = register(
    SiteText(
        "report_reminder",
        "Reminder of the monthly report",
        "Stands in the mail that reminds program coordinators of a report that is due or late, above the link.",
        "The figures have been computed. What is left: read them, write the narrative, certify and submit.",
        SITE | {"month": ("month of the report", "October 2026"), "due": ("day it is due", "11/15/2026")},
    )
)
