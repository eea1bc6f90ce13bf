"""Consents and disclosures on screen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from audit.record import record
from counties.access import find
from counties.dates import us_date
from counties.decorators import site_view
from counties.kept_files import hand_out
from counties.lists import paginate, render_list
from counties.permissions import Right
from families import consent_actions as actions
from families.codes import RecordCategory
from families.forms_consent import (
    ConsentFilter,
    ConsentForm,
    DisclosureFilter,
    DisclosureForm,
    RevokeConsentForm,
    SignedFileForm,
)
from families.models import Consent, ConsentFile, Disclosure, Parent
from families.signed_files import add_signed_file
from families.views import back, form_page

SORTS = {
    "parent": ("parent__last_name", "parent__first_name"),
    "signed": "starts_on",
    "expires": "expires_on",
}


@site_view(Right.CONSENT_RECORD)
def consents(request: HttpRequest, site: str) -> HttpResponse:
    """Consents of the site: live, about to expire, expired, revoked."""
    filters = ConsentFilter(request.GET)
    rows = filters.narrow(Consent.objects.visible_to(request.access)).select_related("parent__family")
    listing = paginate(request, rows, sorts=SORTS, default="expires")
    record("consent.listed", kind="family", ids={consent.parent.family_id for consent in listing})
    context = {"title": "Consents", "filters": filters, "listing": listing, "today": timezone.localdate()}
    return render_list(request, "families/consents.html", context)


@site_view(Right.DISCLOSURE_RECORD)
def disclosures(request: HttpRequest, site: str) -> HttpResponse:
    """The disclosure log of the site: who was told what, for what, on which ground."""
    filters = DisclosureFilter(request.GET)
    rows = filters.narrow(Disclosure.objects.visible_to(request.access)).select_related(
        "parent__family", "disclosed_by", "consent"
    )
    listing = paginate(request, rows, sorts={"on": "disclosed_on", "recipient": "recipient"}, default="-on")
    record("disclosure.listed", kind="family", ids={disclosure.parent.family_id for disclosure in listing})
    context = {"title": "Disclosure log", "filters": filters, "listing": listing}
    return render_list(request, "families/disclosures.html", context)


@site_view(Right.CONSENT_RECORD)
def record_consent(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Record what a parent agreed to."""
    parent = find(Parent.objects.visible_to(request.access).select_related("family"), pk=pk)
    asked_for: dict[str, Any] = {"categories": request.GET.getlist("categories")}
    asked_for |= {name: request.GET[name] for name in ("kind", "recipient", "purpose") if name in request.GET}
    form = ConsentForm(request.POST or None, request.FILES or None, initial=asked_for)
    if form.answered(request, actions.record_consent, parent=parent):
        return back(request, parent.family, f"The consent of {parent} is recorded.")
    return form_page(request, parent.family, form, title=f"Record a consent of {parent}")


@site_view(Right.CONSENT_RECORD)
def consent(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """One consent: what was agreed to, how, and the signed form; the form can be added here."""
    one = find(
        Consent.objects.visible_to(request.access).select_related("parent__family", "recorded_by"), pk=pk
    )
    form = SignedFileForm(request.POST or None, request.FILES or None)
    if form.answered(request, add_signed_file, consent=one):
        messages.success(request, "The signed form is kept with the consent.")
        return redirect("families:consent", site, one.pk)
    family = one.parent.family
    record("family.viewed", family, part="consent")
    crumbs = [
        ("Families", reverse("families:list", args=[site])),
        (str(family), reverse("family", args=[site, family.pk])),
    ]
    files = ConsentFile.objects.visible_to(request.access).filter(consent=one).defer("content")
    context = {
        "title": str(one), "consent": one, "facts": _facts(one), "files": files.select_related("added_by"),
        "form": form, "is_live": Consent.objects.live_on(timezone.localdate()).filter(pk=one.pk).exists(),
        "breadcrumbs": crumbs,
    }  # fmt: skip
    return render(request, "families/consent.html", context)


def _facts(one: Consent) -> list[tuple[str, Any]]:
    categories = ", ".join(str(RecordCategory(code).label) for code in one.categories)
    until = us_date(one.expires_on) if one.expires_on else "No end named"
    revoked = f"{us_date(timezone.localdate(one.revoked_at))}: {one.revoked_how}" if one.revoked_at else ""
    facts = [
        ("To", one.recipient), ("What may be shared", categories), ("For", one.purpose),
        ("Signed on", us_date(one.starts_on)), ("Expires on", until), ("Revoked", revoked),
        ("How", one.get_method_display()), ("Language of the form", one.get_form_language_display()),
        ("Version of the form", one.form_version), ("Interpreter", one.interpreter), ("Witness", one.witness),
        ("Recorded", f"{us_date(timezone.localdate(one.recorded_at))} {_by(one)}"),
    ]  # fmt: skip
    return [(term, value) for term, value in facts if value]


def _by(one: Consent) -> str:
    return f"by {one.recorded_by.name}" if one.recorded_by else ""


@site_view(Right.CONSENT_RECORD)
def consent_file(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Hand out a signed form; each look is recorded."""
    rows = ConsentFile.objects.visible_to(request.access).select_related("consent__parent__family")
    file = find(rows, pk=pk)
    family = file.consent.parent.family
    record("consent_file.downloaded", family, file.consent.parent, file.consent, file)
    return hand_out(file, f"consent-{family.reference}-{file.consent.starts_on:%Y-%m-%d}")


@site_view(Right.CONSENT_RECORD)
def revoke_consent(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """End a consent at once."""
    consent = find(Consent.objects.visible_to(request.access).select_related("parent__family"), pk=pk)
    form = RevokeConsentForm(request.POST or None)
    if form.answered(request, actions.revoke_consent, consent=consent):
        words = f"The consent of {consent.parent} has ended. Nothing more may be shared under it."
        return back(request, consent.parent.family, words)
    points = [
        "Sharing under this consent is refused from this moment.",
        "What was shared before stays in the log.",
    ]
    return form_page(
        request, consent.parent.family, form, title=f"Revoke a consent of {consent.parent}", danger=True,
        lead=f"{consent.get_kind_display()}, signed {consent.starts_on:%m/%d/%Y}.", points=points,
        submit_label="Revoke the consent",
    )  # fmt: skip


@site_view(Right.DISCLOSURE_RECORD)
def record_disclosure(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Log something shared about a parent; refused without a live consent or a legal basis (V13)."""
    parent = find(Parent.objects.visible_to(request.access).select_related("family"), pk=pk)
    form = DisclosureForm(request.POST or None, parent=parent)
    if form.answered(request, actions.record_disclosure, parent=parent):
        return back(request, parent.family, f"What was shared about {parent} is in the disclosure log.")
    if form.errors:
        record("disclosure.refused", parent.family, parent, fields=sorted(form.errors))
    title = f"Share something about {parent}"
    lead = "Ask before you share: this page says whether the parent's consent covers it."
    return form_page(
        request, parent.family, form, title=title, lead=lead, submit_label="Record the disclosure"
    )
