"""Incoming referrals on screen: list, page with likely duplicates, take up, join, decline; the link and its QR code."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from audit.record import record
from counties.access import find
from counties.codes import Language
from counties.decorators import site_view
from counties.lists import paginate, render_list
from counties.permissions import Right
from families.codes import CourtTrack
from families.duplicates import LikelyDuplicate, likely_duplicates
from families.listing import record_offered
from referrals import incoming_actions as actions
from referrals.forms_incoming import (
    DeclineIncomingForm,
    IncomingFilter,
    JoinForm,
    SwitchPublicFormForm,
    TakeUpForm,
    person_in,
)
from referrals.models import IncomingReferral, PublicForm, ReferralSource
from referrals.qr import qr_code

SORTS = {"received": "received_at", "parent": ("last_name", "first_name"), "status": "status"}
YES_NO = {True: "Yes", False: "No", None: ""}
LANGUAGES = {"en": "English", "es": "Español", "hmn": "Hmoob"}


@site_view(Right.REFERRAL_CREATE)
def incoming_list(request: HttpRequest, site: str) -> HttpResponse:
    """What came in from outside, the latest first."""
    filters = IncomingFilter(request.GET)
    rows = IncomingReferral.objects.visible_to(request.access).select_related("referral", "from_site")
    listing = paginate(request, filters.narrow(rows), sorts=SORTS, default="-received")
    record("referral.incoming_listed", kind="incomingreferral", ids=[incoming.pk for incoming in listing])
    context = {"title": "Incoming referrals", "filters": filters, "listing": listing}
    return render_list(
        request, "referrals/incoming_list.html", context | {"breadcrumbs": [_referrals_crumb(site)]}
    )


@site_view(Right.REFERRAL_CREATE)
def incoming(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """What came in, and who may be the same person; nothing is opened before this was looked at."""
    found = _find(request, pk)
    record("referral.incoming_viewed", found)
    duplicates = _likely(request, found) if found.status == "new" else []
    record_offered(duplicate.family.pk for duplicate in duplicates)
    context = {
        "title": str(found), "incoming": found, "facts": _facts(found), "duplicates": duplicates,
        "breadcrumbs": _crumbs(site),
    }  # fmt: skip
    return render(request, "referrals/incoming.html", context)


@site_view(Right.REFERRAL_CREATE)
def take_up(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Make the referral."""
    found = _find(request, pk)
    form = TakeUpForm(
        request.POST or None, access=request.access, incoming=found,
        initial={"parent": request.GET.get("parent")},
    )  # fmt: skip
    if form.answered(request, actions.take_up_incoming, incoming=found):
        messages.success(request, f"{form.result} is taken in. Decide it on this page.")
        return redirect("referrals:detail", site, form.result.pk)
    record_offered(form.fields["family"].queryset.values_list("pk", flat=True))
    points = ["The sender sees “Being reviewed”.", f"The referral date is {found.received_on:%m/%d/%Y}."]
    return _form_page(request, found, form, title=f"Take up {found}", submit_label="Take up", points=points)


