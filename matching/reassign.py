"""Handing several families of one parent partner on at once: a plan by the same rules, then all that still fit.

Each family becomes the end of the old match with its reason and a new match; no row is overwritten.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.access import Access
from counties.models import Site, SiteSettings
from counties.wall.scope import current_site_id
from matching.actions import accept_match, end_match, locked, propose_match, refuse_future
from matching.models import EndReason, Match, Matches, Plan, PlanLine
from matching.plans import keep_plan, no_room
from matching.suggest import consider
from partners.models import ParentPartner


def reassignable(access: Access, partner: ParentPartner) -> Matches:
    """The partner's running matches that this person may see; pauses and proposals are decided one by one."""
    running = Match.objects.visible_to(access).filter(partner=partner, status=Match.Status.ACTIVE)
    return running.select_related("referral", "parent__family").order_by("starts_on", "pk")


def make_reassignment(*, plan_id: UUID, partner: ParentPartner, matches: list[Match], by: User) -> Plan:
    """Work out who could take these families; a second call with the same id finds the first plan.

    Hard stops (`domain.md` 5.2) and the room that needs no reason (5.4) hold as for the waiting list.
    """
    if plan := Plan.objects.filter(pk=plan_id).first():
        return plan
    from matching.planning import work_out  # brings the solver

    site, today = Site.objects.select_related("settings").get(pk=current_site_id()), timezone.localdate()
    for match in matches:
        match.referral.parent, match.referral.waiting_since = match.parent, today  # nobody of them waits
    lines = work_out([match.referral for match in matches], site.settings, today, without=partner)
    for line, match in zip(lines, matches, strict=True):
        line.replaces = match
    return keep_plan(Plan(id=plan_id, site=site, asked_by=by, families_of=partner), lines)


@transaction.atomic
def accept_reassignment(
    *, plan: Plan, lines: list[PlanLine], handed_on: dt.date, end_reason: str, begins: bool, by: User,
    confirmed: Collection[str] = (),
) -> list[PlanLine]:  # fmt: skip
    """End the old matches on that day, and begin the new ones then or propose them; return what was refused.

    One refusal holds up no other line: it is noted on its own, and that family stays where it is.

    Raises:
        ValidationError: a day to come.
    """
    refuse_future(handed_on=handed_on)
    Plan.objects.select_for_update().get(pk=plan.pk)
    people = {plan.families_of_id, *(line.partner_id for line in lines)}
    list(
        ParentPartner.objects.select_for_update().filter(pk__in=people).order_by("pk")
    )  # in one order for all
    rows = PlanLine.objects.filter(pk__in=[line.pk for line in lines]).open()
    for line in rows.select_related("replaces__parent", "replaces__partner", "referral__parent", "partner"):
        try:
            with transaction.atomic():
                line.match, line.problem = _hand_on(line, handed_on, end_reason, begins, by), ""
        except ValidationError as refusal:
            line.match, line.problem = None, " ".join(refusal.messages)
        line.save()
    done = PlanLine.objects.filter(pk__in=[line.pk for line in lines]).select_related("referral__parent")
    record("plan.accepted", plan, lines=len(lines), handed_on=str(handed_on), end_reason=end_reason)
    return list(done.exclude(problem=""))


def _hand_on(line: PlanLine, handed_on: dt.date, end_reason: str, begins: bool, by: User) -> Match:
    old = locked(line.replaces)
    if old.status != Match.Status.ACTIVE:
        raise ValidationError(f"This match is {old.get_status_display().lower()} now. Take the line off.")
    seen = consider(line.partner, old.parent, SiteSettings.objects.get(site_id=line.site_id))
    if not seen.stops and not seen.room:
        raise ValidationError(f"{no_room(line.partner)} Choose another partner, or take the line off.")
    end_match(match=old, ends_on=handed_on, end_reason=EndReason(end_reason), by=by)
    new = propose_match(
        referral=old.referral,
        partner=line.partner,
        by=by,
        is_secondary=old.is_secondary,
        is_cover=old.is_cover,  # who is away takes the parent back from the new one
    )
    return accept_match(match=new, starts_on=handed_on, by=by) if begins else new
