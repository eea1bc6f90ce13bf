"""Where a referral stands today: derived from its dates and from what hangs on it, never stored."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Q, Value, When

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
