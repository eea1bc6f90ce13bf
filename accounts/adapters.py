"""How allauth behaves here: nobody signs up without an invitation, second-factor secrets are sealed at rest."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        """Accounts begin with an invitation (`accounts.views.accept_invitation`), never with a sign-up form."""
        return False


class MFAAdapter(DefaultMFAAdapter):
    """allauth keeps TOTP seeds and recovery codes in clear by default; here they are sealed with Fernet keys."""

    @staticmethod
    def _keys() -> MultiFernet:
        return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])

    def encrypt(self, text: str) -> str:
        return self._keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._keys().decrypt(encrypted_text.encode()).decode()
