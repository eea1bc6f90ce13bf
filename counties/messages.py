"""What people are told inside the product, and when it stops being true.

A room registers its kinds in its own `messages.py`:

    register(Kind("referral.to_decide", "A referral waits", Right.REFERRAL_DECIDE, rows, "referrals:detail"))

`rows` answers which rows it is true of now, for this person: whatever the person may no longer see, and whatever
is done, is not among them, and its message disappears. So one question gathers, re-checks before showing and
re-checks before mailing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Q, QuerySet, Value
from django.utils import timezone

from counties.models import Message
from counties.permissions import Right
from counties.wall.scope import current_site_id

if TYPE_CHECKING:
    from accounts.models import User
    from counties.access import Access


@dataclass(frozen=True)
class Kind:
    """One kind of message.

    Args:
        code: noun.word, kept in the table.
        words: what it says, without any name.
        right: who without it is never told.
        rows: (access, day) -> the rows it is true of now, of those the person may see.
        page: URL name of the page that settles it; takes the site's slug and the row's id.
        reference: short reference of a row, never a name.
        by_itself: told as soon as it is true; False: only by `tell`.
    """

    code: str
    words: str
    right: Right
    rows: Callable[[Access, dt.date], QuerySet]
    page: str
    reference: Callable[[Any], str] = attrgetter("reference")
    by_itself: bool = True

    def question(self, access: Access, day: dt.date, told: Iterable[Any]) -> QuerySet:
        """(code, id) of every row it is true of; among those told already when it is not told by itself."""
        rows = self.rows(access, day)
        if not self.by_itself:
            rows = rows.filter(pk__in=told)
        return rows.order_by().annotate(told_as=Value(self.code)).values_list("told_as", "pk")


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known; called once, when its room is loaded."""
    KINDS[kind.code] = kind
    return kind


def tell(*, person: User, kind: str, about: Model) -> None:
    """Tell a person something about a row; told again while it waits, it stays one message.

    Args:
        kind: code of a registered kind.
        about: the row; only its id and short reference are kept.
    """
    reference = KINDS[kind].reference(about)
    message, is_new = Message.objects.get_or_create(
        site_id=current_site_id(), person=person, kind=kind, about_id=about.pk, defaults={"reference": reference}
    )  # fmt: skip
    if not is_new and (message.over_at or message.done_at):
        _bring_back([message.pk])


def refresh(access: Access, day: dt.date) -> None:
    """Bring a person's messages in line with what is true: new ones come, those that no longer apply go.

    Safe to run twice and at the same time. Two questions, and one more for each kind that has news.
    """
    known: dict[str, dict[Any, Message]] = {code: {} for code in KINDS}
    for message in Message.objects.filter(person=access.person, kind__in=KINDS):
        known[message.kind][message.about_id] = message
    standing = {
        code: {about for about, m in mine.items() if m.over_at is None} for code, mine in known.items()
    }
    true = _true_now(access, day, standing)
    for code, mine in known.items():
        _add(access, day, KINDS[code], true[code] - set(mine))
    _bring_back(
        [known[code][row].pk for code in known for row in true[code] & set(known[code]) - standing[code]]
    )
    over = [known[code][row].pk for code in known for row in standing[code] - true[code]]
    if over:
        Message.objects.filter(pk__in=over).update(over_at=timezone.now())


def _true_now(access: Access, day: dt.date, standing: dict[str, set]) -> dict[str, set]:
    """Of each kind the ids it is true of, all kinds in one question."""
    true: dict[str, set] = {code: set() for code in KINDS}
    asked = [k.question(access, day, standing[k.code]) for k in KINDS.values() if k.right in access]
    for code, row in asked[0].union(*asked[1:], all=True) if asked else ():
        true[code].add(row)
    return true


def _add(access: Access, day: dt.date, kind: Kind, ids: set) -> None:
    if not ids:
        return
    site_id = current_site_id()
    rows = kind.rows(access, day).filter(pk__in=ids)
    told = {row.pk: kind.reference(row) for row in rows}
    Message.objects.bulk_create(
        [
            Message(site_id=site_id, person=access.person, kind=kind.code, about_id=pk, reference=reference)
            for pk, reference in told.items()
        ],
        ignore_conflicts=True,
    )


def _bring_back(ids: list[Any]) -> None:
    """It applies anew: unread, not done, not mailed."""
    if ids:
        Message.objects.filter(pk__in=ids).update(
            created_at=timezone.now(), read_at=None, done_at=None, mailed_at=None, over_at=None
        )


def people_told() -> Q:
    """Who has messages standing at the present site, for `User.objects.filter(...)`."""
    return Q(pk__in=Message.objects.waiting().values("person"))
