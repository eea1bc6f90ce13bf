"""How allauth behaves here: nobody signs up without an invitation, second-factor secrets are sealed at rest."""

import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

from accounts.factors import REAL_FACTORS
from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "This e-mail address and password do not belong together. Check both and try again.",
        "incorrect_password": "This is not your password. Try again.",
        "enter_current_password": "This is not your present password. Try again.",
    }

    def is_open_for_signup(self, request) -> bool:
        """Accounts begin with an invitation (`counties.actions.invitations`), never with a sign-up form."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Ask again for password or code before the account changes, but not right after the sign-in."""
        request = context.request
        records = get_authentication_records(request, request.user)
        fresh = bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
        return not fresh and super().is_reauthentication_required(app=app, **kwargs)

    def send_password_reset_mail(self, user: User, email: str, context: dict) -> None:
        """Left to the worker: an answer that waits for the mail server tells which address has an account."""
        from accounts.tasks import send_reset

        send_reset.delay_on_commit(user.pk)

    def format_email_subject(self, subject: str) -> str:
        return f"PSP: {subject}"


class MFAAdapter(DefaultMFAAdapter):
    """allauth keeps TOTP seeds and recovery codes in clear by default; here they are sealed with Fernet keys."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right, or was used before. Wait for the next one and type it.",
        "cannot_delete_authenticator": "Your role needs a second sign-in step. Add a passkey first.",
    }

    @staticmethod
    def _keys() -> MultiFernet:
        return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])

    def encrypt(self, text: str) -> str:
        return self._keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._keys().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        return "PSP Wisconsin"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last second factor of somebody whose role demands one stays."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=REAL_FACTORS).exclude(
            pk=authenticator.pk
        )
        return others.exists() or not authenticator.user.needs_second_factor
