"""Filters of the lists of partners and of sessions; every one stands in the URL."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.db.models import F, Q

from partners.models import ParentPartners, SupportSession, SupportSessions


class PartnerFilter(forms.Form):
    """Which parent partners are listed; without an answer those who have not left."""

    q = forms.CharField(label="Name or place", required=False, widget=forms.SearchInput)
    status = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Everyone here now"),
            ("active", "Active"),
            ("on_leave", "On leave"),
            ("left", "Left"),
            ("all", "Now and before"),
        ],
    )
    room = forms.ChoiceField(
        label="Caseload",
        required=False,
        choices=[
            ("", "Any"),
            ("yes", "Below the soft cap"),
            ("soft", "At or over the soft cap"),
            ("hard", "At or over the hard cap"),
        ],
    )

    def narrow(self, partners: ParentPartners, today: dt.date) -> ParentPartners:
        """The partners the answers leave; an answer that makes no sense narrows nothing."""
        answers = self.cleaned_data if self.is_valid() else {}
        left = Q(ends_on__lte=today)
        status = {"all": Q(), "left": left, "on_leave": ~left & Q(is_on_leave=True)}
        status["active"] = ~left & Q(is_on_leave=False, starts_on__lte=today)
        room = {
            "yes": Q(families__lt=F("soft_cap")),
            "soft": Q(families__gte=F("soft_cap")),
            "hard": Q(families__gte=F("hard_cap")),
        }
        partners = partners.filter(status.get(answers.get("status", ""), ~left))
        partners = partners.filter(room.get(answers.get("room", ""), Q()))
        return partners.filter(_names(answers.get("q", "")))


def _names(words: str) -> Q:
    """Every word must stand in a name or a place."""
    found = Q()
    for word in words.split()[:5]:
        found &= (
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(municipality__icontains=word)
        )
    return found


class SessionFilter(forms.Form):
    """Which sessions are listed."""

    q = forms.CharField(label="Topic or attendee", required=False, widget=forms.SearchInput)
    kind = forms.ChoiceField(required=False, choices=[("", "All kinds"), *SupportSession.Kind.choices])
    held_from = forms.DateField(label="From", required=False, widget=forms.DateInput)
    held_to = forms.DateField(label="To", required=False, widget=forms.DateInput)

    def narrow(self, sessions: SupportSessions) -> SupportSessions:
        """The sessions the valid answers leave."""
        self.is_valid()
        answers = self.cleaned_data
        if answers.get("kind"):
            sessions = sessions.filter(kind=answers["kind"])
        if answers.get("held_from"):
            sessions = sessions.filter(held_on__gte=answers["held_from"])
        if answers.get("held_to"):
            sessions = sessions.filter(held_on__lte=answers["held_to"])
        for word in answers.get("q", "").split()[:5]:
            sessions = sessions.filter(_topic_or_attendee(word))
        return sessions


def _topic_or_attendee(word: str) -> Q:
    there = SupportSession.objects.filter(
        Q(attendances__partner__first_name__icontains=word)
        | Q(attendances__partner__last_name__icontains=word),
        attendances__is_present=True,
    )
    return Q(topic__icontains=word) | Q(pk__in=there.values("pk"))
