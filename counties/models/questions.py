"""Questions a site asks with every contact, beside the state's."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from audit.history import keep_history
from counties.free_text import without_ssn
from counties.wall import SiteManager, SiteModel, SiteQuerySet

MOST_QUESTIONS = 5
"""Asked at a time: a contact is logged in under a minute."""
LONGEST_ANSWER = 40
"""Characters of a choice; the longest answer there is."""


class ContactQuestions(SiteQuerySet):
    def visible_to(self, access) -> ContactQuestions:
        """Everybody who logs or reads contacts, and who configures the site."""
        return self.all() if {"contact.view", "site.configure"} & set(access.rights) else self.none()

    def asked(self) -> ContactQuestions:
        """Those of new contacts."""
        return self.filter(retired_at=None)


@keep_history
class ContactQuestion(SiteModel):
    """One question with a closed answer; never words of one's own, which would be one more place for a story.

    Its words never change, because answers were given to them: a question is retired, and another one asked.
    """

    class Kind(models.TextChoices):
        YES_NO = "yes_no", "Yes or no"
        CHOICE = "choice", "One of several answers"
        NUMBER = "number", "A whole number"

    words = models.CharField(max_length=100)
    kind = models.CharField(max_length=8, choices=Kind)
    choices = ArrayField(models.CharField(max_length=LONGEST_ANSWER), default=list, blank=True)
    asked_since = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    harmless = {"id", "site", "words", "kind", "choices", "asked_since", "retired_at"}

    objects = SiteManager.from_queryset(ContactQuestions)()

    class Meta:
        ordering = ["asked_since", "id"]
        constraints = [
            without_ssn("contactquestion", "words"),
            models.CheckConstraint(
                condition=Q(kind="choice", choices__len__range=(2, 8)) | (~Q(kind="choice") & Q(choices=[])),
                name="contactquestion_choices",
                violation_error_message="Offer from 2 to 8 answers.",
            ),
            models.UniqueConstraint(
                fields=["site", "words"],
                condition=Q(retired_at=None),
                name="contactquestion_asked_once",
                violation_error_message="This is asked already.",
            ),
        ]

    def __str__(self) -> str:
        return self.words
