"""Follow-ups and time without a family, on screen."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from activities import actions
from activities.codes import TimeKind
from activities.forms import workable
from activities.forms_work import (
    EndFollowUpForm,
    FollowUpFilter,
    FollowUpForm,
    HandOnForm,
    TimeFilter,
    TimeForm,
)
from activities.models import Contact, FollowUp, TimeEntry
from activities.views import chosen_parent
from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.permissions import Right
from families.listing import record_offered

WITH = ("referral__parent", "referral__family", "owner")


@site_view(Right.CONTACT_VIEW)
def follow_ups(request: HttpRequest, site: str) -> HttpResponse:
    """What is still to be done, next due first."""
    filters = FollowUpFilter(request.GET)
    rows = FollowUp.objects.visible_to(request.access).select_related(*WITH)
    sorts = {"due": "due_on", "parent": ("referral__parent__last_name", "referral__parent__first_name")}
    listing = paginate(request, filters.narrow(rows, request.access), sorts=sorts, default="due")
    record("follow_up.listed", kind="family", ids={row.referral.family_id for row in listing})
    context = {"title": "Follow-ups", "filters": filters, "listing": listing, "today": timezone.localdate()}
    return render_list(request, "activities/follow_ups.html", context)


@site_view(Right.CONTACT_LOG)
def add_follow_up(request: HttpRequest, site: str) -> HttpResponse:
    """Note what is to be done; `?contact=` ties it to a contact, `?referral=` chooses the parent."""
    contact = _contact(request)
    first = {"referral": contact.referral_id} if contact else chosen_parent(request)
    form = FollowUpForm(request.POST or None, access=request.access, initial=first)
    if form.answered(request, _tied_to(contact)):
        messages.success(request, f"Noted for {form.result.due_on:%m/%d/%Y}.")
        return redirect("family", site, form.result.referral.family_id)
    record_offered(workable(request.access).values_list("family", flat=True))
    return _page(request, form, title="Add a follow-up", submit_label="Add it")


@site_view(Right.CONTACT_LOG)
def end_follow_up(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Say that it is done, or not needed any more."""
    row = find(FollowUp.objects.visible_to(request.access).readable().select_related(*WITH), pk=pk)
    form = EndFollowUpForm(request.POST or None)
    if form.answered(request, actions.end_follow_up, follow_up=row):
        messages.success(request, f"The follow-up is ended: {form.result.get_status_display().lower()}.")
        return redirect("activities:follow_ups", site)
    record("family.viewed", row.referral.family, part="form")
    facts = [("Parent", f"{row.referral.parent} ({row.referral.family})"), ("Due", f"{row.due_on:%m/%d/%Y}")]
    return _page(request, form, title="What came of it", lead=f"“{row.words}”", facts=facts)


@site_view(Right.CONTACT_LOG)
def hand_on_follow_up(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Give a follow-up to somebody else, or another day."""
    row = find(FollowUp.objects.visible_to(request.access).readable().select_related(*WITH), pk=pk)
    form = HandOnForm(request.POST or None, access=request.access, follow_up=row)
    if form.answered(request, actions.hand_on_follow_up, follow_up=row):
        messages.success(request, f"{form.result.owner} sees to it by {form.result.due_on:%m/%d/%Y}.")
        return redirect("activities:follow_ups", site)
    record("family.viewed", row.referral.family, part="form")
    facts = [("Parent", f"{row.referral.parent} ({row.referral.family})"), ("Now with", str(row.owner))]
    return _page(request, form, title="Hand a follow-up on", lead=f"“{row.words}”", facts=facts)


def _contact(request: HttpRequest) -> Contact | None:
    asked = request.GET.get("contact")
    seen = Contact.objects.filter(referral__in=workable(request.access).order_by())
    return find(seen, pk=asked) if asked else None


def _tied_to(contact: Contact | None):
    """The action; tied to the contact only when the parent is still the one of the contact."""

    def add(*, referral, **answers):
        of_it = contact if contact and contact.referral_id == referral.pk else None
        return actions.add_follow_up(referral=referral, contact=of_it, **answers)

    return add


def _page(request: HttpRequest, form: object, **more: object) -> HttpResponse:
    listed = reverse("activities:follow_ups", args=[request.site.slug])
    context = {"form": form, "cancel_url": listed, "breadcrumbs": [("Follow-ups", listed)], **more}
    return render(request, "components/form_page.html", context)


@site_view(Right.CONTACT_LOG)
def time(request: HttpRequest, site: str) -> HttpResponse:
    """Time without a family, newest first, with its sum."""
    filters = TimeFilter(request.GET, access=request.access)
    rows = filters.narrow(TimeEntry.objects.visible_to(request.access).select_related("partner"))
    listing = paginate(request, rows, sorts={"day": "held_on", "minutes": "minutes"}, default="-day")
    by_kind = rows.standing().order_by().values_list("kind").annotate(n=Sum("minutes")).order_by("-n")
    kinds = [(TimeKind(kind).label, minutes / 60) for kind, minutes in by_kind]
    context = {
        "title": "Other work", "filters": filters, "listing": listing, "kinds": kinds,
        "hours": sum(hours for _, hours in kinds),
    }  # fmt: skip
    return render_list(request, "activities/time.html", context)


@site_view(Right.CONTACT_LOG)
def log_time(request: HttpRequest, site: str) -> HttpResponse:
    """Log time without a family."""
    form = TimeForm(request.POST or None, access=request.access)
    if form.answered(request, actions.log_time):
        messages.success(request, f"{form.result.minutes} minutes are logged.")
        return redirect("activities:time", site)
    listed = reverse("activities:time", args=[site])
    context = {
        "title": "Log other work", "form": form, "submit_label": "Log the time", "cancel_url": listed,
        "lead": "Time without a family. It is for you and your coordinator; no figure of the report counts it.",
        "breadcrumbs": [("Other work", listed)],
    }  # fmt: skip
    return render(request, "activities/log_time.html", context)


@site_view(Right.CONTACT_LOG)
@require_POST
def strike_time(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Strike out an entry made by mistake."""
    entry = find(TimeEntry.objects.visible_to(request.access), pk=pk)
    actions.strike_time(entry=entry, by=request.access.person)
    messages.success(request, "The entry is struck out.")
    return redirect("activities:time", site)
