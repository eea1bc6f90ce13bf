"""What is typed about a council meeting: numbers by role, never names."""

from __future__ import annotations

from typing import Any

from django import forms

from advisory.models import AdvisoryRole, CouncilMeeting, CouncilMeetings
from counties.action_forms import ActionForm
from counties.forms import HALF


class MeetingForm(ActionForm):
    """One number per advisory role; blank means nobody of that role came."""

    council = forms.ChoiceField(
        choices=CouncilMeeting.Council.choices,
        initial="local",
        widget=forms.RadioSelect(attrs={"class": "tile"}),
    )
    held_on = forms.DateField(label="Date", widget=forms.DateInput(attrs=HALF))

    sections = [
        ("The meeting", ["council", "held_on"]),
        (
            "Who was at the table",
            [f"role_{role}" for role in AdvisoryRole.values],
            "How many people, no names.",
        ),
    ]

    def __init__(self, *args: Any, meeting: CouncilMeeting | None = None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {}
        if meeting is not None:
            initial = {"council": meeting.council, "held_on": meeting.held_on}
            initial |= {f"role_{row.role}": row.number for row in meeting.attendances.all()}
        super().__init__(*args, initial=initial, **kwargs)
        for role, label in AdvisoryRole.choices:
            self.fields[f"role_{role}"] = forms.IntegerField(
                label=label,
                required=False,
                min_value=0,
                max_value=500,
                widget=forms.NumberInput(attrs=HALF),
            )

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        numbers = {role: answers.pop(f"role_{role}", None) for role in AdvisoryRole.values}
        known = {name.removeprefix("role_") for name in self.initial}
        answers["attendance"] = {role: n or 0 for role, n in numbers.items() if n or role in known}
        if not self.errors and not any(answers["attendance"].values()):
            raise forms.ValidationError("Enter at least one person who came.")
        return answers


class MeetingFilter(forms.Form):
    """Filters of the list; every answer stands in the address."""

    council = forms.ChoiceField(required=False, choices=[("", "Both"), *CouncilMeeting.Council.choices])
    held_from = forms.DateField(label="From", required=False, widget=forms.DateInput)

    def narrow(self, meetings: CouncilMeetings) -> CouncilMeetings:
        """The meetings the valid answers leave, with who came."""
        self.is_valid()
        if self.cleaned_data.get("council"):
            meetings = meetings.filter(council=self.cleaned_data["council"])
        if self.cleaned_data.get("held_from"):
            meetings = meetings.filter(held_on__gte=self.cleaned_data["held_from"])
        return meetings.prefetch_related("attendances")
