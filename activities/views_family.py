"""A family's level, goals and timeline, and this month's contact standard on screen."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from activities import actions
from activities.actions.levels import level_on
from activities.codes import Level
from activities.filters import StandardFilter
from activities.forms import parents_worked_with
from activities.forms_family import EndGoalForm, GoalForm, LevelForm
from activities.models import Goal
from activities.panels import timeline_context
from activities.standard import COUNTED_FROM, with_standard
from activities.timeline import KINDS, Asked, TimelineFilter
from activities.timeline import timeline as timeline_of
from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.permissions import Right
from families.models import Family
from matching.models import Match
from referrals.models import Enrollment, Enrollments

MOST_MOMENTS = 1000


@site_view(Right.CONTACT_VIEW)
def standard(request: HttpRequest, site: str) -> HttpResponse:
    """Face-to-face contacts required and made this month, for each family enrolled today."""
    today = timezone.localdate()
    filters = StandardFilter(request.GET, access=request.access)
    rows = Enrollment.objects.visible_to(request.access).open_on(today)
    rows = filters.narrow(with_standard(_with_partners(rows), today, request.site.settings))
    sorts = {"family": "family__number", "level": "level_now"} | {
        name: name for name in ("required", "made", "missing", "contacts_made")
    }
    listing = paginate(request, rows, sorts=sorts, default="-missing")
    record("standard.viewed", kind="family", ids=[row.family_id for row in listing])
    context = {
        "title": "Contact standard", "month": today, "filters": filters, "listing": listing,
        "levels": dict(Level.choices), "counted_from": COUNTED_FROM,
        "breadcrumbs": [("Contacts", reverse("activities:list", args=[site]))],
    }  # fmt: skip
    return render_list(request, "activities/standard.html", context)


def _with_partners(enrollments: Enrollments) -> Enrollments:
    running = Match.objects.running().select_related("partner")
    return enrollments.select_related("family").prefetch_related(
        "family__parents", Prefetch("family__parents__matches", running, to_attr="running_matches")
    )


@site_view(Right.CONTACT_VIEW)
def timeline(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """What happened with a family, by kind and between two days; the family page shows its beginning."""
    family = find(Family.objects.visible_to(request.access), pk=pk)
    record("family.viewed", family, part="timeline")
    asked = request.GET.get("limit", "")
    limit = min(int(asked), MOST_MOMENTS) if asked.isascii() and asked.isdigit() else 50
    filters = TimelineFilter(request.GET)
    context = timeline_context(request.access, family, Asked(**filters.chosen(), limit=max(limit, 1)))
    context |= {
        "title": f"Timeline of {family.reference}", "family": family, "filters": filters,
        "activity_tabs": bool(request.htmx) and request.htmx.target == "moments",
        "breadcrumbs": _to_family(request, family),
    }  # fmt: skip
    return render_list(request, "activities/timeline.html", context, partial="timeline")


@site_view(Right.CONTACT_VIEW)
def print_timeline(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """The timeline as chosen, whole and without the rest of the page, to be printed; it says who took it and when."""
    family = find(Family.objects.visible_to(request.access).prefetch_related("parents"), pk=pk)
    filters = TimelineFilter(request.GET)
    chosen = filters.chosen()
    moments, has_more = timeline_of(
        request.access, family, Asked(**chosen, limit=MOST_MOMENTS, is_whole=True)
    )
    record("timeline.printed", family, moments=len(moments), show=chosen.get("show", ""))
    context = {
        "title": f"Timeline of {family.reference}", "family": family, "moments": moments, "has_more": has_more,
        "chosen": chosen, "kind": dict(KINDS)[chosen.get("show", "")], "now": timezone.now(),
        "breadcrumbs": _to_family(request, family),
    }  # fmt: skip
    return render(request, "activities/timeline_print.html", context)


@site_view(Right.LEVEL_CHANGE)
def change_level(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Change the contact level of an enrollment."""
    enrollment = find(Enrollment.objects.visible_to(request.access).select_related("family"), pk=pk)
    form = LevelForm(request.POST or None)
    if form.answered(request, actions.change_level, enrollment=enrollment):
        change = form.result
        words = f"The family is on level {change.get_level_display()} from {change.changed_on:%m/%d/%Y}."
        return _back(request, enrollment.family, words)
    now = Level(level_on(enrollment, timezone.localdate())).label
    return _family_form(
        request, enrollment.family, form, title="Change the level", submit_label="Change the level",
        lead=f"{enrollment.family} is on level {now} today.",
        points=["The day itself counts at the new level.", "Earlier levels stay as they were."],
    )  # fmt: skip


@site_view(Right.GOAL_RECORD)
def set_goal(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Write down a parent's goal."""
    parent = find(parents_worked_with(request.access).select_related("family"), pk=pk)
    form = GoalForm(request.POST or None)
    if form.answered(request, actions.set_goal, parent=parent):
        return _back(request, parent.family, "The goal is noted.")
    return _family_form(request, parent.family, form, title=f"A goal of {parent}")


@site_view(Right.GOAL_RECORD)
def end_goal(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Mark a goal as reached or set aside."""
    goals = Goal.objects.filter(parent__in=parents_worked_with(request.access))
    goal = find(goals.select_related("parent__family"), pk=pk)
    form = EndGoalForm(request.POST or None)
    if form.answered(request, actions.end_goal, goal=goal):
        words = f"The goal is {form.result.get_status_display().lower()}."
        return _back(request, goal.parent.family, words)
    return _family_form(
        request, goal.parent.family, form, title="What came of the goal", lead=f"“{goal.words}”"
    )


def _to_family(request: HttpRequest, family: Family) -> list[tuple[str, str]]:
    slug = request.site.slug
    return [
        ("Families", reverse("families:list", args=[slug])),
        (family.reference, reverse("family", args=[slug, family.pk])),
    ]


def _family_form(request: HttpRequest, family: Family, form: object, **more: object) -> HttpResponse:
    """A form about one family, with the way back to its page; showing it is a look at the family."""
    record("family.viewed", family, part="form")
    crumbs = _to_family(request, family)
    context = {"form": form, "breadcrumbs": crumbs, "cancel_url": crumbs[-1][1], **more}
    return render(request, "components/form_page.html", context)


def _back(request: HttpRequest, family: Family, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("family", request.site.slug, family.pk)
