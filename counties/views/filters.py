"""Filters kept under a name: one's own and those the site shares."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from counties.access import find
from counties.action_forms import ActionForm
from counties.actions.filters import retire_filter, save_filter
from counties.decorators import site_view
from counties.filters import address_of, may_open, read_token
from counties.models import SavedFilter
from counties.permissions import Right


class SaveFilterForm(ActionForm):
    confirmed = None
    name = forms.CharField(max_length=60, help_text="As it shows in the menu, such as “Late, level 1”.")
    is_shared = forms.BooleanField(
        label="Everybody at this site may use it", required=False,
        help_text="Others find in it what their own role lets them see.",
    )  # fmt: skip


@site_view(Right.SITE_VIEW)
def saved_filters(request: HttpRequest, site: str) -> HttpResponse:
    """The filters this person may use."""
    kept = SavedFilter.objects.visible_to(request.access).select_related("person").order_by("page", "name")
    rows = [row for row in kept if may_open(request, row)]
    mine = {row.pk for row in rows if row.person_id == request.user.pk}
    may_retire = {row.pk for row in rows} if Right.SITE_CONFIGURE in request.access else mine
    lines = [(row, address_of(row, site), row.pk in mine, row.pk in may_retire) for row in rows]
    return render(request, "counties/filters.html", {"title": "Saved filters", "lines": lines})


@site_view(Right.SITE_VIEW)
def save(request: HttpRequest, site: str) -> HttpResponse:
    """Keep what is chosen on a list under a name."""
    choice = read_token(request, request.GET.get("choice", ""))
    if choice is None:
        messages.info(request, "Choose filters on a list first; “Save this filter” stands beside them.")
        return redirect("counties:filters", site)
    back = f"{reverse(choice.page, args=[site])}?{choice.query}"
    form = SaveFilterForm(request.POST or None)
    if form.answered(request, save_filter, choice=choice):
        messages.success(request, f"“{form.result.name}” is in the menu “Saved filters”.")
        return redirect(back)
    context = {"title": "Save this filter", "form": form, "cancel_url": back}
    lead = "What is chosen is kept; words typed into the search box are not."
    return render(request, "components/form_page.html", context | {"lead": lead})


@site_view(Right.SITE_VIEW)
@require_POST
def retire(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Put a kept filter away."""
    saved = find(SavedFilter.objects.retirable_by(request.access), pk=pk)
    retire_filter(saved=saved, by=request.user)
    messages.success(request, f"“{saved.name}” is put away.")
    return redirect("counties:filters", site)
