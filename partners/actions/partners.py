"""The only writers of parent partners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.action_forms import ask_about
from counties.dates import refuse_future
from counties.free_text import scan_free_text
from counties.wall.scope import current_site_id
from partners.actions.recruitment import begin_role, follow_roles
from partners.models import ParentPartner, Recruitment, Separation

FACTS = {
    "person", "first_name", "last_name", "email", "phone", "gender", "languages", "culture", "municipality",
    "eligibility_basis", "eligibility_on", "eligibility_verified_by", "eligibility_override",
    "starts_on", "fte", "core_training_completed_on",
}  # fmt: skip
"""What may be typed about a parent partner. Leave and the end of the role have verbs of their own, and lived
experience is the person's (`choose_experience`)."""


class PartnerNotEligible(ValidationError):
    """The role would begin less than a year after the eligibility date (`domain.md` V09)."""

    def __init__(self, partner: ParentPartner) -> None:
        first = f"{partner.may_start_on:%m/%d/%Y}"
        super().__init__(
            {
                "starts_on": f"This person may start on {first} or later, one year after the eligibility date. "
                "Choose a later start date, or record the state's override with its reason."
            }
        )


class PartnerStillMatched(ValidationError):
    """The role cannot end while matches of this parent partner run or wait for an answer."""


class NotTheirStory(ValidationError):
    """Lived experience belongs to the person who lived it."""


@transaction.atomic
def create_partner(
    *, by: User, recruitment: Recruitment | None = None, confirmed: Collection[str] = (), **facts: Any
) -> ParentPartner:
    """Add a parent partner.

    Args:
        recruitment: the way that led here, which becomes active; without one somebody joined before it was kept.
        facts: columns of `ParentPartner` named in `FACTS`; matching may use the `experience` told here, unnamed.

    Raises:
        PartnerNotEligible: V09, unless the state's override is recorded with a reason.
    """
    partner = ParentPartner(site_id=current_site_id())
    experience = list(facts.pop("experience", []))
    partner.experience, partner.experience_used = experience, experience
    _take(partner, facts, confirmed)
    if not partner.is_eligible:
        raise PartnerNotEligible(partner)
    partner.save()
    record("partner.created", partner, actor_id=by.pk, overridden=bool(partner.eligibility_override))
    if recruitment is not None:
        begin_role(recruitment=recruitment, partner=partner, by=by)
    return partner


@transaction.atomic
def edit_partner(
    *, partner: ParentPartner, by: User, confirmed: Collection[str] = (), **facts: Any
) -> ParentPartner:
    """Correct what is recorded about a parent partner; V09 is asked again when its dates change."""
    partner = ParentPartner.objects.select_for_update().get(pk=partner.pk)
    before = (partner.eligibility_on, partner.starts_on, partner.eligibility_override)
    was = {name: getattr(partner, name) for name in facts}
    _take(partner, facts, confirmed)
    after = (partner.eligibility_on, partner.starts_on, partner.eligibility_override)
    # Somebody who came by import may stand against V09; that must not block a new telephone number.
    if after != before and not partner.is_eligible:
        raise PartnerNotEligible(partner)
    partner.save()
    changed = sorted(name for name, value in was.items() if getattr(partner, name) != value)
    record("partner.edited", partner, actor_id=by.pk, changed=changed)
    return partner


@transaction.atomic
def choose_experience(
    *,
    partner: ParentPartner,
    told: Collection[str],
    used: Collection[str],
    shown: Collection[str],
    by: User,
    confirmed: Collection[str] = (),
) -> ParentPartner:
    """A parent partner says what of their lived experience is known, may be used, and may be named.

    Raises:
        NotTheirStory: `by` is somebody else.
    """
    partner = ParentPartner.objects.select_for_update().get(pk=partner.pk)
    if partner.person_id != by.pk:
        raise NotTheirStory("Only the parent partner themself chooses what of their story is shared.")
    partner.experience, partner.experience_used, partner.experience_shown = (
        list(told),
        list(used),
        list(shown),
    )
    partner.experience_told_at = timezone.now()
    partner.full_clean(exclude=["person"])
    partner.save(update_fields=["experience", "experience_used", "experience_shown", "experience_told_at"])
    # How many, never which: the trail is read by coordinators.
    record("partner.experience_chosen", partner, actor_id=by.pk, used=len(used), shown=len(shown))
    return partner


