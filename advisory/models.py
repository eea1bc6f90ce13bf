"""Council meetings and who was at the table (`domain.md` 1.2, G1)."""

from django.db import models
from django.db.models import F, Q, Sum, Value
from django.db.models.functions import Coalesce, NullIf

from audit.history import keep_history
from counties.wall import SiteManager, SiteModel, SiteQuerySet, WallKey
from counties.wall.rules import not_in_future


class AdvisoryRole(models.TextChoices):
    PAST_PARTICIPANT = "parent_participant_past", "Parent who took part"
    PARENT_PARTNER = "parent_partner", "Parent partner"
    PSP_STAFF = "psp_staff", "PSP staff"
    CPS_AGENCY = "cps_agency", "CPS agency"
    JUDGE = "judge", "Judge"
    DISTRICT_ATTORNEY = "district_attorney_corp_counsel", "District attorney or corporation counsel"
    PARENT_ATTORNEY = "parent_attorney", "Parents' attorney"
    GAL = "gal", "Guardian ad litem"
    LAW_ENFORCEMENT = "law_enforcement", "Law enforcement"
    SCHOOL = "school", "School"
    PROVIDER_MH = "provider_mh", "Mental health provider"
    PROVIDER_AODA = "provider_aoda", "Substance use provider"
    PROVIDER_DV = "provider_dv", "Domestic violence provider"
    EARLY_CARE = "early_care", "Early care"
    FOSTER_PARENT = "foster_parent", "Foster parent"
    TRIBE = "tribe", "Tribe"
    DCF = "dcf", "DCF"
    COMMUNITY = "community", "Community member"


PARENT_VOICE = [AdvisoryRole.PAST_PARTICIPANT, AdvisoryRole.PARENT_PARTNER]


class CouncilMeetings(SiteQuerySet):
    def visible_to(self, access) -> "CouncilMeetings":
        return self.all() if "council.view" in access else self.none()

    def with_voices(self) -> "CouncilMeetings":
        """Annotate `people` at the table, `parents` among them, and their `parent_share` in percent (G1)."""
        parents = Q(attendances__role__in=PARENT_VOICE)
        return self.annotate(
            people=Coalesce(Sum("attendances__number"), 0),
            parents=Coalesce(Sum("attendances__number", filter=parents), 0),
        ).annotate(parent_share=F("parents") * 100.0 / NullIf("people", Value(0)))


@keep_history
class CouncilMeeting(SiteModel):
    """A meeting of the local or the state advisory council."""

    class Council(models.TextChoices):
        LOCAL = "local", "Local advisory council"
        STATE = "state", "State advisory council"

    source_id = models.CharField("site's own id", max_length=40, blank=True)
    council = models.CharField(max_length=6, choices=Council)
    held_on = models.DateField("date")

    harmless = {"id", "site", "source_id", "council", "held_on"}

    objects = SiteManager.from_queryset(CouncilMeetings)()

    class Meta:
        ordering = ["-held_on"]
        indexes = [models.Index(fields=["site", "held_on"], name="council_site_held")]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "source_id"], condition=~Q(source_id=""), name="council_source_id_once"
            ),
        ]
        triggers = [not_in_future("held_on")]


class CouncilAttendances(SiteQuerySet):
    def visible_to(self, access) -> "CouncilAttendances":
        return self.all() if "council.view" in access else self.none()


@keep_history
class CouncilAttendance(SiteModel):
    """How many people of one advisory role came; counts, never names."""

    meeting = WallKey(CouncilMeeting, related_name="attendances")
    role = models.CharField(max_length=32, choices=AdvisoryRole)
    number = models.PositiveSmallIntegerField()

    harmless = {"id", "site", "meeting", "role", "number"}

    objects = SiteManager.from_queryset(CouncilAttendances)()

    class Meta:
        ordering = ["role"]
        constraints = [
            models.UniqueConstraint(fields=["site", "meeting", "role"], name="council_role_once"),
            models.CheckConstraint(condition=Q(role__in=AdvisoryRole.values), name="council_role_known"),
        ]
