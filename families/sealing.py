"""Sealing a family, and ties of the staff to it (`domain.md` 10.1, docs/adr/0017). The only writers of ties."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.action_forms import Doubt, ask_about
from counties.free_text import scan_free_text
from counties.models import RoleAssignment
from counties.permissions import Right
from counties.roles import GRANTS
from families.models import Family, FamilyTie

SEES_ALL = [role for role, grant in GRANTS.items() if Right.FAMILY_VIEW_ALL in grant.rights]


class StillTied(ValidationError):
    """The seal stays: somebody's tie to the family stands."""


@transaction.atomic
def seal_family(*, family: Family, reason: str, by: User, confirmed: Collection[str] = ()) -> Family:
    """Mark a family as known to somebody on the staff; every page of it then says so."""
    family = Family.objects.select_for_update().get(pk=family.pk)
    if family.is_sealed:
        raise ValidationError("This family is sealed already.")
    ask_about(scan_free_text(reason=reason), confirmed)
    _set_seal(family, True)
    record("family.sealed", family, reason=reason, actor_id=by.pk)
    return family


@transaction.atomic
def unseal_family(*, family: Family, reason: str, by: User, confirmed: Collection[str] = ()) -> Family:
    """Take the seal off.

    Raises:
        StillTied: a declared tie stands; lift it first.
    """
    family = Family.objects.select_for_update().get(pk=family.pk)
    if not family.is_sealed:
        raise ValidationError("This family is not sealed.")
    if family.ties.standing().exists():
        raise StillTied("Somebody has a tie to this family. Lift every tie first.")
    ask_about(scan_free_text(reason=reason), confirmed)
    _set_seal(family, False)
    record("family.unsealed", family, reason=reason, actor_id=by.pk)
    return family


@transaction.atomic
def declare_tie(
    *, family: Family, kind: str, by: User, person: User | None = None, note: str = "",
    confirmed: Collection[str] = (),
) -> FamilyTie:  # fmt: skip
    """Note that a person of the staff has a tie to a family; from now on they neither open nor find it.

    The family is sealed by it.

    Args:
        person: who has the tie; left out, it is `by` themselves.

    Raises:
        ValidationError: declared already, or the person has no role at this site.
        Unconfirmed: nobody else here could open the family any more.
    """
    family = Family.objects.select_for_update().get(pk=family.pk)
    person = person or by
    if family.ties.standing().filter(person=person).exists():
        raise ValidationError({"person": f"The tie of {person.name} to this family is declared already."})
    if not _staff(family).filter(person=person).exists():
        raise ValidationError({"person": "Choose somebody who has a role at this site today."})
    ask_about([*scan_free_text(note=note), *_nobody_left(family, person)], confirmed)
    tie = FamilyTie(
        site_id=family.site_id, family=family, person=person, kind=kind, note=note, declared_by=by
    )
    tie.full_clean()
    tie.save()
    _set_seal(family, True)
    record("tie.declared", family, tie, actor_id=by.pk)
    return tie


@transaction.atomic
def lift_tie(*, tie: FamilyTie, lift_reason: str, by: User, confirmed: Collection[str] = ()) -> FamilyTie:
    """A tie holds no longer; the person may see the family again as far as their role goes. The seal stays.

    Raises:
        ValidationError: lifted already, or one's own tie.
    """
    tie = FamilyTie.objects.select_for_update(of=("self",)).select_related("family").get(pk=tie.pk)
    if tie.lifted_at:
        raise ValidationError("This tie was lifted already.")
    if tie.person_id == by.pk:
        raise ValidationError("Another coordinator must lift a tie of your own.")
    ask_about(scan_free_text(lift_reason=lift_reason), confirmed)
    tie.lifted_at, tie.lifted_by, tie.lift_reason = timezone.now(), by, lift_reason
    tie.full_clean()
    tie.save()
    record("tie.lifted", tie.family, tie, reason=lift_reason, actor_id=by.pk)
    return tie


def _set_seal(family: Family, is_sealed: bool) -> None:
    family.is_sealed = is_sealed
    family.save(update_fields=["is_sealed"])


def _staff(family: Family):
    return RoleAssignment.objects.on(timezone.localdate()).filter(site_id=family.site_id)


def _nobody_left(family: Family, person: User) -> list[Doubt]:
    tied = family.ties.standing().values("person")
    others = _staff(family).filter(role__in=SEES_ALL).exclude(person=person).exclude(person__in=tied)
    if others.exists():
        return []
    words = "After this no coordinator of this site can open the family. Ask DCF to give somebody the role."
    return [Doubt("nobody_left", "person", words)]
