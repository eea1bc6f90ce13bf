"""A site's link for people without an account: refer oneself or a parent, keep the receipt, ask where it stands.

A visitor has no role anywhere. Their request enters the site named in the address through `_inside`, and the
three things done there are all that a visitor can cause: ask whether the form is open and what it offers, add one
incoming referral, and read the status of one by its code. Nothing of a family, not even a name, can come back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from audit import context
from audit.record import record
from counties.decorators import public_view
from counties.models import Site
from counties.wall import site_scope
from referrals import forms_public as public_forms
from referrals.incoming_actions import is_form_open, receive_referral
from referrals.models import IncomingReferral, PublicForm, ReferralSource
from referrals.spam import ASKED_AN_HOUR, SENT_AN_HOUR, count_in

LANGUAGES = dict(settings.LANGUAGES)


@contextmanager
def _inside(site: Site) -> Iterator[None]:
    """The site's scope for a visitor, who is nobody there."""
    with context.acting(source="public", actor_id=None), site_scope(site.id):
        yield


def _page(view: Callable) -> Callable:
    """A public page of an open site, in the language asked for; nothing of it is kept by a browser or proxy."""

    @public_view
    @never_cache
    def page(request: HttpRequest, site: str) -> HttpResponse:
        found = Site.objects.open_on(timezone.localdate()).filter(slug=site).first()
        if found is None:
            raise Http404("site")
        code = request.GET.get("lang", "en")
        with translation.override(code if code in LANGUAGES else "en"):
            response = view(request, found)
        response.headers["Content-Language"] = code if code in LANGUAGES else "en"
        return response

    page.__name__, page.__doc__ = view.__name__, view.__doc__
    return page


@_page
def start(request: HttpRequest, site: Site) -> HttpResponse:
    """Who may be referred, and the two ways to do it."""
    return _shown(request, site, "referrals/public/start.html", title=_("Ask for a parent partner"))


@_page
def refer_myself(request: HttpRequest, site: Site) -> HttpResponse:
    """A parent asks for a parent partner."""
    form = public_forms.ReferMyselfForm(request.POST or None, site_id=site.id)
    return _take(
        request, site, form, title=_("I am a parent"), source=ReferralSource.SELF,
        form_language=translation.get_language(),
    )  # fmt: skip


@_page
def refer_parent(request: HttpRequest, site: Site) -> HttpResponse:
    """Somebody who works with a parent refers them; in English."""
    with translation.override("en"):
        form = public_forms.ReferParentForm(request.POST or None, site_id=site.id)
        return _take(request, site, form, title="Refer a parent", form_language="en")


@_page
def status(request: HttpRequest, site: Site) -> HttpResponse:
    """Where a referral stands, for whoever holds its receipt; a code in an address would stay in histories."""
    form, standing = public_forms.ReceiptForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            standing = _standing(site, form.cleaned_data["code"])
        except ValidationError as refusal:
            form.add_error("code", refusal)
    context = {"title": _("Where does my referral stand?"), "form": form, "standing": standing}
    return _shown(request, site, "referrals/public/status.html", **context)


def _take(
    request: HttpRequest, site: Site, form: public_forms.PublicForm, *, title: str, **facts: Any
) -> HttpResponse:
    """Show the form, or take it in and show the receipt.

    The receipt answers the POST itself: loading it again sends the same id, which is the same referral, and no
    address ever holds its code.
    """
    is_open, phone = _door(site)
    if not is_open:
        return _shown(
            request, site, "referrals/public/closed.html", title=_("The form is closed"), phone=phone
        )
    if request.method == "POST" and form.is_valid():
        with _inside(site):
            if _received(site, form, facts):
                received = {"title": _("Thank you"), "incoming": form.result}
                return _shown(request, site, "referrals/public/receipt.html", **received)
    return _shown(
        request,
        site,
        "referrals/public/form.html",
        title=title,
        form=form,
        phone=phone,
        submit_label=_("Send"),
    )


def _received(site: Site, form: public_forms.PublicForm, facts: dict[str, Any]) -> bool:
    try:
        count_in(site.id, "sent", SENT_AN_HOUR)
    except ValidationError as refusal:
        record("access.refused", kind="incomingreferral", door="public", why="too many")
        form.add_error(None, refusal)
        return False
    return form.carried_out(receive_referral, incoming_id=form.incoming_id, by=None, **facts)


def _door(site: Site) -> tuple[bool, str]:
    """Whether the form is open, and the number to call instead."""
    with _inside(site):
        form = PublicForm.objects.first()
        return is_form_open(), form.phone if form else ""


def _standing(site: Site, code: str) -> str:
    """The status behind a code, as a word. An unknown code and another site's look the same.

    Raises:
        ValidationError: nothing has this code here, or too many were tried.
    """
    with _inside(site):
        count_in(site.id, "asked", ASKED_AN_HOUR)
        incoming = IncomingReferral.objects.select_related("referral").filter(code=code).first()
        if incoming is None:
            record("access.refused", kind="incomingreferral", door="public", why="unknown code")
        else:
            record("referral.status_asked", incoming)
            return incoming.standing
    raise ValidationError(_("Nothing has this code here. Look at your receipt again."))


def _shown(request: HttpRequest, site: Site, template: str, **more: Any) -> HttpResponse:
    language = translation.get_language()
    here = request.path
    names = {"en": "English", "es": "Español", "hmn": "Hmoob"}
    languages = [(code, names[code], f"{here}?lang={code}", code == language) for code in LANGUAGES]
    addresses = {
        name: f"{reverse(f'refer:{name}', args=[site.slug])}?lang={language}"
        for name in ("start", "myself", "parent", "status")
    }
    around = {
        "place": site, "languages": languages, "addresses": addresses, "footer_links": [],
        "tagline": _("Parents who have walked the road, walking beside parents who are on it now."),
    }  # fmt: skip
    return render(request, template, around | more)
