"""A site's own questions as the form of a contact asks them, and what becomes of the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from activities.models import Contact, ContactAnswer
from activities.models.answers import in_words
from counties.forms import HALF
from counties.models import ContactQuestion

HIGHEST = 999
YES_NO = [("yes", "Yes"), ("no", "No"), ("", "Not asked")]
Answers = Mapping[ContactQuestion, str]
"""By question; blank takes an answer back."""


def field_name(question: ContactQuestion) -> str:
    """Name of its field in the form and in the API."""
    return f"question_{question.pk.hex}"


def field_for(question: ContactQuestion, value: str = "") -> forms.Field:
    """The question as a field; nothing has to be answered."""
    facts: dict[str, Any] = {"label": question.words, "required": False, "initial": value}
    if question.kind == ContactQuestion.Kind.NUMBER:
        box = forms.NumberInput(attrs={"class": "short"})
        return forms.IntegerField(min_value=0, max_value=HIGHEST, widget=box, **facts)
    if question.kind == ContactQuestion.Kind.YES_NO:
        return forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect(attrs={"class": "tile"}), **facts)
    choices = [("", "Not asked"), *((one, one) for one in question.choices)]
    return forms.ChoiceField(choices=choices, widget=forms.Select(attrs=HALF), **facts)


def own_questions(contact: Contact | None = None) -> dict[ContactQuestion, str]:
    """What is asked now, and beside it whatever a contact has answered already, each with its present answer."""
    given = {answer.question_id: answer.value for answer in contact.answers.given()} if contact else {}
    rows = ContactQuestion.objects.filter(Q(retired_at=None) | Q(pk__in=given))
    return {question: given.get(question.pk, "") for question in rows}


def as_text(value: Any) -> str:
    """A cleaned answer as it is kept."""
    return "" if value is None else str(value)


def keep_answers(contact: Contact, answers: Answers) -> None:
    """Write what was answered; a question retired meanwhile is answered no more, except to correct what is there.

    Raises:
        ValidationError: beside the question's field.
    """
    there = {answer.question_id: answer for answer in contact.answers.all()}
    for question, value in answers.items():
        answer = there.get(question.pk)
        if (answer.value if answer else "") == value:
            continue
        if question.retired_at and not answer:
            raise ValidationError({field_name(question): "This is asked no more. Open the form anew."})
        _refuse_value(question, value)
        answer = answer or ContactAnswer(site_id=contact.site_id, contact=contact, question=question)
        answer.value = value
        answer.save()


def _refuse_value(question: ContactQuestion, value: str) -> None:
    kinds = ContactQuestion.Kind
    fits = {
        kinds.YES_NO: value in {"yes", "no"},
        kinds.CHOICE: value in question.choices,
        kinds.NUMBER: value.isascii() and value.isdigit() and int(value) <= HIGHEST,
    }
    if value and not fits[kinds(question.kind)]:
        raise ValidationError({field_name(question): "Choose one of the answers."})


def answered_alike(contact: Contact, answers: Answers) -> bool:
    """Whether these are the answers the contact was first sent with; corrections made since are left out."""
    history = ContactAnswer.history.rel.related_model.objects
    logged = contact.history.earliest("pgh_id")
    rows = history.filter(contact_id=contact.pk, pgh_label="insert", pgh_request=logged.pgh_request)
    sent = {question.pk: value for question, value in answers.items() if value}
    return sent == {question: value for question, value in rows.values_list("question_id", "value") if value}


def answers_shown(contact: Contact, *, with_history: bool) -> list[tuple[ContactAnswer, list[str]]]:
    """The answers that stand, each with what was answered before it was corrected, oldest first."""
    answers = list(
        contact.answers.select_related("question").order_by("question__asked_since", "question_id")
    )
    told: dict[Any, list[str]] = {}
    if with_history and answers:
        history = ContactAnswer.history.rel.related_model.objects.filter(contact_id=contact.pk)
        for question, value in history.order_by("pgh_id").values_list("question_id", "value"):
            told.setdefault(question, []).append(in_words(value))
    lines = [(answer, told.get(answer.question_id, [])[:-1]) for answer in answers]
    return [(answer, before) for answer, before in lines if answer.value or before]


def said(answers: Iterable[ContactAnswer]) -> str:
    """Answers in one line, for a cell or a copy."""
    return "; ".join(str(answer) for answer in answers if answer.value)
