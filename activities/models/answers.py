"""Answers to the questions a site asks with every contact."""

from __future__ import annotations

from django.db import models

from activities.models.contacts import Contact
from audit.history import keep_history
from counties.models import ContactQuestion
from counties.models.questions import LONGEST_ANSWER
from counties.wall import SiteManager, SiteModel, WallKey
from families.models import FamilyScopedRows


def in_words(value: str) -> str:
    """A kept answer as people read it."""
    return {"yes": "Yes", "no": "No", "": "Not answered"}.get(value, value)


class ContactAnswers(FamilyScopedRows):
    to_family = "contact__referral__family"

    def given(self) -> ContactAnswers:
        """Answers that no correction has taken back, in the order of the questions."""
        return self.exclude(value="").order_by("question__asked_since", "question_id")


@keep_history
class ContactAnswer(SiteModel):
    """One answer: `yes`, `no`, a number or one of the question's choices; blank when a correction took it back."""

    contact = WallKey(Contact, related_name="answers")
    question = WallKey(ContactQuestion, related_name="answers")
    value = models.CharField(max_length=LONGEST_ANSWER, blank=True)

    personal = {"value": "child welfare"}
    harmless = {"id", "site", "contact", "question"}

    objects = SiteManager.from_queryset(ContactAnswers)()

    class Meta:
        indexes = [models.Index(fields=["site", "contact"], name="answer_site_contact")]
        constraints = [
            models.UniqueConstraint(fields=["site", "contact", "question"], name="answer_once_per_contact"),
        ]

    @property
    def words(self) -> str:
        """The answer as people read it."""
        return in_words(self.value)

    def __str__(self) -> str:
        words = str(self.question)
        return f"{words}{'' if words.endswith('?') else ':'} {self.words}"
