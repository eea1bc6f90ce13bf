"""Every figure of the monthly report, once, in its order. Screens, files, API and docs/measures.md read this."""

from __future__ import annotations

from reporting.measures import community, contacts, families, referrals
from reporting.measures.kinds import Made, Shape
from reporting.measures.measure import Measure

HEADER = (
    Measure(
        "A1",
        "Site",
        "Name of the site, FIPS codes of its counties, and the contract phase in force on the last day.",
        Made(
            shape=Shape.GROUP,
            make=lambda facts, before: {k: facts[k] for k in ("site", "counties", "phase")},
        ),
        parts={"site": "Site", "counties": "Counties (FIPS)", "phase": "Contract phase"},
    ),
    Measure(
        "A2",
        "Month",
        "First and last day of the month; both belong to it.",
        Made(shape=Shape.GROUP, make=lambda facts, before: {k: facts[k] for k in ("start", "end")}),
        parts={"start": "First day", "end": "Last day"},
    ),
    *contacts.COMPLETENESS,
)

REGISTRY: tuple[Measure, ...] = (
    *HEADER,
    *referrals.MEASURES,
    *families.MEASURES,
    *contacts.MEASURES,
    *community.WORKFORCE,
    *community.COUNCIL_AND_OUTREACH,
    *families.OUTCOME_EVENTS,
)
"""A3 (preparer, submitted at, version) is not computed: it is what `MonthlyReport` itself records."""

BY_FIELD = {measure.field: measure for measure in REGISTRY}


def measure(field: str) -> Measure:
    """The measure with this field id.

    Raises:
        KeyError: there is none.
    """
    return BY_FIELD[field]
