"""Supervision, clinical support and training sessions."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from audit.record import record
from counties.access import find
from counties.action_forms import ActionForm
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.permissions import Right
from partners import actions
from partners.filters import SessionFilter
from partners.forms import AgreedStepForm, NoteForm, SessionForm, StrikeSessionForm
from partners.models import AgreedStep, ClinicalMonth, ParentPartner, SessionAttendance, SupportSession
from partners.models.clinical import ALERT_FROM_DAY

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
    record("session.listed", kind="supportsession", ids=[row.pk for row in listing])
    context = {
        "title": "Sessions",
        "form": form,
        "listing": listing,
        "sees_who": sees_who,
        "clinical_missing": sees_who and clinical_support_is_missing(timezone.localdate()),
        "next_clinical": _next_planned(timezone.localdate()),
        "own_profile": None if sees_who else ParentPartner.objects.visible_to(request.access).first(),
    }
    return render_list(request, "partners/sessions.html", context)


@site_view(Right.SESSION_RECORD)
def record_session(request: HttpRequest, site: str) -> HttpResponse:
    """Record a session and who came."""
    form = SessionForm(request.POST or None, access=request.access, initial=_asked_for(request))
    if form.answered(request, actions.record_session):
        messages.success(request, "The session is recorded.")
        return redirect("partners:record_session" if "another" in request.POST else "partners:sessions", site)
    return _form_page(request, form, title="Record a session", submit_label="Record the session",
                      save_and_another="Record and add another")  # fmt: skip


@site_view(Right.SESSION_RECORD)
def edit_session(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Correct a session; whoever was not there is struck out, not erased."""
    row = find(SupportSession.objects.visible_to(request.access).standing(), pk=pk)
    form = SessionForm(request.POST or None, access=request.access, session=row)
    if form.answered(request, actions.edit_session, session=row):
        messages.success(request, "The session is saved.")
        return redirect("partners:sessions", site)
    lead = "Untick somebody who was not there: the entry is struck out and stays in the history."
    return _form_page(request, form, title="Correct a session", lead=lead)


@site_view(Right.SESSION_VIEW)
def session(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """One session: who came, the agenda, what was written about each, what was agreed; a partner reads their own."""
    row = find(SupportSession.objects.visible_to(request.access), pk=pk)
    record("session.viewed", row)
    here = SessionAttendance.objects.visible_to(request.access).filter(session=row, is_present=True)
    agreed_steps = AgreedStep.objects.visible_to(request.access).filter(session=row, is_struck=False)
    context = {
        "title": row.get_kind_display(),
        "breadcrumbs": [("Sessions", reverse("partners:sessions", args=[site]))],
        "session": row,
        "attendances": here.select_related("partner").order_by("partner__last_name", "partner__first_name"),
        "agreed_steps": agreed_steps.select_related("partner"),
        "reads_notes": Right.PARTNER_VIEW_ALL in request.access,
        "records": Right.SESSION_RECORD in request.access and not row.is_struck,
    }
    return render(request, "partners/session.html", context)


@site_view(Right.SESSION_RECORD)
def strike_session(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Strike out a session entered by mistake."""
    row = find(SupportSession.objects.visible_to(request.access).standing(), pk=pk)
    form = StrikeSessionForm(request.POST or None)
    if form.answered(request, actions.strike_session, session=row):
        messages.success(request, "The session is struck out. It counts in no figure any more.")
        return redirect("partners:session", site, pk)
    points = [
        "It stays in the history and counts in no figure.",
        "A certified report that counted it will say so.",
    ]
    return _form_page(
        request, form, title="Strike out the session", danger=True, points=points, lead=_named(row)
    )


@site_view(Right.PARTNER_EDIT)
def write_note(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Write about one parent partner's supervision."""
    row = find(
        SessionAttendance.objects.with_notes(request.access).select_related("session", "partner"), pk=pk
    )
    form = NoteForm(request.POST or None, initial={"note": row.note, "summary": row.summary})
    if form.answered(request, actions.write_note, attendance=row):
        messages.success(request, "Saved.")
        return redirect("partners:session", site, row.session_id)
    record("session.note_viewed", row.session)
    return _form_page(
        request, form, title="Note of supervision", lead=f"{row.partner}, {_named(row.session)}"
    )


@site_view(Right.PARTNER_EDIT)
def agree_step(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Write down what was agreed."""
    row = find(SupportSession.objects.visible_to(request.access).standing(), pk=pk)
    form = AgreedStepForm(request.POST or None, access=request.access, session=row)
    if form.answered(request, actions.agree_step, session=row):
        messages.success(request, "It is written down.")
        return redirect("partners:session", site, pk)
    return _form_page(request, form, title="Add a follow-up", lead=_named(row))


@site_view(Right.SESSION_VIEW)
def agreed_step(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Something agreed; a POST says it is done."""
    row = find(AgreedStep.objects.visible_to(request.access), pk=pk)
    if request.method == "POST":
        actions.finish_agreed_step(agreed_step=row, by=request.access.person)
        messages.success(request, "Done.")
    return redirect("partners:session", site, row.session_id)


@site_view(Right.PARTNER_EDIT)
@require_POST
def strike_agreed_step(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Strike out a follow-up written down by mistake."""
    row = find(AgreedStep.objects.visible_to(request.access), pk=pk)
    actions.strike_agreed_step(agreed_step=row, by=request.access.person)
    messages.success(request, "The follow-up is struck out. It stays in the history.")
    return redirect("partners:session", site, row.session_id)


def clinical_support_is_missing(today: dt.date) -> bool:
    """From the 25th on: whether the month has no clinical support yet (`domain.md` 13)."""
    held = SupportSession.objects.standing().filter(
        kind=SupportSession.Kind.CLINICAL, held_on__gte=today.replace(day=1), held_on__lte=today
    )
    return today.day >= ALERT_FROM_DAY and not held.exists()


def _named(row: SupportSession) -> str:
    return f"{row.get_kind_display()}, {row.held_on:%m/%d/%Y}"


def _next_planned(today: dt.date) -> ClinicalMonth | None:
    """The next planned clinical support; its day and hour are for everybody."""
    return ClinicalMonth.objects.filter(planned_on__gte=today).order_by("planned_on").first()


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


def _form_page(request: HttpRequest, form: ActionForm, *, title: str, **more: object) -> HttpResponse:
    back = reverse("partners:sessions", args=[request.site.slug])
    context = {"title": title, "form": form, "cancel_url": back, "breadcrumbs": [("Sessions", back)]}
    return render(request, "components/form_page.html", context | more)
