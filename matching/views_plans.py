"""Assigning the waiting list at once: ask for a plan, look it over, change it, propose what is left on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from audit.record import record
from counties.access import find
from counties.dates import us_date
from counties.decorators import site_view
from counties.jobs import ask_for
from counties.lists import paginate, render_list
from counties.models import Job
from counties.permissions import Right
from matching import plans as actions
from matching.forms import ChangeLineForm
from matching.models import Plan, PlanLine
from matching.plan_words import stopped, what_it_costs, why_nobody
from matching.suggest import suggest
from matching.tasks import ACCEPT, MAKE, REASSIGN
from matching.waiting import waiting_for_partner

OFFERED = 20
"""Parent partners offered for one line; more would be nobody's choice."""
UNFINISHED = [Job.Status.QUEUED, Job.Status.RUNNING]
LINES = Count("lines"), Count("lines", filter=Q(lines__match__isnull=False))


@site_view(Right.MATCH_SUGGEST)
def plans(request: HttpRequest, site: str) -> HttpResponse:
    """Plans made so far; the button asks for a new one."""
    if request.method == "POST":
        job = ask_for(kind=MAKE, key=str(request.user.pk), by=request.access.person)
        return redirect("matching:plan", site, job.pk)
    rows = Plan.objects.visible_to(request.access).select_related("asked_by", "families_of")
    listing = paginate(
        request, rows.annotate(total=LINES[0], proposed=LINES[1]), sorts={"made": "made_at"}, default="-made"
    )
    context = {
        "title": "Plans for the waiting list",
        "listing": listing,
        "waiting_count": waiting_for_partner(request.access).count(),
        "breadcrumbs": plan_crumbs(site)[:2],
    }
    return render_list(request, "matching/plans.html", context)


