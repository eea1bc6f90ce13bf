"""Placements on screen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from counties.access import find
from counties.dates import us_date
from counties.decorators import site_view
from counties.permissions import Right
from families import placement_actions as actions
from families.forms_placement import PlacementForm, StrikePlacementForm
from families.models import PlacementSpell, RemovalEpisode
from families.views import back, form_page


@site_view(Right.FAMILY_EDIT)
def record_placement(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Record where a removed child lives from a day on."""
    rows = RemovalEpisode.objects.visible_to(request.access).select_related("child__family")
    episode = find(rows, pk=pk)
    form = PlacementForm(request.POST or None)
    if form.answered(request, actions.record_placement, episode=episode):
        return back(request, episode.child.family, f"The placement of {episode.child} is recorded.")
    return form_page(
        request,
        episode.child.family,
        form,
        title=f"Record a placement of {episode.child}",
        lead=f"Removed {us_date(episode.removed_on)}. The placement before it ends on the first day of this one.",
    )


@site_view(Right.FAMILY_EDIT)
def edit_placement(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Change a placement: its end, a wrong day, the setting."""
    spell = _spell(request, pk)
    child = spell.episode.child
    form = PlacementForm(request.POST or None, instance=spell)
    if form.answered(request, actions.edit_placement, spell=spell):
        return back(request, child.family, f"The placement of {child} is saved.")
    return form_page(request, child.family, form, title=f"Edit a placement of {child}")


@site_view(Right.FAMILY_EDIT)
def strike_placement(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Strike out a placement entered by mistake."""
    spell = _spell(request, pk)
    child = spell.episode.child
    form = StrikePlacementForm(request.POST or None)
    if form.answered(request, actions.strike_placement, spell=spell):
        return back(request, child.family, f"The placement of {child} is struck out.")
    return form_page(
        request,
        child.family,
        form,
        title=f"Strike out a placement of {child}",
        lead=f"{spell}, from {us_date(spell.started_on)}.",
        submit_label="Strike it out",
    )


def _spell(request: HttpRequest, pk: str) -> PlacementSpell:
    rows = PlacementSpell.objects.visible_to(request.access).standing()
    return find(rows.select_related("episode__child__family"), pk=pk)
