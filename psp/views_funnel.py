"""The referral funnel as it may leave the site."""

from __future__ import annotations

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from counties.decorators import site_view
from counties.permissions import Right
from psp.funnel_outside import REACHED_TO, release_funnel
from referrals.models import FunnelRelease, Referral

YEARS_BACK = 5


class YearForm(forms.Form):
    """Which calendar year; only years that are over."""

    year = forms.TypedChoiceField(
        coerce=int, error_messages={"invalid_choice": "Choose one of the years in the list."}
    )

    def __init__(self, data: dict[str, str], *, years: list[int]) -> None:
        super().__init__({"year": years[0], **data})
        self.fields["year"].choices = [(year, str(year)) for year in years]


class ReleaseForm(forms.Form):
    """What a release asks: it is made once."""

    is_final = forms.BooleanField(
        label="Nothing about this year is expected to change, and its referrals are all in PSP.",
        error_messages={"required": "Tick this first. A year is released once and stays as it is."},
    )


@site_view(Right.REFERRAL_DECIDE)
def funnel_outside(request: HttpRequest, site: str) -> HttpResponse:
    """The funnel of a whole year with small numbers hidden, to be shown to others, once it was released."""
    form = YearForm(request.GET.dict(), years=_years_over())
    year = form.cleaned_data["year"] if form.is_valid() else _years_over()[0]
    of_year = Referral.objects.filter(referred_on__year=year)
    release_form = ReleaseForm(request.POST or None)
    if form.is_valid() and release_form.is_valid() and of_year.exists():
        release_funnel(site=request.site, year=year, by=request.user)
        return redirect(f"{request.path}?year={year}")
    releases = FunnelRelease.objects.visible_to(request.access).select_related("released_by")
    release = releases.filter(year=year).first()
    context = {
        "title": f"Referral funnel of {year}", "form": form, "year": year, "release": release,
        "release_form": release_form,
        "columns": [*REACHED_TO, "All"], "threshold": request.site.settings.suppression_threshold,
        "breadcrumbs": [
            ("Referrals", reverse("referrals:list", args=[site])),
            ("Funnel", reverse("referrals:funnel", args=[site])),
        ],
    }  # fmt: skip
    if release is None:
        undecided = Q(decided_on=None, withdrawn_on=None)
        context |= of_year.aggregate(came=Count("pk"), undecided=Count("pk", filter=undecided))
    return render(request, "psp/funnel_outside.html", context)


def _years_over() -> list[int]:
    """The last calendar years that are over, the latest first."""
    last = timezone.localdate().year - 1
    return list(range(last, last - YEARS_BACK, -1))
