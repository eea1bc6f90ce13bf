"""Families, their parents and children, removals, consents and disclosures (`domain.md` 4.1)."""

from __future__ import annotations

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from audit.history import keep_history
from counties.codes import Experience, Gender, Language
from counties.free_text import without_ssn
from counties.models.people import DateSpan
from counties.wall import SiteManager, SiteModel, SiteQuerySet, WallKey
from counties.wall.rules import not_in_future, refuse_when
from families.codes import (
    Answer,
    CaseType,
    ConsentType,
    CourtTrack,
    DischargeReason,
    FamilyStatus,
    Race,
    RecordCategory,
)


class FamilyScopedRows(SiteQuerySet):
    """Rows that lead to a family. Who sees all families sees them all; a parent partner only those matched now."""

    to_family = "family"

    def visible_to(self, access) -> FamilyScopedRows:
        if access.sees_all_families:
            return self.all()
        if "family.view" in access:
            return self.filter(**{f"{self.to_family}__in": Family.objects.mentored_by(access.person)})
        return self.none()


class Families(SiteQuerySet):
    def visible_to(self, access) -> Families:
        if access.sees_all_families:
            return self.all()
        return self.mentored_by(access.person) if "family.view" in access else self.none()

    def mentored_by(self, person) -> Families:
        """Families with a parent whose match with this person's parent partner is running today."""
        return self.filter(parents__matches__in=_current_matches(person)).distinct()


def _current_matches(person):
    # The match lives in a room above; its rows are asked for by the reverse name, so no import points up.
    matches = Parent._meta.get_field("matches").related_model
    return matches.objects.running().filter(partner__person=person)


@keep_history
class Family(SiteModel):
    """A family known to one site. `number` is shown as F-0142; `source_id` is the site's own id."""

    number = models.PositiveIntegerField(editable=False)
    source_id = models.CharField("site's own id", max_length=40, blank=True)
    court_tracks = ArrayField(models.CharField(max_length=30, choices=CourtTrack), default=list, blank=True)
    state_case_id = models.CharField("eWiSACWIS case id", max_length=20, blank=True)
    notes = models.TextField(blank=True)
    is_sealed = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    personal = {
        "source_id": "pseudonym",
        "court_tracks": "court",
        "state_case_id": "case id",
        "notes": "free text",
    }
    harmless = {"id", "site", "number", "is_sealed", "created_at"}

    objects = SiteManager.from_queryset(Families)()

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "families"
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="family_number_once"),
            models.UniqueConstraint(
                fields=["site", "source_id"], condition=~Q(source_id=""), name="family_source_id_once"
            ),
            without_ssn("family", "notes"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"F-{self.number:04d}"

    @property
    def towns(self) -> str:
        """Where the parents live, each town once."""
        return ", ".join(dict.fromkeys(p.municipality for p in self.parents.all() if p.municipality))

    @property
    def status_label(self) -> str:
        """Words for the `status` that `families.listing.with_status` adds."""
        return FamilyStatus(self.status).label


class Parents(FamilyScopedRows):
    pass


@keep_history
class Parent(SiteModel):
    """A parent of a family. Blank means unknown; nothing is ever inferred (`domain.md` 8.1, 10.4)."""

    family = WallKey(Family, related_name="parents")
    source_id = models.CharField("site's own id", max_length=40, blank=True)
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    gender = models.CharField(max_length=12, choices=Gender, blank=True)
    races = ArrayField(models.CharField(max_length=10, choices=Race), default=list, blank=True)
    hispanic = models.CharField("Hispanic origin", max_length=10, choices=Answer, blank=True)
    language = models.CharField("preferred language", max_length=8, blank=True)
    needs_interpreter = models.CharField("interpreter", max_length=10, choices=Answer, blank=True)
    tribal_connection = models.CharField(
        "tribal connection reported", max_length=10, choices=Answer, blank=True
    )
    tribe = models.CharField(max_length=80, blank=True)
    municipality = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    case_type = models.CharField(max_length=20, choices=CaseType, blank=True)
    shared_experience = ArrayField(
        models.CharField(max_length=30, choices=Experience), default=list, blank=True
    )
    prefers_gender = models.CharField("prefers a partner who is", max_length=12, choices=Gender, blank=True)
    prefers_culture = models.CharField("prefers a partner of this culture", max_length=60, blank=True)

    personal = {
        "source_id": "pseudonym", "first_name": "name", "last_name": "name", "date_of_birth": "birth date",
        "gender": "gender", "races": "race", "hispanic": "ethnicity", "language": "language",
        "needs_interpreter": "language", "tribal_connection": "tribal connection", "tribe": "tribal connection",
        "municipality": "residence", "phone": "phone", "email": "address", "case_type": "child welfare",
        "shared_experience": "own history, as the parent chose to tell", "prefers_gender": "preference",
        "prefers_culture": "preference",
    }  # fmt: skip
    harmless = {"id", "site", "family"}

    objects = SiteManager.from_queryset(Parents)()

    class Meta:
        ordering = ["last_name", "first_name"]
        indexes = [
            models.Index(fields=["site", "family"], name="parent_site_family"),
            models.Index(fields=["site", "last_name", "first_name"], name="parent_site_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "source_id"], condition=~Q(source_id=""), name="parent_source_id_once"
            ),
        ]
        triggers = [not_in_future("date_of_birth")]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_language_display(self) -> str:
        return dict(Language.choices).get(self.language, self.language)


class Children(FamilyScopedRows):
    pass


@keep_history
class Child(SiteModel):
    """A child of a family."""

    family = WallKey(Family, related_name="children")
    source_id = models.CharField("site's own id", max_length=40, blank=True)
    first_name = models.CharField(max_length=60)
    date_of_birth = models.DateField(null=True, blank=True)

    personal = {"source_id": "pseudonym", "first_name": "name", "date_of_birth": "birth date"}
    harmless = {"id", "site", "family"}

    objects = SiteManager.from_queryset(Children)()

    class Meta:
        ordering = ["date_of_birth", "first_name"]
        verbose_name_plural = "children"
        indexes = [models.Index(fields=["site", "family"], name="child_site_family")]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "source_id"], condition=~Q(source_id=""), name="child_source_id_once"
            ),
        ]
        triggers = [
            not_in_future("date_of_birth"),
            refuse_when(
                "v01_birth_before_removals",
                declare="first_removal date;",
                lookup="SELECT min(removed_on) INTO first_removal FROM families_removalepisode"
                " WHERE child_id = NEW.id;",
                when="NEW.date_of_birth > first_removal",
                message="V01: the date of birth is after a removal date",
            ),
        ]

    def __str__(self) -> str:
        return self.first_name


