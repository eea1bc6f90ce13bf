"""Sections C, D and H (`domain.md` 6): families, parents and children, and what happened to the children."""

from collections.abc import Mapping
from typing import Any

from families.codes import DischargeReason
from referrals.models import PLANNED_CLOSURES, UNPLANNED_CLOSURES, ClosureReason
from reporting.measures.kinds import (
    Count,
    Counts,
    Made,
    Median,
    NotCollected,
    Part,
    Rate,
    Shape,
    Split,
    count,
    in_order,
    split,
)
from reporting.measures.measure import Measure
from reporting.measures.sets.families import (
    CHILDREN,
    ENROLLMENTS,
    EPISODES,
    PARENTS,
    PLACES,
    WHO_CODES,
    YEAR,
)

PLANNED = "closure_reason IN ('{}')".format("', '".join(PLANNED_CLOSURES))
PLANNED_OR_NOT = "closure_reason IN ('{}')".format("', '".join([*PLANNED_CLOSURES, *UNPLANNED_CLOSURES]))
STOCK = "Hidden with the other parts of C1 + C2 + C3 = C6 = C4 + C5 until none can be worked out."


def _since(start: str) -> dict[str, Part]:
    """Rows of the year to date; families are those served since its first day."""
    return {
        "new": Part(f"enrolled_on >= {start} AND NOT again"),
        "reenrolled": Part(f"enrolled_on >= {start} AND again"),
        "closed": Part(f"closed AND closed_on >= {start}"),
        "families": Part(f"closed_on IS NULL OR closed_on >= {start}", distinct="family_pk"),
    }


YEARS = {
    f"{year}.{name}": part
    for year, start in {"calendar_year": "%(year)s", "contract_year": "%(contract)s::date"}.items()
    for name, part in _since(start).items()
}


