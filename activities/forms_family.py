"""What is typed about levels, hearings and meetings, goals and incidents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from activities.codes import IncidentType, Level
from activities.forms import LONGEST, date_field, offer_parents, parent_field
from activities.models import FamilyEvent, Goal
from counties.access import Access
from counties.action_forms import ActionForm
from counties.forms import SiteChoiceField
from families.models import Family
from partners.models import ParentPartner

TILE = {"class": "tile"}


class LevelForm(ActionForm):
    """A change of intensity after a case consultation."""

    level = forms.TypedChoiceField(
        coerce=int, choices=Level.choices, widget=forms.RadioSelect(attrs=TILE), label="New level"
    )
    changed_on = date_field("From", initial=timezone.localdate)
    reason = forms.CharField(
        max_length=200, help_text="For example: case consultation, trial reunification begins."
    )


def _who_went(empty: str) -> SiteChoiceField:
    return SiteChoiceField(
        label="Parent partner who went along", queryset=None, required=False, empty_label=empty,
        help_text="A parent partner is there for the parent and never testifies.",
    )  # fmt: skip


class EventForm(ActionForm):
    """A hearing or family team meeting, ahead or past."""

    referral = parent_field()
    kind = forms.ChoiceField(choices=FamilyEvent.Kind.choices, widget=forms.RadioSelect(attrs=TILE))
    held_on = date_field()
    partner_attended = _who_went("None, or still to come")

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_parents(self.fields["referral"], access)
        self.fields["partner_attended"].queryset = ParentPartner.objects.visible_to(access)


class AttendanceForm(ActionForm):
    """Who went along. Whoever is noted already stays a choice, also for a partner who sees no other profile."""

    partner_attended = _who_went("None")

    def __init__(self, *args: Any, event: FamilyEvent, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, initial={"partner_attended": event.partner_attended_id}, **kwargs)
        visible = Q(pk__in=ParentPartner.objects.visible_to(access)) | Q(pk=event.partner_attended_id)
        self.fields["partner_attended"].queryset = ParentPartner.objects.filter(visible)


class GoalForm(ActionForm):
    """A goal in the parent's own words."""

    words = forms.CharField(
        label="The goal, in the parent's words", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What the parent wants to reach. The case plan is written elsewhere.",
    )  # fmt: skip
    set_on = date_field("Set on", initial=timezone.localdate)


class EndGoalForm(ActionForm):
    """Reached, or set aside."""

    status = forms.ChoiceField(
        label="What came of it",
        choices=[choice for choice in Goal.Status.choices if choice[0] != Goal.Status.OPEN],
        widget=forms.RadioSelect(attrs=TILE),
    )
    ended_on = date_field("Since", initial=timezone.localdate)


class IncidentForm(ActionForm):
    """An incident. For a mandated report only date, time and agency."""

    sections = [
        ("What and when", ["kind", "happened_at"]),
        ("For a mandated report", ["agency"], "Nothing else is kept of it: leave the rest blank."),
        ("For any other incident", ["family", "partner", "what_happened"]),
    ]
    kind = forms.ChoiceField(choices=[("", "Choose"), *IncidentType.choices])
    happened_at = forms.DateTimeField(label="When", widget=forms.DateTimeInput)
    agency = forms.CharField(label="Agency called", max_length=80, required=False)
    family = SiteChoiceField(queryset=None, required=False, empty_label="None")
    partner = SiteChoiceField(label="Parent partner", queryset=None, required=False, empty_label="None")
    what_happened = forms.CharField(
        required=False, validators=[LONGEST], widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Visible to coordinators only. Leave out allegations and who made a report.",
    )  # fmt: skip

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["family"].queryset = Family.objects.visible_to(access)
        self.fields["partner"].queryset = ParentPartner.objects.visible_to(access)
        if access.sees_all_families:
            for name in ("family", "partner"):
                self.fields[name].widget.attrs["class"] = "combo"
