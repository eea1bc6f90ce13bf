"""What staff answer about an incoming referral, and about the public form itself."""

from __future__ import annotations

from typing import Any

from django import forms

from counties.access import Access
from counties.action_forms import ActionForm
from counties.forms import SiteChoiceField
from families.models import Family, Parent
from families.who import WhoForm
from referrals.models import IncomingReferral, PublicForm, Referral

COMBO = {"class": "combo"}


class IncomingFilter(forms.Form):
    """Filters of the list of incoming referrals."""

    status = forms.ChoiceField(
        label="Show", choices=[("", "All"), *IncomingReferral.Status.choices], required=False
    )

    def narrow(self, incoming: Any) -> Any:
        """The incoming referrals asked for; a filter with an error narrows nothing."""
        self.is_valid()
        chosen = self.cleaned_data.get("status")
        return incoming.filter(status=chosen) if chosen else incoming


def person_in(incoming: IncomingReferral) -> dict[str, Any]:
    """Whom the sender means, as `likely_duplicates` asks for it."""
    return {
        "first_name": incoming.first_name, "last_name": incoming.last_name, "case_number": incoming.state_case_id
    }  # fmt: skip


class TakeUpForm(WhoForm):
    """Who the parent is: somebody PSP knows, the other parent of a known family, or somebody new."""

    parent = SiteChoiceField(
        label="A parent PSP knows", queryset=None, required=False, empty_label="Not known: a new parent",
        widget=forms.Select(attrs=COMBO),
    )  # fmt: skip
    family = SiteChoiceField(
        label="Family of a new parent", queryset=None, required=False, empty_label="A new family",
        help_text="Choose one when the other parent is known already.", widget=forms.Select(attrs=COMBO),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, access: Access, incoming: IncomingReferral, **kwargs: Any
    ) -> None:
        super().__init__(data, access=access, **kwargs)
        self.incoming = incoming
        self.fields["parent"].queryset = Parent.objects.visible_to(access).select_related("family")
        self.fields["parent"].label_from_instance = lambda p: f"{p}, {p.family}"
        self.fields["family"].queryset = Family.objects.visible_to(access).prefetch_related("parents")
        self.fields["family"].label_from_instance = lambda f: f"{f}: {', '.join(map(str, f.parents.all()))}"

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("parent") and self.cleaned_data.get("family"):
            self.add_error("family", "Leave this as it is when the parent is known.")
        return super().clean()

    def newcomer(self, answers: dict[str, Any]) -> dict[str, Any] | None:
        return None if answers.get("parent") else person_in(self.incoming)


class JoinForm(ActionForm):
    """The referral that was there before."""

    confirmed = None
    referral = SiteChoiceField(
        label="Referral that is under way", queryset=None, empty_label="Choose one", widget=forms.Select(attrs=COMBO)
    )  # fmt: skip

    def __init__(self, data: Any = None, *, access: Access, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        under_way = Referral.objects.visible_to(access).exclude(withdrawn_on__isnull=False)
        open_now = (under_way.pending() | under_way.accepted()).exclude(
            participation__enrollment__closed_on__isnull=False
        )
        self.fields["referral"].queryset = open_now.select_related("parent", "family")
        self.fields["referral"].label_from_instance = lambda r: f"{r}: {r.parent}, {r.family}"


class DeclineIncomingForm(ActionForm):
    """Why an incoming referral is left aside."""

    decline_reason = forms.ChoiceField(
        label="Reason", choices=IncomingReferral.DeclineReason.choices,
        widget=forms.RadioSelect(attrs={"class": "tile"}),
    )  # fmt: skip


class SwitchPublicFormForm(ActionForm):
    """Whether strangers may send referrals, and whom they may call."""

    is_open = forms.BooleanField(label="The form is open to everyone who has the link", required=False)
    phone = forms.CharField(
        label="Phone number to call instead", required=False, max_length=20,
        help_text="Shown on the form and on the poster.", widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, form: PublicForm | None, **kwargs: Any) -> None:
        now = {"is_open": form.is_open if form else True, "phone": form.phone if form else ""}
        super().__init__(data, initial=now, **kwargs)
