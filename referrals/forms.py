"""What staff type about a referral and an enrollment. There is no field for allegations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from counties.access import Access
from counties.action_forms import ActionForm
from counties.codes import Language
from counties.forms import HALF, SiteChoiceField
from counties.models import SiteSettings
from families.codes import CaseType, ConsentType, CourtTrack
from families.models import Consent, Family, Parent
from families.who import WhoForm
from referrals.actions import ALSO_SCREENED, SCREENING
from referrals.models import SOURCES, Referral, ReferralOutcome, Referrals, Screened, WaitingFor
from referrals.stages import Stage


def _date(label: str, help_text: str = "", **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs=HALF)
    return forms.DateField(
        label=label, initial=timezone.localdate, help_text=help_text, widget=widget, **more
    )


class ReferralFilter(forms.Form):
    """Filters of the referral list; every answer stands in the address."""

    q = forms.CharField(
        label="Search", required=False, max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name, R-0142, F-0142"}),
    )  # fmt: skip
    stage = forms.ChoiceField(label="Show", choices=[("", "All"), *Stage.choices], required=False)
    source = forms.ChoiceField(required=False)
    since = forms.DateField(label="Referred from", required=False)
    until = forms.DateField(label="Referred until", required=False)

    def __init__(self, *args: Any, settings: SiteSettings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [("", "Any"), *SOURCES.words(settings).items()]

    def narrow(self, referrals: Referrals) -> Referrals:
        """The referrals asked for; a filter with an error narrows nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        lookups = {
            "stage": "stage",
            "source": "source",
            "since": "referred_on__gte",
            "until": "referred_on__lte",
        }
        given = {lookup: chosen[name] for name, lookup in lookups.items() if chosen.get(name)}
        referrals = referrals.filter(**given)
        for word in chosen.get("q", "").split()[:6]:
            referrals = referrals.filter(_any_of(word))
        return referrals


def _any_of(word: str) -> Q:
    found = (
        Q(parent__first_name__icontains=word)
        | Q(parent__last_name__icontains=word)
        | Q(source_id__iexact=word)
    )
    letter, _, digits = word.upper().partition("-")
    if letter in "RF" and digits.isdigit() and len(digits) < 10:
        return Q(**{"number" if letter == "R" else "family__number": int(digits)})
    return found


class CreateReferralForm(WhoForm):
    """A referral for a parent PSP knows, or for a new one, typed in the same form."""

    sections = [
        ("Known already?", ["who"]),
        ("The referral", ["source", "referred_on"]),
        ("A parent PSP knows", ["parent"], "Search first, so that nobody is entered twice."),
        (
            "Or a new parent",
            [
                "first_name",
                "last_name",
                "date_of_birth",
                "state_case_id",
                "phone",
                "municipality",
                "language",
                "case_type",
                "family",
            ],
            "What is not known stays blank. Leave out why child protection is involved.",
        ),
    ]
    source = forms.ChoiceField(label="Who referred?")
    referred_on = _date("Referral date", "The day the referral reached PSP.")
    parent = SiteChoiceField(
        queryset=None,
        required=False,
        empty_label="Not in the list",
        widget=forms.Select(attrs={"class": "combo"}),
    )
    first_name = forms.CharField(required=False, max_length=60, widget=forms.TextInput(attrs=HALF))
    last_name = forms.CharField(required=False, max_length=60, widget=forms.TextInput(attrs=HALF))
    date_of_birth = forms.DateField(required=False, widget=forms.DateInput(attrs=HALF))
    state_case_id = forms.CharField(
        label="eWiSACWIS case id", required=False, max_length=20, widget=forms.TextInput(attrs=HALF)
    )
    phone = forms.CharField(
        required=False, max_length=20, widget=forms.TextInput(attrs=HALF | {"inputmode": "tel"})
    )
    municipality = forms.CharField(
        label="Town or city", required=False, max_length=60, widget=forms.TextInput(attrs=HALF)
    )
    language = forms.ChoiceField(
        label="Preferred language", choices=[("", ""), *Language.choices], required=False,
        widget=forms.Select(attrs=HALF),
    )  # fmt: skip
    case_type = forms.ChoiceField(
        label="Children's situation", choices=[("", ""), *CaseType.choices], required=False,
        widget=forms.Select(attrs=HALF),
    )  # fmt: skip
    family = SiteChoiceField(
        label="Family", queryset=None, required=False, empty_label="A new family",
        help_text="Choose one when the other parent is known already.", widget=forms.Select(attrs={"class": "combo"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, access: Access, **kwargs: Any) -> None:
        super().__init__(data, access=access, **kwargs)
        self.fields["source"].choices = [("", "Choose one"), *SOURCES.offered(access.site.settings)]
        parents = Parent.objects.visible_to(access).select_related("family")
        self.fields["parent"].queryset = parents
        self.fields["parent"].label_from_instance = lambda p: f"{p}, {p.family}"
        self.fields["family"].queryset = Family.objects.visible_to(access).prefetch_related("parents")
        self.fields["family"].label_from_instance = lambda f: f"{f}: {', '.join(map(str, f.parents.all()))}"

    def clean(self) -> dict[str, Any]:
        known, new = self.cleaned_data.get("parent"), self.cleaned_data.get("first_name")
        answers = super().clean()
        if "parent" in self.errors:
            return answers
        if known and (new or self.cleaned_data.get("family")):
            self.add_error("parent", "Choose a parent here or enter a new one below, not both.")
        elif not known and not new and "first_name" not in self.errors:
            self.add_error("parent", "Choose a parent, or enter the first name of a new one below.")
        return answers

    def newcomer(self, answers: dict[str, Any]) -> dict[str, Any] | None:
        if answers.get("parent") or not answers.get("first_name"):
            return None
        return {
            "first_name": answers["first_name"], "last_name": answers.get("last_name", ""),
            "date_of_birth": answers.get("date_of_birth"), "case_number": answers.get("state_case_id", ""),
        }  # fmt: skip


class _ScreeningForm(ActionForm):
    """The four questions and what goes with them, filled in with what is known."""

    def __init__(self, data: Any = None, *, referral: Referral) -> None:
        known = {name: getattr(referral, name) for name in [*SCREENING, *ALSO_SCREENED]}
        super().__init__(data, initial={name: value for name, value in known.items() if value})
        for name, question in SCREENING.items():
            self.fields[name] = forms.ChoiceField(
                label=question, choices=Screened.choices, required=False,
                widget=forms.RadioSelect(attrs={"class": "tile"}),
            )  # fmt: skip


def _reached_on() -> forms.DateField:
    return forms.DateField(
        label="First reached on", required=False, help_text="The day somebody first talked with the parent.",
        widget=forms.DateInput(attrs=HALF),
    )  # fmt: skip


def _waiting_for() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="What is it waiting for now?", choices=[("", ""), *WaitingFor.choices], required=False,
        widget=forms.Select(attrs=HALF),
    )  # fmt: skip


class ScreenReferralForm(_ScreeningForm):
    """What is known about a referral under way."""

    sections = [
        ("The way so far", ["reached_on", "waiting_for"]),
        ("Screening", list(SCREENING), "Leave blank what nobody has asked yet."),
        ("Court or program", ["court_tracks"]),
    ]
    reached_on = _reached_on()
    waiting_for = _waiting_for()
    court_tracks = forms.MultipleChoiceField(
        label="The family is in", choices=CourtTrack.choices, required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "columns"}),
    )  # fmt: skip


