"""Unfinished contacts as a form shows and sends them."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from activities.forms import LogContactForm, workable
from activities.models import ContactDraft, ContactDrafts
from counties.access import Access
from referrals.models import Referral

OWN_COLUMNS = {"id", "window", "version", "referral", "note", "confirmed"}
MOST_ANSWERS, LONGEST_ANSWER = 30, 60
"""What any honest form sends of one field; the rest is cut."""


def drafts_of(access: Access) -> ContactDrafts:
    """A person's unfinished contacts about parents they still work with; newest first."""
    rows = ContactDraft.objects.visible_to(access).select_related("referral__parent", "referral__family")
    return rows.filter(referral=None) | rows.filter(referral__in=workable(access).order_by())


def as_draft(form: LogContactForm, sent: QueryDict) -> dict[str, Any]:
    """What was sent, in the shape `save_draft` takes; nothing is checked but whose parent it is."""
    names = form.fields.keys() - OWN_COLUMNS
    answers = {name: _cut(sent.getlist(name)) for name in names if any(sent.getlist(name))}
    return {"answers": answers, "note": _kept(sent.get("note", "")), "referral": _parent(form, sent)}


def as_answers(draft: ContactDraft, access: Access) -> dict[str, Any]:
    """First values of the form that takes the draft up again; another family no longer theirs is left out."""
    many = {"activities"}
    values = {name: given if name in many else given[0] for name, given in draft.answers.items() if given}
    theirs = {str(pk) for pk in workable(access).values_list("pk", flat=True)} if "also" in values else set()
    if values.get("also") not in theirs:
        values.pop("also", None)
    return values | {
        "id": draft.pk, "version": draft.version, "note": draft.note, "referral": draft.referral,
    }  # fmt: skip


def _parent(form: LogContactForm, sent: QueryDict) -> Referral | None:
    field = form.fields["referral"]
    asked = sent.get("referral")
    return field.to_python(asked) if asked else None


def _cut(given: list[str]) -> list[str]:
    return [_kept(one)[:LONGEST_ANSWER] for one in given[:MOST_ANSWERS]]


def _kept(text: str) -> str:
    """The text without the one character the database cannot keep; the form itself refuses it later."""
    return text.replace("\0", "")
