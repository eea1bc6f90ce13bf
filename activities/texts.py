"""What a site may write about contacts in its own words."""

from counties.texts import SiteText, register

NOTE_STARTERS = register(
    SiteText(
        "note_starters",
        "Starters for a contact's note",
        "Stand above the note in the form of a contact; one line for each, such as “What went well?”.",
        "",
    )
)
