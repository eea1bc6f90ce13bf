"""Contacts for programs: the same rows, rights, form and action as on screen."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from activities import actions
from activities.codes import ResourceType
from activities.filters import ContactFilter
from activities.forms import RESOURCES, LogContactForm
from activities.models import Contact, ContactAnswer, Contacts, ResourceLink
from audit.record import record
from counties.decorators import site_view
from counties.permissions import Right


class LinkSerializer(serializers.ModelSerializer):
    class Meta:
        model = ResourceLink
        fields = ["kind", "result"]


class AnswerSerializer(serializers.ModelSerializer):
    words = serializers.CharField(source="question.words")

    class Meta:
        model = ContactAnswer
        fields = ["question", "words", "value"]


class ContactSerializer(serializers.ModelSerializer):
    """One contact; people and families by id and reference, never by name."""

    family = serializers.CharField(source="referral.family.reference")
    resource_links = LinkSerializer(source="standing_links", many=True)
    own_answers = AnswerSerializer(source="given_answers", many=True)
    note = serializers.CharField(source="note_read")
    note_withheld = serializers.CharField()

    class Meta:
        model = Contact
        fields = [
            "id", "referral", "family", "enrollment", "partner", "held_on", "mode", "result", "minutes", "activities",
            "resource_links", "own_answers", "note", "note_withheld", "is_late", "entered_at",
        ]  # fmt: skip


@site_view(Right.CONTACT_VIEW)
@api_view(["GET"])
def contacts(request: HttpRequest, site: str) -> Response:
    """List the contacts this person may see, newest first; the filters of the screen work here as well."""
    filters = ContactFilter(request.GET, access=request.access)
    rows = filters.narrow(_with_links(Contact.objects.visible_to(request.access)))
    if filters.errors:
        return Response({"errors": filters.errors}, status=status.HTTP_400_BAD_REQUEST)
    pages = PageNumberPagination()
    page = pages.paginate_queryset(rows, request)
    shown = {contact.referral.family_id for contact in page}
    record("contact.listed", kind="family", ids=shown, door="api")
    return pages.get_paginated_response(ContactSerializer(page, many=True).data)


@site_view(Right.CONTACT_LOG)
@api_view(["POST"])
def log_contact(request: Request, site: str) -> Response:
    """Log a contact: 201 with the entry, 200 when this `id` was sent before, 400 with errors by field.

    Answers are named as on screen, and `resource_links` is a list of `{"kind", "result"}`. What a person would
    confirm by a tick comes back in `confirm`; send those keys in `confirmed`.
    """
    sent = request.data if isinstance(request.data, dict) else {}
    answers, links = _as_form(sent)
    if links > len(ResourceType):
        words = f"A contact has at most {len(ResourceType)} resources."
        return Response({"errors": {"resource_links": [words]}}, status=status.HTTP_400_BAD_REQUEST)
    form = LogContactForm(answers, access=request.access, places=max(RESOURCES, links))
    started = timezone.now()
    if not (form.is_valid() and form.carried_out(actions.log_contact, by=request.user)):
        return Response(_refusal(form), status=status.HTTP_400_BAD_REQUEST)
    contact = _with_links(Contact.objects.visible_to(request.access)).get(pk=form.result.pk)
    code = status.HTTP_200_OK if contact.entered_at < started else status.HTTP_201_CREATED
    return Response(ContactSerializer(contact).data, status=code)


def _with_links(contacts: Contacts) -> Contacts:
    links = Prefetch("resource_links", ResourceLink.objects.standing(), to_attr="standing_links")
    answers = Prefetch(
        "answers", ContactAnswer.objects.given().select_related("question"), to_attr="given_answers"
    )
    return contacts.select_related("referral__family").prefetch_related(links, answers)


def _refusal(form: LogContactForm) -> dict[str, Any]:
    doubts = form.fields["confirmed"].choices
    return {"errors": form.errors, "confirm": [{"key": key, "text": text} for key, text in doubts]}


def _as_form(sent: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """JSON answers as a form would send them, and how many resource links are among them."""
    links = sent.get("resource_links") or []
    links = [link for link in links if isinstance(link, dict)] if isinstance(links, list) else []
    answers = {
        name: [str(one) for one in value] if isinstance(value, list) else str(value)
        for name, value in sent.items()
        if value is not None and name != "resource_links"
    }
    for n, link in enumerate(links, start=1):
        answers[f"resource_{n}"] = str(link.get("kind", ""))
        answers[f"resource_result_{n}"] = str(link.get("result", ""))
    return answers, len(links)
