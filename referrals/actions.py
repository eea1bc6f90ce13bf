"""The only writers of this room: referral, decision, enrollment and its closing (`domain.md` 2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from audit.record import record
from counties.action_forms import Doubt, ask_about
from counties.dates import refuse_future, us_date
from counties.free_text import scan_free_text
from counties.models import Site, SiteSettings
from counties.wall.rules import next_number
from counties.wall.scope import current_site_id
from families.actions import FREE_TEXT, add_parent, create_family, edit_family, edit_parent
from families.codes import ConsentType
from families.consent_actions import record_consent
from families.models import Consent, Family, Parent
from referrals.models import SOURCES, Enrollment, Participation, Referral, ReferralOutcome, Screened


class AlreadyDecided(ValidationError):
    """The first decision stands; a later change of mind is a withdrawal."""


class CannotWithdraw(ValidationError):
    """The referral has gone too far, or has ended already."""


class CannotEnroll(ValidationError):
    """Something on the way to enrollment is missing or out of order (V16, V19)."""


class CannotClose(ValidationError):
    """The closing date does not fit what is recorded."""


@transaction.atomic
def create_referral(
    *,
    source: str,
    referred_on: dt.date,
    by: User,
    parent: Parent | None = None,
    family: Family | None = None,
    state_case_id: str = "",
    court_tracks: Collection[str] = (),
    came_in: bool = False,
    confirmed: Collection[str] = (),
    **facts: Any,
) -> Referral:
    """Take in a referral for a parent PSP knows, or for a new one (in `family`, otherwise in a new family).

    No allegation text is taken (`domain.md` 10.1). `facts` are columns of `Parent`. Of a parent or family known
    already, they and the case id fill what is blank, and change nothing else.
    `came_in`: from outside, where its source was chosen while the site still offered it.
    """
    refuse_future(referred_on=referred_on)
    doubts = _doubts_about(parent, facts)
    if not came_in:
        settings = SiteSettings.objects.select_related("site").get(site_id=current_site_id())
        SOURCES.refuse_off(settings, "source", [source])
        doubts += _early_doubts(referred_on, settings.site)
    ask_about(doubts, confirmed)
    if parent is None:
        family = family or create_family(by=by)
        parent = add_parent(family=family, by=by, confirmed=confirmed, **facts)
    elif gaps := _gaps(parent, facts):
        parent = edit_parent(parent=parent, by=by, confirmed=confirmed, **gaps)
    if gaps := _gaps(parent.family, {"state_case_id": state_case_id}):
        parent.family = edit_family(family=parent.family, by=by, confirmed=confirmed, **gaps)
    referral = Referral(
        site_id=current_site_id(), number=next_number(Referral), family=parent.family, parent=parent, source=source,
        referred_on=referred_on, court_tracks=list(court_tracks), entered_by=by,
    )  # fmt: skip
    referral.full_clean()
    referral.save()
    record("referral.created", referral.family, referral, source=source, actor_id=by.pk)
    return referral


@transaction.atomic
def decide_referral(
    *,
    referral: Referral,
    outcome: str,
    decided_on: dt.date,
    by: User,
    decision_note: str = "",
    confirmed: Collection[str] = (),
    **answers: Any,
) -> Referral:
    """Record the first decision. No outcome demands a reason, least of all the parent's own no (V16).

    `answers` are what the screening found (`SCREENING`); accepting against a no is asked about.

    Raises:
        AlreadyDecided: decided or withdrawn before.
        ValidationError: a date before the referral or in the future.
    """
    referral = _locked(referral)
    if referral.decided_on or referral.withdrawn_on:
        raise AlreadyDecided(
            "This referral is decided already. If the parent changed their mind, withdraw it."
        )
    refuse_future(decided_on=decided_on)
    _not_before("decided_on", decided_on, referral.referred_on, "the referral came in")
    write_screening(referral, answers)
    doubts = scan_free_text(decision_note=decision_note) + _screening_doubts(referral, outcome)
    ask_about(doubts, confirmed)
    referral.outcome, referral.decided_on, referral.decision_note = outcome, decided_on, decision_note
    referral.full_clean(exclude=["entered_by"])  # nobody, for an imported one
    referral.save()
    record("referral.decided", referral.family, referral, outcome=outcome, actor_id=by.pk)
    return referral


SCREENING = {
    "child_away_or_at_risk": "Is a child away from home, or at risk of it?",
    "is_in_our_counties": "Does the family's child welfare work happen in our counties?",
    "parent_wants_it": "Does the parent want a parent partner?",
    "is_free_of_conflict": "Is there a parent partner without a conflict?",
}
"""Questions of the screening (`domain.md` 2), by column of `Referral`."""
ALSO_SCREENED = ["reached_on", "waiting_for", "court_tracks"]


@transaction.atomic
def screen_referral(
    *, referral: Referral, by: User, confirmed: Collection[str] = (), **answers: Any
) -> Referral:
    """Note what is known about a referral that is under way: reached when, the four questions, what it waits for.

    Raises:
        AlreadyDecided: not accepted or withdrawn; there is nothing left to find out.
    """
    referral = _locked(referral)
    if referral.withdrawn_on or referral.outcome not in ("", ReferralOutcome.ACCEPTED):
        raise AlreadyDecided(
            "This referral is over. If the parent would like to begin again, record a new one."
        )
    write_screening(referral, answers)
    referral.full_clean(exclude=["entered_by"])
    referral.save()
    record("referral.screened", referral.family, referral, actor_id=by.pk)
    return referral


def write_screening(referral: Referral, answers: dict[str, Any]) -> None:
    """Put the answers of a screening into the row, dates checked; the caller saves."""
    for name in [*SCREENING, *ALSO_SCREENED]:
        if name in answers:
            setattr(referral, name, answers.pop(name))
    if answers:
        raise TypeError(f"No question of the screening: {', '.join(answers)}")
    if referral.reached_on:
        refuse_future(reached_on=referral.reached_on)
        _not_before("reached_on", referral.reached_on, referral.referred_on, "the referral came in")


def _screening_doubts(referral: Referral, outcome: str) -> list[Doubt]:
    """Accepting against an answer is possible, but not by accident."""
    if outcome != ReferralOutcome.ACCEPTED:
        return []
    against = [name for name in SCREENING if getattr(referral, name) == Screened.NO]
    return [Doubt("screening", name, f"“{SCREENING[name]}” was answered with no.") for name in against]


@transaction.atomic
def withdraw_referral(
    *, referral: Referral, withdrawn_on: dt.date, by: User, confirmed: Collection[str] = ()
) -> Referral:
    """Withdraw a referral that is pending or accepted. Of a pending one this is the decision as well (B3, B4).

    Raises:
        CannotWithdraw: not accepted, withdrawn before, enrolled, or still matched.
    """
    referral = _locked(referral)
    _check_withdrawal(referral)
    refuse_future(withdrawn_on=withdrawn_on)
    _not_before("withdrawn_on", withdrawn_on, referral.referred_on, "the referral came in")
    if referral.decided_on:
        _not_before("withdrawn_on", withdrawn_on, referral.decided_on, "it was decided")
    else:
        referral.outcome, referral.decided_on = ReferralOutcome.WITHDRAWN, withdrawn_on
    referral.withdrawn_on = withdrawn_on
    referral.save()
    record("referral.withdrawn", referral.family, referral, actor_id=by.pk)
    return referral


@transaction.atomic
def begin_enrollment(
    *,
    referral: Referral,
    enrolled_on: dt.date,
    by: User,
    agreement: Consent | None = None,
    is_signed: bool = False,
    confirmed: Collection[str] = (),
    **form_facts: str,
) -> Participation:
    """Enroll the parent of an accepted referral who has signed the participation agreement (V16).

    Joins the family's open enrollment, otherwise opens a new one that links to the one before (V19).
    `agreement` is one on file; with `is_signed` a new one is recorded, `form_facts` are columns of `Consent`.

    Raises:
        CannotEnroll: beside the field concerned.
    """
    family = Family.objects.select_for_update().get(pk=referral.family_id)
    referral = _locked(referral)
    _check_enrolling(referral, enrolled_on, bool(agreement or is_signed))
    ask_about(_match_doubts(referral, enrolled_on) + scan_free_text(**form_facts), confirmed)
    agreement = agreement or record_consent(
        parent=referral.parent, kind=ConsentType.PARTICIPATION, starts_on=enrolled_on, by=by, confirmed=confirmed,
        expires_on=enrolled_on + relativedelta(years=1), signed_file=None, **form_facts,
    )  # fmt: skip
    enrollment = _open_enrollment(family, referral.parent, enrolled_on)
    participation = Participation.objects.create(
        site_id=referral.site_id, enrollment=enrollment, referral=referral, parent=referral.parent,
        starts_on=enrolled_on, agreement=agreement,
    )  # fmt: skip
    record("enrollment.begun", family, enrollment, participation, referral, actor_id=by.pk)
    return participation


@transaction.atomic
def close_enrollment(
    *,
    enrollment: Enrollment,
    closed_on: dt.date,
    closure_reason: str,
    by: User,
    confirmed: Collection[str] = (),
) -> Enrollment:
    """Close a family's enrollment and end its open participations; matches are ended by the room above.

    Raises:
        CannotClose: closed before, or the date lies before a participation or a contact.
    """
    enrollment = Enrollment.objects.select_for_update().get(pk=enrollment.pk)
    if enrollment.closed_on:
        raise CannotClose(f"This enrollment was closed on {enrollment.closed_on:%m/%d/%Y}.")
    refuse_future(closed_on=closed_on)
    _check_closing(enrollment, closed_on)
    enrollment.closed_on, enrollment.closure_reason = closed_on, closure_reason
    enrollment.full_clean()
    enrollment.save()
    enrollment.participations.filter(ends_on=None).update(ends_on=closed_on)
    record("enrollment.closed", enrollment.family, enrollment, closure_reason=closure_reason, actor_id=by.pk)
    return enrollment


@transaction.atomic
def end_participation(
    *, participation: Participation, ends_on: dt.date, by: User, confirmed: Collection[str] = ()
) -> Participation:
    """End one parent's part in an enrollment that goes on with another parent (`domain.md` 4.1).

    Raises:
        CannotClose: ended before, the last one open, a match still running, or a contact after the date.
    """
    enrollment = Enrollment.objects.select_for_update().get(pk=participation.enrollment_id)
    participation = (
        Participation.objects.select_for_update()
        .select_related("referral", "parent")
        .get(pk=participation.pk)
    )
    _check_ending(enrollment, participation)
    refuse_future(ends_on=ends_on)
    _not_before("ends_on", ends_on, participation.starts_on, "it began")
    last = participation.referral.contacts.filter(held_on__gt=ends_on).order_by("held_on").last()
    if last:
        words = f"A contact is recorded on {last.held_on:%m/%d/%Y}, after this date."
        raise CannotClose({"ends_on": words})
    participation.ends_on = ends_on
    participation.save()
    record("participation.ended", enrollment.family, participation, actor_id=by.pk)
    return participation


def _check_ending(enrollment: Enrollment, participation: Participation) -> None:
    parent = participation.parent
    if participation.ends_on or enrollment.closed_on:
        raise CannotClose(f"{parent} does not take part any more.")
    if not enrollment.participations.filter(ends_on=None).exclude(pk=participation.pk).exists():
        raise CannotClose(f"{parent} is the only parent who takes part. Close the enrollment instead.")
    if participation.referral.matches.exclude(status__in=["declined", "ended"]).exists():
        raise CannotClose(f"{parent} has a match. End it, or take the proposal back, first.")


def _gaps(row: Parent | Family, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts that are told and of which the record says nothing yet."""
    return {name: told for name, told in facts.items() if told and not getattr(row, name)}


