"""What a person types about consents and disclosures, and how their lists are narrowed."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django import forms
from django.db.models import Q
from django.utils import timezone

from counties.action_forms import ActionForm, RowForm
from counties.codes import Language
from counties.forms import HALF, SiteChoiceField
from counties.kept_files import ScanField
from families.codes import ConsentType, RecordCategory
from families.forms import boxes
from families.listing import REFERENCE
from families.models import (
    Consent,
    Consents,
    FamilyScopedRows,
    Parent,
)


class SignedFileForm(ActionForm):
    """The signed form of a consent, when it comes later."""

    signed_file = ScanField()

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        answers.pop("confirmed", None)  # there is nothing to doubt about a file
        return answers


class ConsentForm(RowForm):
    """What a parent agrees to: to whom, what, for what, until when."""

    sections = [
        ("What the parent agrees to", ["kind", "recipient", "categories", "purpose"]),
        ("From when until when", ["starts_on", "expires_on"]),
        ("How", ["method", "form_language", "interpreter", "form_version", "witness"]),
        ("The signed form", ["signed_file"]),
    ]
    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose one"), *ConsentType.choices])
    categories = boxes(RecordCategory.choices, "What may be shared")
    signed_file = ScanField(required=False)

    class Meta:
        model = Consent
        fields = [
            "kind", "recipient", "categories", "purpose", "starts_on", "expires_on", "method", "form_language",
            "interpreter", "form_version", "witness",
        ]  # fmt: skip
        widgets = {
            "starts_on": forms.DateInput(attrs=HALF),
            "expires_on": forms.DateInput(attrs=HALF),
            "method": forms.Select(attrs=HALF),
            "form_language": forms.Select(choices=Language.choices, attrs=HALF),
            "interpreter": forms.TextInput(attrs=HALF),
            "form_version": forms.TextInput(attrs=HALF),
            "witness": forms.TextInput(attrs=HALF),
        }
        labels = {
            "starts_on": "Signed on",
            "expires_on": "Expires on",
            "form_language": "Language of the form",
        }
        help_texts = {
            "recipient": "The person or office by name. Not needed for the participation agreement.",
            "purpose": "For example: case planning.",
            "expires_on": "Twelve months unless the parent wishes otherwise.",
        }


class RevokeConsentForm(ActionForm):
    """How the parent took a consent back."""

    revoked_how = forms.CharField(
        label="How did the parent say so?",
        max_length=120,
        help_text="For example: by phone to the coordinator.",
    )


class DisclosureForm(ActionForm):
    """Something to share: under a live consent, or with a legal basis."""

    sections = [
        ("What lets you share it", ["consent", "legal_basis"], "One of the two is needed."),
        ("What is shared", ["recipient", "categories", "purpose", "disclosed_on"]),
    ]
    consent = SiteChoiceField(
        label="Consent", queryset=None, required=False, empty_label="None of these",
        help_text="Recipient and purpose are taken from it when you leave them blank.",
    )  # fmt: skip
    legal_basis = forms.CharField(
        max_length=120,
        required=False,
        help_text="Only without a consent: the court order or statute that allows it.",
    )
    recipient = forms.CharField(max_length=120, required=False)
    categories = forms.MultipleChoiceField(
        label="What is shared", choices=RecordCategory.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "columns"}),
        error_messages={"required": "Choose what is shared."},
    )  # fmt: skip
    purpose = forms.CharField(max_length=200, required=False)
    disclosed_on = forms.DateField(
        label="Shared on", initial=timezone.localdate, widget=forms.DateInput(attrs=HALF)
    )

    def __init__(self, data: Any = None, *, parent: Parent) -> None:
        super().__init__(data)
        live = parent.consents.live_on(timezone.localdate()).exclude(recipient="")
        self.fields["consent"].queryset = live
        self.fields["consent"].label_from_instance = lambda c: f"{c.recipient}: {c.purpose}"

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        consent = answers.pop("consent", None)
        for name in ("recipient", "purpose"):
            answers[name] = answers.get(name) or (getattr(consent, name) if consent else "")
            if not answers[name] and not self.errors.get("consent"):
                self.add_error(name, "Enter an answer, or choose a consent above.")
        return answers


Rows = TypeVar("Rows", bound=FamilyScopedRows)


def _search_box() -> forms.CharField:
    box = forms.TextInput(attrs={"type": "search", "placeholder": "Parent, F-0142 or recipient"})
    return forms.CharField(label="Search", required=False, max_length=80, widget=box)


def _about(rows: Rows, words: str) -> Rows:
    """Consents or disclosures where every word is in the parent's or recipient's name, or the family's reference."""
    for word in words.split()[:6]:
        found = (
            Q(parent__first_name__icontains=word)
            | Q(parent__last_name__icontains=word)
            | Q(recipient__icontains=word)
        )
        number = REFERENCE.fullmatch(word)
        rows = rows.filter(found | Q(parent__family__number=number[1]) if number else found)
    return rows


class DisclosureFilter(forms.Form):
    """Which disclosures of the site to list."""

    q = _search_box()
    ground = forms.ChoiceField(
        label="Allowed by", choices=[("", "Any"), ("consent", "A consent"), ("legal", "A legal basis")], required=False
    )  # fmt: skip
    since = forms.DateField(label="Shared from", required=False)
    until = forms.DateField(label="Shared until", required=False)

    def narrow(self, disclosures: FamilyScopedRows) -> FamilyScopedRows:
        """The disclosures asked for; a filter with an error narrows nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        lookups = {"since": "disclosed_on__gte", "until": "disclosed_on__lte"}
        rows = disclosures.filter(**{lookup: chosen[n] for n, lookup in lookups.items() if chosen.get(n)})
        if chosen.get("ground"):
            rows = rows.filter(consent__isnull=chosen["ground"] == "legal")
        return _about(rows, chosen.get("q", ""))


class ConsentFilter(forms.Form):
    """Which consents of the site to list."""

    STATES = [
        ("live", "Live"),
        ("expiring", "Expiring within 30 days"),
        ("expired", "Expired"),
        ("revoked", "Revoked"),
    ]
    q = _search_box()
    state = forms.ChoiceField(label="Show", choices=[("", "All"), *STATES], required=False)
    kind = forms.ChoiceField(choices=[("", "Any"), *ConsentType.choices], required=False)

    def narrow(self, consents: Consents) -> Consents:
        """The consents asked for; a filter with an error narrows nothing."""
        self.is_valid()
        chosen, today = self.cleaned_data, timezone.localdate()
        consents = _about(consents, chosen.get("q", ""))
        if chosen.get("kind"):
            consents = consents.filter(kind=chosen["kind"])
        match chosen.get("state"):
            case "live":
                return consents.live_on(today)
            case "expiring":
                return consents.live_on(today).filter(expires_on__lte=today + dt.timedelta(days=30))
            case "expired":
                return consents.filter(revoked_at=None, expires_on__lte=today)
            case "revoked":
                return consents.exclude(revoked_at=None)
        return consents
