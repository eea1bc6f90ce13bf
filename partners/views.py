"""The parent partners of a site."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.permissions import Right
from partners import actions, profile
from partners.filters import PartnerFilter
from partners.forms import EndPartnerForm, PartnerForm
from partners.models import ParentPartner, Recruitment

LEARNED = [
    "first_name", "last_name", "email", "phone", "eligibility_basis", "eligibility_on", "eligibility_verified_by",
    "eligibility_override",
]  # fmt: skip
"""What a recruitment hands to the profile."""

SORTS = {
    "name": ("last_name", "first_name"),
    "families": ("families", "last_name"),
    "due": "supervision_due_on",
    "started": "starts_on",
}


@site_view(Right.PARTNER_VIEW_ALL)
def list_partners(request: HttpRequest, site: str) -> HttpResponse:
    """Everyone who mentors here, with how full their days are."""
    today = timezone.localdate()
    partners = ParentPartner.objects.visible_to(request.access)
    partners = partners.with_caseload(request.site.settings).with_supervision()
    form = PartnerFilter(request.GET)
    listing = paginate(request, form.narrow(partners, today), sorts=SORTS, default="name")
    record("partner.listed", kind="parentpartner", ids=[partner.pk for partner in listing])
    context = {"title": "Parent partners", "form": form, "listing": listing, "today": today}
    return render_list(request, "partners/list.html", context)


@site_view(Right.PARTNER_VIEW)
def detail(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """One parent partner: role, eligibility, training, support, and for coordinators the families."""
    partners = ParentPartner.objects.visible_to(request.access).select_related("person")
    partner = find(partners.with_caseload(request.site.settings).with_supervision(), pk=pk)
    record("partner.viewed", partner)
    context = profile.page(request, partner)
    if context["matches"]:
        record("family.listed", kind="family", ids={match.parent.family_id for match in context["matches"]})
    return render(request, "partners/detail.html", context)


@site_view(Right.PARTNER_EDIT)
def create(request: HttpRequest, site: str) -> HttpResponse:
    """Add a parent partner; at the end of a recruitment with what was learned on the way."""
    recruitment = _recruitment(request)
    learned = {name: getattr(recruitment, name) for name in LEARNED} if recruitment else {}
    form = PartnerForm(request.POST or None, access=request.access, initial=learned)
    if form.answered(request, actions.create_partner, recruitment=recruitment):
        messages.success(request, f"{form.result} is a parent partner now.")
        return redirect("partners:detail", site, form.result.pk)
    context = {
        "title": "Add a parent partner",
        "form": form,
        "submit_label": "Add the parent partner",
        "cancel_url": reverse("partners:list", args=[site]),
        "breadcrumbs": _crumbs(site),
    }
    return render(request, "components/form_page.html", context)


def _recruitment(request: HttpRequest) -> Recruitment | None:
    pk = request.GET.get("recruitment")
    return find(Recruitment.objects.visible_to(request.access), pk=pk) if pk else None


@site_view(Right.PARTNER_EDIT)
def edit(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Correct a parent partner's profile."""
    partner = find(ParentPartner.objects.visible_to(request.access), pk=pk)
    form = PartnerForm(request.POST or None, access=request.access, partner=partner)
    if form.answered(request, actions.edit_partner, partner=partner):
        messages.success(request, "The profile is saved.")
        return redirect("partners:detail", site, pk)
    return _form_page(request, partner, form, title="Edit the profile")


@site_view(Right.PARTNER_EDIT)
def end(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """End a parent partner's role."""
    partner = find(ParentPartner.objects.visible_to(request.access), pk=pk)
    form = EndPartnerForm(request.POST or None, initial={"ends_on": timezone.localdate()})
    if form.answered(request, actions.end_partner, partner=partner):
        messages.success(
            request, f"The role of {partner} has ended. End their sign-in under Settings as well."
        )
        return redirect("partners:detail", site, pk)
    points = [
        "Every running match must be ended or handed over first.",
        "What this person did stays in the record and in the reports.",
        "Their sign-in keeps working until a program coordinator ends that role too.",
    ]
    return _form_page(request, partner, form, title="End the role", danger=True, points=points)


@site_view(Right.PARTNER_EDIT)
@require_POST
def begin_leave(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Put a parent partner on leave."""
    return _change_leave(request, pk, actions.begin_leave, "On leave: running matches stay, new ones stop.")


@site_view(Right.PARTNER_EDIT)
@require_POST
def end_leave(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """A parent partner is back."""
    return _change_leave(request, pk, actions.end_leave, "Back from leave.")


def _change_leave(request: HttpRequest, pk: str, action: Callable, said: str) -> HttpResponse:
    partner = find(ParentPartner.objects.visible_to(request.access), pk=pk)
    try:
        action(partner=partner, by=request.user)
        messages.success(request, said)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("partners:detail", request.site.slug, pk)


def _crumbs(site: str, partner: ParentPartner | None = None) -> list[tuple[str, str]]:
    crumbs = [("Parent partners", reverse("partners:list", args=[site]))]
    if partner is not None:
        crumbs.append((str(partner), reverse("partners:detail", args=[site, partner.pk])))
    return crumbs


def _form_page(
    request: HttpRequest, partner: ParentPartner, form: object, *, title: str, **more: object
) -> HttpResponse:
    context = {
        "title": title,
        "lead": str(partner),
        "form": form,
        "submit_label": "Save" if title.startswith("Edit") else title,
        "cancel_url": reverse("partners:detail", args=[request.site.slug, partner.pk]),
        "breadcrumbs": _crumbs(request.site.slug, partner),
    }
    return render(request, "components/form_page.html", context | more)
