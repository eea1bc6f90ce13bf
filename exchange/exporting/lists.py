"""The lists that can be exported: their rows for one person and filter, and their columns.

Columns and order are those of the list on screen. No free text leaves this way: no note, no reason of a decision.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

import activities.views
import families.listing
import matching.views
import partners.views
import referrals.views
from activities.codes import Activity
from activities.filters import ContactFilter
from activities.models import Contact
from activities.questions import said
from counties.access import Access
from counties.lists import Sorts, in_order, known_sort
from counties.permissions import Right
from families.forms import FamilyFilter
from families.listing import with_people, with_status
from families.models import Family
from matching.filters import MatchFilter
from matching.models import Match
from partners.filters import PartnerFilter
from partners.models import ParentPartner, PartnerStatus
from referrals.forms import ReferralFilter
from referrals.models import Referral
from referrals.stages import show_stage, with_stage

Ask = Callable[[Access, QueryDict], tuple[forms.Form, QuerySet]]


@dataclass(frozen=True)
class Listing:
    """One list. `ask` gives its filter, bound, and the rows it leaves of those the person may see."""

    label: str
    noun: str
    right: Right
    ask: Ask
    columns: dict[str, Callable[[Any], Any]]
    family: Callable[[Any], uuid.UUID | None] = lambda row: None

    def cells(self, row: Any) -> list[Any]:
        """The row's cells in the order of the columns: text, numbers, dates or None."""
        return [_plain(column(row)) for column in self.columns.values()]


def chosen_in_words(form: forms.Form) -> str:
    """The answers of a bound filter: "Status: Enrolled; Referred from: 2026-10-01"; empty without any."""
    said = []
    for bound in form:
        value = form.cleaned_data.get(bound.name) if form.is_valid() else None
        if value in (None, "", False):
            continue
        choices = (
            {} if isinstance(bound.field, forms.ModelChoiceField) else getattr(bound.field, "choices", {})
        )
        said.append(f"{bound.label}: {'yes' if value is True else dict(choices).get(value, value)}")
    return "; ".join(said)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | Decimal | dt.date) else str(value)


def _order(asked: QueryDict, sorts: Sorts, default: str) -> tuple[Sorts, str]:
    """The order the list has on screen."""
    return sorts, known_sort(asked.get("sort"), sorts, default)


def _families(access: Access, asked: QueryDict) -> tuple[forms.Form, QuerySet]:
    form = FamilyFilter(asked, access=access)
    rows = with_status(Family.objects.visible_to(access), timezone.localdate())
    return form, in_order(with_people(form.narrow(rows)), *_order(asked, families.listing.SORTS, "-family"))


def _referrals(access: Access, asked: QueryDict) -> tuple[forms.Form, QuerySet]:
    form = ReferralFilter(asked, settings=access.site.settings)
    rows = Referral.objects.visible_to(access).select_related("parent", "family")
    return form, in_order(
        form.narrow(with_stage(rows, timezone.localdate())),
        *_order(asked, referrals.views.SORTS, "-referred"),
    )


def _matches(access: Access, asked: QueryDict) -> tuple[forms.Form, QuerySet]:
    form = MatchFilter(asked, access=access)
    rows = Match.objects.visible_to(access).select_related("parent__family", "partner")
    return form, in_order(form.narrow(rows), *_order(asked, matching.views.SORTS, "-proposed"))


def _contacts(access: Access, asked: QueryDict) -> tuple[forms.Form, QuerySet]:
    form = ContactFilter(asked, access=access)
    rows = Contact.objects.visible_to(access).select_related(
        "partner", "referral__parent", "referral__family"
    )
    rows = rows.prefetch_related("answers__question")
    return form, in_order(form.narrow(rows), *_order(asked, activities.views.SORTS, "-date"))


def _partners(access: Access, asked: QueryDict) -> tuple[forms.Form, QuerySet]:
    form = PartnerFilter(asked)
    rows = ParentPartner.objects.visible_to(access)
    if access.site:
        rows = rows.with_caseload(access.site.settings).with_supervision()
    return form, in_order(
        form.narrow(rows, timezone.localdate()), *_order(asked, partners.views.SORTS, "name")
    )


def _mentors(family: Family) -> str:
    running = [match.partner for parent in family.parents.all() for match in parent.running_matches]
    return ", ".join(dict.fromkeys(str(partner) for partner in running))


def _activities(contact: Contact) -> str:
    names = dict(Activity.choices)
    return ", ".join(str(names.get(code, code)) for code in contact.activities)


LISTS: dict[str, Listing] = {
    "families": Listing(
        "Families", "family", Right.FAMILY_VIEW, _families,
        {
            "Family": str,
            "Parents": lambda f: ", ".join(str(parent) for parent in f.parents.all()),
            "Town or city": lambda f: f.towns,
            "Children": lambda f: f.child_count or 0,
            "Parent partner": _mentors,
            "Enrolled since": lambda f: f.enrolled_on,
            "Status": lambda f: f.status_label,
        },
        lambda f: f.pk,
    ),
    "referrals": Listing(
        "Referrals", "referral", Right.REFERRAL_VIEW, _referrals,
        {
            "Referral": str,
            "Parent": lambda r: r.parent,
            "Family": lambda r: r.family,
            "Source": lambda r: r.get_source_display(),
            "Referred": lambda r: r.referred_on,
            "Decided": lambda r: r.decided_on,
            "Outcome": lambda r: r.get_outcome_display(),
            "Withdrawn": lambda r: r.withdrawn_on,
            "Where it stands": lambda r: show_stage(r, timezone.localdate()).stage_label,
        },
        lambda r: r.family_id,
    ),
    "matches": Listing(
        "Matches", "match", Right.MATCH_VIEW, _matches,
        {
            "Parent": lambda m: m.parent,
            "Family": lambda m: m.parent.family,
            "Parent partner": lambda m: m.partner,
            "Primary or secondary": lambda m: "Secondary" if m.is_secondary else "Primary",
            "Status": lambda m: m.get_status_display(),
            "Proposed": lambda m: m.proposed_on,
            "Started": lambda m: m.starts_on,
            "Ended": lambda m: m.ends_on,
            "Why it ended": lambda m: m.get_end_reason_display(),
        },
        lambda m: m.parent.family_id,
    ),
    "contacts": Listing(
        "Contacts", "contact", Right.CONTACT_VIEW, _contacts,
        {
            "Date": lambda c: c.held_on,
            "Parent": lambda c: c.referral.parent,
            "Family": lambda c: c.referral.family,
            "Parent partner": lambda c: c.partner,
            "How": lambda c: c.get_mode_display(),
            "Result": lambda c: c.get_result_display(),
            "Minutes": lambda c: c.minutes,
            "Activities": _activities,
            "Own questions": lambda c: said(c.answers.all()),
            "Entered late": lambda c: "yes" if c.is_late else "no",
        },
        lambda c: c.referral.family_id,
    ),
    "partners": Listing(
        "Parent partners", "partner", Right.PARTNER_VIEW_ALL, _partners,
        {
            "Name": str,
            "Status": lambda p: p.status_today.label,
            "FTE": lambda p: p.fte,
            "Families": lambda p: p.families,
            "Languages": lambda p: p.languages_display(),
            "Supervision due": lambda p: None if p.status_today == PartnerStatus.ENDED else p.supervision_due_on,
            "Since": lambda p: p.starts_on,
            "Until": lambda p: p.ends_on,
        },
    ),
}  # fmt: skip
