"""The short forms that anybody may send: for oneself (three languages), or for a parent one works with.

Every word stands in English here and is translated in `locale/`. There is no field for allegations.
"""

from __future__ import annotations

import re
import uuid
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from counties.action_forms import ActionForm
from counties.codes import Language
from counties.forms import HALF
from counties.models import SiteSettings
from families.codes import CaseType, CourtTrack
from referrals.models import SOURCES, IncomingReferral, ReferralSource
from referrals.models.incoming import CODE_SIGNS
from referrals.spam import LooksLikeAMachine, open_form, read_form

OWN_NAMES = {
    "en": "English", "es": "Español", "hmn": "Hmoob", "mww": "Hmoob Dawb", "hnj": "Moob Leeg", "so": "Soomaali",
    "ar": "العربية", "zh": "中文", "ru": "Русский", "my": "မြန်မာ", "lo": "ລາວ", "ase": "American Sign Language (ASL)",
}  # fmt: skip
"""Each language as those who speak it call it: they look for that word."""
SPOKEN = [("", _("Choose one")), *((code, OWN_NAMES.get(code, label)) for code, label in Language.choices)]
YES_NO = [("True", _("Yes")), ("False", _("No"))]
NO_SENDERS = {ReferralSource.SELF, ReferralSource.COUNCIL}


def _text(label: Any, length: int = 60, help_text: Any = "", **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs=HALF | attrs)
    return forms.CharField(label=label, required=False, max_length=length, help_text=help_text, widget=widget)


def _name(label: Any, autocomplete: str, required: bool = True) -> forms.CharField:
    field = _text(label, 60, autocomplete=autocomplete)
    field.required = required
    return field


def _phone(label: Any) -> forms.CharField:
    return _text(label, 20, inputmode="tel", autocomplete="tel")


def _email(label: Any) -> forms.EmailField:
    return forms.EmailField(
        label=label, required=False, widget=forms.EmailInput(attrs=HALF | {"autocomplete": "email"})
    )


def _yes_no(label: Any, help_text: Any = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=YES_NO, required=False, help_text=help_text, empty_value=None,
        coerce=lambda answer: answer == "True", widget=forms.RadioSelect(attrs={"class": "tile"}),
    )  # fmt: skip


class _TrapInForm(forms.BoundField):
    def css_classes(self, extra_classes: Any = None) -> str:
        return "" if self.errors else "psp-not-for-people"


class Trap(forms.CharField):
    """A field that people do not see unless it was filled in, by a machine or by a browser too eager to help."""

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        return _TrapInForm(form, self, field_name)


