"""Code lists of `domain.md` section 3 about the work. The four prohibited activities have no code (V18)."""

import re

from django.db import models

from counties.code_lists import CodeList, register


class ContactMode(models.TextChoices):
    HOME = "in_person_home", "In person, home"
    COMMUNITY = "in_person_community", "In person, community"
    OFFICE = "in_person_office", "In person, office"
    COURT = "in_person_court", "In person, court"
    MEETING = "in_person_meeting", "In person, meeting"
    VIDEO = "video", "Video"
    PHONE = "phone", "Phone"
    TEXT = "text_message", "Text message"
    EMAIL = "email", "E-mail"
    LETTER = "letter", "Letter"


FACE_TO_FACE = [
    ContactMode.HOME,
    ContactMode.COMMUNITY,
    ContactMode.OFFICE,
    ContactMode.COURT,
    ContactMode.MEETING,
]


class ContactResult(models.TextChoices):
    COMPLETED = "completed", "Completed"
    NO_ANSWER = "attempted_no_answer", "Attempted, no answer"
    CANCELLED_BY_PARENT = "cancelled_by_parent", "Cancelled by the parent"
    CANCELLED_BY_PARTNER = "cancelled_by_partner", "Cancelled by the parent partner"
    NO_SHOW = "no_show", "No show"


class Activity(models.TextChoices):
    MENTORING = "mentoring", "Mentoring"
    CASE_PLAN = "case_plan_engagement", "Engagement in the case plan"
    COURT_PREP = "court_prep", "Preparing for court"
    COURT_ATTEND = "court_attend", "Going along to court"
    COURT_DEBRIEF = "court_debrief", "Talking after court"
    TEAM_MEETING = "team_meeting", "Family team meeting"
    PERMANENCY_REVIEW = "permanency_review", "Permanency review"
    INTERACTION_PREP = "family_interaction_prep", "Preparing for family interaction"
    INTERACTION_DEBRIEF = "family_interaction_debrief", "Talking after family interaction"
    PARENT_CHILD = "parent_child_connection", "Parent-child connection"
    RESOURCES = "resource_linkage", "Linking to resources"
    GOALS = "goal_setting", "Setting goals"
    SKILLS = "skill_practice", "Practicing skills"
    RECOVERY = "recovery_support", "Recovery support"
    CRISIS = "crisis_support", "Crisis support"
    NAVIGATION = "system_navigation", "Finding one's way in the system"
    PEER_GROUP = "peer_group", "Peer group"
    CELEBRATION = "celebration_closing", "Celebration or closing"
    OUTREACH = "outreach_attempt", "Outreach attempt"


ACTIVITIES = register(
    CodeList(
        name="activity",
        title="What parent partners do with parents",
        codes=Activity,
        always=frozenset({Activity.OUTREACH}),
        why="An outreach attempt is the only contact before enrollment.",
        never=re.compile(r"testif|testimony|supervis|transport|\b(?:driv|ride|rides)", re.IGNORECASE),
    )
)
"""What a site offers of them and how it calls them."""


class ResourceType(models.TextChoices):
    HOUSING = "housing", "Housing"
    SUBSTANCE_USE = "substance_use_tx", "Substance use treatment"
    MENTAL_HEALTH = "mental_health", "Mental health"
    DOMESTIC_VIOLENCE = "domestic_violence", "Domestic violence"
    FOOD = "food", "Food"
    TRANSPORT = "transport_resource", "Transportation resource"
    BENEFITS = "benefits", "Benefits"
    EMPLOYMENT = "employment", "Employment"
    CHILDCARE = "childcare", "Child care"
    PARENTING_CLASS = "parenting_class", "Parenting class"
    LEGAL = "legal", "Legal help"
    HEALTH = "health", "Health"
    EDUCATION = "education", "Education"
    CULTURAL = "cultural_or_tribal", "Cultural or tribal"
    LANGUAGE = "language", "Language"


class ResourceResult(models.TextChoices):
    OFFERED = "offered", "Offered"
    CONNECTED = "connected", "Connected"
    DECLINED = "declined", "Declined"
    UNAVAILABLE = "unavailable", "Unavailable"


class TimeKind(models.TextChoices):
    """Staff time without a family (`domain.md` 3, non-family activity)."""

    RECRUITMENT = "recruitment", "Recruitment"
    OUTREACH = "outreach_presentation", "Outreach or presentation"
    TRAINING_RECEIVED = "training_received", "Training received"
    TRAINING_GIVEN = "training_given", "Training given"
    LOCAL_COUNCIL = "local_council", "Local advisory council"
    STATE_COUNCIL = "state_council", "State advisory council"
    COMMITTEE = "committee", "Committee"
    SUPERVISION_INDIVIDUAL = "supervision_individual", "Supervision, individual"
    SUPERVISION_GROUP = "supervision_group", "Supervision, group"
    CLINICAL = "clinical_support", "Clinical support"
    DOCUMENTATION = "documentation", "Writing things down"
    TRAVEL = "travel", "Travel"


class IncidentType(models.TextChoices):
    MANDATED_REPORT = "mandated_report_made", "Mandated report made"
    BOUNDARY = "boundary_exception", "Boundary exception"
    STAFF_SAFETY = "staff_safety", "Staff safety"
    PRIVACY = "privacy_incident", "Privacy incident"
    COMPLAINT = "complaint", "Complaint"
    CRISIS = "crisis_referral", "Crisis referral"
    OTHER = "other", "Other"


class Level(models.IntegerChoices):
    INTENSIVE = 1, "1 Intensive"
    MODERATE = 2, "2 Moderate"
    MAINTENANCE = 3, "3 Maintenance"
    AFTERCARE = 4, "4 Aftercare"
