"""One's own account, and the way in by invitation."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.actions import change_digest, change_name
from audit.record import record
from counties.actions.invitations import (
    InvitationNotOpen,
    accept_invitation,
    account_of,
    behind,
    find_invitation,
)
from counties.decorators import person_view, public_view
from counties.models import Invitation
from counties.people_forms import AcceptForm, DigestForm, NameForm
from counties.roles import GRANTS, Role


@person_view
def my_account(request: HttpRequest) -> HttpResponse:
    """Who one is here: roles with their dates, and how one signs in."""
    roles = request.user.roles.select_related("site__settings")
    context = {
        "title": "My account",
        "roles": [(role, GRANTS[Role(role.role)].sentence) for role in roles],
        "today": timezone.localdate(),
        "has_factor": is_mfa_enabled(request.user),
    }
    return render(request, "counties/my_account.html", context)


@person_view
def my_name(request: HttpRequest) -> HttpResponse:
    """Change how one is called."""
    form = NameForm(request.POST or None, initial={"name": request.user.name})
    if form.answered(request, change_name):
        messages.success(request, "Your name is changed.")
        return redirect("my_account")
    context = {"title": "Change your name", "form": form, "cancel_url": reverse("my_account")}
    return render(request, "components/form_page.html", context)


@person_view
def my_digest(request: HttpRequest) -> HttpResponse:
    """Change how often, and when not, one is told by mail that something new waits."""
    person = request.user
    now = {name: getattr(person, name) for name in ("digest", "quiet_from", "quiet_until", "mobile")}
    form = DigestForm(request.POST or None, initial=now)
    if form.answered(request, change_digest):
        messages.success(request, "Your choice is kept.")
        return redirect("my_account")
    context = {
        "title": "E-mail about messages", "form": form, "cancel_url": reverse("my_account"),
        "lead": "The mail says how many new messages wait at which site, and nothing else: no name, no family.",
        "breadcrumbs": [("My account", reverse("my_account"))],
    }  # fmt: skip
    return render(request, "components/form_page.html", context)


@public_view
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: with the account one has, or by making one."""
    try:
        invited = find_invitation(token)
    except InvitationNotOpen:
        return _over(request, behind(token))
    account = account_of(invited)
    if request.user.is_authenticated:
        return _accept_as(request, invited) if account == request.user else _not_yours(request, invited)
    if account:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
    return _accept_anew(request, invited)


def _over(request: HttpRequest, invited: Invitation | None) -> HttpResponse:
    _record_refusal(invited)
    return render(request, "counties/invitation_over.html", status=404)


def _record_refusal(invited: Invitation | None) -> None:
    """For the site it invited to; an invented link belongs to none, and is not kept."""
    ids, site_id = ([invited.pk], invited.site_id) if invited else ([], None)
    record("access.refused", kind="invitation", ids=ids, site_id=site_id)


def _not_yours(request: HttpRequest, invited: Invitation) -> HttpResponse:
    _record_refusal(invited)
    return render(request, "counties/invitation_other.html", status=403)


def _accept_as(request: HttpRequest, invited: Invitation) -> HttpResponse:
    if request.method == "POST":
        try:
            accept_invitation(invitation=invited, by=request.user)
        except ValidationError:
            return _over(request, invited)
        messages.success(request, f"You are now {invited.label}.")
        return redirect("home")
    return _page(request, invited, form=None)


def _accept_anew(request: HttpRequest, invited: Invitation) -> HttpResponse:
    form = AcceptForm(request.POST or None, invitation=invited)
    if request.method == "POST" and form.is_valid() and form.carried_out(
        accept_invitation, invitation=invited, by=None
    ):  # fmt: skip
        record_authentication(request, form.result, method="password", email=invited.email)
        return perform_login(request, form.result, email_verification="none", redirect_url="/")
    return _page(request, invited, form=form)


def _page(request: HttpRequest, invited: Invitation, *, form: AcceptForm | None) -> HttpResponse:
    place = invited.site.name if invited.site else "the State of Wisconsin"
    context = {
        "title": f"Welcome to {place}", "form": form, "invited": invited, "place": place,
        "sentence": GRANTS[Role(invited.role)].sentence,
        "submit_label": "Accept" if form is None else "Accept and make my account",
    }  # fmt: skip
    return render(request, "counties/invitation.html", context)
