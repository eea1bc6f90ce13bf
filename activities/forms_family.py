"""What is typed about levels, hearings and meetings, goals and incidents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from activities.codes import IncidentType, Level
from activities.forms import LONGEST, date_field, offer_parents, parent_field, workable
from activities.models import FamilyEvent, Goal
from counties.access import Access
from counties.action_forms import ActionForm
from counties.forms import HALF, SiteChoiceField, SiteMultipleChoiceField
from families.models import Family
from partners.models import ParentPartner
from referrals.models import Referral

TILE = {"class": "tile"}
PLACE = "A courthouse or office. Never a name."


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


class ParentsField(SiteMultipleChoiceField):
    """Several parents, shown with their family."""

    def label_from_instance(self, referral: Referral) -> str:
        return f"{referral.parent} ({referral.family.reference})"


def _who_goes() -> SiteChoiceField:
    return SiteChoiceField(
        label="Parent partner who goes along", queryset=None, required=False, empty_label="Nobody yet"
    )


class EventForm(ActionForm):
    """A hearing or family team meeting, ahead or past."""

    sections = [
        ("The date", ["referral", "kind", "held_on", "starts_at", "place"]),
        ("Who goes along", ["partner_expected", "partner_attended"]),
        ("Other families with the same date", ["also"], "Each family gets the date of its own.", True),
    ]
    referral = parent_field()
    kind = forms.ChoiceField(choices=FamilyEvent.Kind.choices, widget=forms.RadioSelect(attrs=TILE))
    held_on = date_field()
    starts_at = forms.TimeField(label="Time", required=False, widget=forms.TimeInput(attrs=HALF))
    place = forms.CharField(max_length=80, required=False, help_text=PLACE)
    partner_expected = _who_goes()
    partner_attended = _who_went("None, or still to come")
    also = ParentsField(
        label="Parents", queryset=None, required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "columns"}),
    )  # fmt: skip

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_parents(self.fields["referral"], access)
        self.fields["also"].queryset = workable(access)
        for name in ("partner_expected", "partner_attended"):
            self.fields[name].queryset = ParentPartner.objects.visible_to(access)
        here = self.fields["partner_expected"].queryset.current_on(timezone.localdate())
        self.fields["partner_expected"].queryset = here


class EditEventForm(ActionForm):
    """When and where, who goes along, prepared and talked over."""

    sections = [
        (
            "The date",
            ["starts_at", "place", "partner_expected"],
            "Moved to another day? Cancel this date and add the new one, so that both are known.",
        ),
        ("With the parent", ["is_prepared", "is_debriefed"]),
    ]
    starts_at = forms.TimeField(label="Time", required=False, widget=forms.TimeInput(attrs=HALF))
    place = forms.CharField(max_length=80, required=False, help_text=PLACE)
    partner_expected = _who_goes()
    is_prepared = forms.BooleanField(label="Prepared with the parent", required=False)
    is_debriefed = forms.BooleanField(label="Talked over with the parent afterwards", required=False)

    def __init__(self, *args: Any, event: FamilyEvent, access: Access, **kwargs: Any) -> None:
        names = ("starts_at", "place", "is_prepared", "is_debriefed")
        facts = {name: getattr(event, name) for name in names} | {
            "partner_expected": event.partner_expected_id
        }
        super().__init__(*args, initial=facts, **kwargs)
        here = ParentPartner.objects.visible_to(access).current_on(event.held_on)
        visible = Q(pk__in=here) | Q(pk=event.partner_expected_id)
        self.fields["partner_expected"].queryset = ParentPartner.objects.filter(visible)
        if event.held_on > timezone.localdate():
            del self.fields["is_debriefed"]


class AttendanceForm(ActionForm):
    """Who went along. Whoever is noted already stays a choice, also for a partner who sees no other profile."""

    partner_attended = _who_went("None")

    def __init__(self, *args: Any, event: FamilyEvent, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, initial={"partner_attended": event.partner_attended_id}, **kwargs)
        there = ParentPartner.objects.visible_to(access).active_on(event.held_on)
        visible = Q(pk__in=there) | Q(pk=event.partner_attended_id)
        self.fields["partner_attended"].queryset = ParentPartner.objects.filter(visible)


class GoalForm(ActionForm):
    """A goal, or a condition of return, in the parent's own words."""

    kind = forms.ChoiceField(
        label="What it is", choices=Goal.Kind.choices, initial=Goal.Kind.GOAL,
        widget=forms.RadioSelect(attrs=TILE),
    )  # fmt: skip
    words = forms.CharField(
        label="In the parent's words", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What the parent wants to reach, or what the parent understands must be true before the children "
        "return. The case plan and the court's conditions are written elsewhere.",
    )  # fmt: skip
    set_on = date_field("Set on", initial=timezone.localdate)


class StepForm(ActionForm):
    """A small step."""

    words = forms.CharField(label="Next small step", max_length=200)


class CelebrateForm(ActionForm):
    """When and how a goal was celebrated."""

    celebrated_on = date_field("Celebrated on", initial=timezone.localdate)
    celebration = forms.CharField(
        label="How",
        max_length=200,
        required=False,
        help_text="For example: cake at the park with the children.",
    )


class EndGoalForm(ActionForm):
    """Reached, or set aside."""

    status = forms.ChoiceField(
        label="What came of it",
        choices=[choice for choice in Goal.Status.choices if choice[0] != Goal.Status.OPEN],
        widget=forms.RadioSelect(attrs=TILE),
    )
    ended_on = date_field("Since", initial=timezone.localdate)


class WhenField(forms.DateTimeField):
    """A moment by the site's clock; the hour that is skipped or comes twice in a year is asked for differently."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError as refusal:
            if getattr(refusal, "code", "") != "ambiguous_timezone":
                raise
            words = "In this hour the clocks were changed. Enter a time an hour earlier or later."
            raise ValidationError(words, code="ambiguous_timezone") from None


class IncidentForm(ActionForm):
    """An incident. For a mandated report only date, time and agency."""

    sections = [
        ("What and when", ["kind", "happened_at"]),
        ("For a mandated report", ["agency"], "Nothing else is kept of it: leave the rest blank."),
        ("For any other incident", ["family", "partner", "what_happened"]),
    ]
    kind = forms.ChoiceField(choices=[("", "Choose"), *IncidentType.choices])
    happened_at = WhenField(label="When", widget=forms.DateTimeInput)
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
