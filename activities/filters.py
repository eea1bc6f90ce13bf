"""Filters of this room's lists; every answer stands in the address."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from activities.codes import ContactMode, ContactResult, IncidentType
from activities.models import Contacts, FamilyEvent, FamilyEvents, Incidents
from counties.access import Access
from counties.forms import SiteChoiceField
from families.models import Family
from matching.models import Match
from partners.models import ParentPartner
from referrals.models import Enrollments


class MonthField(forms.CharField):
    """A month typed as YYYY-MM; becomes its first day."""

    widget = forms.TextInput(attrs={"type": "month", "class": "short"})

    def clean(self, value: Any) -> dt.date | None:
        text = super().clean(value)
        if not text:
            return None
        if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", text):
            raise forms.ValidationError("Write the month as YYYY-MM, for example 2026-10.")
        return dt.date(int(text[:4]), int(text[5:]), 1)


def _in_month(rows: QuerySet, month: dt.date | None, field: str = "held_on") -> QuerySet:
    if month is None:
        return rows
    return rows.filter(**{f"{field}__gte": month, f"{field}__lt": month + relativedelta(months=1)})


def _search_box(placeholder: str) -> forms.CharField:
    box = forms.TextInput(attrs={"type": "search", "placeholder": placeholder})
    return forms.CharField(label="Search", required=False, max_length=80, widget=box)


def _of_parent(words: str) -> list[Q]:
    """For each word: it stands in the parent's name, or is the family's reference."""
    found = []
    for word in words.split()[:6]:
        named = Q(referral__parent__first_name__icontains=word) | Q(
            referral__parent__last_name__icontains=word
        )
        number = re.fullmatch(r"(?:f-)?0*([1-9][0-9]{0,8})", word.lower())
        found.append(named | Q(referral__family__number=number[1]) if number else named)
    return found


class ContactFilter(forms.Form):
    """Filters of the contact list; coordinators also search in notes."""

    q = _search_box("Parent or F-0142")
    month = MonthField(required=False)
    family = SiteChoiceField(queryset=None, required=False, empty_label="Any")
    partner = SiteChoiceField(label="Parent partner", queryset=None, required=False, empty_label="Any")
    mode = forms.ChoiceField(label="How", choices=[("", "Any"), *ContactMode.choices], required=False)
    result = forms.ChoiceField(choices=[("", "Any"), *ContactResult.choices], required=False)
    late = forms.BooleanField(label="Entered late", required=False)

    def __init__(self, data: QueryDict, *, access: Access) -> None:
        super().__init__(data)
        self.access = access
        self.fields["family"].queryset = Family.objects.visible_to(access)
        self.fields["partner"].queryset = ParentPartner.objects.visible_to(access)
        if not data.get("family"):
            del self.fields["family"]  # chosen by the family's page; the search box finds it as well
        if access.sees_all_families:
            self.fields["q"].widget.attrs["placeholder"] = "Parent, F-0142 or words of a note"
        else:
            del self.fields["partner"]

    def narrow(self, contacts: Contacts) -> Contacts:
        """The contacts asked for; a filter with an error narrows nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        lookups = {"family": "referral__family", "partner": "partner", "mode": "mode", "result": "result"}
        for name, lookup in lookups.items():
            if chosen.get(name):
                contacts = contacts.filter(**{lookup: chosen[name]})
        if chosen.get("late"):
            contacts = contacts.filter(is_late=True)
        words = chosen.get("q", "")
        for word, found in zip(words.split(), _of_parent(words), strict=False):
            in_notes = Q(note__icontains=word) if self.access.sees_all_families else Q()
            contacts = contacts.filter(found | in_notes)
        return _in_month(contacts, chosen.get("month"))


class EventFilter(forms.Form):
    """Filters of the calendar; without an answer what is still to come."""

    q = _search_box("Parent or F-0142")
    when = forms.ChoiceField(
        label="Show", required=False, choices=[("", "Coming up"), ("past", "Past"), ("all", "All")]
    )
    month = MonthField(required=False)
    kind = forms.ChoiceField(required=False, choices=[("", "Any"), *FamilyEvent.Kind.choices])

    @property
    def looks_back(self) -> bool:
        """Whether the newest should stand first."""
        return bool(self.data.get("when") or self.data.get("month"))

    def narrow(self, events: FamilyEvents) -> FamilyEvents:
        """The dates asked for; a month shows all of its dates."""
        self.is_valid()
        chosen, today = self.cleaned_data, timezone.localdate()
        if chosen.get("when") == "past":
            events = events.filter(held_on__lt=today)
        elif not self.looks_back:
            events = events.filter(held_on__gte=today)
        if chosen.get("kind"):
            events = events.filter(kind=chosen["kind"])
        for found in _of_parent(chosen.get("q", "")):
            events = events.filter(found)
        return _in_month(events, chosen.get("month"))


class StandardFilter(forms.Form):
    """Filters of this month's contact standard."""

    partner = SiteChoiceField(label="Parent partner", queryset=None, required=False, empty_label="Any")
    missing = forms.BooleanField(label="Only with contacts still to come", required=False)

    def __init__(self, data: QueryDict, *, access: Access) -> None:
        super().__init__(data)
        self.fields["partner"].queryset = ParentPartner.objects.visible_to(access)
        if not access.sees_all_families:
            del self.fields["partner"]

    def narrow(self, enrollments: Enrollments) -> Enrollments:
        """Enrollments that came through `standard.with_standard`."""
        self.is_valid()
        partner = self.cleaned_data.get("partner")
        if partner:
            theirs = Match.objects.running().filter(partner=partner, parent__family=OuterRef("family"))
            enrollments = enrollments.filter(Exists(theirs))
        return enrollments.filter(missing__gt=0) if self.cleaned_data.get("missing") else enrollments


def _in_incident(word: str) -> Q:
    found = Q()
    for field in ("what_happened", "agency", "partner__first_name", "partner__last_name"):
        found |= Q(**{f"{field}__icontains": word})
    number = re.fullmatch(r"(?:f-)?0*([1-9][0-9]{0,8})", word.lower())
    return found | Q(family__number=number[1]) if number else found


class IncidentFilter(forms.Form):
    """Filters of the incidents."""

    q = _search_box("F-0142, parent partner or words")
    kind = forms.ChoiceField(required=False, choices=[("", "Any"), *IncidentType.choices])
    month = MonthField(required=False)

    def narrow(self, incidents: Incidents) -> Incidents:
        self.is_valid()
        if self.cleaned_data.get("kind"):
            incidents = incidents.filter(kind=self.cleaned_data["kind"])
        for word in self.cleaned_data.get("q", "").split()[:6]:
            incidents = incidents.filter(_in_incident(word))
        return _in_month(incidents, self.cleaned_data.get("month"), "happened_at__date")
