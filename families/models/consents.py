"""What a parent agreed to, and what was shared (`domain.md` 10.5, V13)."""

from __future__ import annotations

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from audit.history import keep_history
from counties.codes import Language
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, WallKey
from counties.wall.rules import never_rewritten, not_in_future, refuse_when, said_once
from families.codes import ConsentType, RecordCategory
from families.models.family import Family, FamilyScopedRows
from families.models.people import Parent


class Consents(FamilyScopedRows):
    to_family = "parent__family"

    def live_on(self, day: dt.date) -> Consents:
        """Neither expired nor revoked on the day."""
        return self.filter(starts_on__lte=day, revoked_at=None).filter(
            Q(expires_on=None) | Q(expires_on__gt=day)
        )

    def ending(self, day: dt.date) -> Consents:
        """Live, over within 30 days, of a family enrolled on the day, and not renewed by a later one."""
        later = self.model.objects.live_on(day).filter(
            Q(expires_on=None) | Q(expires_on__gt=OuterRef("expires_on")),
            parent=OuterRef("parent"), kind=OuterRef("kind"), recipient__iexact=OuterRef("recipient"),
        )  # fmt: skip
        # Enrollments live in a room above; asked for by the reverse name.
        enrollments = Family._meta.get_field("enrollments").related_model.objects.open_on(day)
        return self.live_on(day).filter(
            ~Exists(later), Exists(enrollments.filter(family=OuterRef("parent__family"))),
            expires_on__lte=day + REMINDED,
        )  # fmt: skip

    def covering(self, *, recipient: str, categories: list[str], purpose: str, on: dt.date) -> Consents:
        """Live consents that cover party, every category and purpose (`domain.md` V13)."""
        return self.live_on(on).filter(
            recipient__iexact=recipient, purpose__iexact=purpose, categories__contains=categories
        )


REMINDED = dt.timedelta(days=30)
"""How long before its end a consent asks to be renewed."""


def _in_a_year() -> dt.date:
    return timezone.localdate() + relativedelta(years=1)


@keep_history
class Consent(SiteModel):
    """A parent's agreement or release (`domain.md` 10.5). Revocation works at once and for the future."""

    class Method(models.TextChoices):
        SIGNED = "signed", "Signed on paper"
        ELECTRONIC = "electronic", "Signed electronically"
        VERBAL = "verbal", "Verbal (outreach only)"

    parent = WallKey(Parent, related_name="consents")
    kind = models.CharField(max_length=30, choices=ConsentType)
    recipient = models.CharField(max_length=120, blank=True)
    categories = ArrayField(models.CharField(max_length=20, choices=RecordCategory), default=list, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField(default=timezone.localdate)
    expires_on = models.DateField(null=True, blank=True, default=_in_a_year)
    method = models.CharField(max_length=12, choices=Method, default=Method.SIGNED)
    form_version = models.CharField(max_length=20, blank=True)
    form_language = models.CharField(max_length=8, default="en")
    interpreter = models.CharField(max_length=80, blank=True)
    witness = models.CharField(max_length=80, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_how = models.CharField(max_length=120, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    personal = {
        "kind": "what was agreed to", "recipient": "named party", "categories": "what is shared", "purpose": "why",
        "interpreter": "name", "witness": "name", "revoked_how": "free text",
    }  # fmt: skip
    harmless = {
        "id", "site", "parent", "starts_on", "expires_on", "method", "form_version", "form_language", "revoked_at",
        "recorded_by", "recorded_at",
    }  # fmt: skip

    objects = SiteManager.from_queryset(Consents)()

    class Meta:
        ordering = ["-starts_on", "-recorded_at"]
        indexes = [models.Index(fields=["site", "parent"], name="consent_site_parent")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gt=F("starts_on")),
                name="consent_expires_after_start",
                violation_error_message="The expiry date is not after the start date.",
            ),
            without_ssn("consent", "purpose"),
            without_ssn("consent", "revoked_how"),
        ]
        triggers = [
            said_once("revoked_at"),
            never_rewritten(
                "site_id", "kind", "recipient", "categories", "purpose", "starts_on", "expires_on", "method",
                "recorded_by_id", "recorded_at",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.parent}"

    def get_form_language_display(self) -> str:
        return str(dict(Language.choices).get(self.form_language, self.form_language))


class Disclosures(FamilyScopedRows):
    to_family = "parent__family"


@keep_history
class Disclosure(SiteModel):
    """Something shared about a parent, under a live consent or a recorded legal basis (`domain.md` V13)."""

    parent = WallKey(Parent, related_name="disclosures")
    consent = WallKey(Consent, null=True, blank=True, related_name="disclosures")
    legal_basis = models.CharField(max_length=120, blank=True)
    recipient = models.CharField(max_length=120)
    categories = ArrayField(models.CharField(max_length=20, choices=RecordCategory))
    purpose = models.CharField(max_length=200)
    disclosed_on = models.DateField(default=timezone.localdate)
    disclosed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    personal = {
        "legal_basis": "free text", "recipient": "named party", "categories": "what was shared", "purpose": "why",
    }  # fmt: skip
    harmless = {"id", "site", "parent", "consent", "disclosed_on", "disclosed_by"}

    objects = SiteManager.from_queryset(Disclosures)()

    @property
    def what(self) -> str:
        """What was shared, in words."""
        return ", ".join(str(RecordCategory(code).label) for code in self.categories)

    class Meta:
        ordering = ["-disclosed_on"]
        indexes = [models.Index(fields=["site", "parent"], name="disclosure_site_parent")]
        constraints = [
            models.CheckConstraint(
                condition=Q(consent__isnull=False) | ~Q(legal_basis=""),
                name="v13_consent_or_legal_basis",
                violation_error_message="V13: sharing needs a live consent or a legal basis.",
            ),
            without_ssn("disclosure", "purpose"),
            without_ssn("disclosure", "legal_basis"),
        ]
        triggers = [
            not_in_future("disclosed_on"),
            # All but the parent, who becomes another row when two records of one person become one.
            never_rewritten(
                "site_id",
                "consent_id",
                "legal_basis",
                "recipient",
                "categories",
                "purpose",
                "disclosed_on",
                "disclosed_by_id",
            ),
            refuse_when(
                "v13_consent_covers",
                declare="covers boolean;",
                lookup=(
                    "SELECT c.parent_id = NEW.parent_id AND c.revoked_at IS NULL"
                    " AND c.starts_on <= NEW.disclosed_on"
                    " AND (c.expires_on IS NULL OR c.expires_on > NEW.disclosed_on)"
                    " AND lower(c.recipient) = lower(NEW.recipient) AND lower(c.purpose) = lower(NEW.purpose)"
                    " AND c.categories @> NEW.categories INTO covers"
                    " FROM families_consent c WHERE c.id = NEW.consent_id;"
                ),
                when="TG_OP = 'INSERT' AND NEW.consent_id IS NOT NULL AND NOT coalesce(covers, false)",
                message="V13: the consent does not cover this party, category and purpose today",
            ),
        ]
