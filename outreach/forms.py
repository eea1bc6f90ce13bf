"""What is typed about an outreach event, and the filters of the list."""

from __future__ import annotations

from django import forms

from counties.action_forms import RowForm
from counties.forms import HALF
from outreach.models import OutreachEvent, OutreachEvents


class OutreachForm(RowForm):
    """One event, once it has taken place."""

    # Named here, because a model's own radio buttons begin with one for no answer.
    kind = forms.ChoiceField(
        choices=OutreachEvent.Kind.choices, widget=forms.RadioSelect(attrs={"class": "tile"})
    )

    class Meta:
        model = OutreachEvent
        fields = ["held_on", "kind", "audience", "attendance"]
        widgets = {
            "held_on": forms.DateInput(attrs=HALF),
            "attendance": forms.NumberInput(attrs={"class": "short"}),
        }
        labels = {"attendance": "How many came"}
        help_texts = {"audience": "For example: schools, faith community, attorneys."}


class OutreachFilter(forms.Form):
    """Filters of the list; every answer stands in the address."""

    q = forms.CharField(label="Audience", required=False, max_length=80, widget=forms.SearchInput)
    kind = forms.ChoiceField(required=False, choices=[("", "Any"), *OutreachEvent.Kind.choices])

    def narrow(self, events: OutreachEvents) -> OutreachEvents:
        """The events the valid answers leave."""
        self.is_valid()
        if self.cleaned_data.get("kind"):
            events = events.filter(kind=self.cleaned_data["kind"])
        return events.filter(audience__icontains=self.cleaned_data.get("q", ""))