@transaction.atomic
def end_partner(
    *,
    partner: ParentPartner,
    ends_on: dt.date,
    separation: str,
    by: User,
    confirmed: Collection[str] = (),
) -> ParentPartner:
    """End the role on `ends_on`, the first day this person is no longer a parent partner here.

    Raises:
        PartnerStillMatched: a match runs, waits for an answer, or ended later than this date.
    """
    partner = ParentPartner.objects.select_for_update().get(pk=partner.pk)
    if partner.ends_on is not None:
        raise ValidationError(f"{partner} has left already, on {partner.ends_on:%m/%d/%Y}.")
    if ends_on < partner.starts_on:
        raise ValidationError(
            {"ends_on": f"Choose a date on or after the start, {partner.starts_on:%m/%d/%Y}."}
        )
    _refuse_while_matched(partner, ends_on)
    partner.ends_on, partner.separation, partner.is_on_leave = ends_on, Separation(separation), False
    partner.save()
    record("partner.ended", partner, actor_id=by.pk, separation=separation)
    follow_roles([partner], by)
    return partner


def begin_leave(*, partner: ParentPartner, by: User) -> ParentPartner:
    """Put a parent partner on leave: matches stay, new ones stop."""
    return _set_leave(partner, True, by)


def end_leave(*, partner: ParentPartner, by: User) -> ParentPartner:
    """A parent partner is back from leave."""
    return _set_leave(partner, False, by)


def _take(partner: ParentPartner, facts: dict[str, Any], confirmed: Collection[str]) -> None:
    """Put typed facts into the row after the checks that do not depend on V09."""
    if unknown := set(facts) - FACTS:
        raise TypeError(f"Not facts of a parent partner: {sorted(unknown)}")
    for name, value in facts.items():
        setattr(partner, name, value)
    ask_about(scan_free_text(eligibility_override=partner.eligibility_override), confirmed)
    refuse_future(core_training_completed_on=partner.core_training_completed_on)
    if partner.ends_on and partner.starts_on > partner.ends_on:
        raise ValidationError(
            {"starts_on": f"Choose a date on or before the end, {partner.ends_on:%m/%d/%Y}."}
        )
    others = ParentPartner.objects.filter(person=partner.person, ends_on=None).exclude(pk=partner.pk)
    if partner.person and partner.ends_on is None and others.exists():
        raise ValidationError(
            {"person": "This sign-in belongs to another parent partner of the site already."}
        )
    partner.full_clean(validate_constraints=False)


def _refuse_while_matched(partner: ParentPartner, ends_on: dt.date) -> None:
    # The match lives in a room above; its rows are asked for by the reverse name, so no import points up.
    matches = partner.matches.select_related("parent").order_by("parent__last_name")
    waiting = [str(match.parent) for match in matches.exclude(status__in=["declined", "ended"])]
    if waiting:
        raise PartnerStillMatched(
            f"{partner} is still matched with {and_list(waiting)}. "
            "End each match, or hand it over, before the role ends."
        )
    later = matches.filter(status="ended", ends_on__gt=ends_on).order_by("-ends_on").first()
    if later:
        until = f"{later.ends_on:%m/%d/%Y}"
        raise PartnerStillMatched(
            {"ends_on": f"The match with {later.parent} ran until {until}. Choose that date or later."}
        )


def and_list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


@transaction.atomic
def _set_leave(partner: ParentPartner, on_leave: bool, by: User) -> ParentPartner:
    partner = ParentPartner.objects.select_for_update().get(pk=partner.pk)
    if partner.ends_on is not None:
        raise ValidationError(f"{partner} has left; leave cannot be changed.")
    if partner.is_on_leave != on_leave:
        partner.is_on_leave = on_leave
        partner.save(update_fields=["is_on_leave"])
        record("partner.leave_begun" if on_leave else "partner.leave_ended", partner, actor_id=by.pk)
        follow_roles([partner], by)
    return partner
