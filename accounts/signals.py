"""Sign-ins, failures and changes of the second factor go into the trail; they belong to no site.

What is recorded are ids and kinds, never the address somebody typed.
"""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.factors import has_factor, note_factor, shown_at_sign_in
from accounts.middleware import begin_limits
from accounts.models import User
from audit.record import record


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    with_factor = shown_at_sign_in(request, user)
    note_factor(request, shown=with_factor)
    begin_limits(request)
    record("person.signed_in", user, actor_id=user.pk, second_factor=with_factor)


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        record("person.signed_out", user, actor_id=user.pk, why=getattr(request, "ended_by", "person"))


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], **kwargs: Any) -> None:
    email = credentials.get("email") or credentials.get("username") or ""
    known = User.objects.filter(email__iexact=email).first() if email else None
    record("person.sign_in_failed", kind="user", ids=[known.pk] if known else [])


@receiver(mfa.authentication_failed)
def factor_refused(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    record("factor.refused", user, actor_id=user.pk, factor=authenticator.type)


@receiver(mfa.authenticator_used)
def factor_used(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if request.user.is_authenticated and request.user.pk == user.pk:
        note_factor(request, shown=True)
    record("factor.used", user, actor_id=user.pk, factor=authenticator.type)


@receiver(mfa.authenticator_added)
def factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        note_factor(request, shown=True)
    record("factor.added", user, actor_id=user.pk, factor=authenticator.type)


@receiver(mfa.authenticator_removed)
def factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if not has_factor(user):
        note_factor(request, shown=False)
    record("factor.removed", user, actor_id=user.pk, factor=authenticator.type)


@receiver(mfa.authenticator_reset)
def codes_renewed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    record("factor.renewed", user, actor_id=user.pk, factor=authenticator.type)


@receiver([password_changed, password_set, password_reset])
def password_replaced(user: User, signal: Any, **kwargs: Any) -> None:
    verb = "password.reset" if signal is password_reset else "password.changed"
    record(verb, user, actor_id=user.pk)
