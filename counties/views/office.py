"""The state's office: sites are opened, moved on and closed here; coordinators and state staff are invited.

It sees no family and no parent partner: its list of people holds coordinators and state staff only.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.actions import reactivate_person
from counties.access import find
from counties.actions.backing import switch_off, with_backing
from counties.actions.invitations import invite_person, resend_invitation, withdraw_invitation
from counties.actions.people import end_role
from counties.actions.sites import begin_phase, close_site, edit_site, open_site
from counties.decorators import state_view
from counties.lists import paginate, render_list
from counties.models import Invitation, RoleAssignment, Site, SitePhase
from counties.office_forms import (
    COORDINATORS,
    AccountSwitchForm,
    BeginPhaseForm,
    CloseSiteForm,
    EditSiteForm,
    InviteForStateForm,
    OpenSiteForm,
)
from counties.people_forms import EndRoleForm
from counties.permissions import Right
from counties.roles import STATE_ROLES

SHOWN_ROLES = [*STATE_ROLES, *COORDINATORS]


def _sites() -> QuerySet[Site]:
    phases = Prefetch("phases", SitePhase.objects.order_by("-starts_on"))
    return Site.objects.prefetch_related("counties", phases)


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Sites", reverse("office:sites")), *more]


def _detail_url(site: Site) -> str:
    return reverse("office:site", args=[site.pk])


@state_view(Right.STATE_SITES)
def sites(request: HttpRequest) -> HttpResponse:
    """Every site, with its counties and present contract phase."""
    sorts = {"name": "name", "opened": "opened_on", "closed": "closed_on"}
    listing = paginate(request, _sites(), sorts=sorts, default="name")
    today = timezone.localdate()
    for site in listing:
        site.present = next((p for p in site.phases.all() if p.starts_on <= today), None)
    return render_list(
        request, "counties/office_sites.html", {"title": "Sites", "listing": listing, "today": today}
    )


@state_view(Right.STATE_SITES)
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """One site: facts, contract phases, coordinators."""
    shown = find(_sites(), pk=pk)
    people = RoleAssignment.objects.on(timezone.localdate()).filter(site=shown, role__in=COORDINATORS)
    context = {
        "title": shown.name, "shown": shown, "phases": shown.phases.all(), "breadcrumbs": _crumbs(),
        "people": people.select_related("person", "site__settings").order_by("person__name"),
        "facts": [
            ("Address", f"/sites/{shown.slug}/"), ("Counties", ", ".join(str(c) for c in shown.counties.all())),
            ("Run by", shown.get_operator_display()), ("Agency", shown.operator_name),
            ("Opened", f"{shown.opened_on:%m/%d/%Y}"),
            ("Closed", f"{shown.closed_on:%m/%d/%Y}" if shown.closed_on else "No"),
        ],
    }  # fmt: skip
    return render(request, "counties/office_site.html", context)


@state_view(Right.STATE_SITES)
def open_(request: HttpRequest) -> HttpResponse:
    """Open a site."""
    form = OpenSiteForm(request.POST or None)
    if form.answered(request, open_site):
        messages.success(request, f"{form.result.name} is open. Invite its program coordinator next.")
        return redirect(_detail_url(form.result))
    context = {
        "title": "Open a site", "form": form, "submit_label": "Open the site", "cancel_url": reverse("office:sites"),
        "breadcrumbs": _crumbs(),
    }  # fmt: skip
    return render(request, "components/form_page.html", context)


def _change(request: HttpRequest, shown: Site, form, action, *, said: str, **page) -> HttpResponse:
    """Show a form about one site, and carry it out."""
    if form.answered(request, action, site=shown):
        messages.success(request, said)
        return redirect(_detail_url(shown))
    page |= {"form": form, "lead": shown.name, "cancel_url": _detail_url(shown)}
    page["breadcrumbs"] = _crumbs((shown.name, _detail_url(shown)))
    return render(request, "components/form_page.html", page)


@state_view(Right.STATE_SITES)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a site's name, operator or counties."""
    shown = find(Site.objects.all(), pk=pk)
    form = EditSiteForm(request.POST or None, instance=find(Site.objects.all(), pk=pk))
    return _change(request, shown, form, edit_site, said="The site is changed.", title="Change the site")