class RemovalEpisodes(FamilyScopedRows):
    to_family = "child__family"

    def in_care_on(self, day: dt.date) -> RemovalEpisodes:
        """Episodes running on the day (removal on or before, no discharge before or on it)."""
        return self.filter(removed_on__lte=day).filter(Q(discharged_on=None) | Q(discharged_on__gt=day))


@keep_history
class RemovalEpisode(SiteModel):
    """From removal to discharge of a child. Typed or imported, so it carries its source (`domain.md` 4.2)."""

    class Source(models.TextChoices):
        TYPED = "typed", "Typed by staff"
        IMPORTED = "imported", "From the site's spreadsheets"
        COUNTY = "county_file", "From a county file"

    child = WallKey(Child, related_name="removal_episodes")
    removed_on = models.DateField("removal date")
    trial_reunification_on = models.DateField("trial reunification from", null=True, blank=True)
    discharged_on = models.DateField("discharge date", null=True, blank=True)
    discharge_reason = models.CharField(max_length=20, choices=DischargeReason, blank=True)
    source = models.CharField(max_length=12, choices=Source, default=Source.TYPED)
    verified_on = models.DateField(null=True, blank=True)

    personal = {
        "removed_on": "child welfare", "trial_reunification_on": "child welfare", "discharged_on": "child welfare",
        "discharge_reason": "child welfare",
    }  # fmt: skip
    harmless = {"id", "site", "child", "source", "verified_on"}

    objects = SiteManager.from_queryset(RemovalEpisodes)()

    class Meta:
        ordering = ["-removed_on"]
        indexes = [models.Index(fields=["site", "removed_on"], name="episode_site_removed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(discharged_on=None) | Q(discharged_on__gte=F("removed_on")),
                name="v01_discharge_after_removal",
                violation_error_message="V01: the discharge date is before the removal date.",
            ),
            models.CheckConstraint(
                condition=Q(discharged_on=None, discharge_reason="")
                | (Q(discharged_on__isnull=False) & ~Q(discharge_reason="")),
                name="v02_discharge_with_reason",
                violation_error_message="V02: a discharge date and its reason belong together.",
            ),
            models.CheckConstraint(
                condition=Q(trial_reunification_on=None)
                | (
                    Q(trial_reunification_on__gte=F("removed_on"))
                    & (Q(discharged_on=None) | Q(trial_reunification_on__lte=F("discharged_on")))
                ),
                name="v05_trial_inside_episode",
                violation_error_message="V05: the trial reunification lies outside the removal episode.",
            ),
            ExclusionConstraint(
                name="v04_episodes_do_not_overlap",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    ("child", RangeOperators.EQUAL),
                    (DateSpan("removed_on", "discharged_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="V04: this removal overlaps another one of the same child.",
            ),
        ]
        triggers = [
            not_in_future("removed_on", "discharged_on"),
            refuse_when(
                "v01_removal_after_birth",
                declare="born date;",
                lookup="SELECT date_of_birth INTO born FROM families_child WHERE id = NEW.child_id;",
                when="NEW.removed_on < born",
                message="V01: the removal date is before the date of birth",
            ),
            # A removal that ends on its first day is an empty range, which the exclusion above cannot see.
            refuse_when(
                "v04_same_day_inside_another",
                declare="inside boolean;",
                lookup="SELECT EXISTS (SELECT FROM families_removalepisode o WHERE o.child_id = NEW.child_id"
                " AND o.id <> NEW.id AND o.removed_on < coalesce(NEW.discharged_on, 'infinity')"
                " AND NEW.removed_on < coalesce(o.discharged_on, 'infinity')) INTO inside;",
                when="inside",
                message="V04: this removal overlaps another one of the same child",
            ),
        ]


class Consents(FamilyScopedRows):
    to_family = "parent__family"

    def live_on(self, day: dt.date) -> Consents:
        """Neither expired nor revoked on the day."""
        return self.filter(starts_on__lte=day, revoked_at=None).filter(
            Q(expires_on=None) | Q(expires_on__gt=day)
        )

    def covering(self, *, recipient: str, categories: list[str], purpose: str, on: dt.date) -> Consents:
        """Live consents that cover party, every category and purpose (`domain.md` V13)."""
        return self.live_on(on).filter(
            recipient__iexact=recipient, purpose__iexact=purpose, categories__contains=categories
        )


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
