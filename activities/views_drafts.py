"""Unfinished contacts: the form saves itself, and a person takes one up again or throws it away."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from activities import actions
from activities.actions.drafts import DraftChangedElsewhere, DraftIsOver
from activities.drafts import as_draft, drafts_of
from activities.forms import DraftKeys, LogContactForm
from counties.access import find
from counties.decorators import site_view
from counties.permissions import Right


@site_view(Right.CONTACT_LOG)
@require_POST
def save_draft(request: HttpRequest, site: str) -> HttpResponse:
    """Keep what the form of a contact holds so far: `{version, saved}`, or `{problem}` in plain words.

    409 when another window saved since or the contact is logged; 400 for what may not be kept (V17).
    """
    keys = DraftKeys(request.POST)
    if not keys.is_valid():
        return _problem("This could not be kept. Open the form anew.", 400)
    form = LogContactForm(access=request.access)
    try:
        typed = as_draft(form, request.POST)
        draft = actions.save_draft(**keys.cleaned_data, **typed, by=request.access.person)
    except (DraftChangedElsewhere, DraftIsOver) as refusal:
        return _problem(" ".join(refusal.messages), 409)
    except ValidationError as refusal:
        return _problem(" ".join(refusal.messages), 400)
    return JsonResponse({"version": draft.version, "saved": f"{timezone.localtime(draft.saved_at):%H:%M}"})


@site_view(Right.CONTACT_LOG)
@require_POST
def discard_draft(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Throw an unfinished contact away."""
    draft = find(drafts_of(request.access), pk=pk)
    actions.discard_draft(draft=draft, by=request.access.person)
    messages.success(request, "The unfinished contact is thrown away.")
    return redirect("activities:log", site)


def _problem(words: str, status: int) -> JsonResponse:
    return JsonResponse({"problem": words}, status=status)
