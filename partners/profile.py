"""What the page of one parent partner shows, gathered for its template."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Prefetch, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from counties.dates import us_date
from counties.permissions import Right
from partners.models import (
    CertificateFile,
    ParentPartner,
    PartnerStatus,
    SupportSession,
    TrainingRecord,
    TrainingTopic,
)
from partners.models.training import core_list

TRAINING_HOURS_A_YEAR = 20
"""Target of ongoing training (`domain.md` 13)."""


def page(request: HttpRequest, partner: ParentPartner) -> dict[str, Any]:
    """Context of `partners/detail.html`; `partner` carries its caseload and supervision."""
    today = timezone.localdate()
    sees_all = Right.PARTNER_VIEW_ALL in request.access
    listed = [("Parent partners", reverse("partners:list", args=[request.site.slug]))] if sees_all else []
    attended = SupportSession.objects.standing().filter(
        attendances__partner=partner, attendances__is_present=True
    )
    return {
        "title": str(partner),
        "breadcrumbs": listed,
        "partner": partner,
        "today": today,
        "has_left": partner.status_today == PartnerStatus.ENDED,
        "role": _role(partner),
        "eligibility": _eligibility(partner),
        "profile": _profile(partner),
        "matches": _running(request, partner) if sees_all else None,
        "sessions": attended[:10],
        "core": core_list(partner, _completions(partner), today, TrainingTopic.objects.all()),
        "career": partner.career_entries.standing(),
        "may_work_alone": partner.may_work_alone_on(today),
        "figures": _figures(partner, attended, today, sees_all),
    }


def _completions(partner: ParentPartner) -> list[TrainingRecord]:
    files = Prefetch("files", CertificateFile.objects.defer("content"))
    return list(partner.training_records.standing().select_related("own_topic").prefetch_related(files))


def _figures(partner: ParentPartner, attended: Any, today: dt.date, sees_all: bool) -> list[dict[str, Any]]:
    """Key figures at the top: caseload for coordinators, supervision, training."""
    over = "error" if partner.families >= partner.hard_cap else ""
    caseload = {
        "label": "Families now",
        "value": partner.families,
        "note": f"soft cap {partner.soft_cap}, hard cap {partner.hard_cap}",
        "kind": over or ("warning" if partner.families >= partner.soft_cap else ""),
    }
    training = {
        "label": f"Training hours in {today.year}",
        "value": _training_hours(attended, today),
        "note": f"target {TRAINING_HOURS_A_YEAR} hours a year",
    }
    supervision = [] if partner.ends_on else [_supervision(partner, today)]
    return [*([caseload] if sees_all else []), *supervision, training]


def _supervision(partner: ParentPartner, today: dt.date) -> dict[str, Any]:
    last = us_date(partner.supervised_on)
    return {
        "label": "Next individual supervision",
        "value": us_date(partner.supervision_due_on),
        "note": f"last on {last}" if last else "none recorded yet",
        "kind": "warning" if partner.supervision_due_on < today else "",
    }


def _role(partner: ParentPartner) -> list[tuple[str, Any]]:
    rows = [("Start date", us_date(partner.starts_on)), ("FTE", partner.fte)]
    if partner.ends_on:
        rows += [("End date", us_date(partner.ends_on)), ("Why they left", partner.get_separation_display())]
    trained = us_date(partner.core_training_completed_on) or "Not yet: a match needs a reason"
    return [
        *rows,
        ("Core training completed", trained),
        ("E-mail", partner.email),
        ("Telephone", partner.phone),
        ("Sign-in", str(partner.person or "")),
    ]


def _eligibility(partner: ParentPartner) -> list[tuple[str, Any]]:
    rows = [
        ("Basis", partner.get_eligibility_basis_display()),
        ("Eligibility date", us_date(partner.eligibility_on)),
        ("May start from", f"{us_date(partner.may_start_on)}, one year later"),
        ("Verified by", partner.eligibility_verified_by),
    ]
    return [*rows, ("State override", partner.eligibility_override)] if partner.eligibility_override else rows


def _profile(partner: ParentPartner) -> list[tuple[str, Any]]:
    return [
        ("Languages", partner.languages_display()),
        ("Shared experience", partner.experience_shown_display() or "Theirs to tell; none is named here"),
        ("Gender", partner.get_gender_display()),
        ("Culture", partner.culture),
        ("Municipality", partner.municipality),
    ]


def _running(request: HttpRequest, partner: ParentPartner) -> Any:
    # Matches live in a room above; asked for by the reverse name.
    running = partner.matches.beyond_ties(request.access).exclude(status__in=["declined", "ended"])
    return running.select_related("parent__family").order_by(
        "status", "parent__last_name", "parent__first_name"
    )


def _training_hours(attended: Any, today: dt.date) -> float:
    minutes = attended.filter(kind=SupportSession.Kind.TRAINING, held_on__year=today.year).aggregate(
        n=Sum("minutes")
    )
    return round((minutes["n"] or 0) / 60, 1)
