"""What a person types about a seal or a tie."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from counties.access import Access
from counties.action_forms import ActionForm, RowForm
from counties.forms import SiteChoiceField
from counties.models import RoleAssignment
from families.models import FamilyTie, FamilyTies


class ReasonForm(ActionForm):
    """Why a family is sealed, or no longer."""

    reason = forms.CharField(max_length=200, help_text="Kept in the audit trail.")


class TieForm(RowForm):
    """Who has a tie to the family, and of what kind."""

    person = SiteChoiceField(label="Who has the tie", queryset=None, empty_label="Choose")

    class Meta:
        model = FamilyTie
        fields = ["person", "kind", "note"]
        widgets = {"kind": forms.RadioSelect}
        labels = {"kind": "What ties them to the family", "note": "Anything the coordinator should know"}
        help_texts = {"note": "Read by coordinators only. You need not explain."}

    def __init__(self, data: Any, *, access: Access) -> None:
        super().__init__(data, initial={"person": access.person.pk})
        self.fields["kind"].choices = FamilyTie.Kind.choices
        if "family.seal" not in access:
            del self.fields["person"]
            self.fields["kind"].label = "What ties you to the family"
            return
        staff = RoleAssignment.objects.on(timezone.localdate()).filter(site=access.site)
        self.fields["person"].queryset = User.objects.filter(pk__in=staff.values("person")).order_by("name")


class LiftTieForm(ActionForm):
    """Why a tie holds no longer."""

    lift_reason = forms.CharField(label="Why does the tie hold no longer?", max_length=200)


class TieFilter(forms.Form):
    """Which ties of the site to list."""

    q = forms.CharField(
        label="Search", required=False, max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name or F-0142"}),
    )  # fmt: skip
    state = forms.ChoiceField(
        label="Show", choices=[("", "Standing"), ("lifted", "Lifted"), ("all", "All")], required=False
    )

    def narrow(self, ties: FamilyTies) -> FamilyTies:
        """The ties asked for; a filter with an error narrows nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        for word in chosen.get("q", "").split()[:6]:
            number = word.upper().removeprefix("F-").lstrip("0")
            is_number = number.isascii() and number.isdigit() and len(number) < 10
            of_family = Q(family__number=number) if is_number else Q(pk__in=[])
            ties = ties.filter(Q(person__name__icontains=word) | of_family)
        match chosen.get("state"):
            case "lifted":
                return ties.exclude(lifted_at=None)
            case "all":
                return ties
        return ties.standing()
