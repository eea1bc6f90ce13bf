"""What is typed about clinical providers and the plan of a month."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from counties.access import Access
from counties.action_forms import ActionForm, RowForm
from counties.forms import HALF, SiteChoiceField
from partners.models import ClinicalMonth, ClinicalProvider


class ProviderForm(RowForm):
    """A licensed mental health provider."""

    class Meta:
        model = ClinicalProvider
        fields = [
            "name", "licence", "licence_number", "licence_expires_on", "verified_on", "verified_by", "ended_on",
        ]  # fmt: skip
        labels = {
            "licence": "License", "licence_number": "License number", "licence_expires_on": "License valid until",
            "verified_on": "License seen on",
        }  # fmt: skip
        help_texts = {"ended_on": "Leave blank while they provide support here."}
        widgets = {
            "licence": forms.Select(attrs=HALF),
            "licence_number": forms.TextInput(attrs=HALF),
            "licence_expires_on": forms.DateInput(attrs=HALF),
            "verified_on": forms.DateInput(attrs=HALF),
            "verified_by": forms.TextInput(attrs=HALF),
            "ended_on": forms.DateInput(attrs=HALF),
        }


class PlanForm(ActionForm):
    """When clinical support is planned; one session in each month."""

    planned_on = forms.DateField(label="Date", widget=forms.DateInput(attrs=HALF))
    planned_at = forms.TimeField(label="Time", required=False, widget=forms.TimeInput(attrs=HALF))
    provider = SiteChoiceField(queryset=None, required=False, empty_label="Not decided yet")

    def __init__(self, *args: Any, access: Access, month: ClinicalMonth | None = None, **kwargs: Any) -> None:
        if month is not None:
            planned = {"planned_at": month.planned_at, "provider": month.provider_id}
            kwargs["initial"] = planned | {"planned_on": month.planned_on or timezone.localdate()}
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = ClinicalProvider.objects.visible_to(access).filter(ended_on=None)
