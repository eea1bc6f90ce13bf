"""Referral, enrollment and participation: the way in and out (`domain.md` 2, 4.1)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q, Value

from audit.history import keep_history
from counties.code_lists import CodeList, register
from counties.free_text import without_ssn
from counties.models.people import DateSpan
from counties.wall import SiteManager, SiteModel, WallKey
from counties.wall.rules import not_in_future, refuse_when
from families.codes import CourtTrack
from families.models import Consent, Family, FamilyScopedRows, Parent


class ReferralSource(models.TextChoices):
    CPS_WORKER = "cps_social_worker", "CPS social worker"
    CPS_SUPERVISOR = "cps_supervisor", "CPS supervisor"
    INITIAL_ASSESSMENT = "initial_assessment", "Initial assessment"
    JUDGE = "judge_court", "Judge or court"
    PARENT_ATTORNEY = "parent_attorney", "Parent's attorney"
    GAL = "gal", "Guardian ad litem"
    CLTS = "clts", "Children's Long-Term Support"
    FAMILY_SUPPORT = "family_support", "Family support"
    TREATMENT = "treatment_provider", "Treatment provider"
    TRIBAL = "tribal_agency", "Tribal agency"
    SELF = "self", "The parent"
    COUNCIL = "council_member", "Council member"
    OTHER = "other", "Other"


SOURCES = register(
    CodeList(
        name="referral_source",
        title="Who refers parents",
        codes=ReferralSource,
        always=frozenset({ReferralSource.SELF, ReferralSource.OTHER}),
        why="A parent may always ask for themselves, and another site's referral comes as “other”.",
    )
)
"""What a site offers of them and how it calls them."""


class ReferralOutcome(models.TextChoices):
    ACCEPTED = "accepted", "Accepted"
    PARENT_DECLINED = "parent_declined", "Parent declined"
    INELIGIBLE = "ineligible", "Not eligible"
    NO_CAPACITY = "no_capacity", "No capacity"
    NOT_REACHED = "not_reached", "Not reached"
    CONFLICT = "conflict_no_alternative", "Conflict, no alternative partner"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Screened(models.TextChoices):
    """Answer to a question of the screening; blank means not asked yet."""

    YES = "yes", "Yes"
    NO = "no", "No"
    UNKNOWN = "unknown", "Not clear yet"


class WaitingFor(models.TextChoices):
    """What holds a referral up now, in the words of whoever looked last."""

    PARENT = "parent_reply", "The parent's answer"
    PARTNER = "free_partner", "A free parent partner"
    LANGUAGE = "language", "A parent partner who speaks the language"
    CONFLICT = "conflict", "A parent partner without a conflict"
    SENDER = "sender_reply", "An answer from who referred"
    AGREEMENT = "agreement", "The participation agreement"
    OTHER_SITE = "other_site", "Another site's answer"
    PARENT_LATER = "parent_later", "The parent wants to begin later"


class ClosureReason(models.TextChoices):
    REUNIFIED = "goals_met_reunified", "Goals met, reunified"
    OTHER_PERMANENCY = "goals_met_other_permanency", "Goals met, other permanency"
    CPS_CLOSED = "cps_case_closed", "CPS case closed"
    PARENT_ENDED = "parent_ended", "Parent ended"
    LOST_CONTACT = "lost_contact", "Lost contact"
    MOVED = "moved", "Moved"
    TRANSFERRED = "transferred_site", "Transferred to another site"
    RIGHTS_TERMINATED = "rights_terminated_service_complete", "Rights terminated, support complete"
    INCARCERATED = "incarcerated_long_term", "Long-term incarceration"
    DECEASED = "parent_deceased", "Parent deceased"
    SAFETY = "safety_concern", "Safety concern"
    PROGRAM_ENDED = "program_ended", "Program ended"


PLANNED_CLOSURES = [
    ClosureReason.REUNIFIED,
    ClosureReason.OTHER_PERMANENCY,
    ClosureReason.CPS_CLOSED,
    ClosureReason.TRANSFERRED,
    ClosureReason.RIGHTS_TERMINATED,
]
UNPLANNED_CLOSURES = [ClosureReason.PARENT_ENDED, ClosureReason.LOST_CONTACT, ClosureReason.SAFETY]


class Referrals(FamilyScopedRows):
    def pending(self) -> Referrals:
        """Not decided and not withdrawn."""
        return self.filter(decided_on=None, withdrawn_on=None)

    def accepted(self) -> Referrals:
        return self.filter(outcome=ReferralOutcome.ACCEPTED, withdrawn_on=None)

    def awaiting_match(self) -> Referrals:
        """Accepted, not withdrawn, without any match that has begun or is proposed, and not closed (B8)."""
        open_or_begun = [
            "proposed",
            "offered_partner",
            "offered_parent",
            "accepted",
            "active",
            "paused",
            "ended",
        ]
        tried = self.accepted().exclude(matches__status__in=open_or_begun)
        return tried.exclude(participation__enrollment__closed_on__isnull=False)


@keep_history
class Referral(SiteModel):
    """A request for a parent partner. No allegation text is ever kept (`domain.md` 10.1)."""

    number = models.PositiveIntegerField(editable=False)
    source_id = models.CharField("site's own id", max_length=40, blank=True)
    family = WallKey(Family, related_name="referrals")
    parent = WallKey(Parent, related_name="referrals")
    source = models.CharField(max_length=24, choices=ReferralSource)
    referred_on = models.DateField("referral date")
    decided_on = models.DateField("decision date", null=True, blank=True)
    outcome = models.CharField(max_length=24, choices=ReferralOutcome, blank=True)
    decision_note = models.TextField("reason", blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    court_tracks = ArrayField(models.CharField(max_length=30, choices=CourtTrack), default=list, blank=True)
    reached_on = models.DateField("first reached", null=True, blank=True)
    child_away_or_at_risk = models.CharField(max_length=8, choices=Screened, blank=True)
    is_in_our_counties = models.CharField(max_length=8, choices=Screened, blank=True)
    parent_wants_it = models.CharField(max_length=8, choices=Screened, blank=True)
    is_free_of_conflict = models.CharField(max_length=8, choices=Screened, blank=True)
    waiting_for = models.CharField(max_length=16, choices=WaitingFor, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(auto_now_add=True)

    personal = {
        "source_id": "pseudonym", "source": "child welfare", "outcome": "child welfare", "decision_note": "free text",
        "court_tracks": "court", "child_away_or_at_risk": "child welfare", "is_in_our_counties": "residence",
        "parent_wants_it": "what was agreed to", "is_free_of_conflict": "child welfare",
        "waiting_for": "child welfare",
    }  # fmt: skip
    harmless = {
        "id", "site", "number", "family", "parent", "referred_on", "decided_on", "withdrawn_on", "entered_by",
        "entered_at", "reached_on",
    }  # fmt: skip

    objects = SiteManager.from_queryset(Referrals)()

    class Meta:
        ordering = ["-referred_on", "-number"]
        indexes = [
            models.Index(fields=["site", "referred_on"], name="referral_site_referred"),
            models.Index(fields=["site", "decided_on"], name="referral_site_decided"),
            models.Index(fields=["site", "family"], name="referral_site_family"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="referral_number_once"),
            models.UniqueConstraint(
                fields=["site", "source_id"], condition=~Q(source_id=""), name="referral_source_id_once"
            ),
            models.CheckConstraint(
                condition=Q(decided_on=None, outcome="") | (Q(decided_on__isnull=False) & ~Q(outcome="")),
                name="referral_decision_with_outcome",
                violation_error_message="A decision date and its outcome belong together.",
            ),
            models.CheckConstraint(
                condition=Q(decided_on=None) | Q(decided_on__gte=F("referred_on")),
                name="referral_decided_after_referred",
                violation_error_message="The decision date is before the referral date.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("referred_on")),
                name="referral_withdrawn_after_referred",
                violation_error_message="The withdrawal date is before the referral date.",
            ),
            models.CheckConstraint(
                condition=Q(reached_on=None) | Q(reached_on__gte=F("referred_on")),
                name="referral_reached_after_referred",
                violation_error_message="The parent was reached before the referral came in.",
            ),
            without_ssn("referral", "decision_note"),
        ]
        triggers = [
            not_in_future("referred_on", "decided_on", "withdrawn_on", "reached_on"),
            refuse_when(
                "parent_of_family",
                declare="theirs uuid;",
                lookup="SELECT family_id INTO theirs FROM families_parent WHERE id = NEW.parent_id;",
                when="theirs <> NEW.family_id",
                message="The parent does not belong to the family of this referral",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"R-{self.number:04d}"


class Enrollments(FamilyScopedRows):
    def open_on(self, day: dt.date) -> Enrollments:
        """Active at the end of the day: `enroll <= d and (close is null or close > d)` (`domain.md` 2)."""
        return self.filter(enrolled_on__lte=day).filter(Q(closed_on=None) | Q(closed_on__gt=day))


@keep_history
class Enrollment(SiteModel):
    """One service period of a family. Closing and re-enrolling makes a new row; no date is overwritten."""

    family = WallKey(Family, related_name="enrollments")
    previous = WallKey("self", null=True, blank=True, related_name="next_enrollments")
    enrolled_on = models.DateField("enrollment date")
    closed_on = models.DateField("closing date", null=True, blank=True)
    closure_reason = models.CharField(max_length=40, choices=ClosureReason, blank=True)

    personal = {"closure_reason": "child welfare"}
    harmless = {"id", "site", "family", "previous", "enrolled_on", "closed_on"}

    objects = SiteManager.from_queryset(Enrollments)()

    class Meta:
        ordering = ["-enrolled_on"]
        indexes = [
            models.Index(fields=["site", "enrolled_on", "closed_on"], name="enrollment_site_dates"),
            models.Index(fields=["site", "family"], name="enrollment_site_family"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None, closure_reason="")
                | (Q(closed_on__isnull=False) & ~Q(closure_reason="")),
                name="enrollment_closing_with_reason",
                violation_error_message="A closing date and its reason belong together.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("enrolled_on")),
                name="enrollment_closes_after_start",
                violation_error_message="The closing date is before the enrollment date.",
            ),
            ExclusionConstraint(
                name="v19_enrollments_do_not_overlap",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    ("family", RangeOperators.EQUAL),
                    (DateSpan("enrolled_on", "closed_on", Value("[]")), RangeOperators.OVERLAPS),
                ],
                violation_error_message="V19: the family is enrolled already in these dates.",
            ),
        ]
        triggers = [
            not_in_future("enrolled_on", "closed_on"),
            # The contacts are a room above; the rule is the same one they hold from their side.
            refuse_when(
                "v07_around_contacts",
                declare="outside boolean;",
                lookup="SELECT EXISTS (SELECT FROM activities_contact c WHERE c.enrollment_id = NEW.id"
                " AND (c.held_on < NEW.enrolled_on OR c.held_on > NEW.closed_on)) INTO outside;",
                when="outside",
                message="V07: a contact lies outside this enrollment",
            ),
        ]


class Participations(FamilyScopedRows):
    to_family = "enrollment__family"


@keep_history
class Participation(SiteModel):
    """One parent's part in an enrollment, begun by an accepted referral and an agreement (`domain.md` V16)."""

    enrollment = WallKey(Enrollment, related_name="participations")
    referral = models.OneToOneField(
        Referral, on_delete=models.PROTECT, db_constraint=False, related_name="participation"
    )
    parent = WallKey(Parent, related_name="participations")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    agreement = WallKey(Consent, null=True, blank=True, related_name="participations")
    is_imported = models.BooleanField(default=False)

    harmless = {
        "id", "site", "enrollment", "referral", "parent", "starts_on", "ends_on", "agreement", "is_imported",
    }  # fmt: skip

    objects = SiteManager.from_queryset(Participations)()

    class Meta:
        ordering = ["starts_on"]
        indexes = [
            models.Index(fields=["site", "enrollment"], name="participation_site_enrollment"),
            models.Index(fields=["site", "parent"], name="participation_site_parent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="participation_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(is_imported=True) | Q(agreement__isnull=False),
                name="v16_participation_agreement",
                violation_error_message="V16: enrollment needs the participation agreement.",
            ),
        ]
        triggers = [
            refuse_when(
                "v16_referral_accepted",
                declare="decision text;",
                lookup="SELECT outcome INTO decision FROM referrals_referral WHERE id = NEW.referral_id;",
                when="coalesce(decision, '') <> 'accepted'",
                message="V16: only an accepted referral leads to an enrollment",
            ),
        ]
