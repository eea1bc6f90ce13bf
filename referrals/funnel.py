"""The way from referral to enrollment in numbers, for one site and one period: how many took each step, and who not.

Only for the site itself: small numbers stand here as they are. Figures of the monthly report come from
`reporting` alone; these count the referrals that came in within the period, whenever their later steps were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Value,
    When,
)

from counties.codes import Gender, Language
from families.codes import Race
from referrals.models import Participation, Referral, ReferralOutcome, Referrals, ReferralSource

STEPS = {
    "referred": "Referred",
    "reached": "Reached",
    "accepted": "Accepted",
    "matched": "Matched",
    "enrolled": "Enrolled",
}


@dataclass(frozen=True)
class Bar:
    """One step: how many took it, and their share of all referred in whole percent."""

    label: str
    count: int
    share: int


@dataclass(frozen=True)
class Line:
    """One group (a source, a language): its label, its number at each step, and how many were lost on the way."""

    label: str
    counts: list[int]
    lost: int


def with_funnel(referrals: Referrals) -> Referrals:
    """Add `reached`, `accepted_once`, `matched` and `enrolled`; each step holds all who took a later one.

    Reached: the day is recorded, a contact was made, or the answer is one that only a parent who was reached
    can give (accepted, declined).
    """
    matches = Referral._meta.get_field("matches").related_model.objects.filter(referral=OuterRef("pk"))
    contacts = Referral._meta.get_field("contacts").related_model.objects.filter(referral=OuterRef("pk"))
    answered = Q(outcome__in=[ReferralOutcome.ACCEPTED, ReferralOutcome.PARENT_DECLINED])
    spoke = Q(reached_on__isnull=False) | answered | Q(Exists(contacts.filter(result="completed")))
    return referrals.annotate(
        reached=ExpressionWrapper(spoke, BooleanField()),
        accepted_once=ExpressionWrapper(Q(outcome=ReferralOutcome.ACCEPTED), BooleanField()),
        enrolled=Exists(Participation.objects.filter(referral=OuterRef("pk"))),
        matched=ExpressionWrapper(
            Q(Exists(matches.filter(starts_on__isnull=False)))
            | Q(Exists(Participation.objects.filter(referral=OuterRef("pk")))),
            BooleanField(),
        ),
    )


COUNTS = {
    "referred": Count("pk"),
    "reached_n": Count("pk", filter=Q(reached=True)),
    "accepted_n": Count("pk", filter=Q(accepted_once=True)),
    "matched_n": Count("pk", filter=Q(matched=True)),
    "enrolled_n": Count("pk", filter=Q(enrolled=True)),
}


LOST = Q(enrolled=False) & (
    Q(withdrawn_on__isnull=False) | (Q(decided_on__isnull=False) & ~Q(outcome=ReferralOutcome.ACCEPTED))
)
"""Not accepted, or withdrawn: no longer on the way."""


def bars(referrals: Referrals) -> list[Bar]:
    """The five steps; one query."""
    found = with_funnel(referrals).aggregate(**COUNTS)
    whole = found["referred"] or 1
    return [
        Bar(label, count, round(100 * count / whole))
        for label, count in zip(STEPS.values(), (found[name] for name in COUNTS), strict=True)
    ]


def by(referrals: Referrals, column: Any, labels: dict[str, Any]) -> list[Line]:
    """The steps for each value of a column, the largest group first; one query."""
    rows = (
        with_funnel(referrals).annotate(value=column).order_by().values("value")
        .annotate(**COUNTS, lost_n=Count("pk", filter=LOST))
        .order_by("-referred", "value")
    )  # fmt: skip
    return [
        Line(
            str(labels.get(row["value"], row["value"]) or "Not recorded"),
            [row[name] for name in COUNTS],
            row["lost_n"],
        )
        for row in rows
    ]


def losses(referrals: Referrals) -> list[tuple[str, int]]:
    """Who did not get to an enrollment and why, or waits still; one query."""
    withdrawn = Q(withdrawn_on__isnull=False) | Q(outcome=ReferralOutcome.WITHDRAWN)
    why = Case(
        When(withdrawn & Q(outcome=ReferralOutcome.ACCEPTED), then=Value("withdrawn_later")),
        When(withdrawn, then=Value("withdrawn")),
        When(decided_on=None, then=Value("pending")),
        When(~Q(outcome=ReferralOutcome.ACCEPTED), then=F("outcome")),
        When(matched=True, then=Value("matched")),
        default=Value("waiting"),
        output_field=CharField(),
    )
    words = {
        **dict(ReferralOutcome.choices),
        "withdrawn": "Withdrawn before the decision",
        "withdrawn_later": "Withdrawn after it was accepted",
        "pending": "Not decided yet",
        "waiting": "Accepted, waits for a match",
        "matched": "Matched, not enrolled yet",
    }
    rows = (
        with_funnel(referrals).filter(enrolled=False).annotate(why=why).order_by().values("why")
        .annotate(n=Count("pk")).order_by("-n", "why")
    )  # fmt: skip
    return [(str(words[row["why"]]), row["n"]) for row in rows]


RACE = Case(
    When(parent__hispanic="yes", then=Value("hispanic")),
    When(parent__races__len__gt=1, then=Value("several")),
    When(parent__races__len=1, then=F("parent__races__0")),
    default=Value(""),
    output_field=CharField(),
)
RACES = {**dict(Race.choices), "hispanic": "Hispanic (any race)", "several": "Two or more"}
GROUPS: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "source": ("Source", F("source"), dict(ReferralSource.choices)),
    "language": ("Language", F("parent__language"), dict(Language.choices)),
    "gender": ("Gender", F("parent__gender"), dict(Gender.choices)),
    "race": ("Race and ethnicity", RACE, RACES),
}
"""What the steps and the losses are looked at by: heading, expression, words."""
NOT_RECORDED = "-"


def narrow(referrals: Referrals, chosen: dict[str, str]) -> Referrals:
    """The referrals of one group of each kind that was chosen, e.g. `{"source": "gal", "gender": "woman"}`."""
    for name, value in chosen.items():
        given = {f"by_{name}": GROUPS[name][1]}
        referrals = referrals.annotate(**given).filter(**{f"by_{name}": value.removeprefix(NOT_RECORDED)})
    return referrals


def groups(referrals: Referrals) -> list[tuple[str, list[Line]]]:
    """The steps by source, language, gender, and race and ethnicity of the parent; four queries."""
    return [(title, by(referrals, column, labels)) for title, column, labels in GROUPS.values()]
