"""What the page of one match tells, gathered for its template."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from counties.dates import us_date
from matching.models import EndReason, Match
from matching.steps import NEXT, paused_for


def facts(match: Match, coordinates: bool) -> list[tuple[str, Any]]:
    """The match's facts; reasons of coordinators are theirs alone."""
    rows = [
        ("Parent", str(match.parent)),
        ("Family", str(match.parent.family)),
        ("Parent partner", str(match.partner)),
        ("Role", "Secondary partner" if match.is_secondary else "Primary partner"),
        ("Start date", us_date(match.starts_on) or "Not begun"),
    ]
    if match.is_cover:
        paused = paused_for(match) if match.status == Match.Status.ACTIVE else None
        until = f", until about {us_date(paused.back_on)}" if paused and paused.back_on else ""
        rows.append(("Cover", f"Stands in for a while{until}"))
    if match.status == Match.Status.PAUSED:
        rows += [
            ("Handed over on", us_date(match.ends_on)),
            ("Expected back", us_date(match.back_on) or "Not known"),
        ]
    elif match.ends_on:
        rows += [("End date", us_date(match.ends_on)), ("Why it ended", match.get_end_reason_display())]
    if coordinates and match.cap_override:
        rows.append(("Reason for going over the cap", match.cap_override))
    if coordinates and match.training_override:
        rows.append(("Reason for matching before training", match.training_override))
    return rows


def history(match: Match, coordinates: bool) -> list[dict[str, Any]]:
    """The steps of the match in the order they happened."""
    steps: list[dict[str, Any]] = []
    reached = _days_reached(match)
    if match.proposed_by:  # a match brought by an import has no proposal
        steps.append(
            {"when": match.proposed_on, "title": "Proposed", "kind": "info", "by": match.proposed_by}
        )
    if match.offered_on:
        steps.append({"when": match.offered_on, "title": f"Offered to {match.partner}", "kind": "info"})
    for status, who in ((Match.Status.OFFERED_PARENT, match.partner), (Match.Status.ACCEPTED, match.parent)):
        if status in reached:
            steps.append({"when": reached[status], "title": f"{who} agreed", "kind": "success"})
    if match.starts_on:
        steps.append({"when": match.starts_on, "title": "Match began", "kind": "success"})
    if match.status == Match.Status.DECLINED:
        steps.append({"title": f"Declined by: {match.get_declined_by_display()}", "kind": "warning"})
        steps[-1] |= {
            "text": match.decline_reason if coordinates else "",
            "when": reached.get(Match.Status.DECLINED),
        }
    if match.ends_on:
        handed_over = match.end_reason == EndReason.HANDED_OVER
        title = "Handed over for a while" if handed_over else "Match ended"
        text = "" if handed_over else match.get_end_reason_display()
        steps.append({"when": match.ends_on, "title": title, "text": text})
    return steps


def _days_reached(match: Match) -> dict[str, dt.date]:
    """The day the match came to each status, as its row history kept it."""
    kept = match.history.order_by("pgh_created_at").values_list("status", "pgh_created_at")
    days: dict[str, dt.date] = {}
    for status, at in kept:
        days.setdefault(status, timezone.localdate(at))
    return days


def next_step(match: Match) -> tuple[str, str] | None:
    """The next status of an open proposal, and the words of the button that leads there."""
    words = {
        Match.Status.PROPOSED: f"Offer to {match.partner}",
        Match.Status.OFFERED_PARTNER: f"{match.partner} agrees: offer to {match.parent}",
        Match.Status.OFFERED_PARENT: f"{match.parent} agrees",
    }
    status = Match.Status(match.status)
    return (NEXT[status].value, words[status]) if status in NEXT else None
