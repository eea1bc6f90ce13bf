"""Monthly clinical support: planned, held, attended; the providers and their licences. Content is never stored."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dateutil.relativedelta import relativedelta
from django.contrib import messages
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.permissions import Right
from partners import actions
from partners.forms_clinical import PlanForm, ProviderForm
from partners.models import ClinicalMonth, ClinicalProvider, ParentPartner, SupportSession
from partners.models.clinical import ALERT_FROM_DAY

MONTHS_SHOWN = 12


@site_view(Right.SESSION_RECORD)
def clinical(request: HttpRequest, site: str) -> HttpResponse:
    """The last months and the next, planned against held, and who provides the support."""
    today = timezone.localdate()
    record("clinical.listed", kind="clinicalmonth", ids=[])
    context = {
        "title": "Clinical support",
        "breadcrumbs": _crumbs(site)[:1],
        "months": _months(request, today),
        "providers": [
            (row, row.is_licensed_on(today)) for row in ClinicalProvider.objects.visible_to(request.access)
        ],
    }
    return render(request, "partners/clinical.html", context)


@site_view(Right.SESSION_RECORD)
def plan_clinical(request: HttpRequest, site: str) -> HttpResponse:
    """Plan the clinical support of a month."""
    return _plan(request, None, {"planned_on": timezone.localdate()})


@site_view(Right.SESSION_RECORD)
def clinical_month(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """One month's plan, to change it or to record what was held."""
    return _plan(request, find(ClinicalMonth.objects.visible_to(request.access), pk=pk), None)


@site_view(Right.SESSION_RECORD)
def add_provider(request: HttpRequest, site: str) -> HttpResponse:
    """Add a licensed provider."""
    return _provider(request, None)


@site_view(Right.SESSION_RECORD)
def edit_provider(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Renew a licence, correct it, or end it."""
    return _provider(request, find(ClinicalProvider.objects.visible_to(request.access), pk=pk))


def _provider(request: HttpRequest, provider: ClinicalProvider | None) -> HttpResponse:
    form = ProviderForm(request.POST or None, instance=provider)
    if form.answered(request, actions.save_provider, provider=provider):
        messages.success(request, f"{form.result} is saved.")
        return redirect("partners:clinical", request.site.slug)
    return _form_page(request, form, "Edit the provider" if provider else "Add a provider")


def _plan(request: HttpRequest, month: ClinicalMonth | None, initial: dict[str, Any] | None) -> HttpResponse:
    form = PlanForm(
        request.POST or None, access=request.access, month=month, **({"initial": initial} if initial else {})
    )
    if form.answered(request, actions.plan_clinical_support):
        messages.success(request, f"Planned for {form.result.planned_on:%m/%d/%Y}.")
        return redirect("partners:clinical", request.site.slug)
    title = f"Clinical support of {month.reference}" if month else "Plan clinical support"
    return _form_page(request, form, title)


def _months(request: HttpRequest, today: dt.date) -> list[dict[str, Any]]:
    """Planned, held and attended, month by month; three questions."""
    first = today.replace(day=1)
    shown = [first - relativedelta(months=back) for back in range(-1, MONTHS_SHOWN)]
    plans = (
        ClinicalMonth.objects.visible_to(request.access).filter(month__in=shown).select_related("provider")
    )
    planned = {row.month: row for row in plans}
    sessions = (
        SupportSession.objects.visible_to(request.access)
        .standing()
        .filter(kind=SupportSession.Kind.CLINICAL, held_on__gte=shown[-1])
        .annotate(month=TruncMonth("held_on"))
        .annotate(came=Count("attendances", filter=Q(attendances__is_present=True)))
        .order_by("held_on")
    )
    held: dict[dt.date, list[SupportSession]] = {}
    for session in sessions:
        held.setdefault(session.month, []).append(session)
    roles = list(ParentPartner.objects.may_attend(request.access).values_list("starts_on", "ends_on"))
    return [
        {
            "month": month,
            "plan": planned.get(month),
            "held": [
                (session, sum(start <= session.held_on and (end is None or end > session.held_on)
                              for start, end in roles))
                for session in held.get(month, [])
            ],
            "is_over": month < first,
            "missing": month not in held
            and any(start < month + relativedelta(months=1) and (end is None or end > month) for start, end in roles)
            and (month < first or (month == first and today.day >= ALERT_FROM_DAY)),
        }
        for month in shown
    ]  # fmt: skip


def _crumbs(site: str) -> list[tuple[str, str]]:
    return [
        ("Sessions", reverse("partners:sessions", args=[site])),
        ("Clinical support", reverse("partners:clinical", args=[site])),
    ]


def _form_page(request: HttpRequest, form: Any, title: str) -> HttpResponse:
    back = reverse("partners:clinical", args=[request.site.slug])
    context = {"title": title, "form": form, "cancel_url": back, "breadcrumbs": _crumbs(request.site.slug)}
    return render(request, "components/form_page.html", context)
