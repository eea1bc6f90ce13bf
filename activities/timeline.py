"""What happened with a family, newest first: contacts, hearings and meetings, level changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import Truncator

from activities.models import Contact, FamilyEvent, LevelChange
from counties.access import Access
from families.models import Family

KINDS = [("", "All"), ("contacts", "Contacts"), ("dates", "Hearings and meetings"), ("levels", "Levels")]


@dataclass
class Moment:
    """One line of the timeline."""

    on: dt.date
    title: str
    text: str = ""
    by: str = ""
    url: str = ""
    kind: str = "neutral"


def timeline(access: Access, family: Family, *, show: str = "", limit: int = 15) -> tuple[list[Moment], bool]:
    """The newest `limit` moments this person may see, and whether there are more; a query per kind.

    `show` is a key of `KINDS`; any other means all.
    """
    sources = {"contacts": _contacts, "dates": _dates, "levels": _levels}
    chosen = [sources[show]] if show in sources else sources.values()
    moments = [moment for source in chosen for moment in source(access, family, limit + 1)]
    moments.sort(key=lambda moment: moment.on, reverse=True)
    return moments[:limit], len(moments) > limit


def _contacts(access: Access, family: Family, limit: int) -> list[Moment]:
    rows = Contact.objects.visible_to(access).filter(referral__family=family).select_related("partner")
    return [_contact(access, row) for row in rows[:limit]]


def _contact(access: Access, contact: Contact) -> Moment:
    minutes = f", {contact.minutes} min" if contact.minutes else ""
    return Moment(
        contact.held_on,
        f"{contact.get_mode_display()}: {contact.get_result_display().lower()}{minutes}",
        text=contact.note_withheld or Truncator(contact.note_read).chars(240),
        by=str(contact.partner),
        url=reverse("activities:detail", args=[access.site.slug, contact.pk]),
        kind="success" if contact.minutes else "neutral",
    )


def _dates(access: Access, family: Family, limit: int) -> list[Moment]:
    rows = FamilyEvent.objects.visible_to(access).filter(referral__family=family)
    return [_date(row) for row in rows.select_related("partner_attended")[:limit]]


def _date(event: FamilyEvent) -> Moment:
    went = f"{event.partner_attended} went along" if event.partner_attended else ""
    return Moment(
        event.held_on, event.get_kind_display(), "Cancelled" if event.is_cancelled else went, kind="info"
    )


def _levels(access: Access, family: Family, limit: int) -> list[Moment]:
    rows = LevelChange.objects.visible_to(access).filter(enrollment__family=family).order_by("-changed_on")
    return [
        Moment(c.changed_on, f"Level {c.get_level_display()}", c.reason, kind="info") for c in rows[:limit]
    ]
