"""The funnel of referrals on screen, inside the site only."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from audit.record import record
from counties.decorators import site_view
from counties.permissions import Right
from referrals import funnel as numbers
from referrals.models import Referral


class PeriodForm(forms.Form):
    """Which referrals: those that came in from one day to another, both included, and of which groups."""

    since = forms.DateField(label="Referred from", required=False)
    until = forms.DateField(label="Referred until", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (title, _, words) in numbers.GROUPS.items():
            choices = [("", "All"), *words.items()]
            choices += [] if "" in words or name == "source" else [(numbers.NOT_RECORDED, "Not recorded")]
            self.fields[name] = forms.ChoiceField(label=title, choices=choices, required=False)

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        since, until = answers.get("since"), answers.get("until")
        if since and until and until < since:
            self.add_error("until", f"Choose {since:%m/%d/%Y} or a later date.")
        return answers


@site_view(Right.REFERRAL_DECIDE)
def funnel(request: HttpRequest, site: str) -> HttpResponse:
    """How many of the referrals of a period took each step, and what became of the others."""
    since, until, chosen, form = _period(request)
    referrals = Referral.objects.visible_to(request.access).filter(referred_on__range=(since, until))
    referrals = numbers.narrow(referrals, chosen)
    facts: dict[str, Any] = {"since": str(since), "until": str(until), **chosen}
    record("referral.funnel_viewed", **facts)
    context = {
        "title": "Referral funnel", "form": form, "since": since, "until": until, "bars": numbers.bars(referrals),
        "losses": numbers.losses(referrals), "groups": numbers.groups(referrals), "steps": numbers.STEPS.values(),
        "breadcrumbs": [("Referrals", reverse("referrals:list", args=[site]))],
    }  # fmt: skip
    return render(request, "referrals/funnel.html", context)


def _period(request: HttpRequest) -> tuple[dt.date, dt.date, dict[str, str], PeriodForm]:
    """The period and the groups asked for; the last twelve months when none is, or when the dates make no period."""
    today = timezone.localdate()
    usual = {"since": today.replace(day=1) - dt.timedelta(days=365), "until": today}
    form = PeriodForm(request.GET or None, initial=usual)
    asked = form.cleaned_data if form.is_valid() else {}
    chosen = {name: asked[name] for name in numbers.GROUPS if asked.get(name)}
    return asked.get("since") or usual["since"], asked.get("until") or usual["until"], chosen, form