def _doubts_about(parent: Parent | None, facts: dict[str, Any]) -> list[Doubt]:
    """A parent who is pending or enrolled: perhaps referred twice. Who may be recorded twice is asked by the form."""
    doubts = scan_free_text(**{name: facts.get(name, "") for name in FREE_TEXT[Parent]})
    if parent is None:
        return doubts
    doubts += [
        Doubt("pending", "parent", f"{r} for {parent} is still pending.")
        for r in parent.referrals.pending()[:1]
    ]
    if parent.participations.filter(ends_on=None).exists():
        doubts.append(Doubt("enrolled", "parent", f"{parent} is enrolled now."))
    return doubts


def _early_doubts(referred_on: dt.date, site: Site) -> list[Doubt]:
    """A referral from before the site opened: brought along, or a slip of the hand that shifts old figures."""
    if referred_on >= site.opened_on:
        return []
    words = f"{us_date(referred_on)} lies before the day this site opened, {us_date(site.opened_on)}."
    return [Doubt("early", "referred_on", words)]


def _check_withdrawal(referral: Referral) -> None:
    if referral.withdrawn_on or referral.outcome == ReferralOutcome.WITHDRAWN:
        raise CannotWithdraw("This referral is withdrawn already.")
    if referral.decided_on and referral.outcome != ReferralOutcome.ACCEPTED:
        raise CannotWithdraw("This referral was not accepted; there is nothing to withdraw.")
    if Participation.objects.filter(referral=referral).exists():
        raise CannotWithdraw("The parent is enrolled. Close the enrollment instead.")
    if referral.matches.exclude(status__in=["declined", "ended"]).exists():
        raise CannotWithdraw("There is a match on this referral. End it, or take the proposal back, first.")