class PublicForm(ActionForm):
    """What both forms share: the signed note, and a field that only machines fill in."""

    confirmed = None
    is_sent_once = False  # the signed note does that
    opened = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)
    website = Trap(
        label=_("Leave this empty"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, site_id: int, **kwargs: Any) -> None:
        super().__init__(data, use_required_attribute=False, **kwargs)
        self.site_id = site_id
        self.incoming_id: uuid.UUID | None = None
        self.fields["opened"].initial = open_form(site_id)

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        opened, filled = answers.pop("opened", ""), answers.pop("website", "")
        try:
            self.incoming_id = read_form(opened, self.site_id)
        except LooksLikeAMachine as doubt:
            self.add_error(None, doubt)
            if doubt.code != "quick":  # a form that was too quick grows old enough by itself
                fresh = cast(QueryDict, self.data).copy()
                fresh["opened"] = open_form(self.site_id)
                self.data = fresh
        if filled:
            self.add_error("website", _("Leave this empty, then send it again."))
        return answers


class ReferMyselfForm(PublicForm):
    """A parent asks for a parent partner."""

    sections = [
        (_("About you"), ["first_name", "last_name", "municipality", "language"]),
        (_("How can we reach you?"), ["phone", "email", "reach_by", "may_leave_message", "note"]),
    ]
    first_name = _name(_("First name"), "given-name")
    last_name = _name(_("Last name"), "family-name", required=False)
    municipality = _text(_("Town or city"))
    language = forms.ChoiceField(
        label=_("The language you like to speak"), choices=SPOKEN, required=False,
        widget=forms.Select(attrs=HALF),
    )  # fmt: skip
    phone = _phone(_("Phone number"))
    email = _email(_("E-mail address"))
    reach_by = forms.ChoiceField(
        label=_("What do you like best?"), choices=IncomingReferral.Reach.choices, required=False,
        widget=forms.RadioSelect(attrs={"class": "tile"}),
    )  # fmt: skip
    may_leave_message = _yes_no(_("May we leave a message?"))
    note = forms.CharField(
        label=_("When is a good time to reach you?"), required=False, validators=[MaxLengthValidator(300)],
        help_text=_("Only about reaching you. Please do not write about your case or what happened."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if not (answers.get("phone") or answers.get("email") or self.errors.keys() & {"phone", "email"}):
            self.add_error("phone", _("Enter a phone number or an e-mail address."))
        return answers


class ReferParentForm(PublicForm):
    """Somebody who works with a parent refers them."""

    sections = [
        ("About you", ["source", "sender_name", "sender_agency", "sender_phone", "sender_email"]),
        ("The parent", ["first_name", "last_name", "phone", "email", "municipality", "language", "parent_agrees"]),
        (
            "Court and case",
            ["case_type", "court_tracks", "state_case_id"],
            "Leave blank what you do not know.",
            True,
        ),
        ("Reaching the parent", ["note"]),
    ]  # fmt: skip
    source = forms.ChoiceField(label="Your role")
    sender_name = forms.CharField(
        label="Your name", max_length=80, widget=forms.TextInput(attrs=HALF | {"autocomplete": "name"})
    )
    sender_agency = _text("Agency or office", 80, autocomplete="organization")
    sender_phone = _phone("Your phone number")
    sender_email = _email("Your e-mail address")
    first_name = _name("Parent's first name", "off")
    last_name = _name("Parent's last name", "off")
    phone = _text("Parent's phone number", 20, inputmode="tel", autocomplete="off")
    email = forms.EmailField(
        label="Parent's e-mail address", required=False, widget=forms.EmailInput(attrs=HALF | {"autocomplete": "off"})
    )  # fmt: skip
    municipality = _text("Town or city")
    language = forms.ChoiceField(
        label="Language the parent likes to speak", choices=[("", "Choose one"), *Language.choices], required=False,
        widget=forms.Select(attrs=HALF)
    )  # fmt: skip
    parent_agrees = _yes_no("Does the parent know that you refer them?", "PSP is voluntary for parents.")
    case_type = forms.ChoiceField(
        label="Children's situation", choices=[("", "Not known"), *CaseType.choices], required=False,
        widget=forms.Select(attrs=HALF),
    )  # fmt: skip
    court_tracks = forms.MultipleChoiceField(
        label="Court or program the family is in", required=False,
        choices=[choice for choice in CourtTrack.choices if choice[0] != CourtTrack.NONE],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "columns"}),
    )  # fmt: skip
    state_case_id = _text("Case number", 20)
    note = forms.CharField(
        label="Anything that helps to reach the parent", required=False, max_length=300,
        help_text=(
            "For example a good time to call. Do not write why child protection is involved, what happened, "
            "who reported it, or anything about health or treatment."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, site_id: int, **kwargs: Any) -> None:
        super().__init__(data, site_id=site_id, **kwargs)
        offered = SOURCES.offered(SiteSettings.objects.get(site_id=site_id))
        senders = [choice for choice in offered if choice[0] not in NO_SENDERS]
        self.fields["source"].choices = [("", "Choose one"), *senders]

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        told = answers.get("sender_phone") or answers.get("sender_email")
        if not (told or self.errors.keys() & {"sender_phone", "sender_email"}):
            self.add_error(
                "sender_phone", "Enter your phone number or e-mail address, so that PSP can ask back."
            )
        return answers


class ReceiptForm(forms.Form):
    """The code of a receipt, however it was typed."""

    code = forms.CharField(
        label=_("Code on your receipt"), max_length=20,
        help_text=_("12 letters and numbers, for example 7K2M-94TX-PWQ3."),
        widget=forms.TextInput(attrs=HALF | {"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip

    def clean_code(self) -> str:
        code = re.sub(r"[\s-]", "", self.cleaned_data["code"]).upper()
        if len(code) != 12 or set(code) - set(CODE_SIGNS):
            raise ValidationError(_("This is not a code of ours. Look at your receipt again."))
        return code
