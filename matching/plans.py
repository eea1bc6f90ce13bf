"""Assigning the waiting list at once: a plan is worked out, looked over, changed, and proposed line by line.

Nothing is ever assigned by itself: accepting a line proposes a match, which parent and parent partner may decline.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.access import access_to_site
from counties.models import Site, SiteSettings
from counties.wall.scope import current_site_id
from families.models import Parent
from matching.actions import propose_match
from matching.models import Plan, PlanLine
from matching.suggest import consider
from matching.waiting import waiting_for_partner
from partners.models import ParentPartner
from referrals.models import Referral


def make_plan(*, plan_id: UUID, by: User) -> Plan:
    """Work out the best overall assignment of everybody who waits; a second call with the same id finds the first.

    As many parents as possible get a partner; then scores and waiting count together. Nobody gets a partner
    past a hard stop (`domain.md` 5.2) or beyond the room that needs no reason (5.4).
    """
    if plan := Plan.objects.filter(pk=plan_id).first():
        return plan
    from matching.planning import work_out  # brings the solver

    site = Site.objects.select_related("settings").get(pk=current_site_id())
    lines = work_out(longest_first(access_to_site(by, site)), site.settings, timezone.localdate())
    return keep_plan(Plan(id=plan_id, site=site, asked_by=by), lines)


@transaction.atomic
def keep_plan(plan: Plan, lines: list[PlanLine]) -> Plan:
    """Keep a plan with its lines."""
    plan.save(force_insert=True)
    for line in lines:
        line.plan, line.site = plan, plan.site
    PlanLine.objects.bulk_create(lines)
    placed = sum(line.partner is not None for line in lines)
    record("plan.made", plan, lines=len(lines), placed=placed)
    return plan


def longest_first(access: Any) -> list[Referral]:
    """Everybody who waits and this person may see, the longest wait first; a parent with two referrals once."""
    rows = list(waiting_for_partner(access).order_by("waiting_since", "number"))
    once = list({referral.parent_id: referral for referral in reversed(rows)}.values())[::-1]
    parents = Parent.objects.in_bulk([referral.parent_id for referral in once])
    for referral in once:
        referral.parent = parents[referral.parent_id]
    return once


@transaction.atomic
def change_line(
    *, line: PlanLine, partner: ParentPartner | None, by: User, confirmed: Collection[str] = ()
) -> PlanLine:
    """Plan another parent partner for this parent, or nobody for now; the line is on the plan again.

    Raises:
        ValidationError: proposed already, a hard stop, or no room beside the plan's other lines.
    """
    line = _locked(line)
    if partner is not None:
        seen = consider(partner, line.referral.parent, SiteSettings.objects.get(site_id=line.site_id))
        if seen.stops:
            words = "; ".join(stop.words for stop in seen.stops)
            raise ValidationError({"partner": f"{partner} cannot be planned: {words}. Choose somebody else."})
        if seen.room <= planned_elsewhere(line).get(partner.pk, 0):
            raise ValidationError({"partner": f"{no_room(partner)} Choose somebody else."})
        line.score = seen.score.as_json()
    line.partner, line.problem, line.is_taken_off = partner, "", False
    if partner is None:
        line.score = {}
    line.save()
    record("planline.changed", line.referral.family, line, to=str(partner.pk) if partner else "")
    return line


@transaction.atomic
def take_off_line(*, line: PlanLine, by: User) -> PlanLine:
    """Leave this parent out of the plan; they go on waiting."""
    return _set_off(line, True)


@transaction.atomic
def put_back_line(*, line: PlanLine, by: User) -> PlanLine:
    """Put a line that was taken off on the plan again."""
    return _set_off(line, False)


def _set_off(line: PlanLine, is_off: bool) -> PlanLine:
    line = _locked(line)
    line.is_taken_off, line.problem = is_off, ""
    line.save()
    record("planline.taken_off" if is_off else "planline.put_back", line.referral.family, line)
    return line


@transaction.atomic
def accept_line(*, line: PlanLine, by: User) -> PlanLine:
    """Propose the match of one line. What has changed meanwhile is noted on the line, which stays on the plan."""
    line = (
        PlanLine.objects.select_for_update(of=["self"]).select_related("referral", "partner").get(pk=line.pk)
    )
    if line.match_id or line.is_taken_off or line.partner is None:
        return line
    try:
        with transaction.atomic():
            line.match = _propose(line, by)
            line.problem = ""
    except ValidationError as refusal:
        line.match = None
        line.problem = " ".join(refusal.messages)
    line.save()
    return line


def _propose(line: PlanLine, by: User) -> Any:
    access = access_to_site(by, Site.objects.get(pk=line.site_id))
    if not waiting_for_partner(access).filter(pk=line.referral_id).exists():
        raise ValidationError("This parent waits no longer. Take the line off.")
    seen = consider(line.partner, line.referral.parent, SiteSettings.objects.get(site_id=line.site_id))
    if not seen.stops and not seen.room:
        raise ValidationError(f"{no_room(line.partner)} Choose another partner, or take the line off.")
    try:
        return propose_match(referral=line.referral, partner=line.partner, by=by)
    except ValidationError as refusal:
        words = " ".join(refusal.messages)
        raise ValidationError(f"{words} Choose another partner, or take the line off.") from refusal


def no_room(partner: ParentPartner) -> str:
    return f"{partner} has no room left under the caps, counting families, open proposals and this plan."


def planned_elsewhere(line: PlanLine) -> dict[Any, int]:
    """How many other open lines of the same plan go to each partner."""
    others = PlanLine.objects.filter(plan_id=line.plan_id).open().exclude(pk=line.pk)
    return dict(Counter(others.values_list("partner_id", flat=True)))


def _locked(line: PlanLine) -> PlanLine:
    Plan.objects.select_for_update().get(pk=line.plan_id)
    line = PlanLine.objects.select_related("referral__family", "referral__parent").get(pk=line.pk)
    if line.match_id:
        raise ValidationError("This line is proposed already. Go on with the match itself.")
    return line
