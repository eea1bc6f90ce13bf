"""This room's part of the family page (`docs/interface.md`)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from activities.models import Contact, FamilyEvent, Goal, LevelChange
from activities.standard import standard_of, with_standard
from counties.access import Access
from families.models import Family
from referrals.models import Enrollment

SHOWN = 15


@dataclass
class Moment:
    """One line of the timeline."""

    on: dt.date
    title: str
    text: str = ""
    url: str = ""
    kind: str = "neutral"


def family_panel(access: Access, family: Family) -> dict[str, Any]:
    """Timeline, goals and this month's contact standard; about seven queries whatever the history."""
    today = timezone.localdate()
    contacts = Contact.objects.visible_to(access).filter(referral__family=family).select_related("partner")
    events = FamilyEvent.objects.visible_to(access).filter(referral__family=family)
    levels = LevelChange.objects.visible_to(access).filter(enrollment__family=family)
    moments = [_contact(access, one) for one in contacts[:SHOWN]]
    moments += [_event(access, one) for one in events.select_related("partner_attended")[:SHOWN]]
    moments += [_level(one) for one in levels.order_by("-changed_on")[:SHOWN]]
    moments.sort(key=lambda moment: moment.on, reverse=True)
    return {
        "activity_moments": moments[:SHOWN],
        "activity_has_more": len(moments) > SHOWN,
        "activity_goals": Goal.objects.visible_to(access)
        .filter(parent__family=family)
        .select_related("parent"),
        "activity_standard": _standard(access, family, today),
    }


def _standard(access: Access, family: Family, today: dt.date) -> dict[str, Any] | None:
    settings = access.site.settings
    rows = Enrollment.objects.visible_to(access).filter(family=family).open_on(today)
    enrollment = with_standard(rows, today, settings).first()
    if enrollment is None:
        return None
    return {"enrollment": enrollment, "standard": standard_of(enrollment, today, settings)}


def _contact(access: Access, contact: Contact) -> Moment:
    minutes = f", {contact.minutes} min" if contact.minutes else ""
    kind = "success" if contact.minutes else "neutral"
    title = f"{contact.get_mode_display()}: {contact.get_result_display().lower()}{minutes}"
    url = reverse("activities:detail", args=[access.site.slug, contact.pk])
    return Moment(contact.held_on, title, f"{contact.partner}. {contact.note}".strip(" ."), url, kind)


def _event(access: Access, event: FamilyEvent) -> Moment:
    went = f"{event.partner_attended} went along" if event.partner_attended else ""
    words = "cancelled" if event.is_cancelled else went
    return Moment(event.held_on, event.get_kind_display(), words, "", "info")


def _level(change: LevelChange) -> Moment:
    return Moment(change.changed_on, f"Level {change.get_level_display()}", change.reason, "", "info")
