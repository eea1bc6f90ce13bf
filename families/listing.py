"""Questions of the family list: where a family stands, who mentors it, and search.

Enrollments, referrals and matches live in rooms above; they are asked by reverse names, so no import points up.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    Model,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)

from audit.record import record
from families.codes import FamilyStatus
from families.models import Child, Families, Family, Parent

REFERENCE = re.compile(r"F?-?0*(\d{1,9})", re.IGNORECASE)


def above(model: type[Model], reverse_name: str) -> Any:
    """The model of a room above behind a reverse name, e.g. `above(Family, "referrals")`."""
    return model._meta.get_field(reverse_name).related_model


def with_status(families: Families, day: dt.date) -> Families:
    """Add `status` (a `FamilyStatus`) and `enrolled_on` as of a day."""
    enrollments = above(Family, "enrollments").objects.filter(family=OuterRef("pk"))
    referrals = above(Family, "referrals").objects.filter(family=OuterRef("pk"))
    open_now = enrollments.open_on(day)
    on_the_way = Exists(referrals.pending()) | Exists(referrals.accepted().filter(participation=None))
    return families.annotate(
        enrolled_on=Subquery(open_now.values("enrolled_on")[:1]),
        status=Case(
            When(Exists(open_now), then=Value(FamilyStatus.ENROLLED)),
            When(on_the_way, then=Value(FamilyStatus.WAITING)),
            When(Exists(enrollments), then=Value(FamilyStatus.CLOSED)),
            default=Value(FamilyStatus.NEVER),
            output_field=CharField(),
        ),
    )


def with_people(families: Families) -> Families:
    """Add what a row shows: `parents` with `running_matches`, `child_count`, and names to sort by."""
    running = above(Parent, "matches").objects.running().select_related("partner")
    parents = Parent.objects.prefetch_related(Prefetch("matches", running, to_attr="running_matches"))
    first = Parent.objects.filter(family=OuterRef("pk")).order_by("last_name", "first_name")
    return families.prefetch_related(Prefetch("parents", parents)).annotate(
        child_count=Subquery(
            Child.objects.filter(family=OuterRef("pk")).order_by().values("family")
            .annotate(n=Count("pk")).values("n")
        ),
        by_name=Subquery(first.values("last_name")[:1]),
        by_first_name=Subquery(first.values("first_name")[:1]),
    )  # fmt: skip


def record_offered(family_ids: Iterable[Any]) -> None:
    """Tell the trail that a form offered these families, or their parents, by name."""
    record("family.listed", kind="family", ids=sorted(set(family_ids)), part="form")


def search(families: Families, text: str) -> Families:
    """Families where every word is found: reference, an id, a name, a municipality."""
    for word in text.split()[:6]:
        families = families.filter(_any_of(word))
    return families


def mentored_by(families: Families, partner: Any) -> Families:
    """Families with a match running today with this parent partner."""
    running = (
        above(Parent, "matches").objects.running().filter(partner=partner, parent__family=OuterRef("pk"))
    )
    return families.filter(Exists(running))


def _any_of(word: str) -> Q:
    names = Q(first_name__icontains=word) | Q(source_id__iexact=word)
    parent = names | Q(last_name__icontains=word) | Q(municipality__icontains=word)
    parents = Parent.objects.filter(parent, family=OuterRef("pk"))
    children = Child.objects.filter(names, family=OuterRef("pk"))
    found = (
        Q(source_id__iexact=word) | Q(state_case_id__iexact=word) | Q(Exists(parents)) | Q(Exists(children))
    )
    number = REFERENCE.fullmatch(word)
    return found | Q(number=number[1]) if number else found


SORTS = {
    "family": "number",
    "name": ("by_name", "by_first_name"),
    "status": "status",
    "enrolled": "enrolled_on",
}
