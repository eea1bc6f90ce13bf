"""Handing several families of one parent partner on: choose them, look the plan over, accept what is left on it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.jobs import ask_for
from counties.permissions import Right
from matching import reassign as actions
from matching.forms import AcceptReassignmentForm, ReassignForm
from matching.models import Plan
from matching.tasks import REASSIGN
from matching.views_plans import plan_crumbs, plan_title, visible_lines
from partners.models import ParentPartner


@site_view(Right.MATCH_END)
def reassign(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Choose the families of one parent partner that others are to take."""
    partner = find(ParentPartner.objects.visible_to(request.access), pk=pk)
    matches = actions.reassignable(request.access, partner)
    form = ReassignForm(request.POST or None, matches=matches)
    if request.method == "POST" and form.is_valid():
        chosen = [str(match.pk) for match in form.cleaned_data["chosen"]]
        arguments = {"partner": str(partner.pk), "matches": chosen}
        job = ask_for(kind=REASSIGN, key=str(partner.pk), by=request.access.person, arguments=arguments)
        return redirect("matching:plan", site, job.pk)
    record("match.listed", kind="family", ids={match.parent.family_id for match in matches})
    partner_url = reverse("partners:detail", args=[site, partner.pk])
    context = {
        "title": f"Reassign families of {partner}",
        "lead": "Who could take them is worked out next. You look the plan over and change it before anything happens.",
        "form": form,
        "matches": matches,
        "submit_label": "Work out a plan",
        "cancel_url": partner_url,
        "breadcrumbs": [("Partners", reverse("partners:list", args=[site])), (str(partner), partner_url)],
    }
    return render(request, "matching/reassign.html", context)


@site_view(Right.MATCH_END)
def accept_reassignment(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """End the old matches of every line left on the plan, and begin or propose the new ones."""
    plans = Plan.objects.visible_to(request.access).filter(families_of__isnull=False)
    plan = find(plans.select_related("families_of"), pk=pk)
    lines = list(visible_lines(request).filter(plan=plan).open())
    url = reverse("matching:plan", args=[site, plan.pk])
    if not lines:
        messages.info(request, "Nothing is left to hand on in this plan.")
        return redirect(url)
    form = AcceptReassignmentForm(request.POST or None, initial={"handed_on": timezone.localdate()})
    if form.answered(request, actions.accept_reassignment, plan=plan, lines=lines):
        _tell(request, len(lines) - len(form.result), [str(line.referral.parent) for line in form.result])
        return redirect(url)
    record("plan.viewed", kind="family", ids={line.referral.family_id for line in lines})
    count = "1 family" if len(lines) == 1 else f"{len(lines)} families"
    context = {
        "title": f"Hand on {count}",
        "lead": f"Now with {plan.families_of}",
        "form": form,
        "submit_label": f"Hand on {count}",
        "cancel_url": url,
        "points": [
            f"Each match with {plan.families_of} ends on that day; its record stays as it is.",
            "A new match stands beside it. The enrollments go on.",
            "Each line is checked again. One that no longer fits stays as it is and says why.",
        ],
        "breadcrumbs": [*plan_crumbs(site), (plan_title(plan), url)],
    }
    return render(request, "components/form_page.html", context)


def _tell(request: HttpRequest, done: int, refused: list[str]) -> None:
    if done:
        messages.success(request, f"{'1 family is' if done == 1 else f'{done} families are'} handed on.")
    if refused:
        messages.warning(request, f"Not handed on: {', '.join(refused)}. Each line says why.")
