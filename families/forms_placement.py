"""What a person types about a placement."""

from __future__ import annotations

from typing import Any

from django import forms

from counties.action_forms import ActionForm, RowForm
from counties.forms import HALF
from families.codes import NO_PLACEMENT
from families.models import PlacementSpell


class PlacementForm(RowForm):
    """Where the child lived, from when until when."""

    counts_as_placement = forms.NullBooleanField(
        label="Counts as a placement",
        required=False,
        help_text="Left open, every setting counts but trial reunification, hospital and missing from care.",
        widget=forms.NullBooleanSelect(attrs=HALF),
    )

    class Meta:
        model = PlacementSpell
        fields = ["setting", "setting_other", "started_on", "ended_on", "counts_as_placement"]
        widgets = {name: forms.DateInput(attrs=HALF) for name in ("started_on", "ended_on")}
        help_texts = {
            "setting_other": "Only when the list above has no word for it.",
            "ended_on": "Leave blank while the child lives there.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [("unknown", "As the setting says"), ("true", "Yes"), ("false", "No")]
        self.fields["counts_as_placement"].widget.choices = named

    def clean(self) -> dict[str, Any]:
        facts = super().clean()
        if facts.get("counts_as_placement") is None:
            facts["counts_as_placement"] = facts.get("setting") not in NO_PLACEMENT
        return facts


class StrikePlacementForm(ActionForm):
    """Why a placement is struck out."""

    reason = forms.CharField(max_length=200, help_text="Nothing is erased: it stays in the history.")
