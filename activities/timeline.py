"""What happened with a family, newest first, in one line of time: from the referral to the closing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator

from activities.milestones import Moment, children, goals, steps
from activities.models import Contact, FamilyEvent, LevelChange
from counties.access import Access
from families.models import Family

KINDS = [
    ("", "All"), ("contacts", "Contacts"), ("dates", "Hearings and meetings"), ("levels", "Levels"),
    ("goals", "Goals"), ("steps", "Referral to closing"), ("children", "Children"),
]  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """Which moments: a key of `KINDS` (any other means all), from and until a day (both counted in), how many.

    `is_whole` gives notes in full instead of their beginning.
    """

    show: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    limit: int = 15
    is_whole: bool = False

    def narrow(self, rows: QuerySet, column: str) -> QuerySet:
        """The rows of these days, newest first, one more than can be shown."""
        days = {f"{column}__gte": self.since, f"{column}__lte": self.until}
        rows = rows.filter(**{lookup: day for lookup, day in days.items() if day})
        return rows.order_by(f"-{column}", "-pk")[: self.limit + 1]

    def covers(self, day: dt.date) -> bool:
        """Whether the day lies between the two."""
        return (not self.since or day >= self.since) and (not self.until or day <= self.until)


class TimelineFilter(forms.Form):
    """What the timeline shows; every answer stands in the address."""

    show = forms.ChoiceField(label="Show", choices=KINDS, required=False)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput)
    until = forms.DateField(label="Until", required=False, widget=forms.DateInput)

    def clean(self) -> dict[str, Any]:
        days = super().clean() or self.cleaned_data
        if days.get("since") and days.get("until") and days["until"] < days["since"]:
            self.add_error("until", "Choose the first day or a later one.")
        return days

    def chosen(self) -> dict[str, Any]:
        """The good answers, as arguments of `Asked`; one with an error narrows nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def timeline(access: Access, family: Family, asked: Asked) -> tuple[list[Moment], bool]:
    """The newest moments this person may see, and whether there are more; at most eight queries."""
    sources = {
        "contacts": _contacts, "dates": _dates, "levels": _levels,
        "goals": _of(goals), "steps": _of(steps), "children": _of(children),
    }  # fmt: skip
    chosen = [sources[asked.show]] if asked.show in sources else sources.values()
    moments = [moment for source in chosen for moment in source(access, family, asked)]
    moments.sort(key=lambda moment: moment.on, reverse=True)
    return moments[: asked.limit], len(moments) > asked.limit


def _of(source: Any) -> Any:
    """A source that has few moments, narrowed to the days asked for; of one day the last to happen first."""

    def narrowed(access: Access, family: Family, asked: Asked) -> list[Moment]:
        return [moment for moment in source(access, family) if asked.covers(moment.on)][::-1]

    return narrowed


def _contacts(access: Access, family: Family, asked: Asked) -> list[Moment]:
    rows = Contact.objects.visible_to(access).filter(referral__family=family).select_related("partner")
    return [_contact(access, row, asked) for row in asked.narrow(rows, "held_on")]


def _contact(access: Access, contact: Contact, asked: Asked) -> Moment:
    minutes = f", {contact.minutes} min" if contact.minutes else ""
    note = contact.note_read if asked.is_whole else Truncator(contact.note_read).chars(240)
    return Moment(
        contact.held_on,
        f"{contact.get_mode_display()}: {contact.get_result_display().lower()}{minutes}",
        text=contact.note_withheld or note,
        by=str(contact.partner),
        url=reverse("activities:detail", args=[access.site.slug, contact.pk]),
        kind="success" if contact.minutes else "neutral",
    )


def _dates(access: Access, family: Family, asked: Asked) -> list[Moment]:
    rows = FamilyEvent.objects.visible_to(access).filter(referral__family=family)
    return [_date(row) for row in asked.narrow(rows.select_related("partner_attended"), "held_on")]


def _date(event: FamilyEvent) -> Moment:
    went = f"{event.partner_attended} went along" if event.partner_attended else ""
    return Moment(
        event.held_on, event.get_kind_display(), "Cancelled" if event.is_cancelled else went, kind="info"
    )


def _levels(access: Access, family: Family, asked: Asked) -> list[Moment]:
    rows = LevelChange.objects.visible_to(access).filter(enrollment__family=family)
    changes = asked.narrow(rows, "changed_on")
    return [Moment(c.changed_on, f"Level {c.get_level_display()}", c.reason, kind="info") for c in changes]
