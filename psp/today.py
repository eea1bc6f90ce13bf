"""What waits for a person today: one card per kind of work, each a few rows and the way to all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Max, Min, Q
from django.urls import reverse
from django.utils import timezone

from activities.drafts import drafts_of
from activities.models import Contact, ContactDraft, FamilyEvent, FollowUp
from activities.standard import with_standard
from advisory.models import CouncilMeeting
from counties.access import Access
from counties.permissions import Right
from counties.roles import Role
from families.models import Consent, Family
from partners.models import ClinicalMonth, ParentPartner, SupportSession
from psp.cards import Card, Row, card_of, days_since
from psp.today_matching import (
    handed_over,
    matches_proposed,
    offers_to_answer,
    parents_to_match,
)
from referrals.models import Enrollment, IncomingReferral, Referral
from reporting.models import MonthlyReport

AHEAD = dt.timedelta(days=14)


def cards_for(access: Access, day: dt.date) -> list[Card]:
    """The cards of this person's roles, most urgent first and those without work last."""
    cards = [card(access, day) for right, card in CARDS if right in access]
    return sorted((card for card in cards if card is not None), key=lambda card: not card.rows)


def families_on(cards: list[Card]) -> set[Any]:
    """Ids of the families that the cards name; a look at them is recorded."""
    return {row.family_id for card in cards for row in card.rows if row.family_id}


def incoming_referrals(access: Access, day: dt.date) -> Card:
    slug = access.site.slug
    rows = (
        IncomingReferral.objects.visible_to(access)
        .waiting()
        .select_related("from_site")
        .order_by("received_at")
    )
    return card_of(
        "New through the link",
        rows,
        lambda i: Row(
            str(i),
            reverse("referrals:incoming", args=[slug, i.pk]),
            f"from {i.sender}, {days_since(day, i.received_on)}",
            "warning" if (day - i.received_on).days > 2 else "neutral",
        ),
        empty="Nothing new came in through the link.",
        url=reverse("referrals:incoming_list", args=[slug]) + "?status=new",
    )


def referrals_to_decide(access: Access, day: dt.date) -> Card:
    slug = access.site.slug
    rows = Referral.objects.visible_to(access).pending().select_related("parent").order_by("referred_on")
    return card_of(
        "Referrals to decide",
        rows,
        lambda r: Row(
            f"{r.reference} {r.parent}",
            reverse("referrals:detail", args=[slug, r.pk]),
            f"waiting {days_since(day, r.referred_on)}",
            "warning" if (day - r.referred_on).days > 14 else "neutral",
            r.family_id,
        ),
        empty="Every referral is decided.",
        url=reverse("referrals:list", args=[slug]) + "?stage=pending",
    )


def dates_ahead(access: Access, day: dt.date) -> Card:
    slug = access.site.slug
    rows = (
        FamilyEvent.objects.visible_to(access)
        .filter(held_on__gte=day, held_on__lte=day + AHEAD, is_cancelled=False)
        .select_related("referral__parent", "referral__family")
        .order_by("held_on")
    )
    return card_of(
        "Hearings and meetings, next two weeks",
        rows,
        lambda e: Row(
            f"{e.get_kind_display()}: {e.referral.parent}",
            reverse("family", args=[slug, e.referral.family_id]),
            f"{e.held_on:%m/%d/%Y}",
            family_id=e.referral.family_id,
        ),
        empty="No hearing or meeting is planned.",
        url=reverse("activities:events", args=[slug]),
    )


def reports_open(access: Access, day: dt.date) -> Card:
    slug = access.site.slug
    rows = (
        MonthlyReport.objects.visible_to(access)
        .newest_version()
        .filter(status__in=["draft", "certified", "returned"])
        .order_by("month")
    )

    def row(report: MonthlyReport) -> Row:
        late = day > report.due_on
        note = f"{report.get_status_display()}, {'was due' if late else 'due'} {report.due_on:%m/%d/%Y}"
        url = reverse("reporting:detail", args=[slug, report.pk])
        return Row(str(report), url, note, "error" if late else "warning")

    return card_of(
        "Monthly reports",
        rows,
        row,
        empty="Every report is with DCF.",
        url=reverse("reporting:list", args=[slug]),
    )