@site_view(Right.MATCH_SUGGEST)
def plan(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """One plan with its lines; before it is made, or while it is proposed, how far that is."""
    plan = Plan.objects.visible_to(request.access).select_related("families_of").filter(pk=pk).first()
    if plan is None:
        job = find(Job.objects.visible_to(request.access).filter(kind__in=[MAKE, REASSIGN]), pk=pk)
        return _progress(request, job, "Working out the plan")
    running = Job.objects.filter(kind=ACCEPT, key=str(plan.pk), status__in=UNFINISHED).first()
    if running:
        return _progress(request, running, "Proposing the matches")
    if request.htmx and "progress" in request.GET:
        return HttpResponseClientRefresh()
    lines = visible_lines(request).filter(plan=plan)
    listing = paginate(request, lines, sorts=SORTS, default="position")
    record("plan.viewed", kind="family", ids={line.referral.family_id for line in listing})
    for line in listing:
        line.why, line.stops, line.price = why_nobody(line), stopped(line), what_it_costs(line)
        line.days = (timezone.localdate(plan.made_at) - line.waiting_since).days
    context = {
        "title": plan_title(plan),
        "plan": plan,
        "listing": listing,
        "counts": _counts(visible_lines(request).filter(plan=plan)),
        "breadcrumbs": plan_crumbs(site),
    }
    return render_list(request, "matching/plan.html", context)


@site_view(Right.MATCH_PROPOSE)
def accept_plan(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Propose every line left on the plan; asked once more before."""
    plan = find(Plan.objects.visible_to(request.access).filter(families_of=None), pk=pk)
    lines = [
        str(line) for line in visible_lines(request).filter(plan=plan).open().values_list("pk", flat=True)
    ]
    url = reverse("matching:plan", args=[site, plan.pk])
    if request.method == "POST" and lines:
        record("plan.accepted", plan, lines=len(lines))
        ask_for(kind=ACCEPT, key=str(plan.pk), by=request.access.person, arguments={"lines": lines})
        return redirect(url)
    if not lines:
        messages.info(request, "Nothing is left to propose on this plan.")
        return redirect(url)
    context = {
        "title": f"Propose {len(lines)} match{'es' if len(lines) != 1 else ''}",
        "submit_label": "Propose the matches",
        "cancel_url": url,
        "points": [
            "Nothing begins yet: parent and parent partner may each decline.",
            "Each line is checked again. One that no longer fits stays on the plan and says what to do.",
        ],
        "breadcrumbs": [*plan_crumbs(site), (plan_title(plan), url)],
    }
    return render(request, "components/form_page.html", context)


@site_view(Right.MATCH_PROPOSE)
def change_line(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Plan another parent partner for one parent, or nobody."""
    line = find(visible_lines(request), pk=pk)
    found = suggest(line.referral.parent, request.site.settings).candidates
    offered = found.with_room(actions.planned_elsewhere(line))[:OFFERED]
    form = ChangeLineForm(request.POST or None, candidates=offered, line=line)
    url = reverse("matching:plan", args=[site, line.plan_id])
    if form.answered(request, actions.change_line, line=line):
        messages.success(request, f"The line of {line.referral.parent} is changed.")
        return redirect(url)
    record("family.viewed", line.referral.family, part="form")
    context = {
        "title": f"Who walks beside {line.referral.parent}?",
        "lead": f"{line.referral.family}. Nobody is told before you propose the match.",
        "form": form,
        "submit_label": "Change the line",
        "cancel_url": url,
        "breadcrumbs": [*plan_crumbs(site), (plan_title(line.plan), url)],
    }
    return render(request, "components/form_page.html", context)


@site_view(Right.MATCH_PROPOSE)
@require_POST
def take_off_line(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Leave one parent out of the plan."""
    line = find(visible_lines(request).filter(match=None), pk=pk)
    actions.take_off_line(line=line, by=request.access.person)
    stays = f"stays with {line.plan.families_of}" if line.plan.families_of_id else "goes on waiting"
    messages.success(request, f"{line.referral.parent} is off the plan and {stays}.")
    return redirect("matching:plan", site, line.plan_id)


@site_view(Right.MATCH_PROPOSE)
@require_POST
def put_back_line(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Put one parent on the plan again."""
    line = find(visible_lines(request).filter(match=None), pk=pk)
    actions.put_back_line(line=line, by=request.access.person)
    messages.success(request, f"{line.referral.parent} is on the plan again.")
    return redirect("matching:plan", site, line.plan_id)


SORTS = {
    "position": "position",
    "parent": ("referral__parent__last_name", "referral__parent__first_name"),
    "partner": ("partner__last_name", "partner__first_name", "position"),
}


def plan_title(plan: Plan) -> str:
    made = us_date(timezone.localdate(plan.made_at))
    return f"Families of {plan.families_of}, {made}" if plan.families_of_id else f"Plan of {made}"


def visible_lines(request: HttpRequest) -> QuerySet[PlanLine]:
    people = (
        "plan__families_of",
        "replaces",
        "referral__family",
        "referral__parent__family",
        "partner",
        "match",
    )
    return PlanLine.objects.visible_to(request.access).select_related(*people)


def _counts(lines: QuerySet[PlanLine]) -> dict[str, int]:
    return lines.aggregate(
        lines=Count("pk"),
        to_propose=Count("pk", filter=Q(match=None, is_taken_off=False, partner__isnull=False)),
        proposed=Count("match"),
        nobody=Count("pk", filter=Q(partner=None, is_taken_off=False)),
        refused=Count("pk", filter=~Q(problem="")),
    )


def _progress(request: HttpRequest, job: Job, label: str) -> HttpResponse:
    site = request.site.slug
    at = reverse("matching:plan", args=[site, job.key if job.kind == ACCEPT else job.pk])
    context: dict[str, Any] = {
        "title": label,
        "job": job,
        "label": label,
        "url": f"{at}?progress=1",
        "back": reverse("matching:plans", args=[site]),
        "breadcrumbs": plan_crumbs(site),
        "is_fragment": bool(request.htmx),
    }
    return render(request, "components/progress.html" if request.htmx else "matching/plan_job.html", context)


def plan_crumbs(site: str) -> list[tuple[str, str]]:
    return [
        ("Matches", reverse("matching:list", args=[site])),
        ("Waiting", reverse("matching:waiting", args=[site])),
        ("Plans", reverse("matching:plans", args=[site])),
    ]
