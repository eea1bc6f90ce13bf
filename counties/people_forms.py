"""Forms about people, their roles and their invitations."""

from __future__ import annotations

from django import forms
from django.contrib.auth import password_validation
from django.core.validators import RegexValidator
from django.utils import timezone

from accounts.models import User
from counties.action_forms import ActionForm
from counties.forms import HALF
from counties.models import Invitation, Site
from counties.models.people import label_of
from counties.roles import GRANTS, STATE_ROLES, Role
from counties.texting import text_sender

SITE_ROLES = [role for role in Role if role not in STATE_ROLES]


def role_choices(roles: list[Role], site: Site | None) -> list[tuple[str, str]]:
    return [("", "Choose a role"), *((str(role), label_of(role, site)) for role in roles)]


class RoleFields(ActionForm):
    """A choice of role; what each may do stands beside the form."""

    confirmed = None
    role = forms.ChoiceField()

    def __init__(self, *args, roles: list[Role], site: Site | None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(roles, site)
        self.explained = [(label_of(role, site), GRANTS[role].sentence) for role in roles]


class InviteForm(RoleFields):
    name = forms.CharField(
        label="Name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(
        label="Work e-mail",
        help_text="The link goes there, works once and for seven days. It is also how they sign in.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["name", "email", "role"]


class GiveRoleForm(RoleFields):
    starts_on = forms.DateField(label="First day", initial=timezone.localdate, widget=forms.DateInput)


class EndRoleForm(ActionForm):
    confirmed = None
    ends_on = forms.DateField(
        label="First day without this role", initial=timezone.localdate, widget=forms.DateInput,
        help_text="Today ends their access at once.",
    )  # fmt: skip


class AcceptForm(ActionForm):
    """What a new person chooses: how they are called, and a password."""

    confirmed = None
    name = forms.CharField(
        label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label="Choose a password", strip=False, help_text=password_validation.password_validators_help_text_html(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label="The same password again", strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args, invitation: Invitation, **kwargs) -> None:
        super().__init__(*args, initial={"name": invitation.name}, **kwargs)
        self.invitation = invitation

    def clean(self) -> dict:
        data = super().clean() or self.cleaned_data
        password, again = data.get("password"), data.pop("again", None)
        if password and again and password != again:
            self.add_error("again", "This is not the password you typed above.")
        if password:
            person = User(email=self.invitation.email, name=data.get("name", ""))
            try:
                password_validation.validate_password(password, person)
            except forms.ValidationError as refusal:
                self.add_error("password", refusal)
        return data


class PeopleFilter(forms.Form):
    """Whom the list of people shows."""

    q = forms.CharField(label="Search", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    role = forms.ChoiceField(label="Role", required=False)
    when = forms.ChoiceField(
        label="When", required=False, choices=[("", "Now and to come"), ("former", "Former"), ("all", "All")]
    )

    def __init__(self, *args, site: Site, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "Any role"), *role_choices(SITE_ROLES, site)[1:]]


class ReasonForm(ActionForm):
    confirmed = None
    reason = forms.CharField(label="Reason", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


is_phone = RegexValidator(r"^\+?[\d ().-]{10,20}$", "Enter a telephone number with its area code.")


class NameForm(ActionForm):
    confirmed = None
    name = forms.CharField(
        label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class DigestForm(ActionForm):
    """How often, and when not, one is told by mail that something new waits."""

    confirmed = None
    digest = forms.ChoiceField(
        label="E-mail when something new waits", choices=User.Digest.choices, widget=forms.RadioSelect
    )
    quiet_from = forms.TimeField(
        label="Quiet from", widget=forms.TimeInput(attrs=HALF),
        help_text="No mail from this time on. The same time twice: at any hour.",
    )  # fmt: skip
    quiet_until = forms.TimeField(label="Quiet until", widget=forms.TimeInput(attrs=HALF))
    mobile = forms.CharField(
        label="Mobile number for a text message as well", required=False, max_length=20, validators=[is_phone],
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text="A text names nobody either. Blank: no text messages.",
    )  # fmt: skip

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if text_sender() is None:
            del self.fields["mobile"]
