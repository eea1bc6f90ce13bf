"""Who works at a site: roles given and ended, invitations sent and withdrawn.

An account as a whole is switched off by the state administrator only: it may serve another site, which a
coordinator must not even learn about. Ending a role takes away all access to this site at the next request.
"""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import User
from counties.access import find
from counties.actions.backing import with_backing
from counties.actions.invitations import invite_person, resend_invitation, withdraw_invitation
from counties.actions.people import end_role, give_role
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.models import Invitation, RoleAssignment
from counties.people_forms import SITE_ROLES, EndRoleForm, GiveRoleForm, InviteForm, PeopleFilter
from counties.permissions import Right
from counties.views.side import settings_side

SORTS = {"name": "person__name", "role": "role", "since": "starts_on", "until": "ends_on"}


def _roles_here(request: HttpRequest) -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.filter(site=request.site).select_related("person", "site__settings")


def _people_here(request: HttpRequest) -> QuerySet[User]:
    return User.objects.filter(roles__site=request.site).distinct()


def _filtered(rows: QuerySet[RoleAssignment], filters: PeopleFilter) -> QuerySet[RoleAssignment]:
    wanted = filters.cleaned_data if filters.is_valid() else {}
    over = Q(ends_on__lte=timezone.localdate())
    if wanted.get("q"):
        rows = rows.filter(Q(person__name__icontains=wanted["q"]) | Q(person__email__icontains=wanted["q"]))
    if wanted.get("role"):
        rows = rows.filter(role=wanted["role"])
    if wanted.get("when") == "former":
        return rows.filter(over)
    return rows if wanted.get("when") == "all" else rows.exclude(over)


@site_view(Right.PEOPLE_MANAGE)
def people(request: HttpRequest, site: str) -> HttpResponse:
    """The people of a site, one line per role."""
    filters = PeopleFilter(request.GET, site=request.site)
    listing = paginate(request, _filtered(_roles_here(request), filters), sorts=SORTS, default="name")
    waiting = Invitation.objects.filter(site=request.site, accepted_at=None, withdrawn_at=None)
    context = {
        "title": "People", "filters": filters, "listing": listing, "today": timezone.localdate(),
        "invitations": with_backing(waiting.select_related("site__settings", "invited_by")),
        "side": settings_side(request),
    }  # fmt: skip
    return render_list(request, "counties/people.html", context)


@site_view(Right.PEOPLE_MANAGE)
def person(request: HttpRequest, site: str, pk: int) -> HttpResponse:
    """One person: their roles at this site, now and before."""
    who = find(_people_here(request), pk=pk)
    context = {
        "title": who.name, "who": who, "has_factor": is_mfa_enabled(who), "today": timezone.localdate(),
        "roles": _roles_here(request).filter(person=who).select_related("given_by", "site__settings"),
        "side": settings_side(request),
        "breadcrumbs": [("People", reverse("counties:people", args=[site]))],
    }  # fmt: skip
    return render(request, "counties/person.html", context)


@site_view(Right.PEOPLE_MANAGE)
def invite(request: HttpRequest, site: str) -> HttpResponse:
    """Invite a person to a role at this site."""
    form = InviteForm(request.POST or None, roles=SITE_ROLES, site=request.site)
    if form.answered(request, invite_person, site=request.site):
        messages.success(request, f"{form.result.name} is invited. The link is on its way.")
        return redirect("counties:people", site)
    context = {
        "title": "Invite a person", "form": form, "submit_label": "Send the invitation",
        "cancel_url": reverse("counties:people", args=[site]), "side": settings_side(request),
        "breadcrumbs": [("People", reverse("counties:people", args=[site]))],
    }  # fmt: skip
    return render(request, "counties/role_form.html", context)


@site_view(Right.PEOPLE_MANAGE)
def give(request: HttpRequest, site: str, pk: int) -> HttpResponse:
    """Give a person of this site a further role."""
    who = find(_people_here(request), pk=pk)
    form = GiveRoleForm(request.POST or None, roles=SITE_ROLES, site=request.site)
    if form.answered(request, give_role, person=who, site=request.site):
        messages.success(request, f"{who.name} is now {form.result.label}.")
        return redirect("counties:person", site, pk)
    here = reverse("counties:person", args=[site, pk])
    context = {
        "title": "Give a role", "lead": who.name, "form": form, "submit_label": "Give the role", "cancel_url": here,
        "side": settings_side(request),
        "breadcrumbs": [("People", reverse("counties:people", args=[site])), (who.name, here)],
    }  # fmt: skip
    return render(request, "counties/role_form.html", context)


@site_view(Right.PEOPLE_MANAGE)
def end(request: HttpRequest, site: str, pk: int) -> HttpResponse:
    """End a role of a person at this site."""
    held = find(_roles_here(request), pk=pk)
    form = EndRoleForm(request.POST or None)
    if form.answered(request, end_role, assignment=held):
        messages.success(request, f"{held.person.name}: the role {held.label} ends.")
        return redirect("counties:person", site, held.person_id)
    here = reverse("counties:person", args=[site, held.person_id])
    context = {
        "title": f"End the role {held.label}", "lead": held.person.name, "form": form, "danger": True,
        "submit_label": "End the role", "cancel_url": here,
        "points": ["The role and its dates stay on record.", "Work they entered stays as it is.",
                   "Their running matches stay until somebody ends them."],
        "breadcrumbs": [("People", reverse("counties:people", args=[site])), (held.person.name, here)],
    }  # fmt: skip
    return render(request, "components/form_page.html", context)


@site_view(Right.PEOPLE_MANAGE)
@require_POST
def withdraw(request: HttpRequest, site: str, pk: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = find(Invitation.objects.filter(site=request.site), pk=pk)
    try:
        withdraw_invitation(invitation=invitation, by=request.user)
        messages.success(request, f"The invitation of {invitation.name} is withdrawn.")
    except ValidationError as refusal:
        messages.error(request, refusal.message)
    return redirect("counties:people", site)


@site_view(Right.PEOPLE_MANAGE)
@require_POST
def resend(request: HttpRequest, site: str, pk: int) -> HttpResponse:
    """Send an invitation anew."""
    invitation = find(Invitation.objects.filter(site=request.site), pk=pk)
    try:
        resend_invitation(invitation=invitation, by=request.user)
        messages.success(request, f"A new link for {invitation.name} is on its way.")
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("counties:people", site)