@site_view(Right.REFERRAL_CREATE)
def join(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Note that this parent was referred already."""
    found = _find(request, pk)
    form = JoinForm(
        request.POST or None, access=request.access, initial={"referral": request.GET.get("referral")}
    )
    if form.answered(request, actions.join_incoming, incoming=found):
        messages.success(request, f"Noted: {found} was referred already.")
        return redirect("referrals:detail", site, form.result.referral_id)
    record_offered(form.fields["referral"].queryset.values_list("family", flat=True))
    points = ["No second referral is opened.", "The sender sees where the first one stands."]
    title = f"{found} was referred already"
    return _form_page(request, found, form, title=title, submit_label="Note it", points=points)


@site_view(Right.REFERRAL_CREATE)
def decline_incoming(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Leave an incoming referral aside."""
    found = _find(request, pk)
    form = DeclineIncomingForm(request.POST or None)
    if form.answered(request, actions.decline_incoming, incoming=found):
        messages.success(request, f"{found} is not taken up.")
        return redirect("referrals:incoming_list", site)
    points = [
        "It stays on record and counts in no figure.",
        "If a parent was really referred and PSP cannot help, take it up and decide it: then the report counts it.",
    ]
    title = f"Do not take up {found}"
    return _form_page(request, found, form, title=title, submit_label=title, danger=True, points=points)


@site_view(Right.REFERRAL_CREATE)
def public_form(request: HttpRequest, site: str) -> HttpResponse:
    """The link for people without an account, with a QR code to print."""
    address = f"{settings.ADDRESS}{reverse('refer:start', args=[site])}"
    chosen = request.GET.get("lang", "en")
    language = chosen if chosen in LANGUAGES else "en"
    context = {
        "title": "Link for referrals", "form_row": PublicForm.objects.visible_to(request.access).first(),
        "code": qr_code(address if language == "en" else f"{address}?lang={language}"), "language": language,
        "languages": [(code, name, code == language) for code, name in LANGUAGES.items()],
        "breadcrumbs": [_referrals_crumb(site)],
    }  # fmt: skip
    return render(request, "referrals/public_form.html", context)


@site_view(Right.SITE_CONFIGURE)
def switch_public_form(request: HttpRequest, site: str) -> HttpResponse:
    """Open or close the form that needs no account."""
    row = PublicForm.objects.visible_to(request.access).first()
    form = SwitchPublicFormForm(request.POST or None, form=row)
    if form.answered(request, actions.switch_public_form):
        messages.success(request, f"The form is {'open' if form.result.is_open else 'closed'}.")
        return redirect("referrals:public_form", site)
    here = reverse("referrals:public_form", args=[site])
    context = {
        "title": "Open or close the form", "form": form, "cancel_url": here,
        "breadcrumbs": [_referrals_crumb(site), ("Link for referrals", here)],
    }  # fmt: skip
    return render(request, "components/form_page.html", context)


def _find(request: HttpRequest, pk: str) -> IncomingReferral:
    return find(
        IncomingReferral.objects.visible_to(request.access).select_related("referral__parent", "from_site"),
        pk=pk,
    )


def _likely(request: HttpRequest, incoming: IncomingReferral) -> list[LikelyDuplicate]:
    return likely_duplicates(access=request.access, **person_in(incoming))


def _facts(incoming: IncomingReferral) -> list[tuple[str, Any]]:
    tracks = dict(CourtTrack.choices)
    language = dict(Language.choices).get(incoming.language, incoming.language)
    is_own = incoming.source == ReferralSource.SELF
    return [
        ("Phone", incoming.phone),
        ("E-mail", incoming.email),
        ("Likes to be reached by", str(incoming.get_reach_by_display()).removesuffix(" me")),
        ("May we leave a message", YES_NO[incoming.may_leave_message]),
        ("To reach them", incoming.note),
        ("Town or city", incoming.municipality),
        ("Language", language),
        *([] if is_own else [("Knows about the referral", YES_NO[incoming.parent_agrees])]),
        ("Children's situation", incoming.get_case_type_display()),
        ("Court or program", ", ".join(str(tracks.get(track, track)) for track in incoming.court_tracks)),
        ("Case number", incoming.state_case_id),
    ]


def _referrals_crumb(site: str) -> tuple[str, str]:
    return ("Referrals", reverse("referrals:list", args=[site]))


def _crumbs(site: str, incoming: IncomingReferral | None = None) -> list[tuple[str, str]]:
    crumbs = [_referrals_crumb(site), ("Incoming", reverse("referrals:incoming_list", args=[site]))]
    if incoming:
        crumbs.append((str(incoming), reverse("referrals:incoming", args=[site, incoming.pk])))
    return crumbs


def _form_page(
    request: HttpRequest, incoming: IncomingReferral, form: Any, *, title: str, **more: Any
) -> HttpResponse:
    crumbs = _crumbs(request.site.slug, incoming)
    context = {"title": title, "form": form, "breadcrumbs": crumbs, "cancel_url": crumbs[-1][1], **more}
    context["lead"] = f"Received {incoming.received_on:%m/%d/%Y} from: {incoming.sender}."
    return render(request, "components/form_page.html", context)