@state_view(Right.STATE_SITES)
def phase(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a contract phase; it ends the present one."""
    shown = find(Site.objects.all(), pk=pk)
    form = BeginPhaseForm(request.POST or None)
    return _change(
        request, shown, form, begin_phase, said="The phase is on record.", title="Begin a contract phase",
        submit_label="Begin the phase",
    )  # fmt: skip


@state_view(Right.STATE_SITES)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a site; its records stay."""
    shown = find(Site.objects.all(), pk=pk)
    points = [
        "Roles at the site end on that day; open invitations are withdrawn.",
        "Coordinators keep the reports, and nothing else, until you end their roles under People.",
        "Its records and certified reports stay.",
        "It owes no report for later months.",
    ]
    form = CloseSiteForm(request.POST or None)
    return _change(
        request, shown, form, close_site, said="The site is closed.", title="Close the site",
        submit_label="Close the site", danger=True, points=points,
    )  # fmt: skip


@state_view(Right.STATE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """State staff and the coordinators of all sites."""
    rows = RoleAssignment.objects.on(timezone.localdate()).filter(role__in=SHOWN_ROLES)
    sorts = {"name": "person__name", "role": "role", "site": "site__name", "since": "starts_on"}
    listing = paginate(request, rows.select_related("person", "site__settings"), sorts=sorts, default="name")
    waiting = Invitation.objects.filter(role__in=SHOWN_ROLES, accepted_at=None, withdrawn_at=None)
    context = {
        "title": "People", "listing": listing,
        "invitations": with_backing(waiting.select_related("site__settings", "invited_by")),
    }  # fmt: skip
    return render_list(request, "counties/office_people.html", context)


@state_view(Right.STATE_PEOPLE)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite state staff, or a site's coordinator."""
    form = InviteForStateForm(request.POST or None, initial={"site": request.GET.get("site")})
    if form.answered(request, invite_person):
        messages.success(request, f"{form.result.name} is invited. The link is on its way.")
        return redirect("office:people")
    context = {
        "title": "Invite a person", "form": form, "submit_label": "Send the invitation",
        "cancel_url": reverse("office:people"), "breadcrumbs": [("People", reverse("office:people"))],
    }  # fmt: skip
    return render(request, "counties/role_form.html", context)


@state_view(Right.STATE_PEOPLE)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a state role, or a coordinator's."""
    held = find(
        RoleAssignment.objects.filter(role__in=SHOWN_ROLES).select_related("person", "site__settings"), pk=pk
    )
    form = EndRoleForm(request.POST or None)
    if form.answered(request, end_role, assignment=held):
        messages.success(request, f"{held.person.name}: the role {held.label} ends.")
        return redirect("office:people")
    context = {
        "title": f"End the role {held.label}", "lead": f"{held.person.name}, {held.site or 'State of Wisconsin'}",
        "form": form, "danger": True, "submit_label": "End the role", "cancel_url": reverse("office:people"),
        "points": ["The role and its dates stay on record."],
        "breadcrumbs": [("People", reverse("office:people"))],
    }  # fmt: skip
    return render(request, "components/form_page.html", context)


@state_view(Right.STATE_PEOPLE)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation of the office back."""
    invitation = find(Invitation.objects.filter(role__in=SHOWN_ROLES), pk=pk)
    try:
        withdraw_invitation(invitation=invitation, by=request.user)
        messages.success(request, f"The invitation of {invitation.name} is withdrawn.")
    except ValidationError as refusal:
        messages.error(request, refusal.message)
    return redirect("office:people")


@state_view(Right.STATE_PEOPLE)
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an invitation of the office anew."""
    invitation = find(Invitation.objects.filter(role__in=SHOWN_ROLES), pk=pk)
    try:
        resend_invitation(invitation=invitation, by=request.user)
        messages.success(request, f"A new link for {invitation.name} is on its way.")
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("office:people")


@state_view(Right.STATE_PEOPLE)
def account(request: HttpRequest) -> HttpResponse:
    """Switch any account off, or on again, by its address."""
    form = AccountSwitchForm(request.POST or None)
    if form.answered(request, _switch):
        messages.success(
            request, f"The account {form.result.email} is switched {form.cleaned_data['switch']}."
        )
        return redirect("office:people")
    context = {
        "title": "Switch an account off or on", "form": form, "submit_label": "Switch the account", "danger": True,
        "lead": "For a person who must lose, or get back, all access at once, whatever their site.",
        "points": ["Switched off, they are signed out everywhere at once.", "Roles and entered work stay."],
        "cancel_url": reverse("office:people"), "breadcrumbs": [("People", reverse("office:people"))],
    }  # fmt: skip
    return render(request, "components/form_page.html", context)


def _switch(*, person, switch: str, reason: str, by, **_) -> object:
    action = switch_off if switch == "off" else reactivate_person
    return action(person=person, reason=reason, by=by)
