"""What a person types about a family. Blank means unknown, and no form asks for allegations."""

from __future__ import annotations

from typing import Any

from django import forms

from counties.action_forms import RowForm
from counties.codes import Experience, Language
from counties.forms import HALF, SiteChoiceField
from counties.models import Tribe
from families.codes import CaseType, CourtTrack, FamilyStatus, Race
from families.listing import above, mentored_by, search
from families.models import (
    Child,
    Families,
    Family,
    Parent,
    RemovalEpisode,
)

READERS = "Read by everyone who works with this family. Leave out allegations and who made a report."


def boxes(choices: Any, label: str, help_text: str = "", **attrs: str) -> forms.MultipleChoiceField:
    widget = forms.CheckboxSelectMultiple(attrs={"class": "columns", **attrs})
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, help_text=help_text, widget=widget
    )


class FamilyFilter(forms.Form):
    """Filters of the family list; every answer stands in the address."""

    q = forms.CharField(
        label="Search", required=False, max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name, F-0142, municipality"}),
    )  # fmt: skip
    status = forms.ChoiceField(choices=[("", "Any"), *FamilyStatus.choices], required=False)
    case_type = forms.ChoiceField(
        label="Children's situation", choices=[("", "Any"), *CaseType.choices], required=False
    )
    partner = SiteChoiceField(label="Parent partner", queryset=None, required=False, empty_label="Any")

    def __init__(self, data: Any, *, access: Any) -> None:
        super().__init__(data)
        partners = above(Parent, "matches")._meta.get_field("partner").related_model
        self.fields["partner"].queryset = partners.objects.visible_to(access)
        if not access.sees_all_families:
            del self.fields["partner"]

    def narrow(self, families: Families) -> Families:
        """The families asked for; a filter with an error narrows nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        if chosen.get("status"):
            families = families.filter(status=chosen["status"])
        if chosen.get("case_type"):
            families = families.filter(
                pk__in=Parent.objects.filter(case_type=chosen["case_type"]).values("family")
            )
        if chosen.get("partner"):
            families = mentored_by(families, chosen["partner"])
        return search(families, chosen.get("q", ""))


class FamilyForm(RowForm):
    """Facts about the family as a whole."""

    court_tracks = boxes(CourtTrack.choices, "Court and program tracks")

    class Meta:
        model = Family
        fields = ["source_id", "state_case_id", "court_tracks", "notes"]
        widgets = {"source_id": forms.TextInput(attrs=HALF), "state_case_id": forms.TextInput(attrs=HALF)}
        labels = {"source_id": "Your own number for this family"}
        help_texts = {"notes": READERS}


class ParentForm(RowForm):
    """A parent, in the order people talk: name, how to reach, the situation, who they are, what they wish."""

    sections = [
        ("Name", ["first_name", "last_name", "source_id", "date_of_birth"]),
        ("How to reach", ["phone", "email", "municipality"], "Town or city only; PSP keeps no home address."),
        ("Situation", ["case_type"]),
        (
            "As the parent says",
            ["gender", "language", "other_language", "needs_interpreter", "races", "hispanic"],
            "Ask, never guess. What the parent does not say stays blank.",
        ),
        (
            "Tribal connection",
            ["tribal_connection", "tribe", "other_tribe"],
            "If yes, tell the assigned worker. PSP only notes what the parent said.",
        ),
        (
            "For finding a parent partner",
            ["shared_experience", "prefers_gender", "prefers_culture"],
            "Only what the parent chooses to name.",
        ),
    ]
    races = boxes(Race.choices, "Race")
    shared_experience = boxes(Experience.choices, "Experience the parent would like a partner to share")
    language = forms.ChoiceField(
        label="Preferred language", choices=[("", ""), *Language.choices], required=False,
        widget=forms.Select(attrs=HALF),
    )  # fmt: skip
    other_language = forms.RegexField(
        r"^[a-z]{2,3}$", label="Another language", required=False, widget=forms.TextInput(attrs=HALF),
        help_text="Its three-letter code, for example fra for French.",
        error_messages={"invalid": "Enter a code of two or three small letters, for example fra."},
    )  # fmt: skip
    tribe = forms.ChoiceField(required=False, widget=forms.Select(attrs=HALF))
    other_tribe = forms.CharField(
        label="Another tribe", required=False, max_length=80, widget=forms.TextInput(attrs=HALF)
    )

    class Meta:
        model = Parent
        fields = [
            "first_name", "last_name", "source_id", "date_of_birth", "phone", "email", "municipality", "case_type",
            "gender", "language", "needs_interpreter", "races", "hispanic", "tribal_connection", "tribe",
            "shared_experience", "prefers_gender", "prefers_culture",
        ]  # fmt: skip
        widgets = {
            "first_name": forms.TextInput(attrs=HALF),
            "last_name": forms.TextInput(attrs=HALF),
            "source_id": forms.TextInput(attrs=HALF),
            "date_of_birth": forms.DateInput(attrs=HALF),
            "phone": forms.TextInput(attrs=HALF | {"inputmode": "tel"}),
            "email": forms.EmailInput(attrs=HALF),
            "municipality": forms.TextInput(attrs=HALF),
            "gender": forms.Select(attrs=HALF),
            "needs_interpreter": forms.Select(attrs=HALF),
            "hispanic": forms.Select(attrs=HALF),
            "tribal_connection": forms.Select(attrs=HALF),
            "prefers_gender": forms.Select(attrs=HALF),
            "prefers_culture": forms.TextInput(attrs=HALF),
            "case_type": forms.Select(attrs=HALF),
        }
        labels = {
            "source_id": "Your own number for this parent", "email": "E-mail", "case_type": "Children's situation",
            "needs_interpreter": "Needs an interpreter", "municipality": "Town or city",
            "prefers_gender": "Would like a partner who is a", "prefers_culture": "Would like a partner of the culture",
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = list(Tribe.objects.values_list("name", flat=True))
        self.fields["tribe"].choices = [("", "Not recorded"), *((name, name) for name in names)]
        if self.instance.tribe and self.instance.tribe not in names:
            self.initial |= {"tribe": "", "other_tribe": self.instance.tribe}
        if self.instance.language and self.instance.language not in Language.values:
            self.initial |= {"language": "", "other_language": self.instance.language}

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        answers["language"] = answers.pop("other_language", "") or answers.get("language", "")
        answers["tribe"] = answers.pop("other_tribe", "") or answers.get("tribe", "")
        return answers


class CreateFamilyForm(ParentForm):
    """A new family with its first parent; more parents and the children follow on the family's page."""

    sections = [
        *ParentForm.sections,
        ("The family", ["family_source_id", "state_case_id", "court_tracks", "notes", "is_sealed"]),
    ]
    family_source_id = forms.CharField(
        label="Your own number for this family",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=HALF),
    )
    state_case_id = forms.CharField(
        label="eWiSACWIS case id", max_length=20, required=False, widget=forms.TextInput(attrs=HALF)
    )
    court_tracks = boxes(CourtTrack.choices, "Court and program tracks")
    notes = forms.CharField(required=False, widget=forms.Textarea, help_text=READERS)
    is_sealed = forms.BooleanField(label="Sealed: known to somebody on the staff", required=False)


