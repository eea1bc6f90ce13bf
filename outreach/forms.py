"""What is typed about an outreach event."""

from django import forms

from counties.action_forms import RowForm
from outreach.models import OutreachEvent


class OutreachForm(RowForm):
    class Meta:
        model = OutreachEvent
        fields = ["held_on", "kind", "audience", "attendance"]
        widgets = {
            "held_on": forms.DateInput(attrs={"class": "half"}),
            "kind": forms.RadioSelect(attrs={"class": "tile"}),
            "attendance": forms.NumberInput(attrs={"class": "short"}),
        }
        labels = {"attendance": "How many came"}
        help_texts = {"audience": "For example: schools, faith community, attorneys."}
