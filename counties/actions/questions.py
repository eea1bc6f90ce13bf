"""A site's own questions about a contact begin to be asked, and are retired."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from counties.free_text import refuse_free_text
from counties.models import ContactQuestion, SiteSettings
from counties.models.questions import LONGEST_ANSWER, MOST_QUESTIONS
from counties.wall.scope import current_site_id

if TYPE_CHECKING:
    from accounts.models import User

FEWEST, MOST_CHOICES = 2, 8


class TooManyQuestions(ValidationError):
    """As many are asked as a form for a phone bears."""


@transaction.atomic
def add_question(*, words: str, kind: str, by: User, choices: Sequence[str] = ()) -> ContactQuestion:
    """Ask something with every contact from now on.

    Args:
        choices: the answers to choose from, of that kind alone.

    Raises:
        TooManyQuestions: retire one first.
        ValidationError: beside its field.
    """
    site_id = current_site_id()
    SiteSettings.objects.select_for_update().get(site_id=site_id)  # two at once count each other
    asked = list(ContactQuestion.objects.asked())
    if len(asked) >= MOST_QUESTIONS:
        raise TooManyQuestions(f"{MOST_QUESTIONS} questions are asked already. Retire one first.")
    if words.casefold() in {one.words.casefold() for one in asked}:
        raise ValidationError({"words": "This is asked already."})
    refuse_free_text(words=words, choices="\n".join(choices))
    _refuse_choices(kind, choices)
    question = ContactQuestion(site_id=site_id, words=words, kind=kind, choices=list(choices))
    question.full_clean(validate_unique=False, validate_constraints=False)
    question.save()
    record("question.added", question, actor_id=by.pk, answer=kind)
    return question


def _refuse_choices(kind: str, choices: Sequence[str]) -> None:
    if kind != ContactQuestion.Kind.CHOICE:
        if choices:
            raise ValidationError(
                {"choices": "Only a question with several answers has these. Leave this blank."}
            )
        return
    if not FEWEST <= len(choices) <= MOST_CHOICES:
        raise ValidationError(
            {"choices": f"Write from {FEWEST} to {MOST_CHOICES} answers, one on each line."}
        )
    if len({one.casefold() for one in choices}) < len(choices):
        raise ValidationError({"choices": "Two answers are the same. Write each once."})
    if any(len(one) > LONGEST_ANSWER for one in choices):
        raise ValidationError({"choices": f"An answer has at most {LONGEST_ANSWER} characters."})


@transaction.atomic
def retire_question(*, question: ContactQuestion, by: User) -> ContactQuestion:
    """Ask it no more; what was answered stays with its contacts."""
    question = ContactQuestion.objects.select_for_update().get(pk=question.pk)
    if question.retired_at is None:
        question.retired_at = timezone.now()
        question.save(update_fields=["retired_at"])
        record("question.retired", question, actor_id=by.pk)
    return question
