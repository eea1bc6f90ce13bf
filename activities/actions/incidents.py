"""Incidents. Of a mandated report only date, time, agency and maker are kept (`domain.md` 10.6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from activities.codes import IncidentType
from activities.models import Incident
from audit.record import record
from counties.action_forms import ask_about
from counties.free_text import scan_free_text
from counties.wall.scope import current_site_id
from families.models import Family
from partners.models import ParentPartner


@transaction.atomic
def record_incident(
    *,
    kind: str,
    happened_at: dt.datetime,
    by: User,
    agency: str = "",
    family: Family | None = None,
    partner: ParentPartner | None = None,
    what_happened: str = "",
    confirmed: Collection[str] = (),
) -> Incident:
    """Record an incident; visible to coordinators only.

    Raises:
        ValidationError: in the future, no account of it, or more than the four facts of a mandated report.
    """
    if happened_at > timezone.now():
        raise ValidationError({"happened_at": "This is still to come. Enter when it happened."})
    if kind == IncidentType.MANDATED_REPORT:
        _keep_four_facts(agency, family, partner, what_happened)
    elif not what_happened:
        raise ValidationError({"what_happened": "Say in a few sentences what happened."})
    ask_about(scan_free_text(agency=agency, what_happened=what_happened), confirmed)
    incident = Incident.objects.create(
        site_id=current_site_id(),
        kind=kind,
        happened_at=happened_at,
        agency=agency,
        family=family,
        partner=partner,
        what_happened=what_happened,
        recorded_by=by,
    )
    # The kind stays out of the trail: who made a mandated report is seen by coordinators only.
    record("incident.recorded", incident)
    return incident


@transaction.atomic
def strike_incident(*, incident: Incident, by: User) -> Incident:
    """Strike out an incident entered by mistake; the row stays, and coordinators still read it."""
    incident = Incident.objects.select_for_update().get(pk=incident.pk)
    if not incident.is_struck:
        incident.is_struck = True
        incident.save(update_fields=["is_struck"])
        record("incident.struck", incident, actor_id=by.pk)
    return incident


def _keep_four_facts(agency: str, family: Family | None, partner: ParentPartner | None, story: str) -> None:
    """Date, time, agency and maker; everything else could lead to who reported, or about whom."""
    given = {"family": family, "partner": partner, "what_happened": story}
    words = "Leave this blank for a mandated report: only date, time and agency are kept."
    refused = {name: words for name, value in given.items() if value}
    if not agency:
        refused["agency"] = "Enter the agency you called."
    if refused:
        raise ValidationError(refused)
