"""Section E, and A4 (`domain.md` 6): contacts, dosage, hearings and meetings, and how complete the records are."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from activities.codes import Activity, ContactMode, ResourceResult, ResourceType
from reporting.measures.exact import half_up, rate
from reporting.measures.kinds import Count, Made, Part, Rate, Shape, Split, count, in_order, split
from reporting.measures.measure import Measure
from reporting.measures.sets.contacts import ACTIVITIES, CONTACTS, EVENTS, FLAGS, GAPS, LINKS
from reporting.measures.sets.families import ENROLLMENTS

HIDDEN_WITH_RATE = (
    "Hidden when the numerator or the rest is 1 up to the threshold, or the denominator is below it"
)


def _per_family_month(got: Mapping[str, Any], before: Mapping[str, Any]) -> float | None:
    if not got["active_days"]:
        return None
    return half_up(Fraction(before["E2"]["face_to_face"] * got["month"], got["active_days"]), 2)


COMPLETENESS = (
    Measure(
        "A4",
        "Completeness: late entries",
        "Contacts of the month entered later than the site's limit in business days / all its contacts.",
        Rate(n="is_late", d="true"),
        CONTACTS,
        unit="share",
        parts={"n": "Entered late", "d": "All contacts"},
        compares=False,
    ),
    Measure(
        "A4b",
        "Completeness: open gaps",
        "Gaps in the records of families active at the end of the month, as they stand when computed, and matches "
        "that outlast their enrollment. Overdue surveys are not counted: surveys are not collected yet.",
        Split(by="flag"),
        GAPS,
        unit="gaps",
        codes=FLAGS,
        compares=False,
    ),
)

MEASURES = (
    Measure(
        "E1",
        "Completed contacts",
        "Contacts with result completed and a date in the month, outreach before enrollment included.",
        Count(where="completed"),
        CONTACTS,
        unit="contacts",
        publishing="Hidden from 1 up to the threshold, with the modes of E2.",
    ),
    Measure(
        "E2",
        "Contacts by mode",
        "E1 by mode, and how many were face to face: the five in-person modes, and video where the site's settings say "
        "so. The modes add up to E1.",
        Made(
            shape=Shape.GROUP,
            make=lambda got, before: {
                "by_mode": in_order(got["by_mode"]),
                "face_to_face": got["face_to_face"],
            },
            sql={"by_mode": split("completed", "mode"), "face_to_face": count("completed AND in_person")},
            rows={"by_mode": Part("completed"), "face_to_face": Part("completed AND in_person")},
        ),
        CONTACTS,
        unit="contacts",
        parts={"by_mode": "By mode", "face_to_face": "Face to face"},
        codes=dict(ContactMode.choices),
        publishing="Each mode is hidden from 1 up to the threshold, and further ones until E1 gives none away.",
    ),
    Measure(
        "E3",
        "Attempts not completed",
        "Contacts of the month with any other result.",
        Count(where="NOT completed"),
        CONTACTS,
        unit="attempts",
        publishing="Hidden from 1 up to the threshold.",
    ),
    Measure(
        "E4",
        "Direct hours",
        "Minutes of the contacts of E1 / 60, one decimal.",
        Made(
            shape=Shape.NUMBER,
            make=lambda got, before: half_up(Fraction(got["minutes"], 60), 1),
            sql={"minutes": "coalesce(sum(minutes) FILTER (WHERE completed), 0)"},
            rows={"": Part("completed")},
        ),
        CONTACTS,
        unit="hours",
        publishing="Hidden with E1, and when fewer families than the threshold were served.",
    ),
    Measure(
        "E5",
        "Contact standard met",
        "Enrollments with at least the required face-to-face contacts / enrollments of C1, C2 and C3 with 7 or more "
        "active days. Required: the standard of each level times its active days / days of the month, added up, "
        "rounded up (`domain.md` 5.5). A day is active when the family is enrolled at its end.",
        Rate(n="face_to_face * %(days)s >= standard_days", d="active_days >= 7"),
        ENROLLMENTS,
        unit="share",
        parts={"n": "Standard met", "d": "7 or more active days"},
        publishing=f"{HIDDEN_WITH_RATE}, or when C6 would tell how many families had fewer than 7 active days.",
    ),
    Measure(
        "E6",
        "Face-to-face contacts per family-month",
        "Face-to-face contacts of E2 / sum over the enrollments of C1, C2 and C3 of active days / days of the month, "
        "two decimals.",
        Made(
            shape=Shape.NUMBER,
            make=_per_family_month,
            sql={"active_days": "coalesce(sum(active_days), 0)", "month": "%(days)s"},
            rows={"": Part("true")},
        ),
        ENROLLMENTS,
        unit="contacts",
        publishing="Hidden when any of C1 to C6 or the face-to-face contacts is, for family-months would tell of it.",
    ),
    Measure(
        "E7",
        "Activities",
        "Activities named in the contacts of E1; a contact can add to several.",
        Split(by="activity"),
        ACTIVITIES,
        unit="contacts",
        codes=dict(Activity.choices),
    ),
    Measure(
        "E8",
        "Hearings supported",
        "Hearings of the month a parent partner attended / hearings of the month on record, cancelled ones left out.",
        Rate(n="attended", d="kind = 'hearing'"),
        EVENTS,
        unit="share",
        parts={"n": "Attended", "d": "Known hearings"},
        publishing=f"{HIDDEN_WITH_RATE}.",
    ),
    Measure(
        "E9",
        "Team meetings supported",
        "Family team meetings of the month a parent partner attended / those on record, cancelled ones left out.",
        Rate(n="attended", d="kind = 'team_meeting'"),
        EVENTS,
        unit="share",
        parts={"n": "Attended", "d": "Known meetings"},
        publishing=f"{HIDDEN_WITH_RATE}.",
    ),
    Measure(
        "E10",
        "Resource links",
        "Resources named in the contacts of the month, by result and by type. Connection rate: connected / (connected "
        "+ unavailable + still only offered 30 days later, on the last day of the month).",
        Made(
            shape=Shape.GROUP,
            make=lambda got, before: {
                "links": got["links"],
                "by_result": in_order(got["by_result"]),
                "by_type": in_order(got["by_type"]),
                "connection": rate(got["n"], got["d"]),
            },
            sql={
                "links": "count(*)",
                "by_result": split("true", "result"),
                "by_type": split("true", "resource"),
                "n": count("settled AND connected"),
                "d": count("settled"),
            },
            rows={
                "links": Part("true"),
                "connection.n": Part("settled AND connected"),
                "connection.d": Part("settled"),
            },
        ),
        LINKS,
        unit="links",
        parts={
            "links": "Links",
            "by_result": "By result",
            "by_type": "By type",
            "connection": "Connection rate",
            "connection.n": "connected",
            "connection.d": "connected, unavailable or still open",
            "connection.value": "share",
        },
        codes=dict(ResourceResult.choices) | dict(ResourceType.choices),
        compares=False,
    ),
    Measure(
        "E11",
        "Families with no completed contact",
        "Enrollments active on every day of the month without a completed contact in it.",
        Count(where="active_days = %(days)s AND completed = 0"),
        ENROLLMENTS,
        unit="enrollments",
    ),
)
