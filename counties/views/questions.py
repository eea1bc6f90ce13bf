"""The questions a site asks with every contact."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from counties.access import find
from counties.action_forms import ActionForm
from counties.actions.questions import add_question, retire_question
from counties.decorators import site_view
from counties.models import ContactQuestion
from counties.models.questions import LONGEST_ANSWER, MOST_QUESTIONS
from counties.permissions import Right
from counties.views.side import settings_side


class AddQuestionForm(ActionForm):
    """A question and how it is answered."""

    confirmed = None
    words = forms.CharField(
        label="Question", max_length=100,
        help_text="Such as “Did the parent see the children this week?”. Nothing about allegations or who reported.",
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="How it is answered", choices=ContactQuestion.Kind.choices,
        widget=forms.RadioSelect(attrs={"class": "tile"}),
    )  # fmt: skip
    choices = forms.CharField(
        label="Answers to choose from", required=False, max_length=8 * (LONGEST_ANSWER + 2),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"Only for “One of several answers”: 2 to 8, a line for each, at most {LONGEST_ANSWER} characters.",
    )  # fmt: skip

    def clean_choices(self) -> list[str]:
        lines = (" ".join(line.split()) for line in self.cleaned_data["choices"].splitlines())
        return [line for line in lines if line]


@site_view(Right.SITE_CONFIGURE)
def questions(request: HttpRequest, site: str) -> HttpResponse:
    """What is asked, and what was."""
    rows = list(ContactQuestion.objects.visible_to(request.access))
    asked = [one for one in rows if one.retired_at is None]
    context: dict[str, Any] = {
        "title": "Questions", "asked": asked, "retired": [one for one in rows if one.retired_at],
        "may_add": len(asked) < MOST_QUESTIONS, "most": MOST_QUESTIONS, "side": settings_side(request),
    }  # fmt: skip
    return render(request, "counties/questions.html", context)


@site_view(Right.SITE_CONFIGURE)
def add(request: HttpRequest, site: str) -> HttpResponse:
    """Ask something more."""
    form = AddQuestionForm(request.POST or None)
    back = reverse("counties:questions", args=[site])
    if form.answered(request, add_question):
        messages.success(request, "The question is asked with every contact from now on.")
        return redirect(back)
    context = {
        "title": "Add a question", "form": form, "cancel_url": back, "submit_label": "Add the question",
        "points": [
            "It is asked in the form of a contact, and may be left blank there.",
            "Its words cannot be changed later, because answers were given to them. Retire it and add another one.",
        ],
        "breadcrumbs": [("Questions", back)],
    }  # fmt: skip
    return render(request, "components/form_page.html", context)


@site_view(Right.SITE_CONFIGURE)
@require_POST
def retire(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Ask something no more."""
    question = find(ContactQuestion.objects.visible_to(request.access), pk=pk)
    retire_question(question=question, by=request.user)
    messages.success(request, f"“{question}” is asked no more. Its answers stay.")
    return redirect("counties:questions", site)
