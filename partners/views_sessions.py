"""Supervision, clinical support and training sessions."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.permissions import Right
from partners import actions
from partners.filters import SessionFilter
from partners.forms import SessionForm
from partners.models import ParentPartner, SessionAttendance, SupportSession

ALERT_FROM_DAY = 25
"""Day of the month from which a missing clinical support is pointed out (`domain.md` 13)."""

SORTS = {"held": "held_on", "kind": ("kind", "-held_on"), "minutes": "minutes"}


@site_view(Right.SESSION_VIEW)
def list_sessions(request: HttpRequest, site: str) -> HttpResponse:
    """Sessions this person may see: coordinators all, clinical support its own kind, a partner those attended."""
    sees_who = Right.SESSION_RECORD in request.access
    sessions = SupportSession.objects.visible_to(request.access)
    form = SessionFilter(request.GET)
    if not sees_who:
        del form.fields["q"]
    listing = paginate(
        request, form.narrow(sessions.prefetch_related(_present())), sorts=SORTS, default="-held"
    )
    record("session.listed", kind="supportsession", ids=[session.pk for session in listing])
    context = {
        "title": "Sessions",
        "form": form,
        "listing": listing,
        "sees_who": sees_who,
        "clinical_missing": sees_who and clinical_support_is_missing(timezone.localdate()),
        "own_profile": None if sees_who else ParentPartner.objects.visible_to(request.access).first(),
    }
    return render_list(request, "partners/sessions.html", context)


@site_view(Right.SESSION_RECORD)
def record_session(request: HttpRequest, site: str) -> HttpResponse:
    """Record a session and who came."""
    form = SessionForm(request.POST or None, access=request.access, initial=_asked_for(request))
    if (
        request.method == "POST"
        and form.is_valid()
        and form.carried_out(actions.record_session, by=request.user)
    ):
        messages.success(request, "The session is recorded.")
        return redirect("partners:record_session" if "another" in request.POST else "partners:sessions", site)
    return _form_page(request, form, title="Record a session", submit_label="Record the session",
                      save_and_another="Record and add another")  # fmt: skip


@site_view(Right.SESSION_RECORD)
def edit_session(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Correct a session; whoever was not there is struck out, not erased."""
    session = find(SupportSession.objects.visible_to(request.access), pk=pk)
    form = SessionForm(request.POST or None, access=request.access, session=session)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.carried_out(actions.edit_session, session=session, by=request.user)
    ):
        messages.success(request, "The session is saved.")
        return redirect("partners:sessions", site)
    lead = "Untick somebody who was not there: the entry is struck out and stays in the history."
    return _form_page(request, form, title="Correct a session", lead=lead)


def clinical_support_is_missing(today: dt.date) -> bool:
    """From the 25th on: whether the month has no clinical support yet (`domain.md` 13)."""
    held = SupportSession.objects.filter(
        kind=SupportSession.Kind.CLINICAL, held_on__gte=today.replace(day=1), held_on__lte=today
    )
    return not held.exists() and today.day >= ALERT_FROM_DAY


def _present() -> Prefetch:
    rows = SessionAttendance.objects.filter(is_present=True).select_related("partner")
    return Prefetch(
        "attendances", rows.order_by("partner__last_name", "partner__first_name"), to_attr="present"
    )


def _asked_for(request: HttpRequest) -> dict[str, object]:
    """First answers of a new session; a link may name its kind."""
    asked = request.GET.get("kind", "")
    answers: dict[str, object] = {"held_on": timezone.localdate()}
    return answers | ({"kind": asked} if asked in SupportSession.Kind.values else {})


def _form_page(request: HttpRequest, form: SessionForm, *, title: str, **more: object) -> HttpResponse:
    back = reverse("partners:sessions", args=[request.site.slug])
    context = {"title": title, "form": form, "cancel_url": back, "breadcrumbs": [("Sessions", back)]}
    return render(request, "components/form_page.html", context | more)
