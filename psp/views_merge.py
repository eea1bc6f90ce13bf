"""Merging on screen. The verbs are in `families.merging`; the drafts computed anew lie in `reporting`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from audit.record import record
from counties.access import find
from counties.action_forms import ActionForm
from counties.dates import us_date
from counties.decorators import site_view
from counties.permissions import Right
from families import merging as actions
from families.duplicates import LikelyDuplicate, likely_duplicates
from families.listing import record_offered
from families.merge_forms import ChooseFamilyForm, MergeChildrenForm, MergeFamiliesForm, MergeParentsForm
from families.models import Family, Merge
from reporting.actions import recompute_drafts

POINTS = [
    "Certified reports stay as they are. Drafts are computed anew.",
    "Nothing is lost: the merge can be undone on the family's page.",
]


@site_view(Right.FAMILY_MERGE)
def merge_families(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Choose the record that is the same family, compare the two, make them one."""
    kept = find(Family.objects.visible_to(request.access), pk=pk)
    if "other" not in request.GET:
        return _choose(request, kept)
    others = Family.objects.visible_to(request.access).exclude(pk=kept.pk)
    emptied = find(others, pk=request.GET["other"])
    form = MergeFamiliesForm(request.POST or None, kept=kept, emptied=emptied)
    if form.answered(request, actions.merge_families, kept=kept, emptied=emptied):
        return _done(request, kept, f"{emptied} is merged into {kept}. Both are one record now.")
    record("family.viewed", kept, part="form")
    record("family.viewed", emptied, part="form")
    return _page(
        request, kept, form, title=f"Merge {emptied} into {kept}", submit_label=f"Merge {emptied} into {kept}",
        template="psp/merge_families.html", sides=[_side(kept), _side(emptied)],
        points=[f"Everything recorded with {emptied} moves to {kept}; its page leads there.", *POINTS],
    )  # fmt: skip


@site_view(Right.FAMILY_MERGE)
def merge_parents(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Make two records of one parent, in one family, one."""
    return _merge_people(request, pk, MergeParentsForm, actions.merge_parents, "parent")


@site_view(Right.FAMILY_MERGE)
def merge_children(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Make two records of one child, in one family, one."""
    return _merge_people(request, pk, MergeChildrenForm, actions.merge_children, "child")


def _merge_people(
    request: HttpRequest, pk: str, form_class: type[ActionForm], action: Callable, person: str
) -> HttpResponse:
    family = find(Family.objects.visible_to(request.access), pk=pk)
    form = form_class(request.POST or None, family=family)
    if form.answered(request, action):
        return _done(request, family, f"{form.result.kept} has one record of this {person} now.")
    record("family.viewed", family, part="form")
    points = ["Everything recorded with the second record moves to the first.", *POINTS]
    title = f"Merge two records of one {person}"
    return _page(request, family, form, title=title, points=points, submit_label="Merge the two")


@site_view(Right.FAMILY_MERGE)
def undo_merge(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Take two merged records apart."""
    rows = Merge.objects.visible_to(request.access).select_related("kept", "emptied")
    merge = find(rows, pk=pk)
    form = ActionForm(request.POST or None)
    if form.answered(request, lambda confirmed, **given: actions.undo_merge(**given), merge=merge):
        return _done(request, merge.kept, "The merge is undone.")
    record("family.viewed", merge.kept, part="form")
    points = [
        "Every row that was moved goes back where it was.",
        "What was added since the merge stays where it was added.",
        "Certified reports stay as they are. Drafts are computed anew.",
    ]
    return _page(
        request, merge.kept, form, title="Undo the merge", points=points, submit_label="Undo the merge",
        lead=f"Of {merge.merged_at:%m/%d/%Y}: {merge.reason}", danger=True,
    )  # fmt: skip


def _choose(request: HttpRequest, kept: Family) -> HttpResponse:
    likely = _likely(request, kept)
    form = ChooseFamilyForm(access=request.access, kept=kept)
    record("family.viewed", kept, part="form")
    record_offered(family.pk for family in form.fields["other"].queryset)
    return _page(
        request, kept, form, title=f"Merge {kept} with another record", template="psp/merge_choose.html", likely=likely
    )  # fmt: skip


def _likely(request: HttpRequest, kept: Family) -> list[LikelyDuplicate]:
    """Families that look like this one, each once."""
    found = [
        one
        for parent in kept.parents.all()
        for one in likely_duplicates(
            access=request.access, first_name=parent.first_name, last_name=parent.last_name,
            date_of_birth=parent.date_of_birth, case_number=kept.state_case_id, beside=kept,
        )
    ]  # fmt: skip
    return list({one.family.pk: one for one in sorted(found, key=lambda one: one.points)}.values())[::-1]


def _side(family: Family) -> dict[str, Any]:
    """What tells two records apart, or shows that they are one."""
    born = {p: f", born {p.date_of_birth:%m/%d/%Y}" if p.date_of_birth else "" for p in family.parents.all()}
    facts = [
        ("Parents", "; ".join(f"{parent}{when}" for parent, when in born.items())),
        ("Children", ", ".join(str(child) for child in family.children.all())),
        ("Town or city", family.towns),
        ("Your own number", family.source_id),
        ("eWiSACWIS case id", family.state_case_id),
        ("Referrals", family.referrals.count()),
        ("Enrollments", family.enrollments.count()),
        ("In PSP since", us_date(timezone.localdate(family.created_at))),
    ]
    return {"family": family, "facts": facts}


def _done(request: HttpRequest, family: Family, words: str) -> HttpResponse:
    recompute_drafts()
    messages.success(request, words)
    return redirect("family", request.site.slug, family.pk)


def _page(
    request: HttpRequest,
    family: Family,
    form: Any,
    *,
    template: str = "components/form_page.html",
    **more: Any,
) -> HttpResponse:
    families, url = (
        reverse("families:list", args=[request.site.slug]),
        reverse("family", args=[request.site.slug, family.pk]),
    )
    context = {
        "form": form,
        "cancel_url": url,
        "breadcrumbs": [("Families", families), (str(family), url)],
        **more,
    }
    return render(request, template, context)
