"""Goals and conditions of return with their small steps, and what a parent brings to the case plan."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from activities import actions
from activities.forms import parents_worked_with
from activities.forms_family import CelebrateForm, StepForm
from activities.models import Goal, Goals, GoalStep, GoalSteps
from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.permissions import Right
from families.models import Family


@site_view(Right.GOAL_RECORD)
def goal(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """One goal with its steps; the form adds a step."""
    one = find(_theirs(request).select_related("parent__family"), pk=pk)
    form = StepForm(request.POST or None)
    if form.answered(request, actions.add_step, goal=one):
        return redirect("activities:goal", site, one.pk)
    record("family.viewed", one.parent.family, part="goal")
    steps = one.steps.standing()
    context = {
        "title": one.get_kind_display(), "goal": one, "form": form, "steps": steps,
        "done": sum(1 for step in steps if step.done_on), "breadcrumbs": _crumbs(one.parent.family, site),
    }  # fmt: skip
    return render(request, "activities/goal.html", context)


@site_view(Right.GOAL_RECORD)
@require_POST
def mark_step(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """A step is done (`done=1`), or not after all."""
    step = find(_steps(request), pk=pk)
    done = request.POST.get("done") == "1"
    actions.mark_step(step=step, is_done=done, by=request.access.person)
    messages.success(
        request, "One step done. Worth saying so to the parent." if done else "The step is open again."
    )
    return redirect("activities:goal", site, step.goal_id)


@site_view(Right.GOAL_RECORD)
@require_POST
def strike_step(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Strike out a step written by mistake."""
    step = find(_steps(request), pk=pk)
    actions.strike_step(step=step, by=request.access.person)
    messages.success(request, "The step is struck out.")
    return redirect("activities:goal", site, step.goal_id)


@site_view(Right.GOAL_RECORD)
def celebrate_goal(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Note how a goal that was reached was celebrated."""
    one = find(_theirs(request).select_related("parent__family"), pk=pk)
    held = {"celebrated_on": one.celebrated_on, "celebration": one.celebration} if one.celebrated_on else None
    form = CelebrateForm(request.POST or None, initial=held)
    if form.answered(request, actions.celebrate_goal, goal=one):
        messages.success(request, "The celebration is noted.")
        return redirect("activities:goal", site, one.pk)
    record("family.viewed", one.parent.family, part="form")
    context = {
        "title": "Celebrate", "lead": f"“{one.words}”", "form": form, "breadcrumbs": _crumbs(one.parent.family, site),
        "cancel_url": reverse("activities:goal", args=[site, one.pk]),
    }  # fmt: skip
    return render(request, "components/form_page.html", context)


@site_view(Right.GOAL_RECORD)
def plan_input(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """What a parent brings to the case plan, to print. The plan itself is never written here."""
    family = find(Family.objects.visible_to(request.access), pk=pk)
    record("family.viewed", family, part="plan_input")
    goals = Goal.objects.visible_to(request.access).filter(parent__family=family).exclude(status="set_aside")
    goals = goals.select_related("parent").prefetch_related(
        Prefetch("steps", GoalStep.objects.standing(), to_attr="standing_steps")
    )
    context = {
        "title": "What the parent brings to the case plan", "family": family, "today": timezone.localdate(),
        "goals": [one for one in goals if one.kind == Goal.Kind.GOAL],
        "conditions": [one for one in goals if one.kind == Goal.Kind.CONDITION],
        "breadcrumbs": _crumbs(family, site),
    }  # fmt: skip
    return render(request, "activities/plan_input.html", context)


def _theirs(request: HttpRequest) -> Goals:
    return Goal.objects.filter(parent__in=parents_worked_with(request.access))


def _steps(request: HttpRequest) -> GoalSteps:
    return GoalStep.objects.standing().filter(goal__parent__in=parents_worked_with(request.access))


def _crumbs(family: Family, site: str) -> list[tuple[str, str]]:
    return [
        ("Families", reverse("families:list", args=[site])),
        (family.reference, reverse("family", args=[site, family.pk])),
    ]
