"""One account for a person, whatever sites and roles they hold."""

from __future__ import annotations

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
    """A person who signs in with an e-mail address."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    deactivated_at = models.DateTimeField(null=True, blank=True)

    personal = {"email": "work address", "name": "name of a staff member", "password": "hash"}
    harmless = {"id", "is_active", "created_at", "deactivated_at", "last_login"}

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