class DecideReferralForm(_ScreeningForm):
    """The first decision on a referral."""

    sections = [
        ("Screening", [*SCREENING, "reached_on"], "Leave blank what nobody has asked yet."),
        ("Decision", ["outcome", "decided_on", "decision_note"]),
    ]
    outcome = forms.ChoiceField(
        label="Decision",
        choices=[choice for choice in ReferralOutcome.choices if choice[0] != ReferralOutcome.WITHDRAWN],
        widget=forms.RadioSelect(attrs={"class": "tile"}),
    )
    decided_on = _date("Decision date")
    decision_note = forms.CharField(
        label="Reason", required=False, max_length=1000, widget=forms.Textarea,
        help_text="Never needed: a parent may decline without saying why. Leave out allegations.",
    )  # fmt: skip
    reached_on = _reached_on()


class EndParticipationForm(ActionForm):
    """The last day of one parent's part in the enrollment."""

    ends_on = _date("Ended on")


class WithdrawReferralForm(ActionForm):
    """When a referral was taken back."""

    withdrawn_on = _date("Withdrawn on")


class BeginEnrollmentForm(ActionForm):
    """The enrollment date and the participation agreement it stands on (V16)."""

    sections = [
        ("Enrollment", ["enrolled_on"]),
        (
            "Participation agreement",
            ["agreement", "is_signed", "method", "form_language", "interpreter", "form_version", "witness"],
            "Read it together in the parent's language before it is signed.",
        ),
    ]
    enrolled_on = _date("Enrollment date", "The day the agreement was signed.")
    agreement = SiteChoiceField(
        label="Agreement on file", queryset=None, required=False, empty_label="None, a new one"
    )
    is_signed = forms.BooleanField(label="The parent has signed the participation agreement", required=False)
    method = forms.ChoiceField(
        label="How it was signed",
        choices=[c for c in Consent.Method.choices if c[0] != Consent.Method.VERBAL],
        widget=forms.Select(attrs=HALF),
    )
    form_language = forms.ChoiceField(
        label="Language of the form", choices=Language.choices, initial="en", widget=forms.Select(attrs=HALF)
    )
    interpreter = forms.CharField(required=False, max_length=80, widget=forms.TextInput(attrs=HALF))
    form_version = forms.CharField(required=False, max_length=20, widget=forms.TextInput(attrs=HALF))
    witness = forms.CharField(required=False, max_length=80, widget=forms.TextInput(attrs=HALF))

    def __init__(self, data: Any = None, *, referral: Referral) -> None:
        super().__init__(data)
        on_file = referral.parent.consents.live_on(timezone.localdate()).filter(
            kind=ConsentType.PARTICIPATION
        )
        self.fields["agreement"].queryset = on_file
        self.fields["agreement"].label_from_instance = lambda c: f"Signed {c.starts_on:%m/%d/%Y}"
        if not on_file:
            self.fields["agreement"].widget = forms.HiddenInput()
