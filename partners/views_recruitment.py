"""The way into the work: the board by stage, one person's way, and its moves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from audit.record import record
from counties.access import find
from counties.dates import us_date
from counties.decorators import site_view
from counties.permissions import Right
from partners import actions
from partners.forms_recruitment import MoveForm, RecruitmentForm
from partners.models import ParentPartner, Recruitment
from partners.models.recruitment import BEFORE, Stage

LEFT_SHOWN = 10
"""Of those who left before the role, the latest."""


@site_view(Right.PARTNER_VIEW_ALL)
def recruiting(request: HttpRequest, site: str) -> HttpResponse:
    """Everybody on the way by stage, and how many are in the role, on leave, or have left."""
    people = Recruitment.objects.visible_to(request.access).with_last_move()
    before = list(people.filter(status__in=BEFORE).order_by("since", "last_name"))
    left = list(people.filter(status=Stage.LEFT, partner=None).order_by("-since")[:LEFT_SHOWN])
    record("recruitment.listed", kind="recruitment", ids=[row.pk for row in [*before, *left]])
    context = {
        "title": "Recruiting",
        "breadcrumbs": _crumbs(site)[:1],
        "stages": [(stage, [row for row in before if row.status == stage]) for stage in BEFORE],
        "left": left,
        "roles": _roles(site),
        "today": timezone.localdate(),
    }
    return render(request, "partners/recruiting.html", context)


@site_view(Right.PARTNER_EDIT)
def register_interest(request: HttpRequest, site: str) -> HttpResponse:
    """Somebody is interested in becoming a parent partner."""
    form = RecruitmentForm(request.POST or None)
    if form.answered(request, actions.register_interest):
        messages.success(request, f"{form.result} is on the list.")
        return redirect("partners:recruitment", site, form.result.pk)
    back = reverse("partners:recruiting", args=[site])
    context = {"title": "Add somebody interested", "form": form, "cancel_url": back}
    return render(request, "components/form_page.html", context | {"breadcrumbs": _crumbs(site)})


@site_view(Right.PARTNER_VIEW_ALL)
def recruitment(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """One person's way: where they stand, what is missing, and every move with its date."""
    row = find(_rows(request).select_related("background_requested_by", "background_cleared_by"), pk=pk)
    record("recruitment.viewed", row)
    context = {
        "title": str(row),
        "breadcrumbs": _crumbs(site),
        "recruitment": row,
        "missing": row.missing(timezone.localdate()) if row.status in BEFORE else [],
        "facts": _facts(row),
        "check": _check(row),
        "moves": row.moves.select_related("moved_by"),
        "begins": row.status == Stage.ONBOARDING,
    }
    return render(request, "partners/recruitment.html", context)


@site_view(Right.PARTNER_EDIT)
def edit_recruitment(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Complete or correct what is known on the way."""
    row = find(_rows(request), pk=pk)
    form = RecruitmentForm(request.POST or None, instance=row)
    if form.answered(request, actions.edit_recruitment, recruitment=row):
        messages.success(request, "Saved.")
        return redirect("partners:recruitment", site, pk)
    return _form_page(request, row, form, "Edit what is known")


@site_view(Right.PARTNER_EDIT)
def move_recruitment(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Take somebody to another stage, or end their way with a reason."""
    row = find(_rows(request), pk=pk)
    form = MoveForm(request.POST or None, recruitment=row)
    if not row.ahead():
        messages.info(request, "This way has come to its end; the role itself is changed on the profile.")
        return redirect("partners:recruitment", site, pk)
    if form.answered(request, actions.move_recruitment, recruitment=row):
        messages.success(request, f"{row}: {form.result.get_status_display()}.")
        return redirect("partners:recruitment", site, pk)
    return _form_page(request, row, form, "Move to another stage")


def _rows(request: HttpRequest) -> Any:
    return Recruitment.objects.visible_to(request.access)


def _roles(site: str) -> list[dict[str, Any]]:
    """Those whose role has begun, however they came; their list has the names."""
    today, url = timezone.localdate(), reverse("partners:list", args=[site])
    left = Q(ends_on__lte=today)
    stages = [
        (Stage.ACTIVE, ~left & Q(is_on_leave=False), "active"),
        (Stage.ON_LEAVE, ~left & Q(is_on_leave=True), "on_leave"),
        (Stage.LEFT, left, "left"),
    ]
    counts = ParentPartner.objects.aggregate(**{code: Count("pk", filter=which) for _, which, code in stages})
    return [
        {"label": stage.label, "count": counts[code], "url": f"{url}?status={code}"}
        for stage, _, code in stages
    ]


def _facts(row: Recruitment) -> list[tuple[str, Any]]:
    start = us_date(row.may_start_on)
    facts = [
        ("E-mail", row.email),
        ("Telephone", row.phone),
        ("Basis", row.get_eligibility_basis_display()),
        ("Eligibility date", us_date(row.eligibility_on)),
        ("May start from", f"{start}, one year later" if start else ""),
        ("Verified by", row.eligibility_verified_by),
    ]
    return [*facts, ("State override", row.eligibility_override)] if row.eligibility_override else facts


def _check(row: Recruitment) -> list[tuple[str, Any]]:
    steps = [
        ("Asked for", row.background_requested_on, row.background_requested_by),
        ("Cleared", row.background_cleared_on, row.background_cleared_by),
    ]
    return [(label, f"{us_date(day)}, entered by {who}" if day else "") for label, day, who in steps]


def _crumbs(site: str) -> list[tuple[str, str]]:
    return [
        ("Parent partners", reverse("partners:list", args=[site])),
        ("Recruiting", reverse("partners:recruiting", args=[site])),
    ]


def _form_page(request: HttpRequest, row: Recruitment, form: Any, title: str) -> HttpResponse:
    back = reverse("partners:recruitment", args=[request.site.slug, row.pk])
    context = {"title": title, "lead": str(row), "form": form, "cancel_url": back}
    crumbs = [*_crumbs(request.site.slug), (str(row), back)]
    return render(request, "components/form_page.html", context | {"breadcrumbs": crumbs})
