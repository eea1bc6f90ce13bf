"""Sections F and G (`domain.md` 6): parent partners and their support, the council, outreach."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from advisory.models import PARENT_VOICE, AdvisoryRole
from outreach.models import OutreachEvent
from reporting.measures.exact import half_up, rate
from reporting.measures.kinds import Counts, Made, NotCollected, Part, Rate, Shape, count, in_order, split
from reporting.measures.measure import Measure
from reporting.measures.sets.program import CLINICAL_HELD, COUNCIL, OUTREACH, PARTNERS, TRAINING

VOICE = "role IN ('{}')".format("', '".join(PARENT_VOICE))
Got = Mapping[str, Any]


def _vacancies(got: Got, before: Got) -> dict[str, Any]:
    budget, fte = got["budget"], got["fte"]
    return {
        "vacant_fte": None if budget is None else half_up(budget - fte, 2),
        "hires": got["hires"],
        "separations": got["separations"],
    }


def _per_fte(got: Got, before: Got) -> float | None:
    fte = Fraction(Decimal(str(before["F1"]["fte"])))
    return half_up(Fraction(before["C5"]) / fte, 2) if fte else None


WORKFORCE = (
    Measure(
        "F1",
        "Parent partners",
        "Parent partners active at the end of the last day, and the sum of their FTE (two decimals).",
        Made(
            shape=Shape.GROUP,
            make=lambda got, before: {"headcount": got["headcount"], "fte": half_up(got["fte"], 2)},
            sql={"headcount": count("at_end"), "fte": "coalesce(sum(fte) FILTER (WHERE at_end), 0)"},
            rows={"headcount": Part("at_end")},
        ),
        PARTNERS,
        parts={"headcount": "Headcount", "fte": "FTE"},
        publishing="As it is: staff of the program, not people it serves.",
    ),
    Measure(
        "F2",
        "Vacancies, hires, separations",
        "Budgeted FTE of the site's settings - FTE of F1 (empty when no budget is set); parent partners who started, "
        "and who ended, in the month.",
        Made(
            shape=Shape.GROUP,
            make=_vacancies,
            sql={
                "budget": "%(budget)s::numeric",
                "fte": "coalesce(sum(fte) FILTER (WHERE at_end), 0)",
                "hires": count("hired"),
                "separations": count("left_in_month"),
            },
            rows={"hires": Part("hired"), "separations": Part("left_in_month")},
        ),
        PARTNERS,
        parts={"vacant_fte": "Vacant FTE", "hires": "Hires", "separations": "Separations"},
    ),
    Measure(
        "F3",
        "Families per FTE",
        "C5 / FTE of F1, two decimals; empty without parent partners.",
        Made(shape=Shape.NUMBER, make=_per_fte),
        unit="families",
        publishing="Hidden with C5, which could be worked out from it and F1.",
    ),
    Measure(
        "F3b",
        "Parent partners above a cap",
        "Parent partners active at the end of the month whose running matches reach more families than their soft, or "
        "hard, cap: families per 1.0 FTE of the site's settings times FTE, rounded down, at least 1.",
        Counts(
            parts={
                "above_soft": "at_end AND families > soft_cap",
                "above_hard": "at_end AND families > hard_cap",
            }
        ),
        PARTNERS,
        unit="parent partners",
        parts={"above_soft": "Above the soft cap", "above_hard": "Above the hard cap"},
    ),
    Measure(
        "F4",
        "Individual supervision",
        "Parent partners with at least the site's number of individual supervisions in the month (default 1) / parent "
        "partners active on 15 or more of its days.",
        Rate(n="supervisions >= %(supervisions)s", d="active_days >= 15"),
        PARTNERS,
        unit="share",
        parts={"n": "Supervised", "d": "Active on 15 or more days"},
    ),
    Measure(
        "F5",
        "Clinical support",
        "Whether a clinical support session was held; parent partners who attended one / parent partners active on the "
        "date of one.",
        Made(
            shape=Shape.GROUP,
            make=lambda got, before: {"held": got["held"], **rate(got["n"], got["d"])},
            sql={"held": CLINICAL_HELD, "n": count("clinical > 0"), "d": count("clinical_due")},
            rows={"n": Part("clinical > 0"), "d": Part("clinical_due")},
        ),
        PARTNERS,
        parts={"held": "Session held", "n": "Attended", "d": "Active on its date", "value": "Share"},
    ),
    Measure(
        "F6",
        "Core training complete",
        "Parent partners of F1 with core training complete by the last day / headcount of F1.",
        Rate(n="trained", d="at_end"),
        PARTNERS,
        unit="share",
        parts={"n": "Core training complete", "d": "Parent partners"},
    ),
    Measure(
        "F6b",
        "Training hours by topic",
        "Hours of the month's training sessions times parent partners present, by topic, one decimal.",
        Made(
            shape=Shape.SPLIT,
            make=lambda got, before: {
                topic: half_up(Fraction(minutes, 60), 1)
                for topic, minutes in in_order(got["minutes"]).items()
            },
            sql={"minutes": split("true", "topic", total="sum(minutes)")},
            rows={"": Part("true")},
        ),
        TRAINING,
        unit="hours",
        codes={"unnamed": "No topic given"},
    ),
    Measure(
        "F7",
        "Secondary-stress check offered",
        "Not collected: this version records no offers of the voluntary check, and never its results.",
        NotCollected(),
    ),
)

COUNCIL_AND_OUTREACH = (
    Measure(
        "G1",
        "Local council",
        "Whether the local advisory council met in the month, people present by advisory role, and the share of "
        "parents who took part and parent partners among all present.",
        Made(
            shape=Shape.GROUP,
            make=lambda got, before: {
                "met": got["met"],
                "attendance": in_order(got["attendance"]),
                "parent_share": rate(got["parents"], got["people"]),
            },
            sql={
                "met": "count(*) > 0",
                "attendance": split("true", "role", total="sum(number)"),
                "parents": f"coalesce(sum(number) FILTER (WHERE {VOICE}), 0)",
                "people": "coalesce(sum(number), 0)",
            },
            rows={"met": Part("true", distinct="pk"), "attendance": Part("number > 0")},
        ),
        COUNCIL,
        parts={
            "met": "Met",
            "attendance": "Present",
            "parent_share": "Parent share",
            "parent_share.n": "parents and parent partners",
            "parent_share.d": "all present",
            "parent_share.value": "share",
        },
        codes=dict(AdvisoryRole.choices),
        publishing="Only whether it met; it tells of no person.",
    ),
    Measure(
        "G3",
        "Outreach",
        "Outreach events of the month, and the people who came to them.",
        Made(
            shape=Shape.GROUP,
            make=lambda got, before: {"events": got["events"], "attendance": got["attendance"]},
            sql={"events": "count(*)", "attendance": "coalesce(sum(attendance), 0)"},
            rows={"events": Part("true")},
        ),
        OUTREACH,
        parts={"events": "Events", "attendance": "People"},
        codes=dict(OutreachEvent.Kind.choices),
        publishing="As it is: public events, not people served.",
    ),
)