class ChildForm(RowForm):
    """A child: the name the family uses, and the birth date the report needs."""

    class Meta:
        model = Child
        fields = ["first_name", "date_of_birth", "source_id"]
        widgets = {"date_of_birth": forms.DateInput(attrs=HALF), "source_id": forms.TextInput(attrs=HALF)}
        labels = {"source_id": "Your own number for this child"}
        help_texts = {"date_of_birth": "Leave blank when it is not known."}


class EpisodeForm(RowForm):
    """A removal and, later, its end."""

    sections = [
        ("Removal", ["removed_on", "trial_reunification_on"]),
        (
            "Discharge",
            ["discharged_on", "discharge_reason"],
            "Leave both blank while the child is in out-of-home care.",
        ),
        ("Source", ["verified_on"]),
    ]

    class Meta:
        model = RemovalEpisode
        fields = ["removed_on", "trial_reunification_on", "discharged_on", "discharge_reason", "verified_on"]
        widgets = {name: forms.DateInput(attrs=HALF) for name in fields} | {
            "discharge_reason": forms.Select(attrs=HALF)
        }
        labels = {"verified_on": "Checked against the agency's record on"}
        help_texts = {
            "trial_reunification_on": "First day at home while still in out-of-home care status.",
            "verified_on": "These dates are typed by hand; say when somebody checked them last.",
        }
