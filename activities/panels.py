"""This room's part of the family page (`docs/interface.md`)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from activities.codes import Level
from activities.forms import parents_worked_with, workable
from activities.models import FollowUp, FollowUps, Goal
from activities.standard import COUNTED_FROM, with_standard
from activities.timeline import KINDS, Asked, timeline
from counties.access import Access
from families.models import Family
from referrals.models import Enrollment


def family_panel(access: Access, family: Family) -> dict[str, Any]:
    """Timeline, goals and this month's contact standard; a constant number of queries whatever the history."""
    theirs = set(parents_worked_with(access).filter(family=family).values_list("pk", flat=True))
    goals = (
        Goal.objects.visible_to(access).filter(parent__family=family).select_related("parent").with_progress()
    )
    return {
        "activity_goals": goals,
        "activity_follow_ups": _follow_ups(access, family),
        "activity_parents": theirs,
        "activity_referral": workable(access).filter(family=family).order_by("-referred_on").first(),
        "activity_standard": month_of(access, family, timezone.localdate()),
        "activity_tabs": True,
        **timeline_context(access, family, Asked(limit=8)),
    }


def _follow_ups(access: Access, family: Family) -> FollowUps:
    return FollowUp.objects.visible_to(access).open().filter(referral__family=family).select_related("owner")


def timeline_context(access: Access, family: Family, asked: Asked) -> dict[str, Any]:
    """What `activities/_timeline.html` reads."""
    moments, has_more = timeline(access, family, asked)
    days = {name: day.isoformat() for name in ("since", "until") if (day := getattr(asked, name))}
    return {
        "activity_moments": moments,
        "activity_has_more": has_more,
        "activity_kinds": KINDS,
        "activity_shown": asked.show,
        "activity_query": urlencode({"show": asked.show, **days}),
        "activity_more": asked.limit + 50,
    }


def month_of(access: Access, family: Family, today: dt.date) -> dict[str, Any] | None:
    """The family's open enrollment with this month's standard, or nothing when it has none."""
    rows = Enrollment.objects.visible_to(access).filter(family=family).open_on(today)
    enrollment = with_standard(rows, today, access.site.settings).first()
    if enrollment is None:
        return None
    counts = enrollment.active_days >= COUNTED_FROM
    return {"enrollment": enrollment, "level": Level(enrollment.level_now).label, "counts": counts}
