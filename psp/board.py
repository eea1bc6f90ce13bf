"""The coordinator's board: each parent partner on track, in need of a follow-up, or without families.

Everything is asked for all of them at once, so the number of questions does not grow with the team. Nobody without
families is behind: who has none is waiting for one, whatever else is open.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Case, Max, Min, Q, Sum, Value, When

from activities.codes import TimeKind
from activities.models import Contact, TimeEntry
from activities.standard import with_standard
from counties.access import Access
from matching.caseload import Caseload, with_caseloads
from matching.models import Match
from partners.models import ParentPartner, SessionAttendance
from partners.models.training import CoreTopic
from referrals.models import Enrollment

FULL_TIME_HOURS = 40 * 52 / 12
"""Hours of a month at 1.0 FTE."""
OVERLOAD = 1.1
AS_SESSIONS = [
    TimeKind.TRAINING_RECEIVED, TimeKind.SUPERVISION_INDIVIDUAL, TimeKind.SUPERVISION_GROUP, TimeKind.CLINICAL,
]  # fmt: skip
"""Time that stands in the sessions already."""
QUIET_AFTER = dt.timedelta(days=14)
"""How long a family may be without a completed contact before its parent partner is asked."""

ON_TRACK, FOLLOW_UP, WITHOUT = "on_track", "follow_up", "without"
STATES = {
    FOLLOW_UP: ("Needs follow-up", "warning"),
    ON_TRACK: ("On track", "success"),
    WITHOUT: ("Without families", "neutral"),
}


@dataclass
class Line:
    """One parent partner on the board; `reasons` are why a follow-up is needed, in words without names."""

    partner: ParentPartner
    caseload: Caseload
    soft_cap: int
    hard_cap: int
    made: int = 0
    required: int = 0
    reasons: list[str] = field(default_factory=list)

    @property
    def state(self) -> str:
        if not self.caseload.families:
            return WITHOUT
        return FOLLOW_UP if self.reasons else ON_TRACK

    @property
    def label(self) -> str:
        return STATES[self.state][0]

    @property
    def kind(self) -> str:
        return STATES[self.state][1]


def lines_for(access: Access, day: dt.date) -> list[Line]:
    """Everyone here now, those who need a follow-up first. Nine questions, however many parent partners."""
    seen = set(ParentPartner.objects.visible_to(access).current_on(day).values_list("pk", flat=True))
    limits = access.site.settings
    lines = {
        partner.pk: Line(partner, load, partner.cap(limits.soft_cap_per_fte), partner.cap(limits.hard_cap_per_fte))
        for partner, load in with_caseloads(day)
        if partner.pk in seen
    }  # fmt: skip
    _families(lines, access, day)
    _support(lines, day)
    _hours(lines, day)
    for line in lines.values():
        if line.caseload.families >= line.hard_cap:
            line.reasons.append(f"Hard cap reached: {line.caseload.families} of {line.hard_cap}")
        elif line.caseload.load > line.soft_cap:
            line.reasons.append(f"Over the soft cap of {line.soft_cap}")
    order = list(STATES)
    return sorted(
        lines.values(),
        key=lambda line: (order.index(line.state), line.partner.last_name, line.partner.first_name),
    )


def _families(lines: dict[Any, Line], access: Access, day: dt.date) -> None:
    """This month's contacts against the standard, by the day that has come, and families gone quiet."""
    matches = list(
        Match.objects.visible_to(access)
        .filter(status=Match.Status.ACTIVE, partner__in=lines)
        .values_list("partner_id", "referral__participation__enrollment", "starts_on")
    )
    standards = {
        row.pk: row
        for row in with_standard(
            Enrollment.objects.visible_to(access).open_on(day), day, access.site.settings
        )
    }
    spoken = dict(
        Contact.objects.filter(result="completed", enrollment__in=standards)
        .order_by()
        .values_list("enrollment")
        .annotate(last=Max("held_on"))
    )
    behind: dict[Any, int] = defaultdict(int)
    quiet: dict[Any, int] = defaultdict(int)
    counted = set()
    for partner_id, enrollment_id, since in matches:
        standard = standards.get(enrollment_id)
        if standard is None or (partner_id, standard.pk) in counted:
            continue
        counted.add((partner_id, standard.pk))
        lines[partner_id].made += standard.made
        lines[partner_id].required += standard.required
        behind[partner_id] += standard.made < _expected(standard.required, day)
        quiet[partner_id] += max(spoken.get(standard.pk) or since, since) < day - QUIET_AFTER
    for partner_id, line in lines.items():
        if behind[partner_id]:
            line.reasons.append(f"Behind the contact standard: {_families_of(behind[partner_id])}")
        if quiet[partner_id]:
            line.reasons.append(f"No contact for 14 days: {_families_of(quiet[partner_id])}")


def _expected(required: int, day: dt.date) -> int:
    """Of a month's contacts those that an even pace would have made by the day; rounded down."""
    days = (day + relativedelta(day=31)).day
    return required * day.day // days


def _families_of(number: int) -> str:
    return "1 family" if number == 1 else f"{number} families"


def _support(lines: dict[Any, Line], day: dt.date) -> None:
    """Supervision that is due, steps agreed and not done, training that is missing or has lapsed."""
    partners = ParentPartner.objects.filter(pk__in=lines).with_supervision().with_lapsed(day)
    overdue = Min("agreed_steps__due_on", filter=Q(agreed_steps__done_on=None, agreed_steps__is_struck=False))
    for partner in partners.annotate(step_due_on=overdue):
        reasons = lines[partner.pk].reasons
        if not partner.is_on_leave and partner.supervision_due_on < day:
            reasons.append(f"Supervision was due {partner.supervision_due_on:%m/%d/%Y}")
        if partner.step_due_on and partner.step_due_on < day:
            reasons.append(f"Something agreed was due {partner.step_due_on:%m/%d/%Y}")
        if not partner.is_trained_on(day):
            reasons.append("Core training is not complete")
        for topic in partner.lapsed_topics:
            reasons.append(f"Training has lapsed: {CoreTopic(topic).label}")


def _hours(lines: dict[Any, Line], day: dt.date) -> None:
    """Two finished months running above 110 % of the FTE's hours, by contacts, sessions and other time."""
    end = day.replace(day=1)
    middle, first = end - relativedelta(months=1), end - relativedelta(months=2)
    worked: dict[Any, dict[bool, int]] = defaultdict(lambda: defaultdict(int))
    for rows, when in (
        (Contact.objects.filter(result="completed"), "held_on"),
        (TimeEntry.objects.standing().exclude(kind__in=AS_SESSIONS), "held_on"),
        (SessionAttendance.objects.filter(is_present=True, session__is_struck=False), "session__held_on"),
    ):
        minutes = "session__minutes" if when.startswith("session") else "minutes"
        within = rows.filter(**{f"{when}__gte": first, f"{when}__lt": end, "partner__in": lines})
        late = Case(When(**{f"{when}__gte": middle}, then=Value(True)), default=Value(False))
        for partner_id, is_late, total in (
            within.order_by().annotate(late=late).values_list("partner_id", "late").annotate(n=Sum(minutes))
        ):
            worked[partner_id][is_late] += total
    for partner_id, line in lines.items():
        limit = float(line.partner.fte) * FULL_TIME_HOURS * OVERLOAD * 60
        if min(worked[partner_id][False], worked[partner_id][True]) > limit:
            line.reasons.append("Overload: more than 110 % of the hours two months running")
