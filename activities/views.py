"""Contacts on screen: the list, the form for a phone, one contact and its corrections."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from activities import actions
from activities.codes import ACTIVITIES
from activities.corrections import corrections_of
from activities.drafts import as_answers, drafts_of
from activities.filters import ContactFilter
from activities.forms import CorrectContactForm, LogContactForm, workable
from activities.models import DRAFT_DAYS, Contact
from activities.questions import answers_shown
from audit.record import record
from counties.access import Access, find
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.permissions import Right
from families.listing import record_offered

SORTS = {
    "date": ("held_on", "entered_at"),
    "parent": ("referral__parent__last_name", "referral__parent__first_name"),
    "partner": ("partner__last_name", "partner__first_name"),
    "mode": "mode",
    "result": "result",
    "minutes": "minutes",
}
WITH = ("partner", "referral__parent", "referral__family")


@site_view(Right.CONTACT_VIEW)
def contact_list(request: HttpRequest, site: str) -> HttpResponse:
    """Contacts this person may see, newest first."""
    filters = ContactFilter(request.GET, access=request.access)
    contacts = filters.narrow(Contact.objects.visible_to(request.access).select_related(*WITH))
    listing = paginate(request, contacts, sorts=SORTS, default="-date")
    shown = {contact.referral.family_id for contact in listing}
    record("contact.listed", kind="family", ids=shown, searched=bool(request.GET.get("q")))
    return render_list(
        request, "activities/list.html", {"title": "Contacts", "filters": filters, "listing": listing}
    )


@site_view(Right.CONTACT_LOG)
def log(request: HttpRequest, site: str) -> HttpResponse:
    """Log a contact; `?referral=` chooses the parent beforehand, `?draft=` takes up an unfinished one.

    Going back to an unfinished one that is logged by now leads to its entry.
    """
    entry = _logged_meanwhile(request)
    if entry:
        messages.info(request, "This contact is logged already. If something is wrong, correct it here.")
        return redirect("activities:detail", site, entry)
    form = LogContactForm(request.POST or None, access=request.access, initial=_begun_with(request))
    if form.answered(request, actions.log_contact):
        messages.success(request, _logged(form.result))
        if "another" in request.POST:
            return redirect("activities:log", site)
        return redirect("family", site, form.result.referral.family_id)
    record_offered(workable(request.access).values_list("family", flat=True))
    crumbs = [("Contacts", reverse("activities:list", args=[site]))]
    context = {
        "title": "Log a contact", "form": form, "submit_label": "Log the contact", "breadcrumbs": crumbs,
        "save_and_another": "Log and start another", "cancel_url": crumbs[0][1],
        "unfinished": [one for one in drafts_of(request.access) if str(one.pk) != str(form["id"].value())],
        "kept_days": DRAFT_DAYS,
    }  # fmt: skip
    return render(request, "activities/log.html", context)


def _begun_with(request: HttpRequest) -> dict[str, object]:
    """First values: an unfinished contact, or the parent named in the address, or the likeliest one."""
    asked = request.GET.get("draft")
    if not asked or request.method == "POST":  # a second tap comes when the draft has become an entry
        return chosen_parent(request) or likely_parent(request.access)
    draft = find(drafts_of(request.access), pk=asked)
    record("draft.resumed", draft)
    return as_answers(draft, request.access)


def _logged_meanwhile(request: HttpRequest) -> UUID | None:
    """The entry that this person's draft became."""
    try:
        asked = UUID(request.GET.get("draft", ""))
    except ValueError:
        return None
    mine = Contact.objects.visible_to(request.access).filter(entered_by=request.access.person, pk=asked)
    return asked if request.method == "GET" and mine.exists() else None


def likely_parent(access: Access) -> dict[str, object]:
    """The only parent this person works with, or the one they logged last; nothing for a coordinator."""
    if access.sees_all_families:
        return {}
    theirs = list(workable(access)[:2])
    if len(theirs) == 1:
        return {"referral": theirs[0]}
    last = Contact.objects.filter(entered_by=access.person, referral__in=workable(access).order_by())
    newest = last.order_by("-entered_at").values_list("referral", flat=True).first()
    return {"referral": newest} if newest else {}


def _logged(contact: Contact) -> str:
    beside = " with each of the two families" if contact.shared_id else ""
    return f"The contact with {contact.referral.parent} is logged{beside}."


def chosen_parent(request: HttpRequest) -> dict[str, object]:
    """The referral named in the address, when it is one this person works on; otherwise 404."""
    asked = request.GET.get("referral")
    return {"referral": find(workable(request.access), pk=asked)} if asked else {}


@site_view(Right.CONTACT_VIEW)
def detail(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """One contact with its note; the look is recorded."""
    contact = find(Contact.objects.visible_to(request.access).select_related(*WITH, "entered_by"), pk=pk)
    record("contact.viewed", contact.referral.family, contact)
    labels = ACTIVITIES.words(request.site.settings)
    context = {
        "title": f"{contact.get_mode_display()}, {contact.held_on:%m/%d/%Y}",
        "contact": contact,
        "activities": [labels[code] for code in contact.activities],
        "links": contact.resource_links.standing(),
        "answers": answers_shown(contact, with_history=request.access.sees_all_families),
        "may_correct": Contact.objects.correctable_by(request.access).filter(pk=pk).exists(),
        "may_follow_up": workable(request.access).filter(pk=contact.referral_id).exists(),
        # What was taken out of a note may have had to go; only coordinators read it.
        "corrections": corrections_of(contact) if request.access.sees_all_families else [],
        "breadcrumbs": _crumbs(contact, site)[:2],
    }
    return render(request, "activities/detail.html", context)


@site_view(Right.CONTACT_CORRECT)
def correct(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Correct a contact; what stood there before stays in its history."""
    contact = find(Contact.objects.correctable_by(request.access).select_related(*WITH), pk=pk)
    crumbs = _crumbs(contact, site)
    form = CorrectContactForm(request.POST or None, contact=contact, settings=request.site.settings)
    if form.answered(request, actions.correct_contact, contact=contact):
        messages.success(request, "The contact is corrected.")
        return redirect(crumbs[-1][1])
    record("family.viewed", contact.referral.family, part="form")
    context = {
        "title": "Correct a contact", "lead": f"{contact.partner} with {contact.referral.parent}", "form": form,
        "submit_label": "Save the correction", "cancel_url": crumbs[-1][1], "breadcrumbs": crumbs,
        "points": ["What was written before stays in the contact's history."],
    }  # fmt: skip
    return render(request, "components/form_page.html", context)


def _crumbs(contact: Contact, site: str) -> list[tuple[str, str]]:
    family = contact.referral.family
    return [
        ("Contacts", reverse("activities:list", args=[site])),
        (family.reference, reverse("family", args=[site, family.pk])),
        (f"{contact.held_on:%m/%d/%Y}", reverse("activities:detail", args=[site, contact.pk])),
    ]
