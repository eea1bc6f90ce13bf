"""The passages a site writes in its own words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from counties.action_forms import ActionForm
from counties.actions.settings import write_text
from counties.decorators import site_view
from counties.permissions import Right
from counties.texts import INVITATION, LONGEST, TEXTS, SiteText
from counties.views.side import settings_side


class TextForm(ActionForm):
    """One passage."""

    confirmed = None
    words = forms.CharField(
        label="Words", required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Plain text. Name nobody, and nothing of a family: a mail may be read by others.",
    )  # fmt: skip

    def refused(self, text: SiteText) -> bool:
        """Whether the words as typed cannot be sent; says why beside them."""
        try:
            text.refuse(self.cleaned_data["words"])
        except forms.ValidationError as refusal:
            self.refuse(refusal)
        return bool(self.errors)


@site_view(Right.SITE_CONFIGURE)
def texts(request: HttpRequest, site: str) -> HttpResponse:
    """Every passage, as it reads now."""
    settings = request.site.settings
    lines = [(text, text.example(text.words(settings)), text.is_own(settings)) for text in TEXTS.values()]
    context = {
        "title": "Texts", "lines": lines, "side": settings_side(request),
        "lead": "Passages of mails and forms that you may write in your own words.",
    }  # fmt: skip
    return render(request, "counties/texts.html", context)


@site_view(Right.SITE_CONFIGURE)
def write(request: HttpRequest, site: str) -> HttpResponse:
    """Write the passage named in `?text=`, look at it first, or take the product's own words again."""
    text = TEXTS.get(request.GET.get("text", INVITATION.code))
    if text is None:
        raise Http404("text")
    settings, back = request.site.settings, reverse("counties:texts", args=[site])
    sent = request.POST.copy() if request.method == "POST" else None
    if sent is not None and "restore" in sent:
        sent["words"] = text.default
    form = TextForm(sent, initial={"words": text.words(settings)})
    looks = sent is not None and "look" in sent and form.is_valid() and not form.refused(text)
    if not (sent and "look" in sent) and form.answered(request, write_text, settings=settings, text=text):
        messages.success(request, f"{text.title}: the words are saved.")
        return redirect(back)
    words = form.cleaned_data["words"] if looks else text.words(settings)
    context: dict[str, Any] = {
        "title": text.title, "lead": text.where, "text": text, "form": form, "cancel_url": back,
        "example": text.example(words), "looks": looks, "is_own": text.is_own(settings),
        "breadcrumbs": [("Texts", back)], "side": settings_side(request), "submit_label": "Save these words",
    }  # fmt: skip
    return render(request, "counties/write_text.html", context)