def my_families(access: Access, day: dt.date) -> Card | None:
    """A parent partner's own families, longest without a contact first; nothing for those who mentor nobody."""
    if Role.PARENT_PARTNER not in access.roles:
        return None
    slug = access.site.slug
    rows = (
        Family.objects.filter(pk__in=Family.objects.mentored_by(access.person).values("pk"))
        .annotate(
            last=Max("referrals__contacts__held_on", filter=Q(referrals__contacts__result="completed")),
            parent_name=Min("parents__first_name"),
        )
        .order_by("last", "number")
    )

    def row(family: Family) -> Row:
        note = f"last contact {family.last:%m/%d/%Y}" if family.last else "no contact yet"
        quiet = family.last is None or (day - family.last).days > 14
        url = reverse("family", args=[slug, family.pk])
        return Row(
            f"{family.parent_name} ({family.reference})",
            url,
            note,
            "warning" if quiet else "neutral",
            family.pk,
        )

    return card_of(
        "My families",
        rows,
        row,
        empty="You have no family right now. Your coordinator will propose a match.",
        url=reverse("families:list", args=[slug]),
    )


def unfinished_contacts(access: Access, day: dt.date) -> Card:
    """Contacts this person began to type and has not logged."""
    log = reverse("activities:log", args=[access.site.slug])

    def row(draft: ContactDraft) -> Row:
        about = draft.referral.parent if draft.referral else "No parent chosen yet"
        family = draft.referral.family_id if draft.referral else None
        saved = f"saved {timezone.localtime(draft.saved_at):%m/%d/%Y %-I:%M %p}"
        return Row(f"{about}", f"{log}?draft={draft.pk}", saved, "warning", family)

    rows = drafts_of(access)
    return card_of("Unfinished contacts", rows, row, empty="Every contact is logged.", url=log)


def follow_ups_due(access: Access, day: dt.date) -> Card:
    """This person's open follow-ups, next due first."""
    slug = access.site.slug
    rows = FollowUp.objects.visible_to(access).open().filter(owner=access.person)

    def row(one: FollowUp) -> Row:
        late = one.due_on < day
        note = f"{'was due' if late else 'due'} {one.due_on:%m/%d/%Y}"
        url = reverse("activities:end_follow_up", args=[slug, one.pk])
        kind = "warning" if one.due_on <= day else "neutral"
        return Row(f"{one.words_read} ({one.referral.parent})", url, note, kind, one.referral.family_id)

    return card_of(
        "Follow-ups",
        rows.select_related("referral__parent").order_by("due_on"),
        row,
        empty="Nothing is left to follow up.",
        url=reverse("activities:follow_ups", args=[slug]),
    )


def contacts_to_come(access: Access, day: dt.date) -> Card:
    """Families that still ask for face-to-face contacts this month, most missing first (`domain.md` 5.5)."""
    slug = access.site.slug
    rows = with_standard(Enrollment.objects.visible_to(access).open_on(day), day, access.site.settings)
    end = day.replace(day=1) + relativedelta(months=1)
    return card_of(
        "Contacts this month still asks for",
        rows.filter(missing__gt=0).select_related("family").order_by("-missing", "family__number"),
        lambda e: Row(
            f"{e.family}: {e.made} of {e.required} made",
            reverse("family", args=[slug, e.family_id]),
            f"{e.missing} to come in {days_since(end, day)}",
            "warning" if e.missing * 7 > (end - day).days else "neutral",
            e.family_id,
        ),
        empty="Every family has this month's contacts.",
        url=reverse("activities:standard", args=[slug]),
    )


def late_entries(access: Access, day: dt.date) -> Card:
    """Contacts of the last month entered late, so that a coordinator sees who needs a hand with it."""
    slug = access.site.slug
    rows = (
        Contact.objects.visible_to(access)
        .filter(is_late=True, held_on__gt=day - dt.timedelta(days=31))
        .select_related("partner", "referral__parent")
        .order_by("-held_on")
    )
    return card_of(
        "Entered late this month",
        rows,
        lambda c: Row(f"{c.partner}: {c.referral.parent}", reverse("activities:detail", args=[slug, c.pk]),
                      f"held {c.held_on:%m/%d/%Y}", family_id=c.referral.family_id),
        empty="No contact was entered late.",
        url=reverse("activities:list", args=[slug]) + "?late=on",
    )  # fmt: skip


def supervision_to_hold(access: Access, day: dt.date) -> Card:
    """Parent partners at work whose individual supervision is due or overdue (`domain.md` 13)."""
    slug = access.site.slug
    here = ParentPartner.objects.visible_to(access).active_on(day).filter(is_on_leave=False)
    rows = (
        here.with_supervision()
        .filter(supervision_due_on__lte=day)
        .order_by("supervision_due_on", "last_name")
    )

    def row(partner: ParentPartner) -> Row:
        late = partner.supervision_due_on < day
        note = f"{'was due' if late else 'due'} {partner.supervision_due_on:%m/%d/%Y}"
        url = reverse("partners:detail", args=[slug, partner.pk])
        return Row(str(partner), url, note, "warning" if late else "neutral")

    return card_of(
        "Individual supervision to hold",
        rows,
        row,
        empty="Nobody waits for supervision.",
        url=reverse("partner_board", args=[slug]),
    )


