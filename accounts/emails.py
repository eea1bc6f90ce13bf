"""Mail of this room."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from accounts.models import User


def reset_mail(person: User) -> EmailMessage:
    """The mail with the link to a new password; it leads to the product's own address, whatever a request called us."""
    key = {"uidb36": user_pk_to_url_str(person), "key": PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)}
    link = settings.ADDRESS.rstrip("/") + reverse("account_reset_password_from_key", kwargs=key)
    return get_adapter().render_mail(
        "account/email/password_reset_key", person.email, {"password_reset_url": link}
    )