def _check_enrolling(referral: Referral, enrolled_on: dt.date, has_agreement: bool) -> None:
    if referral.outcome != ReferralOutcome.ACCEPTED or referral.withdrawn_on:
        raise CannotEnroll("Only an accepted referral leads to an enrollment. Decide it first.")
    if Participation.objects.filter(referral=referral).exists():
        raise CannotEnroll("This referral led to an enrollment already.")
    if not has_agreement:
        raise CannotEnroll(
            {"is_signed": "Enrollment needs the participation agreement. Tick once it is signed."}
        )
    refuse_future(enrolled_on=enrolled_on)
    _not_before("enrolled_on", enrolled_on, referral.decided_on, "the referral was accepted")


def _match_doubts(referral: Referral, enrolled_on: dt.date) -> list[Doubt]:
    """The match comes before the enrollment, as a rule (`domain.md` 2); asked by its reverse name."""
    if referral.matches.filter(starts_on__lte=enrolled_on).exists():
        return []
    text = f"No parent partner has begun with {referral.parent} by {enrolled_on:%m/%d/%Y}"
    return [Doubt("order", "enrolled_on", f"{text}; the match comes first, as a rule.")]


def _open_enrollment(family: Family, parent: Parent, enrolled_on: dt.date) -> Enrollment:
    enrollments = Enrollment.objects.filter(family=family)
    now_open = enrollments.filter(closed_on=None).first()
    if now_open is None:
        return _new_enrollment(family, enrollments.first(), enrolled_on)
    if now_open.participations.filter(parent=parent, ends_on=None).exists():
        raise CannotEnroll(f"{parent} takes part in the enrollment since {now_open.enrolled_on:%m/%d/%Y}.")
    _not_before("enrolled_on", enrolled_on, now_open.enrolled_on, "the family was enrolled")
    return now_open


