"""What is typed about a parent partner's career, and their own wellness check."""

from __future__ import annotations

from typing import Any

from django import forms

from counties.action_forms import ActionForm, RowForm
from counties.forms import HALF
from partners.models.career import STATEMENTS, CareerEntry

OFTEN = [(1, "Never"), (2, "Rarely"), (3, "Sometimes"), (4, "Often"), (5, "Always")]


class CareerForm(RowForm):
    """A milestone, credential, committee seat or stipend."""

    sections = (
        ("What and when", ["kind", "starts_on"]),
        ("For a milestone", ["milestone"]),
        ("For a credential, committee seat or stipend", ["words", "ends_on", "amount"]),
    )

    class Meta:
        model = CareerEntry
        fields = ["kind", "milestone", "words", "starts_on", "ends_on", "amount"]
        help_texts = {
            "words": "The credential, the committee, or what the stipend is for.",
            "amount": "Only for a stipend.",
            "ends_on": "When a credential runs out or a seat ends.",
        }
        widgets = {
            "kind": forms.RadioSelect,
            "milestone": forms.Select,
            "starts_on": forms.DateInput(attrs=HALF),
            "ends_on": forms.DateInput(attrs=HALF),
            "amount": forms.NumberInput(attrs={"class": "short", "step": "0.01"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = CareerEntry.Kind.choices


class WellnessForm(ActionForm):
    """Five statements about the last month."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words, _ in STATEMENTS:
            self.fields[name] = forms.TypedChoiceField(
                label=words, choices=OFTEN, coerce=int, widget=forms.RadioSelect
            )