def next_clinical_support(access: Access, day: dt.date) -> Card | None:
    """Clinical support: the dates planned ahead."""
    if Role.CLINICAL_SUPPORT not in access.roles:
        return None
    slug = access.site.slug

    def row(month: ClinicalMonth) -> Row:
        at = f", {month.planned_at:%-I:%M %p}" if month.planned_at else ""
        url = reverse("partners:clinical_month", args=[slug, month.pk])
        return Row(month.reference, url, f"{month.planned_on:%m/%d/%Y}{at}")

    rows = ClinicalMonth.objects.visible_to(access).filter(planned_on__gte=day).order_by("planned_on")
    return card_of(
        "Clinical support planned",
        rows,
        row,
        empty="No session is planned.",
        url=reverse("partners:clinical", args=[slug]),
    )


def last_sessions(access: Access, day: dt.date) -> Card | None:
    """Clinical support: this site's latest sessions."""
    if Role.CLINICAL_SUPPORT not in access.roles:
        return None
    slug = access.site.slug
    rows = (
        SupportSession.objects.visible_to(access)
        .standing()
        .filter(held_on__gt=day - dt.timedelta(days=92))
        .order_by("-held_on")
    )
    return card_of(
        "Sessions of the last three months",
        rows,
        lambda s: Row(
            s.get_kind_display(), reverse("partners:sessions", args=[slug]), f"{s.held_on:%m/%d/%Y}"
        ),
        empty="No session is recorded for the last three months.",
        url=reverse("partners:sessions", args=[slug]),
    )


def clinical_support(access: Access, day: dt.date) -> Card | None:
    """From the 25th on, a month without clinical support, until it is recorded."""
    url = reverse("partners:clinical", args=[access.site.slug])
    months = ClinicalMonth.objects.visible_to(access).missing_on(day)
    if not months.exists():
        return None
    rows = [
        Row("No clinical support this month yet", reverse("partners:clinical_month", args=[access.site.slug, m.pk]),
            f"planned for {m.planned_on:%m/%d/%Y}" if m.planned_on else "not planned", "error")
        for m in months
    ]  # fmt: skip
    return Card("Clinical support", "", url, rows, len(rows))


def last_meetings(access: Access, day: dt.date) -> Card | None:
    """Council members: the latest meetings."""
    if Role.COUNCIL_MEMBER not in access.roles:
        return None
    url = reverse("advisory:list", args=[access.site.slug])
    rows = CouncilMeeting.objects.visible_to(access).filter(held_on__gt=day - dt.timedelta(days=366))
    return card_of(
        "Council meetings of the last year",
        rows.order_by("-held_on"),
        lambda m: Row(m.get_council_display(), url, f"{m.held_on:%m/%d/%Y}"),
        empty="No meeting is recorded for the last year.",
        url=url,
    )


def consents_ending(access: Access, day: dt.date) -> Card:
    """Consents over within 30 days that nobody has renewed yet."""
    slug = access.site.slug
    rows = Consent.objects.visible_to(access).ending(day).select_related("parent__family")
    return card_of(
        "Consents about to expire",
        rows.order_by("expires_on"),
        lambda c: Row(
            str(c),
            reverse("families:consent", args=[slug, c.pk]),
            f"until {c.expires_on:%m/%d/%Y}",
            "warning" if (c.expires_on - day).days <= 7 else "neutral",
            c.parent.family_id,
        ),
        empty="No consent expires within 30 days.",
        url=reverse("families:consents", args=[slug]) + "?state=expiring",
    )


CARDS: list[tuple[Right, Callable[[Access, dt.date], Card | None]]] = [
    (Right.REFERRAL_CREATE, incoming_referrals),
    (Right.REFERRAL_DECIDE, referrals_to_decide),
    (Right.MATCH_SUGGEST, parents_to_match),
    (Right.MATCH_ACCEPT, matches_proposed),
    (Right.MATCH_END, handed_over),
    (Right.MATCH_ANSWER, offers_to_answer),
    (Right.REPORT_VIEW, reports_open),
    (Right.CONTACT_LOG, unfinished_contacts),
    (Right.CONTACT_LOG, follow_ups_due),
    (Right.CONTACT_LOG, my_families),
    (Right.CONTACT_VIEW, contacts_to_come),
    (Right.EVENT_RECORD, dates_ahead),
    (Right.CONSENT_RECORD, consents_ending),
    (Right.FAMILY_VIEW_ALL, late_entries),
    (Right.PARTNER_EDIT, supervision_to_hold),
    (Right.SESSION_RECORD, clinical_support),
    (Right.SESSION_RECORD, next_clinical_support),
    (Right.SESSION_VIEW, last_sessions),
    (Right.COUNCIL_VIEW, last_meetings),
]
