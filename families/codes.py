"""Code lists of `domain.md` section 3 about families. Codes are stable, labels may be translated."""

from django.db import models


class DischargeReason(models.TextChoices):
    """AFCARS 2020 exit reasons; there is no `other`."""

    REUNIFICATION = "reunification", "Reunification"
    RELATIVE = "relative", "Living with other relatives"
    ADOPTION = "adoption", "Adoption"
    GUARDIANSHIP = "guardianship", "Guardianship"
    EMANCIPATION = "emancipation", "Emancipation"
    RUNAWAY = "runaway", "Runaway or whereabouts unknown"
    DEATH = "death", "Death"
    TRANSFER = "transfer", "Transfer to another agency"


class PlacementSetting(models.TextChoices):
    """Where a child lives during a removal (Wisconsin settings)."""

    FOSTER_NONRELATIVE = "foster_nonrelative", "Foster home, not a relative"
    FOSTER_RELATIVE = "foster_relative", "Foster home of a relative"
    RELATIVE_UNLICENSED = "relative_unlicensed", "Relative without a license"
    GROUP_HOME = "group_home", "Group home"
    RESIDENTIAL = "residential_care_center", "Residential care center"
    SHELTER = "shelter", "Shelter"
    DETENTION = "detention", "Detention"
    INDEPENDENT = "supervised_independent_living", "Supervised independent living"
    HOSPITAL = "hospital", "Hospital"
    MISSING = "missing", "Missing from care"
    TRIAL_REUNIFICATION = "trial_reunification", "Trial reunification"
    PREADOPTIVE = "preadoptive", "Preadoptive home"
    OTHER = "other", "Other"


NO_PLACEMENT = {PlacementSetting.TRIAL_REUNIFICATION, PlacementSetting.MISSING, PlacementSetting.HOSPITAL}
"""Settings that are no placement unless somebody says otherwise: no move counts there (`domain.md` 8.3, P5)."""


class CaseType(models.TextChoices):
    OHC = "ohc", "Child in out-of-home care"
    IN_HOME = "in_home", "In-home"
    TRIAL_REUNIFICATION = "trial_reunification", "Trial reunification"


class FamilyStatus(models.TextChoices):
    """Where a family stands today; derived, never stored."""

    ENROLLED = "enrolled", "Enrolled"
    WAITING = "waiting", "Waiting"
    CLOSED = "closed", "Closed"
    NEVER = "not_enrolled", "Not enrolled"


class Race(models.TextChoices):
    AI_AN = "ai_an", "American Indian or Alaska Native"
    ASIAN = "asian", "Asian"
    BLACK = "black", "Black or African American"
    NH_PI = "nh_pi", "Native Hawaiian or Pacific Islander"
    WHITE = "white", "White"
    UNABLE = "unable", "Unable to determine"
    DECLINED = "declined", "Declined to say"
    UNKNOWN = "unknown", "Unknown"


class Answer(models.TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    DECLINED = "declined", "Declined to say"
    UNKNOWN = "unknown", "Unknown"


class CourtTrack(models.TextChoices):
    JET = "jet_county", "Judicial Engagement Team county"
    INFANT = "healthy_infant_court", "Healthy Infant Court"
    TREATMENT = "family_treatment_court", "Family treatment court"
    TRIBAL = "tribal_court", "Tribal court"
    CLTS = "clts", "Children's Long-Term Support"
    NONE = "none", "None"


class ConsentType(models.TextChoices):
    """`domain.md` 10.5."""

    PARTICIPATION = "participation_agreement", "Participation agreement"
    CPS_AGENCY = "release_cps_agency", "Release to the CPS agency"
    COURT = "release_court", "Release to court or attorney"
    PROVIDER = "release_provider", "Release to a named provider"
    PART2 = "part2", "42 CFR Part 2 record"
    EVALUATION = "evaluation", "Evaluation"
    STORY = "story", "Story or impact statement"
    MESSAGES = "messages", "Texting and e-mail"


class RecordCategory(models.TextChoices):
    """What a consent covers or a disclosure hands over."""

    PARTICIPATION = "participation", "That the parent takes part"
    ATTENDANCE = "attendance", "Attendance and contacts"
    PROGRESS = "progress", "Goals and progress"
    IDENTITY = "identity", "Name and how to reach"
    STORY = "story", "Story, quote or picture"
