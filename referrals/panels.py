"""This room's part of the family page, and the story of one referral."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from counties.access import Access
from counties.models import SiteSettings
from families.models import Family, Parent
from referrals.models import SOURCES, Enrollment, Participation, Referral, Transfer
from referrals.stages import Stage, show_stage, with_stage


def family_panel(access: Access, family: Family) -> dict[str, Any]:
    """Enrollments with their parents, and referrals with their stage; four queries."""
    today = timezone.localdate()
    enrollments = list(
        Enrollment.objects.visible_to(access).filter(family=family).prefetch_related("participations__parent")
    )
    rows = Referral.objects.visible_to(access).filter(family=family).select_related("parent")
    referrals = [show_stage(referral, today) for referral in with_stage(rows, today)]
    now = next((e for e in enrollments if e.closed_on is None), None)
    return {
        "open_enrollment": now,
        "several_take_part": now and sum(part.ends_on is None for part in now.participations.all()) > 1,
        "past_enrollments": [e for e in enrollments if e.closed_on],
        "family_transfers": Transfer.objects.visible_to(access)
        .filter(parent__family=family)
        .select_related("parent", "to_site"),
        "family_referrals": referrals,
        "may_be_referred": _without_open_referral(access, family, referrals),
    }


def _without_open_referral(access: Access, family: Family, referrals: list[Referral]) -> list[Parent]:
    ended = {Stage.CLOSED, Stage.WITHDRAWN, Stage.NOT_ACCEPTED}
    under_way = {referral.parent_id for referral in referrals if referral.stage not in ended}
    return list(Parent.objects.visible_to(access).filter(family=family).exclude(pk__in=under_way))


def referral_story(referral: Referral, settings: SiteSettings) -> list[dict[str, Any]]:
    """What happened to a referral, oldest first, as lines of a timeline."""
    story = [
        _line(referral.referred_on, "Referral received", SOURCES.words(settings)[referral.source], "neutral")
    ]
    if referral.decided_on:
        kind = "success" if referral.outcome == "accepted" else "warning"
        story.append(_line(referral.decided_on, referral.get_outcome_display(), referral.decision_note, kind))
    if referral.withdrawn_on and referral.outcome != "withdrawn":
        story.append(_line(referral.withdrawn_on, "Withdrawn", "", "warning"))
    began = referral.matches.exclude(starts_on=None).select_related("partner").order_by("starts_on")
    story += [_line(match.starts_on, "Match began", f"With {match.partner}", "success") for match in began]
    part = Participation.objects.filter(referral=referral).select_related("enrollment").first()
    if part:
        story.append(_line(part.starts_on, "Enrolled", "Participation agreement signed", "success"))
        if part.enrollment.closed_on:
            reason = part.enrollment.get_closure_reason_display()
            story.append(_line(part.enrollment.closed_on, "Enrollment closed", reason, "neutral"))
    return sorted(story, key=lambda line: line["when"])


def _line(when: Any, title: str, text: str, kind: str) -> dict[str, Any]:
    return {"when": when, "title": title, "text": text, "kind": kind}
