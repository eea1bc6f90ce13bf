"""The referral funnel as it may leave the site."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from audit.record import record
from counties.decorators import site_view
from counties.permissions import Right
from psp.funnel_outside import REACHED_TO, outside
from referrals.models import Referral

YEARS_BACK = 5


class YearForm(forms.Form):
    """Which calendar year; only years that are over."""

    year = forms.TypedChoiceField(
        coerce=int, error_messages={"invalid_choice": "Choose one of the years in the list."}
    )

    def __init__(self, data: dict[str, str], *, years: list[int]) -> None:
        super().__init__({"year": years[0], **data})
        self.fields["year"].choices = [(year, str(year)) for year in years]


@site_view(Right.REFERRAL_DECIDE)
def funnel_outside(request: HttpRequest, site: str) -> HttpResponse:
    """The funnel of a whole year with small numbers hidden, to be shown to others.

    It counts every referral of the site, also of families this person may not open: what goes out is the same,
    whoever takes it.
    """
    last = timezone.localdate().year - 1
    form = YearForm(request.GET.dict(), years=list(range(last, last - YEARS_BACK, -1)))
    year = form.cleaned_data["year"] if form.is_valid() else last
    threshold = request.site.settings.suppression_threshold
    found = outside(Referral.objects.filter(referred_on__year=year), threshold=threshold)
    record("referral.funnel_published", year=year)
    context = {
        "title": f"Referral funnel of {year}", "form": form, "year": year, "found": found,
        "columns": [*REACHED_TO, "All"], "threshold": threshold, "now": timezone.now(),
        "breadcrumbs": [
            ("Referrals", reverse("referrals:list", args=[site])),
            ("Funnel", reverse("referrals:funnel", args=[site])),
        ],
    }  # fmt: skip
    return render(request, "psp/funnel_outside.html", context)
