"""What a site sets for itself, on one page."""

from __future__ import annotations

from typing import Any

from django import forms

from counties.action_forms import RowForm
from counties.forms import HALF
from counties.models import SiteSettings
from counties.people_forms import SITE_ROLES

LEVELS = ["1 intensive", "2 moderate", "3 maintenance", "4 aftercare"]
NUMBERS = [
    "report_due_day", "late_entry_business_days", "soft_cap_per_fte", "hard_cap_per_fte", "near_miles", "far_miles",
    "supervision_sessions_per_month", "suppression_threshold", "budgeted_fte",
]  # fmt: skip


class SettingsForm(RowForm):
    confirmed = None
    sections = [
        ("Names of roles", [f"label_{role}" for role in SITE_ROLES], "As your agency calls them; blank keeps ours."),
        ("Contact standard", [f"level_{n}" for n in range(1, 5)] + ["video_counts_face_to_face"],
         "Face-to-face contacts a family should have in a whole month, by its level."),
        ("Caseload", ["soft_cap_per_fte", "hard_cap_per_fte", "budgeted_fte"], "Families for one full-time position."),
        ("Matching", ["near_miles", "far_miles"], "How far apart a parent and a parent partner live."),
        ("Monthly report", ["report_due_day", "late_entry_business_days", "suppression_threshold"]),
        ("Support of parent partners", ["supervision_sessions_per_month"]),
        ("Reporting a concern", ["partners_are_mandated_reporters", "reporting_lines"],
         "What the page “I need to report” says to everybody here who may meet families."),
    ]  # fmt: skip

    class Meta:
        model = SiteSettings
        fields = [*NUMBERS, "video_counts_face_to_face", "partners_are_mandated_reporters", "reporting_lines"]
        labels = {
            "report_due_day": "Due day of the next month",
            "late_entry_business_days": "A contact is entered late after (business days)",
            "soft_cap_per_fte": "Soft cap",
            "hard_cap_per_fte": "Hard cap",
            "near_miles": "Near: up to (miles)",
            "far_miles": "Far: from (miles)",
            "supervision_sessions_per_month": "Supervision sessions a month",
            "suppression_threshold": "Smallest count shown outside the site",
            "budgeted_fte": "Budgeted full-time positions",
            "video_counts_face_to_face": "A video call counts as face to face",
            "reporting_lines": "County numbers to call",
            "partners_are_mandated_reporters": "Parent partners report suspected abuse or neglect, by policy",
        }
        help_texts = {
            "report_due_day": "A day from 1 to 28. The usual day is 15.",
            "soft_cap_per_fte": "A warning from here on.",
            "hard_cap_per_fte": "No new match from here on.",
            "reporting_lines": "One line for each: who answers and when, then the number, such as "
            "“Child protective services, day and night: 608-555-0100”.",
            "suppression_threshold": "A number from 6 to 20; smaller counts show as “-” to others. Usually 11.",
        }
        widgets = {name: forms.NumberInput(attrs=HALF) for name in NUMBERS} | {
            "budgeted_fte": forms.NumberInput(attrs=HALF | {"step": "0.01"}),
            "reporting_lines": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in SITE_ROLES:
            self.fields[f"label_{role}"] = forms.CharField(
                label=role.label, max_length=60, required=False, initial=self.instance.role_labels.get(role, ""),
                widget=forms.TextInput(attrs=HALF),
            )  # fmt: skip
        for number, name in enumerate(LEVELS):
            self.fields[f"level_{number + 1}"] = forms.IntegerField(
                label=f"Level {name}", min_value=0, max_value=31,
                initial=self.instance.face_to_face_standard[number], widget=forms.NumberInput(attrs=HALF),
            )  # fmt: skip

    def clean(self) -> dict:
        """Gather the labels and levels into the two columns that hold them."""
        data = super().clean() or self.cleaned_data
        labels = {role: data.pop(f"label_{role}", "") for role in SITE_ROLES}
        levels = [data.pop(f"level_{n}", None) for n in range(1, 5)]
        data["role_labels"] = {str(role): label.strip() for role, label in labels.items() if label.strip()}
        data["face_to_face_standard"] = levels
        return data
