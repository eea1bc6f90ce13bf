"""One account for a person, whatever sites and roles they hold."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, *, name: str, password: str | None = None) -> User:
        """Create an account that can sign in once it has a password or passkey."""
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A person who signs in with an e-mail address.

    `digest`: how often a mail says that something new waits, never during the quiet hours (local time; the same
    time twice: none). `digest_on` is the day of the last one, `mobile` serves text messages where they are on.
    """

    class Digest(models.TextChoices):
        OFF = "off", "Never"
        DAILY = "daily", "At most once a day"
        WEEKLY = "weekly", "At most once a week"

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    deactivated_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=6, choices=Digest, default=Digest.WEEKLY)
    quiet_from = models.TimeField(default=dt.time(18))
    quiet_until = models.TimeField(default=dt.time(7))
    digest_on = models.DateField(null=True, blank=True)
    mobile = models.CharField(max_length=20, blank=True)

    personal = {
        "email": "work address", "name": "name of a staff member", "password": "hash", "mobile": "telephone",
        "quiet_from": "working hours", "quiet_until": "working hours",
    }  # fmt: skip
    harmless = {"id", "is_active", "created_at", "deactivated_at", "last_login", "digest", "digest_on"}

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case"),
            models.CheckConstraint(
                condition=models.Q(is_active=True, deactivated_at=None)
                | models.Q(is_active=False, deactivated_at__isnull=False),
                name="user_deactivated_at_with_inactive",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    @property
    def needs_second_factor(self) -> bool:
        """Whether any role held today demands one; the roles live in a room above, asked by reverse name."""
        today = timezone.localdate()
        return any(role.demands_second_factor for role in self.roles.on(today))

    @property
    def is_staff(self) -> bool:
        """There is no Django admin here; third-party code asks."""
        return False
