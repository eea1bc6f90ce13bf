"""What a parent partner or coordinator types about the work. No field offers what a partner never does (V18)."""

from __future__ import annotations

from typing import Any

import uuid_utils.compat as uuid_utils
from django import forms
from django.db.models import Q
from django.utils import timezone

from activities.codes import (
    Activity,
    ContactMode,
    ContactResult,
    IncidentType,
    Level,
    ResourceResult,
    ResourceType,
)
from activities.models import Contact, Contacts, FamilyEvent, FamilyEvents, Goal
from counties.access import Access
from counties.action_forms import ActionForm
from counties.forms import SiteChoiceField
from families.models import Family
from partners.models import ParentPartner
from referrals.models import Referral

HALF = {"class": "half"}
READERS = (
    "Read by this site's coordinators and by the parent partner matched with the parent. "
    "Leave out allegations and who made a report."
)
PAIRS = 3


def _date(label: str = "Date", **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=HALF), **kwargs)


class ParentField(SiteChoiceField):
    """Choice of a referral, shown as the parent it is about."""

    def label_from_instance(self, referral: Referral) -> str:
        return f"{referral.parent} ({referral.family.reference}, {referral.reference})"


def workable(access: Access) -> Any:
    """Referrals under which work may be logged now: accepted, and for a parent partner only those matched."""
    rows = Referral.objects.visible_to(access).accepted().select_related("parent", "family")
    if not access.sees_all_families:
        mine = ParentPartner.objects.filter(person=access.person)
        rows = rows.filter(matches__in=_running_matches().filter(partner__in=mine)).distinct()
    return rows.order_by("parent__first_name", "parent__last_name")


def _running_matches() -> Any:
    return Referral._meta.get_field("matches").related_model.objects.running()


