"""Families on screen. The family page itself is composed in `psp/views_family.py`."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.permissions import Right
from families import actions
from families.duplicates import LikelyDuplicate, likely_duplicates
from families.forms import ChildForm, CreateFamilyForm, EpisodeForm, FamilyFilter, FamilyForm, ParentForm
from families.listing import SORTS, record_offered, with_people, with_status
from families.models import Child, Family, Parent, RemovalEpisode
from families.who import key_of


@site_view(Right.FAMILY_VIEW)
def family_list(request: HttpRequest, site: str) -> HttpResponse:
    """Families of the site this person may see."""
    filters = FamilyFilter(request.GET, access=request.access)
    families = with_status(Family.objects.visible_to(request.access), timezone.localdate())
    listing = paginate(request, with_people(filters.narrow(families)), sorts=SORTS, default="-family")
    record(
        "family.listed",
        kind="family",
        ids=[family.pk for family in listing],
        searched=bool(request.GET.get("q")),
    )
    return render_list(
        request, "families/list.html", {"title": "Families", "filters": filters, "listing": listing}
    )


@site_view(Right.FAMILY_CREATE)
def create(request: HttpRequest, site: str) -> HttpResponse:
    """Open a family's record with its first parent, once it is sure that nobody recorded them before."""
    form = CreateFamilyForm(request.POST or None)
    likely = _likely(request, form)
    key = key_of(likely) if likely else ""
    is_asked = bool(key) and request.POST.get("somebody_else") != key
    if not is_asked and form.answered(request, actions.create_family_with_parent):
        messages.success(request, f"{form.result} is open. Add the children and a second parent here.")
        return redirect("family", site, form.result.pk)
    if likely:
        record_offered(one.family.pk for one in likely)
    crumbs = [("Families", reverse("families:list", args=[site]))]
    context = {
        "title": "New family", "form": form, "breadcrumbs": crumbs, "cancel_url": crumbs[0][1], "likely": likely,
        "somebody_else": key,
        "submit_label": "This is somebody else: create the family" if likely else "Save the family",
    }  # fmt: skip
    return render(request, "families/create.html", context)


def _likely(request: HttpRequest, form: CreateFamilyForm) -> list[LikelyDuplicate]:
    """Who may be meant already, when the answers are good ones."""
    if request.method != "POST" or not form.is_valid():
        return []
    said = form.cleaned_data
    return likely_duplicates(
        access=request.access, first_name=said["first_name"], last_name=said["last_name"],
        date_of_birth=said["date_of_birth"], case_number=said["state_case_id"] or said["family_source_id"],
    )  # fmt: skip


@site_view(Right.FAMILY_EDIT)
def edit(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Change the facts about a family as a whole."""
    family = find(Family.objects.visible_to(request.access), pk=pk)
    form = FamilyForm(request.POST or None, instance=family)
    if form.answered(request, actions.edit_family, family=family):
        return back(request, family, "The family is saved.")
    return form_page(request, family, form, title=f"Edit {family.reference}")


@site_view(Right.FAMILY_EDIT)
def add_parent(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Add a parent to a family."""
    family = find(Family.objects.visible_to(request.access), pk=pk)
    form = ParentForm(request.POST or None)
    if form.answered(request, actions.add_parent, family=family):
        return back(request, family, f"{form.result} is added.")
    return form_page(request, family, form, title="Add a parent")


@site_view(Right.FAMILY_EDIT)
def edit_parent(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Change what is written about a parent."""
    parent = find(Parent.objects.visible_to(request.access).select_related("family"), pk=pk)
    title = f"Edit {parent}"
    form = ParentForm(request.POST or None, instance=parent)
    if form.answered(request, actions.edit_parent, parent=parent):
        return back(request, parent.family, f"{form.result} is saved.")
    return form_page(request, parent.family, form, title=title)


@site_view(Right.FAMILY_EDIT)
def add_child(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Add a child to a family."""
    family = find(Family.objects.visible_to(request.access), pk=pk)
    form = ChildForm(request.POST or None)
    if form.answered(request, actions.add_child, family=family):
        messages.success(request, f"{form.result} is added.")
        return redirect(request.path) if "another" in request.POST else redirect("family", site, family.pk)
    return form_page(request, family, form, title="Add a child", save_and_another="Save and add another")


@site_view(Right.FAMILY_EDIT)
def edit_child(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Change a child's name or birth date."""
    child = find(Child.objects.visible_to(request.access).select_related("family"), pk=pk)
    title = f"Edit {child}"
    form = ChildForm(request.POST or None, instance=child)
    if form.answered(request, actions.edit_child, child=child):
        return back(request, child.family, f"{form.result} is saved.")
    return form_page(request, child.family, form, title=title)


@site_view(Right.FAMILY_EDIT)
def record_episode(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Record a removal of a child."""
    child = find(Child.objects.visible_to(request.access).select_related("family"), pk=pk)
    form = EpisodeForm(request.POST or None)
    if form.answered(request, actions.record_episode, child=child):
        return back(request, child.family, f"The removal of {child} is recorded.")
    return form_page(request, child.family, form, title=f"Record a removal of {child}", lead=_born(child))


@site_view(Right.FAMILY_EDIT)
def edit_episode(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Change a removal: its discharge, a trial reunification, a wrong date."""
    rows = RemovalEpisode.objects.visible_to(request.access).select_related("child__family")
    episode = find(rows, pk=pk)
    child = episode.child
    form = EpisodeForm(request.POST or None, instance=episode)
    if form.answered(request, actions.edit_episode, episode=episode):
        return back(request, child.family, f"The removal of {child} is saved.")
    return form_page(request, child.family, form, title=f"Edit a removal of {child}", lead=_born(child))


def form_page(request: HttpRequest, family: Family, form: Any, *, title: str, **more: Any) -> HttpResponse:
    """A form about one family, with the way back to its page; showing it is a look at the family."""
    record("family.viewed", family, part="form")
    slug = request.site.slug
    crumbs = [
        ("Families", reverse("families:list", args=[slug])),
        (str(family), reverse("family", args=[slug, family.pk])),
    ]
    context = {"title": title, "form": form, "breadcrumbs": crumbs, "cancel_url": crumbs[-1][1], **more}
    return render(request, "components/form_page.html", context)


def back(request: HttpRequest, family: Family, words: str) -> HttpResponse:
    """To the family's page, with a word about what was done."""
    messages.success(request, words)
    return redirect("family", request.site.slug, family.pk)


def _born(child: Child) -> str:
    return (
        f"Born {child.date_of_birth:%m/%d/%Y}."
        if child.date_of_birth
        else "The date of birth is not recorded."
    )
