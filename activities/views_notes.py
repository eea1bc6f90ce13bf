"""What earlier parent partners wrote, opened to the partner of a match or kept (docs/adr/0026)."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from activities import actions
from activities.models import Contact, Contacts, NoteOpening
from audit.record import record
from counties.access import Access, find
from counties.action_forms import ActionForm
from counties.decorators import site_view
from counties.permissions import Right
from matching.models import Match

MOST = 200


class OpenNotesForm(ActionForm):
    """Why the partner needs to read them."""

    reason = forms.CharField(
        label="Why does the parent partner need them?", max_length=200,
        help_text="For example: the parent asked that nobody start over.",
    )  # fmt: skip


class CloseNotesForm(ActionForm):
    """Why they are kept again."""

    close_reason = forms.CharField(label="Why are they kept again?", max_length=200)


@site_view(Right.NOTE_OPEN)
def earlier_notes(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """The notes written before a match began, how they stand, and every opening there was."""
    match = find(_matches(request), pk=pk)
    record("family.viewed", match.parent.family, match, part="earlier notes")
    notes = list(written_before(request.access, match).select_related("partner")[:MOST])
    openings = list(match.note_openings.select_related("opened_by", "closed_by"))
    context = {
        "title": "Earlier notes",
        "match": match,
        "notes": notes,
        "writers": sorted({str(contact.partner) for contact in notes}),
        "is_cut": len(notes) == MOST,
        "openings": openings,
        "standing": next((one for one in openings if one.closed_at is None), None),
        "is_running": Match.objects.running().filter(pk=match.pk).exists(),
        "breadcrumbs": _crumbs(match, site)[:2],
    }
    return render(request, "activities/earlier_notes.html", context)


@site_view(Right.NOTE_OPEN)
def open_notes(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Open the earlier notes to the match's parent partner."""
    match = find(_matches(request), pk=pk)
    form = OpenNotesForm(request.POST or None)
    if form.answered(request, actions.open_notes, match=match):
        messages.success(
            request, f"{match.partner} reads the earlier notes about {match.parent} from now on."
        )
        return redirect("activities:earlier_notes", site, pk)
    points = [
        f"{match.partner} then reads every note and follow-up written about {match.parent} before "
        f"{match.starts_on:%m/%d/%Y}.",
        "It ends with the match, or when you take it back.",
        "Your reason is recorded in the family’s trail.",
    ]
    return _form_page(request, match, form, title="Open the earlier notes", points=points)


@site_view(Right.NOTE_OPEN)
def close_notes(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Keep the earlier notes from the match's parent partner again."""
    rows = NoteOpening.objects.visible_to(request.access)
    opening = find(rows.select_related("match__parent__family", "match__partner"), pk=pk)
    form = CloseNotesForm(request.POST or None)
    if form.answered(request, actions.close_notes, opening=opening):
        messages.success(request, f"The earlier notes are kept from {opening.match.partner} again.")
        return redirect("activities:earlier_notes", site, opening.match_id)
    return _form_page(request, opening.match, form, title="Keep the earlier notes again")


def written_before(access: Access, match: Match) -> Contacts:
    """Contacts with a note about the match's parent that somebody else made before the match began."""
    rows = Contact.objects.visible_to(access).filter(referral__parent=match.parent_id)
    return rows.filter(~Q(note=""), ~Q(partner=match.partner_id), held_on__lt=match.starts_on)


def _matches(request: HttpRequest):
    """Matches that have begun: before, nobody knows what is earlier."""
    rows = Match.objects.visible_to(request.access).filter(status__in=Match.BEGUN)
    return rows.select_related("parent__family", "partner")


def _form_page(request: HttpRequest, match: Match, form: ActionForm, **more: object) -> HttpResponse:
    record("family.viewed", match.parent.family, part="form")
    crumbs = _crumbs(match, request.site.slug)
    context = {
        "form": form, "lead": f"{match.partner} with {match.parent}", "submit_label": more["title"],
        "breadcrumbs": crumbs, "cancel_url": crumbs[-1][1], **more,
    }  # fmt: skip
    return render(request, "components/form_page.html", context)


def _crumbs(match: Match, site: str) -> list[tuple[str, str]]:
    return [
        ("Matches", reverse("matching:list", args=[site])),
        (f"{match.parent} and {match.partner}", reverse("matching:detail", args=[site, match.pk])),
        ("Earlier notes", reverse("activities:earlier_notes", args=[site, match.pk])),
    ]
