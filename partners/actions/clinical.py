"""The only writers of clinical providers and of the plan of each month's clinical support."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.dates import refuse_future
from counties.wall.scope import current_site_id
from partners.models.clinical import ALERT_FROM_DAY, ClinicalMonth, ClinicalProvider
from partners.models.partner import ParentPartner


class ProviderNotLicensed(ValidationError):
    """Clinical support needs a licence that is valid on the day."""


@transaction.atomic
def save_provider(
    *, by: User, provider: ClinicalProvider | None = None, confirmed: Collection[str] = (), **facts: Any
) -> ClinicalProvider:
    """Add or correct a licensed provider; the licence has been seen by somebody."""
    row = ClinicalProvider.objects.select_for_update().get(pk=provider.pk) if provider else ClinicalProvider()
    row.site_id = current_site_id()
    for name, value in facts.items():
        setattr(row, name, value)
    refuse_future(verified_on=row.verified_on)
    if row.licence_expires_on < row.verified_on:
        raise ValidationError({"licence_expires_on": "The license had expired when it was seen."})
    if row.ended_on and row.ended_on < row.verified_on:
        raise ValidationError({"ended_on": "Choose the day the license was seen, or later."})
    twins = ClinicalProvider.objects.filter(licence=row.licence, licence_number=row.licence_number)
    if twins.exclude(pk=row.pk).exists():
        raise ValidationError({"licence_number": "This license is on the list already. Edit that provider."})
    row.full_clean(exclude=["site"])
    row.save()
    record("provider.saved", row, actor_id=by.pk)
    return row


@transaction.atomic
def plan_clinical_support(
    *,
    planned_on: dt.date,
    by: User,
    planned_at: dt.time | None = None,
    provider: ClinicalProvider | None = None,
    confirmed: Collection[str] = (),
) -> ClinicalMonth:
    """Plan the clinical support of a month, or plan it anew.

    Raises:
        ProviderNotLicensed: the licence will have run out on that day, or the provider has ended.
        ValidationError: the month is over.
    """
    if provider and (
        not provider.is_licensed_on(planned_on) or (provider.ended_on and provider.ended_on <= planned_on)
    ):
        raise ProviderNotLicensed(
            {"provider": f"{provider} has no valid license here on {planned_on:%m/%d/%Y}."}
        )
    if planned_on < timezone.localdate().replace(day=1):
        raise ValidationError({"planned_on": "That month is over. Record the session that was held instead."})
    row = month_of(planned_on)
    row.planned_on, row.planned_at, row.provider = planned_on, planned_at, provider
    row.save()
    record("clinical.planned", row, actor_id=by.pk)
    return row


def month_of(day: dt.date) -> ClinicalMonth:
    """The row of a month, made when it is not there; two at once leave one."""
    return ClinicalMonth.objects.get_or_create(site_id=current_site_id(), month=day.replace(day=1))[0]


def watch_month(day: dt.date) -> ClinicalMonth | None:
    """From the 25th on, the month that the alert is about, where anybody mentors; safe to run twice."""
    if day.day < ALERT_FROM_DAY or not ParentPartner.objects.active_on(day).exists():
        return None
    return month_of(day)