class ContactFacts(ActionForm):
    """What is the same whether a contact is logged or corrected."""

    held_on = _date()
    mode = forms.ChoiceField(label="How", choices=ContactMode.choices, widget=forms.Select(attrs=HALF))
    result = forms.ChoiceField(
        label="What came of it", choices=ContactResult.choices, initial=ContactResult.COMPLETED,
        widget=forms.RadioSelect(attrs={"class": "tile"}),
    )  # fmt: skip
    minutes = forms.IntegerField(
        required=False, min_value=0, max_value=9999, widget=forms.NumberInput(attrs={"class": "short"}),
        help_text="1 to 720 for a completed contact; leave blank for any other.",
    )  # fmt: skip
    activities = forms.MultipleChoiceField(
        label="What you did together", choices=Activity.choices, required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "columns"}),
    )  # fmt: skip
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text=READERS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, PAIRS + 1):
            self.fields[f"resource_{number}"] = forms.ChoiceField(
                label=f"Resource {number}", required=False, choices=[("", "None"), *ResourceType.choices],
                widget=forms.Select(attrs=HALF),
            )  # fmt: skip
            self.fields[f"resource_result_{number}"] = forms.ChoiceField(
                label="What came of it", required=False, choices=ResourceResult.choices,
                widget=forms.Select(attrs=HALF),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        pairs = [
            (
                answers.pop(f"resource_{n}", ""),
                answers.pop(f"resource_result_{n}", "") or ResourceResult.OFFERED,
            )
            for n in range(1, PAIRS + 1)
        ]
        answers["resource_links"] = [pair for pair in pairs if pair[0]]
        return answers

    @staticmethod
    def resource_section() -> tuple[str, list[str], str]:
        names = [f"resource{kind}_{n}" for n in range(1, PAIRS + 1) for kind in ("", "_result")]
        return ("Resources", names, "Only if you linked the parent to one.")


class LogContactForm(ContactFacts):
    """The form a parent partner fills in on a phone; `id` makes a double tap one entry."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    referral = ParentField(label="Parent", queryset=None, empty_label="Choose")
    partner = SiteChoiceField(label="Parent partner", queryset=None, required=False, empty_label="Choose")

    sections = [
        ("Who and when", ["referral", "partner", "held_on", "mode"]),
        ("The contact", ["result", "minutes", "activities"]),
        ContactFacts.resource_section(),
        ("Note", ["note"]),
    ]

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        self.fields["id"].initial = uuid_utils.uuid7
        self.fields["held_on"].initial = timezone.localdate
        self.fields["referral"].queryset = workable(access)
        self.own_profile = (
            ParentPartner.objects.active_on(timezone.localdate()).filter(person=access.person).first()
        )
        if access.sees_all_families:
            self.fields["partner"].queryset = ParentPartner.objects.visible_to(access)
            self.fields["partner"].initial = self.own_profile
            self.fields["partner"].help_text = "Left blank: the one matched with the parent."
        else:
            del self.fields["partner"]

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        partner = answers.get("partner") or (None if self.access.sees_all_families else self.own_profile)
        if partner is None and answers.get("referral"):
            match = _running_matches().filter(referral=answers["referral"]).select_related("partner").first()
            partner = match.partner if match else None
        if partner is None and "referral" in answers:
            self.add_error("partner" if "partner" in self.fields else None, "Choose who had the contact.")
        answers["partner"] = partner
        return answers


class CorrectContactForm(ContactFacts):
    """A correction keeps the former words in the history and asks why."""

    reason = forms.CharField(label="Why it is corrected", max_length=200)

    sections = [
        ("The contact", ["held_on", "mode", "result", "minutes", "activities"]),
        ContactFacts.resource_section(),
        ("Note", ["note", "reason"]),
    ]

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        links = enumerate(contact.resource_links.all()[:PAIRS], start=1)
        kept = {name: value for n, link in links for name, value in ((f"resource_{n}", link.kind),
                                                                     (f"resource_result_{n}", link.result))}  # fmt: skip
        facts = {name: getattr(contact, name) for name in ("held_on", "mode", "result", "activities", "note")}
        minutes = contact.minutes or None
        super().__init__(*args, initial={**facts, **kept, "minutes": minutes}, **kwargs)


class ContactFilter(forms.Form):
    """Filters of the contact list; every answer stands in the address."""

    q = forms.CharField(
        label="Search", required=False, max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Parent, F-0142, words of a note"}),
    )  # fmt: skip
    month = forms.CharField(
        required=False, max_length=7, widget=forms.TextInput(attrs={"type": "month", "class": "short"}),
        label="Month",
    )  # fmt: skip
    partner = SiteChoiceField(label="Parent partner", queryset=None, required=False, empty_label="Any")
    mode = forms.ChoiceField(label="How", choices=[("", "Any"), *ContactMode.choices], required=False)
    result = forms.ChoiceField(label="Result", choices=[("", "Any"), *ContactResult.choices], required=False)
    late = forms.BooleanField(label="Entered late", required=False)

    def __init__(self, data: Any, *, access: Access) -> None:
        super().__init__(data)
        self.access = access
        self.fields["partner"].queryset = ParentPartner.objects.visible_to(access)
        if not access.sees_all_families:
            del self.fields["partner"]

    def clean_month(self) -> str:
        month = self.cleaned_data["month"]
        year, _, number = month.partition("-")
        if month and not (year.isdigit() and len(year) == 4 and number.isdigit() and 1 <= int(number) <= 12):
            raise forms.ValidationError("Write the month as YYYY-MM, for example 2026-10.")
        return month

    def narrow(self, contacts: Contacts) -> Contacts:
        """The contacts asked for; a filter with an error narrows nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        for name, lookup in (("partner", "partner"), ("mode", "mode"), ("result", "result")):
            if chosen.get(name):
                contacts = contacts.filter(**{lookup: chosen[name]})
        if chosen.get("late"):
            contacts = contacts.filter(is_late=True)
        if chosen.get("month"):
            year, month = chosen["month"].split("-")
            contacts = contacts.filter(held_on__year=int(year), held_on__month=int(month))
        for word in chosen.get("q", "").split()[:6]:
            contacts = contacts.filter(self._any_of(word))
        return contacts

    def _any_of(self, word: str) -> Q:
        found = Q(referral__parent__first_name__icontains=word) | Q(
            referral__parent__last_name__icontains=word
        )
        digits = word.upper().removeprefix("F-")
        if digits.isdigit() and len(digits) < 10:
            found |= Q(referral__family__number=int(digits))
        return found | Q(note__icontains=word) if self.access.sees_all_families else found


class LevelForm(ActionForm):
    """A change of intensity after a case consultation."""

    level = forms.TypedChoiceField(
        coerce=int, choices=Level.choices, widget=forms.RadioSelect(attrs={"class": "tile"})
    )
    changed_on = _date("From")
    reason = forms.CharField(
        max_length=200, help_text="For example: case consultation, trial reunification begins."
    )


class EventForm(ActionForm):
    """A hearing or family team meeting, ahead or past."""

    referral = ParentField(label="Parent", queryset=None, empty_label="Choose")
    kind = forms.ChoiceField(
        choices=FamilyEvent.Kind.choices, widget=forms.RadioSelect(attrs={"class": "tile"})
    )
    held_on = _date()
    partner_attended = SiteChoiceField(
        label="Parent partner who went along", queryset=None, required=False, empty_label="None, or still to come",
        help_text="A parent partner is there for the parent and never testifies.",
    )  # fmt: skip

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["referral"].queryset = workable(access)
        self.fields["partner_attended"].queryset = ParentPartner.objects.visible_to(access)


class AttendanceForm(ActionForm):
    """Who went along."""

    partner_attended = SiteChoiceField(
        label="Parent partner who went along", queryset=None, required=False, empty_label="None"
    )

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner_attended"].queryset = ParentPartner.objects.visible_to(access)


class EventFilter(forms.Form):
    """Filters of the calendar; every answer stands in the address."""

    when = forms.ChoiceField(
        label="Show", required=False, choices=[("", "Coming up"), ("past", "Past"), ("all", "All")]
    )
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Any"), *FamilyEvent.Kind.choices])
    q = forms.CharField(
        label="Search", required=False, max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Parent"}),
    )  # fmt: skip

    def narrow(self, events: FamilyEvents) -> FamilyEvents:
        self.is_valid()
        chosen, today = self.cleaned_data, timezone.localdate()
        if chosen.get("when", "") == "":
            events = events.filter(held_on__gte=today)
        elif chosen["when"] == "past":
            events = events.filter(held_on__lt=today)
        if chosen.get("kind"):
            events = events.filter(kind=chosen["kind"])
        for word in chosen.get("q", "").split()[:6]:
            events = events.filter(
                Q(referral__parent__first_name__icontains=word)
                | Q(referral__parent__last_name__icontains=word)
            )
        return events


class GoalForm(ActionForm):
    """A goal in the parent's own words."""

    words = forms.CharField(
        label="The goal, in the parent's words", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What the parent wants to reach. The case plan is written elsewhere.",
    )  # fmt: skip
    set_on = _date("Set on", initial=timezone.localdate)


class EndGoalForm(ActionForm):
    status = forms.ChoiceField(
        label="What came of it",
        choices=[choice for choice in Goal.Status.choices if choice[0] != Goal.Status.OPEN],
        widget=forms.RadioSelect(attrs={"class": "tile"}),
    )
    ended_on = _date("Since", initial=timezone.localdate)


class IncidentForm(ActionForm):
    """An incident. For a mandated report only date, time and agency."""

    kind = forms.ChoiceField(label="Kind", choices=IncidentType.choices)
    happened_at = forms.SplitDateTimeField(
        label="When",
        widget=forms.SplitDateTimeWidget(date_attrs={"type": "date"}, time_attrs={"type": "time"}),
    )
    agency = forms.CharField(label="Agency called", max_length=80, required=False)
    family = SiteChoiceField(queryset=None, required=False, empty_label="None")
    partner = SiteChoiceField(label="Parent partner", queryset=None, required=False, empty_label="None")
    what_happened = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Visible to coordinators only. For a mandated report leave this, the family and the partner blank.",
    )  # fmt: skip

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["family"].queryset = Family.objects.visible_to(access)
        self.fields["partner"].queryset = ParentPartner.objects.visible_to(access)
