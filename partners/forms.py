"""What a person types about parent partners and their sessions."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from counties.access import Access
from counties.action_forms import ActionForm
from counties.codes import Experience, Gender, Language
from counties.forms import HALF, SiteChoiceField, SiteMultipleChoiceField
from counties.permissions import Right
from counties.roles import Role
from partners.models import (
    EligibilityBasis,
    ParentPartner,
    Separation,
    SupportSession,
)
from partners.models.sessions import Agenda

RECENTLY = dt.timedelta(days=90)
"""For how long somebody who left stays on attendance lists, for sessions entered late."""
COLUMNS = forms.CheckboxSelectMultiple(attrs={"class": "columns"})


class PartnerForm(ActionForm):
    """A parent partner's profile; what is left blank is unknown."""

    sections = (
        ("Who", ["first_name", "last_name", "email", "phone", "person"]),
        ("Role", ["starts_on", "fte", "core_training_completed_on"]),
        (
            "Eligibility",
            ["eligibility_basis", "eligibility_on", "eligibility_verified_by", "eligibility_override"],
            "A parent partner may start one year after reunification, or after rights or another permanency "
            "decision were resolved.",
        ),
        (
            "For matching",
            ["languages", "other_languages", "experience", "gender", "culture", "municipality"],
            "Only what this person chooses to share. Lived experience is theirs alone: later they change it, and "
            "what may be named, under My profile.",
        ),
    )

    first_name = forms.CharField(max_length=60, widget=forms.TextInput(attrs=HALF))
    last_name = forms.CharField(max_length=60, widget=forms.TextInput(attrs=HALF))
    email = forms.EmailField(
        label="E-mail",
        required=False,
        widget=forms.EmailInput(attrs=HALF | {"autocomplete": "off"}),
    )
    phone = forms.CharField(
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs=HALF | {"inputmode": "tel", "autocomplete": "off"}),
    )
    person = SiteChoiceField(
        queryset=User.objects.none(),
        label="Sign-in",
        required=False,
        empty_label="No sign-in yet",
        help_text="The account with which this person signs in. Invite them as a parent partner first.",
    )
    starts_on = forms.DateField(label="Start date", widget=forms.DateInput(attrs=HALF))
    fte = forms.DecimalField(
        label="FTE",
        min_value=Decimal("0.05"),
        max_value=1,
        max_digits=3,
        decimal_places=2,
        widget=forms.NumberInput(attrs=HALF | {"step": "0.05"}),
        help_text="Share of full time, from 0.05 to 1.00.",
        error_messages={
            "min_value": "Enter a number from 0.05 to 1.00.",
            "max_value": "Enter a number from 0.05 to 1.00.",
        },
    )
    core_training_completed_on = forms.DateField(
        label="Core training completed on",
        required=False,
        help_text="Without it a first match needs a reason.",
        widget=forms.DateInput,
    )
    eligibility_basis = forms.ChoiceField(
        label="Basis", choices=EligibilityBasis.choices, widget=forms.RadioSelect
    )
    eligibility_on = forms.DateField(
        label="Eligibility date",
        help_text="The day the children came home, or the day the decision was resolved.",
        widget=forms.DateInput(attrs=HALF),
    )
    eligibility_verified_by = forms.CharField(
        label="Verified by",
        max_length=80,
        help_text="Who has seen the evidence.",
        widget=forms.TextInput(attrs=HALF),
    )
    eligibility_override = forms.CharField(
        label="State override, with the reason",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Only when DCF has agreed to an earlier start: who agreed, when, and why.",
    )
    languages = forms.MultipleChoiceField(choices=Language.choices, required=False, widget=COLUMNS)
    other_languages = forms.CharField(
        required=False,
        max_length=60,
        help_text="Three-letter codes (ISO 639-3), separated by blanks: kar for Karen.",
    )
    experience = forms.MultipleChoiceField(
        label="Lived experience that matching may use",
        choices=Experience.choices,
        required=False,
        widget=COLUMNS,
        help_text="With this person beside you. It counts in suggestions and is named to nobody.",
    )
    gender = forms.ChoiceField(
        choices=[("", ""), *Gender.choices], required=False, widget=forms.Select(attrs=HALF)
    )
    culture = forms.CharField(
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=HALF),
        help_text="In this person's own words.",
    )
    municipality = forms.CharField(
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=HALF),
        help_text="City, village or town. No street.",
    )

    def __init__(
        self, *args: Any, access: Access, partner: ParentPartner | None = None, **kwargs: Any
    ) -> None:
        if partner is not None:
            kwargs["initial"] = _typed(partner)
        super().__init__(*args, **kwargs)
        if partner is not None:
            del self.fields["experience"]
        held = Q(roles__site=access.site, roles__role=Role.PARENT_PARTNER)
        if partner and partner.person_id:
            held |= Q(pk=partner.person_id)
        self.fields["person"].queryset = User.objects.filter(held).distinct().order_by("name")

    def clean_other_languages(self) -> list[str]:
        codes = re.split(r"[\s,;]+", self.cleaned_data["other_languages"].strip().lower())
        bad = [code for code in codes if code and not re.fullmatch(r"[a-z]{2,3}", code)]
        if bad:
            raise forms.ValidationError(f"“{bad[0]}” is no code of two or three letters.")
        return [code for code in codes if code]

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        others = answers.pop("other_languages", [])
        chosen = answers.get("languages", [])
        answers["languages"] = chosen + [code for code in others if code not in chosen]
        return answers


