"""Forms of allauth with words of ours."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms


class AddPasskeyForm(AddWebAuthnForm):
    """Name a new passkey; by default it signs in by itself."""

    passwordless = forms.BooleanField(
        label="Sign in with this passkey alone",
        required=False,
        initial=True,
        help_text="It then asks for your fingerprint, face or PIN in place of password and code. Leave this off for a "
        "plain security key that only stands beside your password.",
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = "So that you tell your keys apart, for example “Office laptop”."
        self.fields["name"].required = False
