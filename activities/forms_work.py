"""What is typed about follow-ups and about time without a family."""

from __future__ import annotations

from typing import Any

import uuid_utils.compat as uuid_utils
from django import forms
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from activities.codes import TimeKind
from activities.filters import MonthField
from activities.forms import date_field, offer_parents, parent_field
from activities.models import FollowUp, FollowUps, TimeEntries
from counties.access import Access
from counties.action_forms import ActionForm
from counties.forms import SiteChoiceField
from counties.models import RoleAssignment
from counties.permissions import Right
from counties.roles import GRANTS, Role
from matching.models import Match
from partners.models import ParentPartner

COORDINATORS = [role for role in Role if Right.FAMILY_VIEW_ALL in GRANTS[role].rights]


def owners_for(access: Access):
    """Who may see to a follow-up: oneself, the site's coordinators, and for them the parent partners at work."""
    today = timezone.localdate()
    roles = RoleAssignment.objects.on(today).filter(site=access.site, role__in=COORDINATORS)
    chosen = Q(pk=access.person.pk) | Q(pk__in=roles.values("person"))
    if access.sees_all_families:
        chosen |= Q(pk__in=Match.objects.running().values("partner__person"))
    return User.objects.filter(chosen, is_active=True).order_by("name")


class FollowUpForm(ActionForm):
    """What is to be done, by when, by whom."""

    referral = parent_field()
    words = forms.CharField(
        label="What is to be done", max_length=200, help_text="For example: bring the housing form on Friday."
    )
    due_on = date_field("By", initial=timezone.localdate)
    owner = SiteChoiceField(label="Who sees to it", queryset=None, empty_label=None)

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_parents(self.fields["referral"], access)
        self.fields["owner"].queryset = owners_for(access)
        self.fields["owner"].initial = access.person.pk


class HandOnForm(ActionForm):
    """Who sees to it from now on, and by when."""

    owner = SiteChoiceField(label="Who sees to it", queryset=None, empty_label=None)
    due_on = date_field("By")

    def __init__(self, *args: Any, access: Access, follow_up: FollowUp, **kwargs: Any) -> None:
        due_on = max(follow_up.due_on, timezone.localdate())
        super().__init__(*args, initial={"owner": follow_up.owner_id, "due_on": due_on}, **kwargs)
        self.fields["owner"].queryset = owners_for(access)


class EndFollowUpForm(ActionForm):
    """Done, or not needed any more."""

    status = forms.ChoiceField(
        label="What came of it", initial=FollowUp.Status.DONE,
        choices=[choice for choice in FollowUp.Status.choices if choice[0] != FollowUp.Status.OPEN],
        widget=forms.RadioSelect(attrs={"class": "tile"}),
    )  # fmt: skip


class FollowUpFilter(forms.Form):
    """Filters of the follow-ups; without an answer one's own open ones."""

    whose = forms.ChoiceField(required=False, choices=[("", "Mine"), ("all", "Everybody's")])
    show = forms.ChoiceField(required=False, choices=[("", "Open"), ("ended", "Ended"), ("all", "All")])

    def narrow(self, rows: FollowUps, access: Access) -> FollowUps:
        self.is_valid()
        if self.cleaned_data.get("whose") != "all":
            rows = rows.filter(owner=access.person)
        if self.cleaned_data.get("show") == "all":
            return rows
        return rows.exclude(status="open") if self.cleaned_data.get("show") == "ended" else rows.open()


class TimeForm(ActionForm):
    """Time without a family; `id` makes a double tap one entry."""

    is_sent_once = False
    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    partner = SiteChoiceField(label="Parent partner", queryset=None, empty_label="Choose")
    kind = forms.ChoiceField(label="What it was", choices=[("", "Choose"), *TimeKind.choices])
    held_on = date_field("Day", initial=timezone.localdate)
    minutes = forms.IntegerField(
        min_value=1, max_value=720,
        widget=forms.NumberInput(attrs={"class": "short", "data-choices": "15 30 60 120"}),
        error_messages={"min_value": "Enter 1 to 720 minutes.", "max_value": "Enter 1 to 720 minutes."},
    )  # fmt: skip

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = uuid_utils.uuid7
        partners = ParentPartner.objects.visible_to(access)
        if not access.sees_all_families:
            partners = partners.filter(person=access.person)
            self.fields["partner"].initial = partners.first()
            self.fields["partner"].empty_label = None
        self.fields["partner"].queryset = partners


class TimeFilter(forms.Form):
    """Filters of the time entries."""

    partner = SiteChoiceField(label="Parent partner", queryset=None, required=False, empty_label="Any")
    kind = forms.ChoiceField(required=False, choices=[("", "Any"), *TimeKind.choices])
    month = MonthField(required=False)

    def __init__(self, *args: Any, access: Access) -> None:
        super().__init__(*args)
        self.fields["partner"].queryset = ParentPartner.objects.visible_to(access)
        if not access.sees_all_families:
            del self.fields["partner"]

    def narrow(self, rows: TimeEntries) -> TimeEntries:
        self.is_valid()
        chosen = self.cleaned_data
        rows = rows.filter(**{name: chosen[name] for name in ("partner", "kind") if chosen.get(name)})
        month = chosen.get("month")
        return rows.filter(held_on__year=month.year, held_on__month=month.month) if month else rows