def _typed(partner: ParentPartner) -> dict[str, Any]:
    """The form's first answers; languages outside the common list stand in their own field."""
    answers = {name: getattr(partner, name) for name in PartnerForm.base_fields if hasattr(partner, name)}
    others = [code for code in partner.languages if code not in Language.values]
    return answers | {"other_languages": " ".join(others), "person": partner.person_id}


class StrikeSessionForm(ActionForm):
    """Why a session is struck out."""

    reason = forms.CharField(
        max_length=200,
        help_text="For the trail: entered twice, wrong site, did not take place.",
        widget=forms.TextInput,
    )


class NoteForm(ActionForm):
    """What a supervision was about, in two parts with two readers."""

    summary = forms.CharField(
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The parent partner and coordinators read this. No family names.",
    )
    note = forms.CharField(
        label="Supervisor's note",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Coordinators alone read this; parent partners never. No family names.",
    )


class AgreedStepForm(ActionForm):
    """Something agreed in supervision."""

    partner = SiteChoiceField(queryset=None, label="Who does it")
    words = forms.CharField(label="What was agreed", max_length=200, widget=forms.TextInput)
    due_on = forms.DateField(label="Due", widget=forms.DateInput)

    def __init__(self, *args: Any, access: Access, session: SupportSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        came = session.attendances.filter(is_present=True).values("partner")
        self.fields["partner"].queryset = ParentPartner.objects.visible_to(access).filter(pk__in=came)
        if self.fields["partner"].queryset.count() == 1:
            self.fields["partner"].initial = self.fields["partner"].queryset.get().pk


class Sharing(models.TextChoices):
    """What a parent partner lets become of one part of their story."""

    NO = "no", "Not part of my story, or not told"
    KEPT = "kept", "Keep it to myself"
    USED = "used", "Use it in matching, do not name it"
    SHOWN = "shown", "Use it, and coordinators may name it"


class OwnExperienceForm(ActionForm):
    """A parent partner's own choices about their lived experience; one question for each kind."""

    def __init__(self, *args: Any, partner: ParentPartner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in Experience.choices:
            self.fields[code] = forms.ChoiceField(
                label=label,
                choices=Sharing.choices,
                initial=_sharing(partner, code),
                widget=forms.Select(attrs=HALF),
            )

    def clean(self) -> dict[str, Any]:
        """The answers as the three lists the action takes."""
        answers = super().clean()
        chosen = {code: answers.pop(code, Sharing.NO) for code in Experience.values}
        used = {Sharing.USED, Sharing.SHOWN}
        return answers | {
            "told": [code for code, choice in chosen.items() if choice != Sharing.NO],
            "used": [code for code, choice in chosen.items() if choice in used],
            "shown": [code for code, choice in chosen.items() if choice == Sharing.SHOWN],
        }


def _sharing(partner: ParentPartner, code: str) -> Sharing:
    if code in partner.experience_shown:
        return Sharing.SHOWN
    if code in partner.experience_used:
        return Sharing.USED
    return Sharing.KEPT if code in partner.experience else Sharing.NO


class EndPartnerForm(ActionForm):
    """The end of a parent partner's role."""

    ends_on = forms.DateField(
        label="End date",
        help_text="The first day this person is no longer a parent partner here.",
        widget=forms.DateInput,
    )
    separation = forms.ChoiceField(
        label="Why they leave", choices=Separation.choices, widget=forms.RadioSelect
    )


class SessionForm(ActionForm):
    """A supervision, clinical-support or training session and who came."""

    kind = forms.ChoiceField(
        label="Kind of session", choices=SupportSession.Kind.choices, widget=forms.RadioSelect
    )
    held_on = forms.DateField(label="Date", widget=forms.DateInput(attrs=HALF))
    minutes = forms.IntegerField(
        min_value=1,
        max_value=720,
        widget=forms.NumberInput(attrs=HALF),
        error_messages={
            "min_value": "A session takes from 1 to 720 minutes.",
            "max_value": "A session takes from 1 to 720 minutes.",
        },
    )
    topic = forms.CharField(
        max_length=80,
        required=False,
        help_text="A word or two, never about a family. Leave blank for clinical support: its content is not stored.",
    )
    agenda = forms.MultipleChoiceField(
        choices=Agenda.choices,
        required=False,
        widget=COLUMNS,
        help_text="Of supervision. What was said about a parent partner is written on the session's own page.",
    )
    attendees = SiteMultipleChoiceField(
        queryset=None,
        label="Who attended",
        widget=COLUMNS,
        error_messages={"required": "Choose who attended."},
    )

    def __init__(
        self, *args: Any, access: Access, session: SupportSession | None = None, **kwargs: Any
    ) -> None:
        present = [row.partner_id for row in session.attendances.all() if row.is_present] if session else []
        if session is not None:
            kept = {
                name: getattr(session, name) for name in ("kind", "held_on", "minutes", "topic", "agenda")
            }
            kwargs["initial"] = kept | {"attendees": present}
        super().__init__(*args, **kwargs)
        here = Q(ends_on=None) | Q(ends_on__gt=timezone.localdate() - RECENTLY) | Q(pk__in=present)
        self.fields["attendees"].queryset = ParentPartner.objects.may_attend(access).filter(here)
        if Right.PARTNER_VIEW_ALL not in access:
            self._only_clinical()

    def _only_clinical(self) -> None:
        """Clinical support keeps the attendance of its own sessions, without content."""
        del self.fields["topic"]
        del self.fields["agenda"]
        self.fields["kind"].choices = [(SupportSession.Kind.CLINICAL, SupportSession.Kind.CLINICAL.label)]
        self.fields["kind"].initial = SupportSession.Kind.CLINICAL
        self.fields["kind"].widget = forms.HiddenInput()
