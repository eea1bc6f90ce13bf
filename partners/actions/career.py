"""The only writers of a parent partner's career and of their own wellness checks."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.action_forms import ask_about
from counties.free_text import scan_free_text
from partners.actions.partners import NotTheirStory
from partners.models.career import STATEMENTS, CareerEntry, WellnessCheck
from partners.models.partner import ParentPartner


@transaction.atomic
def add_career_entry(
    *, partner: ParentPartner, by: User, confirmed: Collection[str] = (), **facts: Any
) -> CareerEntry:
    """A milestone, credential, committee seat or stipend."""
    entry = CareerEntry(site_id=partner.site_id, partner=partner, **facts)
    _refuse_mixed(entry)
    ask_about(scan_free_text(words=entry.words), confirmed)
    entry.full_clean(exclude=["site", "partner"])
    entry.save()
    record("career.added", partner, actor_id=by.pk, entry_kind=entry.kind)
    return entry


@transaction.atomic
def strike_career_entry(*, entry: CareerEntry, by: User) -> CareerEntry:
    """Strike an entry made by mistake; it stays in the history."""
    entry = CareerEntry.objects.select_for_update().select_related("partner").get(pk=entry.pk)
    if not entry.is_struck:
        entry.is_struck = True
        entry.save(update_fields=["is_struck"])
        record("career.struck", entry.partner, actor_id=by.pk)
    return entry


@transaction.atomic
def take_wellness_check(
    *, partner: ParentPartner, by: User, confirmed: Collection[str] = (), **answers: int
) -> WellnessCheck:
    """Answer the voluntary check, 1 (never) to 5 (always) for each statement.

    The trail says nothing about it: coordinators read the trail, and who took part is nobody's business.
    """
    if partner.person_id != by.pk:
        raise NotTheirStory("Only the parent partner themself takes this check.")
    points = 0
    for name, _, is_good in STATEMENTS:
        if not 1 <= answers[name] <= 5:
            raise ValidationError({name: "Choose one of the five answers."})
        points += answers[name] if is_good else 6 - answers[name]
    return WellnessCheck.objects.create(
        site_id=partner.site_id, partner=partner, taken_on=timezone.localdate(), points=points
    )


def _refuse_mixed(entry: CareerEntry) -> None:
    """What belongs to another kind is refused, not dropped: somebody typed it for a reason."""
    problems = {}
    kind, kinds = entry.kind, CareerEntry.Kind
    is_milestone, is_stipend = kind == kinds.MILESTONE, kind == kinds.STIPEND
    if is_milestone != bool(entry.milestone):
        problems["milestone"] = (
            "Choose the milestone." if is_milestone else "Only a milestone has this. Clear it."
        )
    if is_milestone == bool(entry.words):
        problems["words"] = (
            "A milestone has no words of its own. Clear this." if is_milestone else "Say what it is."
        )
    if is_stipend and not (entry.amount and entry.amount > 0):
        problems["amount"] = "Enter the amount in dollars."
    elif not is_stipend and entry.amount is not None:
        problems["amount"] = "Only a stipend has an amount. Clear this."
    if kind in (kinds.MILESTONE, kinds.STIPEND) and entry.starts_on > timezone.localdate():
        problems["starts_on"] = "Choose today or an earlier date."
    if entry.ends_on and entry.ends_on <= entry.starts_on:
        problems["ends_on"] = "Choose a later day, or leave it blank."
    if problems:
        raise ValidationError(problems)
