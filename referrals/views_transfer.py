"""Offering a parent to another site on screen, and taking the offer back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from audit.record import record
from counties.access import find
from counties.action_forms import ActionForm
from counties.decorators import site_view
from counties.models import Site
from counties.permissions import Right
from families.codes import ConsentType
from families.models import Family, Parent
from referrals.models import Transfer
from referrals.transfers import CATEGORIES, PURPOSE, offer_transfer, take_back_transfer


class OfferTransferForm(ActionForm):
    """Which site the parent would like to go to."""

    to_site: forms.ModelChoiceField = forms.ModelChoiceField(
        label="To which site?", queryset=None, empty_label="Choose one"
    )

    def __init__(self, data: Any = None, *, site: Any) -> None:
        super().__init__(data)
        self.fields["to_site"].queryset = Site.objects.open_on(timezone.localdate()).exclude(pk=site.pk)


@site_view(Right.DISCLOSURE_RECORD)
def transfer(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Offer a parent to another site."""
    parent = find(Parent.objects.visible_to(request.access).select_related("family"), pk=pk)
    form = OfferTransferForm(request.POST or None, site=request.site)
    if form.answered(request, offer_transfer, parent=parent):
        messages.success(
            request, f"{parent} is offered to {form.result.to_site}. Their answer will show here."
        )
        return redirect("family", site, parent.family_id)
    points = [
        "The other site gets the name, phone, e-mail and language. It can accept or decline.",
        "History stays here: contacts, goals, notes and children do not go along.",
        f"It needs a live consent of {parent}: recipient the other site by its name, purpose “{PURPOSE}”, "
        "and both “That the parent takes part” and “Name and how to reach”.",
    ]
    title = f"Transfer {parent} to another site"
    context = {"form": form, "title": title, "submit_label": "Offer", "points": points}
    if form.errors and (to_site := form.cleaned_data.get("to_site")):
        context |= {
            "consent_url": _consent_url(request, parent, to_site),
            "parent": parent,
            "to_site": to_site,
        }
    return _form_page(request, parent.family, "referrals/transfer.html", **context)


def _consent_url(request: HttpRequest, parent: Parent, to_site: Site) -> str:
    """Where the consent that is missing is recorded, with what it has to say filled in."""
    asked_for = {
        "kind": ConsentType.PROVIDER,
        "recipient": to_site.name,
        "purpose": PURPOSE,
        "categories": CATEGORIES,
    }
    url = reverse("families:record_consent", args=[request.site.slug, parent.pk])
    return f"{url}?{urlencode(asked_for, doseq=True)}"


@site_view(Right.DISCLOSURE_RECORD)
def take_back(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Take an offer back that has no answer yet."""
    rows = Transfer.objects.visible_to(request.access).select_related("parent__family", "to_site")
    offer = find(rows, pk=pk)
    form = ActionForm(request.POST or None)
    if form.answered(request, take_back_transfer, transfer=offer):
        messages.success(request, f"The offer to {offer.to_site} is taken back.")
        return redirect("family", site, offer.parent.family_id)
    points = [
        f"{offer.to_site} cannot accept any more.",
        "What was handed over stays in the log of disclosures.",
    ]
    return _form_page(
        request, offer.parent.family, form=form, title=f"Take back the offer to {offer.to_site}",
        submit_label="Take it back", danger=True, points=points,
    )  # fmt: skip


def _form_page(
    request: HttpRequest, family: Family, template: str = "components/form_page.html", **context: Any
) -> HttpResponse:
    record("family.viewed", family, part="form")
    there = reverse("family", args=[request.site.slug, family.pk])
    families = reverse("families:list", args=[request.site.slug])
    context |= {"cancel_url": there, "breadcrumbs": [("Families", families), (str(family), there)]}
    return render(request, template, context)
