"""The coordinator's board (`psp/board.py`)."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from audit.record import record
from counties.decorators import site_view
from counties.permissions import Right
from psp.board import STATES, lines_for


@site_view(Right.PARTNER_VIEW_ALL)
def board(request: HttpRequest, site: str) -> HttpResponse:
    """Each parent partner on track, in need of a follow-up, or without families; `?state=` shows one group."""
    lines = lines_for(request.access, timezone.localdate())
    counts = Counter(line.state for line in lines)
    asked = request.GET.get("state", "")
    shown = [line for line in lines if asked not in STATES or line.state == asked]
    record("partner.listed", kind="parentpartner", ids=[line.partner.pk for line in shown])
    page = reverse("partner_board", args=[site])
    context = {
        "title": "Partner board",
        "breadcrumbs": [("Parent partners", reverse("partners:list", args=[site]))],
        "lines": shown,
        "figures": [
            {"label": label, "value": counts[state], "url": f"{page}?state={state}"}
            for state, (label, _) in STATES.items()
        ],
        "narrowed": asked in STATES,
    }
    return render(request, "psp/board.html", context)
