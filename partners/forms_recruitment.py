"""What a coordinator types about somebody on the way to becoming a parent partner."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from counties.action_forms import ActionForm, RowForm
from counties.forms import HALF
from partners.models.recruitment import LeftBecause, Recruitment, Stage

BEFORE_THE_ROLE = [
    LeftBecause.WITHDREW, LeftBecause.NO_REPLY, LeftBecause.NOT_YET, LeftBecause.NOT_SELECTED, LeftBecause.OTHER_JOB,
    LeftBecause.PERSONAL,
]  # fmt: skip
NOTHING_MORE = "Dates alone: what a check or a reference says is never kept here."


class RecruitmentForm(RowForm):
    """Somebody on the way; nothing but the names is needed at first."""

    sections = (
        ("Who", ["first_name", "last_name", "email", "phone", "moved_on"]),
        (
            "One-year rule",
            ["eligibility_basis", "eligibility_on", "eligibility_verified_by", "eligibility_override"],
            "A parent partner may start one year after the children came home, or after rights or another permanency "
            "decision were resolved. Needed before the stage “Eligible”.",
        ),
        ("Background check", ["background_requested_on", "background_cleared_on"], NOTHING_MORE),
    )

    moved_on = forms.DateField(label="Interested since", widget=forms.DateInput)

    class Meta:
        model = Recruitment
        fields = [
            "first_name", "last_name", "email", "phone", "eligibility_basis", "eligibility_on",
            "eligibility_verified_by", "eligibility_override", "background_requested_on", "background_cleared_on",
        ]  # fmt: skip
        labels = {
            "email": "E-mail", "background_requested_on": "Asked for on", "background_cleared_on": "Cleared on",
            "eligibility_basis": "Basis",
        }  # fmt: skip
        help_texts = {
            "eligibility_verified_by": "Who has seen the evidence.",
            "eligibility_override": "Only when DCF has agreed to an earlier start: who agreed, when, and why.",
        }
        widgets = {
            "first_name": forms.TextInput(attrs=HALF),
            "last_name": forms.TextInput(attrs=HALF),
            "email": forms.EmailInput(attrs=HALF | {"autocomplete": "off"}),
            "phone": forms.TextInput(attrs=HALF | {"inputmode": "tel", "autocomplete": "off"}),
            "eligibility_on": forms.DateInput(attrs=HALF),
            "eligibility_verified_by": forms.TextInput(attrs=HALF),
            "eligibility_override": forms.Textarea(attrs={"rows": 3}),
            "background_requested_on": forms.DateInput(attrs=HALF),
            "background_cleared_on": forms.DateInput(attrs=HALF),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.site_id:
            del self.fields["moved_on"]
        else:
            self.fields["moved_on"].initial = timezone.localdate()


class MoveForm(ActionForm):
    """Where the way leads next."""

    status = forms.ChoiceField(label="Next stage", widget=forms.RadioSelect)
    moved_on = forms.DateField(label="Date", widget=forms.DateInput)
    left_because = forms.ChoiceField(
        label="Why it ended",
        required=False,
        choices=[("", ""), *((reason.value, reason.label) for reason in BEFORE_THE_ROLE)],
        help_text="Only with the stage “Left”.",
        widget=forms.Select,
    )

    def __init__(self, *args: Any, recruitment: Recruitment, **kwargs: Any) -> None:
        here = list(Stage).index(Stage(recruitment.status))
        ahead = sorted(recruitment.ahead(), key=lambda stage: list(Stage).index(stage) < here)
        kwargs["initial"] = {
            "moved_on": timezone.localdate(),
            "status": ahead[0] if ahead and ahead[0] != Stage.LEFT else "",
        }
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [
            (stage.value, f"Back to “{stage.label}”" if list(Stage).index(stage) < here else stage.label)
            for stage in ahead
        ]