def _new_enrollment(family: Family, previous: Enrollment | None, enrolled_on: dt.date) -> Enrollment:
    if previous and enrolled_on <= previous.closed_on:
        closed = f"{previous.closed_on:%m/%d/%Y}"
        words = f"The earlier enrollment closed on {closed}; choose a date after that day."
        raise CannotEnroll({"enrolled_on": words})
    return Enrollment.objects.create(
        site_id=family.site_id, family=family, previous=previous, enrolled_on=enrolled_on
    )


def _check_closing(enrollment: Enrollment, closed_on: dt.date) -> None:
    last_start = max((p.starts_on for p in enrollment.participations.all()), default=enrollment.enrolled_on)
    _not_before("closed_on", closed_on, max(enrollment.enrolled_on, last_start), "the enrollment began")
    last_contact = enrollment.contacts.filter(held_on__gt=closed_on).order_by("held_on").last()
    if last_contact:
        words = f"A contact is recorded on {last_contact.held_on:%m/%d/%Y}, after this date."
        raise CannotClose({"closed_on": words})


def _locked(referral: Referral) -> Referral:
    return Referral.objects.select_for_update().get(pk=referral.pk)


def _not_before(field: str, day: dt.date, earliest: dt.date, what: str) -> None:
    if day < earliest:
        raise ValidationError({field: f"Choose {earliest:%m/%d/%Y}, when {what}, or a later date."})
