"""What stands between two people, and how far places lie apart."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.permissions import Right
from families.models import Parent
from matching import conflicts as actions
from matching.forms import ConflictForm, DistanceForm, LiftConflictForm, WeightsForm
from matching.models import Conflict, Match, PlaceDistance, ScoreWeights, place_key
from matching.suggest import known_places
from partners.models import ParentPartner


@site_view(Right.CONFLICT_RECORD)
def record_conflict(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Note why a parent and a parent partner must not be matched."""
    parent = find(Parent.objects.visible_to(request.access).select_related("family"), pk=pk)
    first = {}
    if "partner" in request.GET:
        first = {
            "partner": find(ParentPartner.objects.visible_to(request.access), pk=request.GET["partner"]).pk
        }
    form = ConflictForm(request.POST or None, access=request.access, initial=first)
    if form.answered(request, actions.record_conflict, parent=parent):
        return _after_recording(request, form.result)
    record("family.viewed", parent.family, part="form")
    points = [
        "The pairing is not suggested and cannot begin while this stands.",
        "A running match goes on until you end it.",
    ]
    context = {
        "title": "Record a conflict",
        "lead": f"{parent}, {parent.family}",
        "form": form,
        "submit_label": "Record the conflict",
        "points": points,
        **_back(request, parent),
    }
    return render(request, "components/form_page.html", context)


@site_view(Right.CONFLICT_RECORD)
def lift_conflict(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """A conflict holds no longer."""
    rows = Conflict.objects.visible_to(request.access).select_related("parent__family", "partner")
    conflict = find(rows, pk=pk)
    record("conflict.viewed", conflict.parent.family, conflict)
    form = LiftConflictForm(request.POST or None)
    if form.answered(request, actions.lift_conflict, conflict=conflict):
        messages.success(request, "The conflict is lifted. It stays in the record.")
        return redirect("family", site, conflict.parent.family_id)
    context = {
        "title": "Lift the conflict",
        "lead": f"{conflict.parent} and {conflict.partner}: {conflict.get_kind_display()}",
        "form": form,
        "submit_label": "Lift the conflict",
        **_back(request, conflict.parent),
    }
    return render(request, "components/form_page.html", context)


@site_view(Right.MATCH_SUGGEST)
def distances(request: HttpRequest, site: str) -> HttpResponse:
    """How far the places of this site lie apart, as far as a coordinator has told it."""
    first = {
        "place": place_key(request.GET.get("from", "")),
        "other_place": place_key(request.GET.get("to", "")),
    }
    form = DistanceForm(request.POST or None, places=known_places(), initial=first)
    if form.answered(request, actions.set_distance):
        messages.success(request, "The distance is recorded.")
        return redirect("matching:distances", site)
    known = PlaceDistance.objects.visible_to(request.access)
    listing = paginate(
        request, known, sorts={"place": ("one", "other"), "miles": ("miles", "one")}, default="place"
    )
    context = {
        "title": "Distances between places",
        "form": form,
        "listing": listing,
        "limits": request.site.settings,
        "breadcrumbs": [("Matches", reverse("matching:list", args=[site]))],
    }
    return render_list(request, "matching/distances.html", context)


@site_view(Right.SITE_CONFIGURE)
def weights(request: HttpRequest, site: str) -> HttpResponse:
    """What each criterion of the score is worth at this site."""
    present = ScoreWeights.objects.visible_to(request.access).present()
    first = {name: getattr(present, name) for name in ScoreWeights.CRITERIA}
    form = WeightsForm(request.POST or None, initial=first)
    if form.answered(request, actions.set_weights):
        messages.success(request, "The score counts by these weights from now on.")
        return redirect("matching:waiting", site)
    context = {
        "title": "Weights of the score",
        "lead": "How many of the 100 points each criterion is worth. The state’s proposal is 30, 25, 15, 10, 10, 10.",
        "form": form,
        "submit_label": "Save the weights",
        "cancel_url": reverse("matching:waiting", args=[site]),
        "points": [
            "Suggestions and plans count by them from now on; what was proposed before keeps its score.",
            "Hard stops are not touched: no weight lifts one.",
        ],
        "breadcrumbs": [("Matches", reverse("matching:list", args=[site]))],
    }
    return render(request, "components/form_page.html", context)


def _after_recording(request: HttpRequest, conflict: Conflict) -> HttpResponse:
    """Back to the family, or to a match of the two that now wants a decision."""
    slug = request.site.slug
    open_now = Match.objects.filter(status__in=Match.PRESENT)
    match = open_now.filter(parent=conflict.parent, partner=conflict.partner).first()
    if match is None:
        messages.success(request, "The conflict is recorded: the pairing is not suggested any more.")
        return redirect("family", slug, conflict.parent.family_id)
    messages.warning(
        request, "The conflict is recorded. These two are matched or proposed now: decide how it goes on."
    )
    return redirect("matching:detail", slug, match.pk)


def _back(request: HttpRequest, parent: Parent) -> dict[str, object]:
    url = reverse("family", args=[request.site.slug, parent.family_id])
    families = reverse("families:list", args=[request.site.slug])
    return {"cancel_url": url, "breadcrumbs": [("Families", families), (str(parent.family), url)]}
