"""A parent's own copy of the record (`domain.md` 10.1, 10.6): what PSP keeps about them, without what is others'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from activities.models import Contact, FamilyEvent, Goal
from audit.record import record
from counties.access import Access, find
from counties.action_forms import ActionForm, ask_about
from counties.dates import us_date
from counties.decorators import site_view
from counties.free_text import REPORTER, scan_free_text
from counties.permissions import Right
from families.models import Child, Consent, Disclosure, Parent
from families.panels import parent_facts
from matching.models import Match
from referrals.models import Participation, Referral

WITHHELD = "Withheld."


class CopyForm(ActionForm):
    """Why the copy is made, and whether somebody has read the notes that go into it."""

    reason = forms.CharField(
        label="Why is the copy made?",
        max_length=200,
        help_text="For example: asked for by letter on 03/04/2025.",
    )
    with_notes = forms.BooleanField(
        label="I have read the notes of the contacts: they tell nothing private about somebody else. Put them in.",
        required=False,
    )


@site_view(Right.DISCLOSURE_RECORD)
def copy(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Ask for the reason, then show the copy, ready to print."""
    parent = find(Parent.objects.visible_to(request.access).select_related("family"), pk=pk)
    form = CopyForm(request.POST or None)
    url = reverse("family", args=[site, parent.family_id])
    crumbs = [("Families", reverse("families:list", args=[site])), (str(parent.family), url)]
    context: dict[str, Any] = {"parent": parent, "breadcrumbs": crumbs, "cancel_url": url}
    if form.answered(request, _record_copy, parent=parent):
        sections = sections_of(request.access, parent, with_notes=form.cleaned_data["with_notes"])
        context |= {"title": f"Record of {parent}", "sections": sections, "today": timezone.localdate()}
        return render(request, "psp/copy.html", context)
    record("family.viewed", parent.family, part="form")
    points = [
        "The copy holds what is recorded about this parent and the children.",
        "It leaves out who made a report, incidents, notes for the staff, and the other parent.",
        "The copy is recorded with your reason.",
    ]
    more = {"title": f"A copy of the record for {parent}", "form": form, "points": points}
    return render(request, "components/form_page.html", context | more | {"submit_label": "Show the copy"})


def _record_copy(*, parent: Parent, reason: str, with_notes: bool, by: User, confirmed: list[str]) -> None:
    ask_about(scan_free_text(reason=reason), confirmed)
    record("record.copied", parent.family, parent, reason=reason, with_notes=with_notes, actor_id=by.pk)


def sections_of(
    access: Access, parent: Parent, *, with_notes: bool
) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Headed lists of (term, value). A note that may tell who reported is withheld, whatever was ticked."""
    mine = {"referral__parent": parent}
    contacts = Contact.objects.visible_to(access).filter(**mine).select_related("partner").order_by("held_on")
    events = FamilyEvent.objects.visible_to(access).filter(**mine, is_cancelled=False).order_by("held_on")
    parts = Participation.objects.visible_to(access).filter(parent=parent).select_related("enrollment")
    matches = (
        Match.objects.visible_to(access).filter(~Q(starts_on=None), parent=parent).select_related("partner")
    )
    sections = [
        ("About you", [(term, value) for term, value in parent_facts(parent) if value]),
        ("Your children", _children(access, parent)),
        ("Referrals", [_referral(r) for r in Referral.objects.visible_to(access).filter(parent=parent)]),
        ("Taking part", [(us_date(p.starts_on), _until(p.ends_on)) for p in parts]),
        ("Your parent partners", [(str(m.partner), f"{us_date(m.starts_on)}, {_until(m.ends_on)}") for m in matches]),
        ("Contacts", [(us_date(c.held_on), _contact(c, with_notes)) for c in contacts]),
        ("Hearings and meetings", [(us_date(e.held_on), e.get_kind_display()) for e in events]),
        ("Your goals", [(us_date(g.set_on), f"{g.words} ({g.get_status_display().lower()})") for g in
                        Goal.objects.visible_to(access).filter(parent=parent)]),
        ("Your consents", [_consent(c) for c in Consent.objects.visible_to(access).filter(parent=parent)]),
        ("What was shared about you", [
            (us_date(d.disclosed_on), f"{d.what}, to {d.recipient}, for {d.purpose}")
            for d in Disclosure.objects.visible_to(access).filter(parent=parent)
        ]),
    ]  # fmt: skip
    return [(heading, items) for heading, items in sections if items]


def _children(access: Access, parent: Parent) -> list[tuple[str, str]]:
    children = (
        Child.objects.visible_to(access).filter(family=parent.family).prefetch_related("removal_episodes")
    )
    return [(str(child), "; ".join(_life(child)) or "No more is recorded") for child in children]


def _life(child: Child) -> list[str]:
    born = [f"Born {us_date(child.date_of_birth)}"] if child.date_of_birth else []
    away = [
        f"Out of home from {us_date(e.removed_on)}, {_until(e.discharged_on)}"
        for e in child.removal_episodes.all()
    ]
    return born + away


def _referral(referral: Referral) -> tuple[str, str]:
    decided = (
        f": {referral.get_outcome_display().lower()} on {us_date(referral.decided_on)}"
        if referral.decided_on
        else ""
    )
    return us_date(referral.referred_on), f"{referral.reference}{decided}"


def _contact(contact: Contact, with_notes: bool) -> str:
    said = f"{contact.get_mode_display()}, {contact.get_result_display().lower()}, with {contact.partner}"
    if not (with_notes and contact.note_read):
        return said
    # An entry shared with another family speaks of both; a phrase about a report may point to who made it.
    tells_of_others = contact.shared_id is not None or REPORTER.search(contact.note_read)
    return f"{said}. {WITHHELD if tells_of_others else contact.note_read}"


def _consent(consent: Consent) -> tuple[str, str]:
    to = f" to {consent.recipient}, for {consent.purpose}" if consent.recipient else ""
    ended = f"; revoked {us_date(timezone.localdate(consent.revoked_at))}" if consent.revoked_at else ""
    return us_date(
        consent.starts_on
    ), f"{consent.get_kind_display()}{to}, {_until(consent.expires_on)}{ended}"


def _until(day: Any) -> str:
    return f"until {us_date(day)}" if day else "still"
