"""A person's messages at a site."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from audit.record import record
from counties.access import find
from counties.actions.messages import finish_message, read_messages
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.messages import KINDS, refresh
from counties.models import Message
from counties.models.messages import Messages
from counties.permissions import Right

SORTS = {"when": "created_at", "what": "kind", "about": "reference"}


class MessageFilter(forms.Form):
    """Which messages the page shows."""

    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[("", "Waiting"), ("unread", "Unread"), ("done", "Put aside"), ("all", "All")],
    )
    kind = forms.ChoiceField(label="What", required=False)

    def __init__(self, *args, access, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        mine = [(kind.code, kind.words) for kind in KINDS.values() if kind.right in access]
        self.fields["kind"].choices = [("", "Everything"), *mine]

    def narrow(self, rows: Messages) -> Messages:
        """The messages asked for; an answer that makes no sense narrows nothing and says so beside its field."""
        self.is_valid()
        shown = {"unread": rows.unread(), "done": rows.exclude(done_at=None), "all": rows}
        rows = shown.get(self.cleaned_data.get("show", ""), rows.waiting())
        kind = self.cleaned_data.get("kind")
        return rows.filter(kind=kind) if kind else rows


@site_view(Right.SITE_VIEW)
def inbox(request: HttpRequest, site: str) -> HttpResponse:
    """What this person was told and still applies."""
    refresh(request.access, timezone.localdate())
    filters = MessageFilter(request.GET, access=request.access)
    rows = Message.objects.visible_to(request.access)
    listing = paginate(request, filters.narrow(rows), sorts=SORTS, default="-when")
    record("message.listed", kind="message", ids=[message.pk for message in listing])
    context = {"title": "Messages", "filters": filters, "listing": listing}
    return render_list(request, "counties/inbox.html", context)


@site_view(Right.SITE_VIEW)
def open_message(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Mark a message as read and go where it is settled."""
    message = find(Message.objects.visible_to(request.access), pk=pk)
    read_messages(messages=Message.objects.filter(pk=message.pk), by=request.user)
    if message.kind not in KINDS:
        return redirect("counties:inbox", site)
    return redirect(KINDS[message.kind].page, site, message.about_id)


@site_view(Right.SITE_VIEW)
@require_POST
def finish(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Put a message aside, or take it out again."""
    message = find(Message.objects.visible_to(request.access), pk=pk)
    message = finish_message(message=message, by=request.user)
    words = "put aside" if message.done_at else "waiting again"
    messages.success(request, f"{message.words}, {message.reference}: {words}.")
    return redirect("counties:inbox", site)


@site_view(Right.SITE_VIEW)
@require_POST
def read_all(request: HttpRequest, site: str) -> HttpResponse:
    """Mark every waiting message as read."""
    rows = Message.objects.visible_to(request.access).waiting()
    count = read_messages(messages=rows, by=request.user)
    messages.success(request, f"Marked as read: {count}.")
    return redirect("counties:inbox", site)
