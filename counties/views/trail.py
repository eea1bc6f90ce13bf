"""The audit trail of a site, of a family (or any other row), of a person: who did what, when and why."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from functools import cache
from typing import Any

from django import forms
from django.apps import apps
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.changes import MOST_ROWS, changes_of
from audit.models import AuditEvent
from audit.record import record
from audit.verbs import GROUPS, say
from counties.access import find
from counties.decorators import site_view
from counties.forms import SiteChoiceField
from counties.lists import paginate, render_list
from counties.permissions import Right
from counties.views.side import settings_side
from counties.wall import SiteModel


class TrailFilter(forms.Form):
    """Which events the trail shows; `kind` and `id` narrow it to one row."""

    group = forms.ChoiceField(
        label="What",
        required=False,
        choices=[("", "Everything"), *((k, label) for k, (label, _) in GROUPS.items())],
    )
    person = SiteChoiceField(User.objects.none(), label="Who", required=False, empty_label="Anyone")
    since = forms.DateField(label="From", required=False, widget=forms.DateInput)
    until = forms.DateField(label="To", required=False, widget=forms.DateInput)
    kind = forms.CharField(required=False, widget=forms.HiddenInput)
    id = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, people: QuerySet[User], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people

    def narrow(self, events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        """The events asked for; an answer that makes no sense narrows nothing and says so beside its field."""
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("group"):
            events = events.filter(GROUPS[wanted["group"]][1])
        if wanted.get("person"):
            events = events.by_person(wanted["person"].pk)
        if wanted.get("since"):
            events = events.filter(at__gte=_midnight(wanted["since"]))
        if wanted.get("until"):
            events = events.filter(at__lt=_midnight(wanted["until"] + dt.timedelta(days=1)))
        return events


def _midnight(day: dt.date) -> dt.datetime:
    """The instant a day begins at the site."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def _people(request: HttpRequest) -> QuerySet[User]:
    return User.objects.filter(roles__site=request.site).distinct().order_by("name")


def _subject(request: HttpRequest, kind: str, key: str):
    """The row the trail is about; 404 when the person may not see it or it is another site's."""
    if kind == "user":
        return find(_people(request), pk=key)
    models = {m._meta.model_name: m for m in apps.get_models() if issubclass(m, SiteModel)}
    if kind not in models:
        raise Http404("Nothing here under this address.")
    return find(models[kind].objects.visible_to(request.access), pk=key)


def _with_words(events: Iterable[AuditEvent], request: HttpRequest) -> list[AuditEvent]:
    """Put the actor's name, the sentence and what it was about beside each event; two queries for all names."""
    events = list(events)
    users = {event.actor_id for event in events} | set(_ids(events, "user"))
    # Whoever never had a role here nor at the state has no name here: a refused stranger works at another site.
    known = Q(roles__site=request.site) | Q(roles__site=None, roles__isnull=False)
    names = dict(User.objects.filter(known, pk__in=users).values_list("pk", "name"))
    families = (
        apps.get_model("families", "Family")
        .objects.visible_to(request.access)
        .in_bulk(_ids(events, "family"))
    )
    for event in events:
        event.who = names.get(event.actor_id) or (
            "PSP itself" if event.actor_id is None else "Somebody of another site"
        )
        event.words = say(event.verb)
        event.about = _about(event, names, families)
    return events


def _ids(events: list[AuditEvent], kind: str) -> list:
    """The first id of each event of a kind, as a key; a refused address may have held anything."""
    found = (e.object_ids[0] for e in events if e.object_kind == kind and e.object_ids)
    return [key for key in (_key(kind, text) for text in found) if key]


def _key(kind: str, text: str) -> Any:
    try:
        return int(text) if kind == "user" else uuid.UUID(text)
    except ValueError:
        return None


def _about(event: AuditEvent, names: dict, families: dict) -> str:
    """F-0142, a person's name, or the kind of thing; of a list how many were shown."""
    if event.verb.endswith(("listed", "searched")) or not event.object_ids:
        return f"{len(event.object_ids)} shown" if event.object_ids else ""
    if event.object_kind == "family":
        return str(families.get(_key("family", event.object_ids[0]), "family"))
    if event.object_kind == "user":
        return names.get(_key("user", event.object_ids[0]), "person")
    return _in_words().get(event.object_kind, event.object_kind)


@cache
def _in_words() -> dict[str, str]:
    """What people call each kind of row: "parent partner" for `parentpartner`."""
    return {model._meta.model_name: str(model._meta.verbose_name) for model in apps.get_models()}


@site_view(Right.AUDIT_VIEW)
def trail(request: HttpRequest, site: str) -> HttpResponse:
    """The trail of the site, or with `?kind=family&id=…` of one row, or with `?person=…` of one person's doings."""
    events = AuditEvent.objects.filter(site_id=request.site.id)
    kind, key = request.GET.get("kind", ""), request.GET.get("id", "")
    subject = _subject(request, kind, key) if kind else None
    if subject:
        events = events.about(kind, subject.pk)
    filters = TrailFilter(request.GET, people=_people(request))
    listing = paginate(
        request, filters.narrow(events), sorts={"at": ("at", "id")}, default="-at", page_size=50
    )
    listing.page.object_list = _with_words(listing, request)
    record("trail.viewed", kind=kind, ids=[key] if key else [])
    context = {
        "title": f"Audit trail of {subject}" if subject else "Audit trail", "filters": filters, "listing": listing,
        "subject": subject, "side": settings_side(request),
    }  # fmt: skip
    return render_list(request, "counties/trail.html", context)


@site_view(Right.AUDIT_VIEW)
def event(request: HttpRequest, site: str, pk) -> HttpResponse:
    """One event: the rows its request changed. Values show only to those who see every family."""
    found = find(AuditEvent.objects.filter(site_id=request.site.id), pk=pk)
    [found] = _with_words([found], request)
    changes, total = changes_of(found.request_id)
    context = {
        "title": found.words, "event": found, "changes": changes, "total": total, "most": MOST_ROWS,
        "show_values": request.access.sees_all_families and _within_sight(request, found),
        "side": settings_side(request),
        "breadcrumbs": [("Audit trail", reverse("counties:trail", args=[site]))],
    }  # fmt: skip
    return render(request, "counties/event.html", context)


def _within_sight(request: HttpRequest, found: AuditEvent) -> bool:
    """Whether the changed rows may show: who has a tie to a family sees those of other families' events only."""
    ties = apps.get_model("families", "FamilyTie").objects.tying(request.user)
    tied = {str(family) for family in ties.values_list("family", flat=True)}
    about_a_family = found.object_kind == "family" and found.object_ids
    return not tied or bool(about_a_family and tied.isdisjoint(found.object_ids))
