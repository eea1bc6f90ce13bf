"""Forms of the state's office: sites, their phases, and the people who lead them."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from accounts.models import User
from counties.action_forms import ActionForm, RowForm
from counties.models import County, Site
from counties.models.places import Operator, Phase
from counties.people_forms import InviteForm, ReasonForm
from counties.roles import STATE_ROLES, Role

COORDINATORS = [Role.PROGRAM_COORDINATOR, Role.PARTNER_COORDINATOR]
PHASES = [choice for choice in Phase.choices if choice[0] != Phase.CLOSED]


class SiteFields(RowForm):
    confirmed = None
    counties = forms.ModelMultipleChoiceField(
        County.objects.all(), help_text="All counties this program works in.",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "columns"}),
    )  # fmt: skip

    operator = forms.ChoiceField(label="Run by", choices=[("", "Choose who runs it"), *Operator.choices])
    field_order = ["name", "operator", "operator_name", "counties"]

    class Meta:
        model = Site
        fields = ["name", "operator_name"]
        labels = {"operator_name": "Name of the agency"}
        help_texts = {"operator_name": "For example “United Way of Door County”."}


class EditSiteForm(SiteFields):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["counties"].initial = self.instance.counties.all()
        self.fields["operator"].initial = self.instance.operator


class OpenSiteForm(SiteFields):
    phase = forms.ChoiceField(label="First contract phase", choices=PHASES)
    field_order = ["name", "slug", "operator", "operator_name", "opened_on", "phase", "counties"]

    class Meta(SiteFields.Meta):
        fields = ["name", "slug", "operator_name", "opened_on"]
        labels = SiteFields.Meta.labels | {"slug": "Word in addresses", "opened_on": "Opened on"}
        help_texts = SiteFields.Meta.help_texts | {
            "slug": "Small letters, for example “rock”. It never changes."
        }
        widgets = {"opened_on": forms.DateInput}
        error_messages = {
            "slug": {"invalid": "Use small letters, numbers and hyphens only, such as fond-du-lac."}
        }


class BeginPhaseForm(ActionForm):
    confirmed = None
    phase = forms.ChoiceField(label="Contract phase", choices=[("", "Choose a phase"), *PHASES])
    starts_on = forms.DateField(
        label="First day", help_text="The present phase ends on this day.", widget=forms.DateInput
    )


class CloseSiteForm(ReasonForm):
    closed_on = forms.DateField(
        label="Closed from",
        initial=timezone.localdate,
        widget=forms.DateInput,
        help_text="The first day without PSP.",
    )
    field_order = ["closed_on", "reason"]


class InviteForStateForm(InviteForm):
    """State staff, or a site's coordinators; everybody else is invited by their coordinator."""

    site = forms.ModelChoiceField(
        Site.objects.none(), required=False, empty_label="State of Wisconsin",
        help_text="For coordinators choose their site.",
    )  # fmt: skip
    field_order = ["name", "email", "role", "site"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, roles=[*STATE_ROLES, *COORDINATORS], site=None, **kwargs)
        self.fields["site"].queryset = Site.objects.open_on(timezone.localdate())

    def clean(self) -> dict:
        data = super().clean() or self.cleaned_data
        role, site = data.get("role"), data.get("site")
        if role in COORDINATORS and site is None and "site" not in self.errors:
            self.add_error("site", "Choose the site this coordinator works at.")
        if role in STATE_ROLES and site is not None:
            self.add_error("site", "A state role has no site: choose State of Wisconsin.")
        return data


class AccountSwitchForm(ReasonForm):
    """Which account, by its exact address: the office keeps no list of parent partners."""

    email = forms.EmailField(
        label="E-mail address of the account", widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    switch = forms.ChoiceField(
        label="What to do", choices=[("off", "Switch it off, everywhere, at once"), ("on", "Switch it on again")],
        widget=forms.RadioSelect,
    )  # fmt: skip
    field_order = ["email", "switch", "reason"]

    def clean(self) -> dict:
        data = super().clean() or self.cleaned_data
        if data.get("email"):
            data["person"] = User.objects.filter(email__iexact=data["email"]).first()
            if data["person"] is None:
                self.add_error("email", "No account has this address.")
        return data