def _year_to_date(got: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    names = _since("")
    years = {y: {n: got[f"{y}.{n}"] for n in names} for y in ("calendar_year", "contract_year")}
    return years if got["has_contract"] else {**years, "contract_year": None}


COUNTED = (
    Measure(
        "C1",
        "Active at the start",
        "Enrollments active on the morning of the first day: enrolled before it, and not closed before it.",
        Count(where="active_at_start"),
        ENROLLMENTS,
        unit="enrollments",
        publishing=STOCK,
    ),
    Measure(
        "C2",
        "Newly enrolled",
        "Enrollments that begin in the month, of families never enrolled at this site before.",
        Count(where="enrolled AND NOT again"),
        ENROLLMENTS,
        unit="enrollments",
        publishing=STOCK,
    ),
    Measure(
        "C3",
        "Re-enrolled",
        "Enrollments that begin in the month, of families with an earlier enrollment at this site.",
        Count(where="enrolled AND again"),
        ENROLLMENTS,
        unit="enrollments",
        publishing=STOCK,
    ),
    Measure(
        "C4",
        "Closed",
        "Enrollments with a closing date in the month.",
        Count(where="closed"),
        ENROLLMENTS,
        unit="enrollments",
        publishing=STOCK,
    ),
    Measure(
        "C5",
        "Active at the end",
        "Enrollments active at the end of the last day: enrolled by it and not closed by it. C5 = C1 + C2 + C3 - C4.",
        Count(where="NOT closed"),
        ENROLLMENTS,
        unit="enrollments",
        publishing=STOCK,
    ),
    Measure(
        "C6",
        "Families served",
        "Different families behind C1, C2 and C3.",
        Count(where="true", distinct="family_pk"),
        ENROLLMENTS,
        unit="families",
        publishing=STOCK,
    ),
    Measure(
        "C7",
        "Parents served",
        "Different parents whose participation was active on any day of the month.",
        Count(where="true"),
        PARENTS,
        unit="parents",
    ),
    Measure(
        "C8",
        "Children linked",
        "Different children of the families of C6 and where they were at the end of the last day: in out-of-home care, "
        "on trial reunification, at home (never removed, or reunified), elsewhere (any other discharge).",
        Counts(parts={"children": "true", **{place: f"place = '{place}'" for place in PLACES}}),
        CHILDREN,
        unit="children",
        parts={"children": "Children", **PLACES},
    ),
    Measure(
        "C9",
        "Closures by reason",
        "C4 by closing reason. The parts add up to C4.",
        Split(where="closed", by="closure_reason"),
        ENROLLMENTS,
        unit="enrollments",
        codes=dict(ClosureReason.choices),
        publishing="Each reason is hidden from 1 up to the threshold, and further ones until C4 gives none away.",
    ),
    Measure(
        "C9b",
        "Planned closures",
        "Planned / (planned + unplanned) among C4. Planned: goals met, CPS case closed, transferred, rights "
        "terminated with support complete. Unplanned: parent ended, lost contact, safety concern. Others are left out.",
        Rate(n=PLANNED, d=f"closed AND {PLANNED_OR_NOT}"),
        ENROLLMENTS,
        unit="share",
        parts={"n": "Planned", "d": "Planned or unplanned"},
    ),
    Measure(
        "C10",
        "Length of service",
        "Median days from enrollment to closing over C4, one decimal; empty without closings.",
        Median(where="closed", of="days_served"),
        ENROLLMENTS,
        unit="days",
    ),
    Measure(
        "C11",
        "Year to date",
        "C2, C3, C4 and different families served, from 1 January and from the latest anniversary of the start of the "
        "contract phase in force, to the end of the month. The contract year is empty when no phase is recorded.",
        Made(
            shape=Shape.GROUP,
            make=_year_to_date,
            sql={"has_contract": "%(contract)s::date IS NOT NULL"}
            | {name: count(part.where, part.distinct) for name, part in YEARS.items()},
            rows=YEARS,
        ),
        YEAR,
        parts={
            "calendar_year": "Since 1 January",
            "contract_year": "Since the contract year began",
            **{
                f"{year}.{name}": label
                for year in ("calendar_year", "contract_year")
                for name, label in {
                    "new": "newly enrolled",
                    "reenrolled": "re-enrolled",
                    "closed": "closed",
                    "families": "families served",
                }.items()
            },
        },
    ),
)

EACH_ONCE = "Each parent of C7 counts once, so the parts add up to C7."


def _who(field: str, label: str, by: str, definition: str) -> Measure:
    return Measure(
        field, label, f"{definition} {EACH_ONCE}", Split(by=by), PARENTS, unit="parents", codes=WHO_CODES[by]
    )


WHO = (
    _who(
        "D1",
        "Race and ethnicity",
        "race",
        "Federal reporting groups: Hispanic of any race first, else two or more, else the single race, else unknown.",
    ),
    _who("D2", "Age", "age", "Age on the last day of the month."),
    _who("D3", "Gender", "gender", "Gender as the parent told it."),
    Measure(
        "D4",
        "Language and interpreter",
        f"Preferred language, and need of an interpreter. {EACH_ONCE}",
        Made(
            shape=Shape.GROUP,
            make=lambda got, before: {k: in_order(got[k]) for k in ("language", "interpreter")},
            sql={"language": split("true", "language"), "interpreter": split("true", "interpreter")},
            rows={"language": Part("true"), "interpreter": Part("true")},
        ),
        PARENTS,
        unit="parents",
        parts={"language": "Language", "interpreter": "Interpreter needed"},
        codes=WHO_CODES["language"] | WHO_CODES["interpreter"],
    ),
    _who("D5", "Tribal connection", "tribal", "Tribal connection as reported, never inferred."),
    _who("D6", "Case type", "case_type", "Kind of CPS case, as last recorded."),
)

MEASURES = (*COUNTED, *WHO)

OUTCOME_EVENTS = (
    Measure(
        "H1",
        "Removals",
        "Removals in the month, of children of the families of C6.",
        Count(where="removed"),
        EPISODES,
        unit="removals",
    ),
    Measure(
        "H2",
        "Trial reunifications begun",
        "Trial reunifications that begin in the month, children of C6. How many ended in a return to care is not "
        "collected: a removal episode records when a trial begins, not how it ended.",
        Counts(parts={"begun": "trial"}),
        EPISODES,
        unit="children",
        parts={"begun": "Begun"},
    ),
    Measure(
        "H3",
        "Discharges by reason",
        "Removal episodes discharged in the month, children of C6, by discharge reason (AFCARS 2020).",
        Split(where="discharged", by="discharge_reason"),
        EPISODES,
        unit="discharges",
        codes=dict(DischargeReason.choices),
    ),
    Measure(
        "H4",
        "Removals after a discharge",
        "Removals of H1 within 12 months after the same child's discharge to reunification, relative or guardianship; "
        "the anniversary day counts (`domain.md` 8.4).",
        Count(where="removed AND back"),
        EPISODES,
        unit="removals",
    ),
    Measure(
        "H5",
        "Parental rights terminated",
        'Not collected: no record holds the date of a termination. The closing reason "rights terminated, support '
        'complete" tells when PSP ended, not when the court decided.',
        NotCollected(),
    ),
    Measure(
        "H6",
        "CPS cases closed at home",
        'Not collected: no record holds the closing of a CPS case. Counting the closing reason "CPS case closed" would '
        "miss every family that stays with PSP in aftercare, and a count that is too low looks like a complete one.",
        NotCollected(),
    ),
)
