"""Work of this room handed to Celery: the waiting list's plan, and proposing what was accepted of it."""

from __future__ import annotations

from counties.jobs import CannotDoJob, Progress, Result, handles
from counties.models import Job
from counties.wall import site_scope
from matching.models import PlanLine
from matching.plans import accept_line, make_plan
from matching.solver import NotSolved

MAKE = "matching.make_plan"
ACCEPT = "matching.accept_plan"


@handles(MAKE)
def make(job: Job, progress: Progress) -> Result:
    """Work out a plan under the job's own id; a second run finds it made."""
    progress(5, "Looking at who waits")
    try:
        with site_scope(job.site_id, actor_id=job.asked_by_id):
            plan = make_plan(plan_id=job.pk, by=job.asked_by)
            return Result(facts={"lines": plan.lines.count()})
    except NotSolved as problem:
        raise CannotDoJob("The plan could not be worked out. Match these parents one by one.") from problem


@handles(ACCEPT)
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
