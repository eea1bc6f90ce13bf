"""Password rules beyond Django's own."""

from django.core.exceptions import ValidationError

CONTEXT_WORDS = ("parentssupportingparents", "parentpartner", "wisconsin", "childwelfare", "password")


class ContextWordValidator:
    """Refuses a password that is mostly a word everyone here would guess (ASVS 6.2.11)."""

    def validate(self, password: str, user=None) -> None:
        plain = "".join(c for c in password.lower() if c.isalpha())
        for word in CONTEXT_WORDS:
            if word in plain and len(plain) - len(word) < 6:
                raise ValidationError(
                    "This password is mostly a word others would guess. Use several unrelated words.",
                    code="context",
                )

    def get_help_text(self) -> str:
        return "Several unrelated words make a good password. The program's name does not."
