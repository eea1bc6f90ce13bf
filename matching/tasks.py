"""Work of this room handed to Celery: the waiting list's plan, and proposing what was accepted of it."""

from __future__ import annotations

from counties.access import access_to_site
from counties.jobs import CannotDoJob, Progress, Result, handles
from counties.models import Job, Site
from counties.permissions import Right
from counties.wall import site_scope
from matching.models import PlanLine
from matching.plans import accept_line, make_plan
from matching.reassign import make_reassignment, reassignable
from matching.refusals import NotSolved
from partners.models import ParentPartner

MAKE = "matching.make_plan"
REASSIGN = "matching.make_reassignment"
ACCEPT = "matching.accept_plan"


@handles(MAKE, Right.MATCH_SUGGEST)
def make(job: Job, progress: Progress) -> Result:
    """Work out a plan under the job's own id; a second run finds it made."""
    progress(5, "Looking at who waits")
    try:
        with site_scope(job.site_id, actor_id=job.asked_by_id):
            plan = make_plan(plan_id=job.pk, by=job.asked_by)
            return Result(facts={"lines": plan.lines.count()})
    except NotSolved as problem:
        raise CannotDoJob("The plan could not be worked out. Match these parents one by one.") from problem


@handles(REASSIGN, Right.MATCH_END)
def reassign(job: Job, progress: Progress) -> Result:
    """Work out who could take the chosen families of one parent partner, under the job's own id."""
    progress(5, "Looking at who could take them")
    try:
        with site_scope(job.site_id, actor_id=job.asked_by_id):
            partner = ParentPartner.objects.get(pk=job.arguments["partner"])
            access = access_to_site(job.asked_by, Site.objects.get(pk=job.site_id))
            matches = list(reassignable(access, partner).filter(pk__in=job.arguments["matches"]))
            make_reassignment(plan_id=job.pk, partner=partner, matches=matches, by=job.asked_by)
            return Result(facts={"lines": len(matches)})
    except NotSolved as problem:
        raise CannotDoJob("The plan could not be worked out. Hand these families on one by one.") from problem


@handles(ACCEPT, Right.MATCH_PROPOSE)
def accept(job: Job, progress: Progress) -> Result:
    """Propose the accepted lines one by one, each in a transaction of its own; lines proposed already stay so."""
    lines = job.arguments["lines"]
    refused = 0
    for done, pk in enumerate(lines):
        progress(done * 100 // len(lines), f"Line {done + 1} of {len(lines)}")
        with site_scope(job.site_id, actor_id=job.asked_by_id):
            line = accept_line(line=PlanLine.objects.get(pk=pk), by=job.asked_by)
            refused += bool(line.problem)
    return Result(facts={"proposed": len(lines) - refused, "refused": refused})
