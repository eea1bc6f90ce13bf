"""Where a referral stands today: derived from its dates and from what hangs on it, never stored."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Q, Subquery, Value, When

from referrals.models import Enrollment, Participation, Referral, ReferralOutcome, Referrals


class Stage(models.TextChoices):
    PENDING = "pending", "Pending"
    WAITING = "waiting", "Accepted, waiting"
    MATCHED = "matched", "Matched"
    ENROLLED = "enrolled", "Enrolled"
    CLOSED = "closed", "Closed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    NOT_ACCEPTED = "not_accepted", "Not accepted"


def with_stage(referrals: Referrals, day: dt.date) -> Referrals:
    """Add `stage` (a `Stage`) as of a day; the match lives above and is asked by its reverse name."""
    matches = Referral._meta.get_field("matches").related_model.objects
    running = matches.running_on(day).filter(referral=OuterRef("pk"))
    parts = Participation.objects.filter(referral=OuterRef("pk"))
    open_parts = parts.filter(enrollment__in=Enrollment.objects.open_on(day))
    return referrals.annotate(
        stage=Case(
            When(Exists(open_parts), then=Value(Stage.ENROLLED)),
            When(Exists(parts), then=Value(Stage.CLOSED)),
            When(
                Q(withdrawn_on__isnull=False) | Q(outcome=ReferralOutcome.WITHDRAWN),
                then=Value(Stage.WITHDRAWN),
            ),
            When(decided_on=None, then=Value(Stage.PENDING)),
            When(~Q(outcome=ReferralOutcome.ACCEPTED), then=Value(Stage.NOT_ACCEPTED)),
            When(Exists(running), then=Value(Stage.MATCHED)),
            default=Value(Stage.WAITING),
            output_field=CharField(),
        )
    )


def with_steps(referrals: Referrals) -> Referrals:
    """Add `matched_on` and `enrolled_on`, the days the next steps were taken, for `show_steps`."""
    matches = Referral._meta.get_field("matches").related_model.objects
    began = matches.filter(referral=OuterRef("pk"), starts_on__isnull=False).order_by("starts_on")
    parts = Participation.objects.filter(referral=OuterRef("pk"))
    return referrals.annotate(
        matched_on=Subquery(began.values("starts_on")[:1]),
        enrolled_on=Subquery(parts.values("starts_on")[:1]),
    )


@dataclass(frozen=True)
class Step:
    """One stretch of the way from referral to enrollment; `until` is None for the one that runs now."""

    label: str
    since: dt.date
    until: dt.date | None
    days: int
    why: str = ""


def show_steps(referral: Referral, day: dt.date) -> list[Step]:
    """Days in each step, and what the present one waits for (`domain.md` 2: decided, matched, enrolled).

    A referral that is over has no present step. A step that was left out (a match after the enrollment) is
    counted into the next.
    """
    ends = [
        ("Referred to decided", referral.decided_on),
        ("Decided to matched", referral.matched_on),
        ("Matched to enrolled", referral.enrolled_on),
    ]
    steps, since = [], referral.referred_on
    for at, (label, until) in enumerate(ends):
        if until and until >= since:
            steps.append(Step(label, since, until, (until - since).days))
            since = until
        elif not any(later for _, later in ends[at:]):
            if referral.stage in {Stage.PENDING, Stage.WAITING, Stage.MATCHED}:
                steps.append(Step(label, since, None, (day - since).days, referral.get_waiting_for_display()))
            break
    return steps


def show_stage(referral: Referral, day: dt.date) -> Referral:
    """Give a referral with its `stage` what pages show: tag, days it has waited, which verbs fit now."""
    declined = referral.stage == Stage.NOT_ACCEPTED
    referral.stage_code = referral.outcome if declined else referral.stage
    referral.stage_label = referral.get_outcome_display() if declined else Stage(referral.stage).label
    since = {Stage.PENDING: referral.referred_on, Stage.WAITING: referral.decided_on}.get(referral.stage)
    referral.days = (day - since).days if since else None
    referral.can_enroll = referral.stage in {Stage.WAITING, Stage.MATCHED}
    referral.can_withdraw = referral.stage in {Stage.PENDING, Stage.WAITING}
    return referral
