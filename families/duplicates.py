"""Who may be recorded already: asked before a family is created, and when two records are to become one."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.lookups import Overlap
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import BooleanField, Expression, ExpressionWrapper, F, Field, Func, Q, TextField, Value
from django.db.models.functions import Least, Lower
from django.db.models.lookups import Exact

from counties.access import Access
from families.models import Family, Parent

ALIKE = 0.4
"""Share of three-letter groups that first names, and last names, must have in common to look almost the same."""
SHOWN = 10


@dataclass(frozen=True)
class LikelyDuplicate:
    """A parent of this site who may be the one somebody is about to record."""

    parent: Parent
    reasons: tuple[str, ...]
    points: int

    @property
    def family(self) -> Family:
        return self.parent.family

    @property
    def why(self) -> str:
        """In plain words: "Sounds the same, same birth date"."""
        return ", ".join(self.reasons).capitalize()


def likely_duplicates(
    *,
    access: Access,
    first_name: str,
    last_name: str = "",
    date_of_birth: dt.date | None = None,
    case_number: str = "",
    beside: Family | None = None,
) -> list[LikelyDuplicate]:
    """Parents this person may see who may be the same human being, most likely first, at most ten.

    Compared are the name (by sound and by letters, either way round), the birth date and the CPS case number. Two
    birth dates that differ leave out a name that is only alike. One query over the site's own parents.

    Args:
        access: whose sight it is: sealed families and other sites' never show.
        case_number: eWiSACWIS case id or the site's own number of the family.
        beside: a family left out, when its own parent is compared.
    """
    first, last = plain(first_name), plain(last_name)
    case = case_number.strip()
    if not (first or case):
        return []
    rows = _with_likeness(Parent.objects.visible_to(access), first, last)
    found = rows.filter(_worth_a_look(first, last, date_of_birth, case)).select_related("family")
    if beside is not None:
        found = found.exclude(family=beside)
    asked = (first, last, date_of_birth, case.casefold())
    judged = [_judge(parent, *asked) for parent in found.order_by("-alike", "pk")[:100]]
    likely = [one for one in judged if one.points]
    return sorted(likely, key=lambda one: (-one.points, one.family.number))[:SHOWN]


def plain(name: str) -> str:
    """A name as it is compared: small letters without accents, signs or doubled blanks."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return " ".join(re.sub(r"[^a-z ]", " ", letters).split())


ACCENTED = "áàâäãåéèêëíìîïóòôöõúùûüñçýÿ'-.’"
BARE = "aaaaaaeeeeiiiiooooouuuuncyy    "


def bare(column: str) -> Func:
    """`plain()` in SQL, as far as names of the site's spreadsheets need it."""
    return Func(
        Lower(F(column)), Value(ACCENTED), Value(BARE), function="translate", output_field=TextField()
    )


TEXTS: ArrayField = ArrayField(TextField())


def sounds_like(name: Expression, asked: str) -> Q:
    """Whether a bare name sounds like what is asked. What has no sound, a blank or Cyrillic, sounds like nothing.

    Either its Double Metaphone is the same, or one of its two codes is one of theirs (Wang and Vang, Thao and Tao) and
    Daitch-Mokotoff hears the same too. By itself the second code would make Ann one with John, and Daitch-Mokotoff
    Pao one with Vue. No index serves it: under row security only leakproof operators use one.
    """
    heard = Value(asked, output_field=TextField())
    code = _code(name, "dmetaphone")
    same = Q(Exact(code, _code(heard, "dmetaphone"))) & ~Q(Exact(code, Value("")))
    near = Overlap(_both_codes(name), _both_codes(heard))
    agreed = Overlap(_code(name, "daitch_mokotoff", TEXTS), _code(heard, "daitch_mokotoff", TEXTS))
    return same | Q(near) & Q(agreed)


def _code(name: Expression, function: str, output: Field | None = None) -> Func:
    return Func(name, function=function, output_field=output or TextField())


def _both_codes(name: Expression) -> Func:
    codes = (_code(name, "dmetaphone"), _code(name, "dmetaphone_alt"))
    return Func(*codes, template="ARRAY[%(expressions)s]", output_field=TEXTS)


def _with_likeness(parents: Any, first: str, last: str) -> Any:
    """Add how alike the names are: by letters (0 to 1, the less alike of the two names), and which sound the same."""
    letters = [TrigramSimilarity(bare("first_name"), first)]
    if last:
        letters.append(TrigramSimilarity(bare("last_name"), last))
    heard = {
        "first_heard": sounds_like(bare("first_name"), first),
        "last_heard": sounds_like(bare("last_name"), last) if last else Q(last_name=""),
        "first_heard_last": sounds_like(bare("first_name"), last),
        "last_heard_first": sounds_like(bare("last_name"), first),
    }
    return parents.annotate(
        alike=Least(*letters) if last else letters[0],
        **{name: ExpressionWrapper(said, output_field=BooleanField()) for name, said in heard.items()},
    )


def _worth_a_look(first: str, last: str, born: dt.date | None, case: str) -> Q:
    found = Q(pk__in=[])
    if first:
        found |= Q(alike__gte=ALIKE) | Q(first_heard=True, last_heard=True)
        found |= Q(first_heard_last=True, last_heard_first=True) if last else Q(pk__in=[])
    if first and born:
        found |= Q(date_of_birth=born) & (Q(first_heard=True) | Q(last_heard=True, last_name__gt=""))
    if case:
        found |= Q(family__state_case_id__iexact=case) | Q(family__source_id__iexact=case)
    return found


def _judge(parent: Any, first: str, last: str, born: dt.date | None, case: str) -> LikelyDuplicate:
    """What speaks for the same person, in words and points; no points when the birth dates speak against it."""
    family = parent.family
    numbers = {family.state_case_id.casefold(), family.source_id.casefold()} - {""}
    name, name_points = _name_reason(parent, first, last)
    birth, birth_points = _birth_reason(parent.date_of_birth, born)
    case_points = 5 if case and case in numbers else 0
    if birth_points < 0 and name_points < 4 and not case_points:
        return LikelyDuplicate(parent, (), 0)
    reasons = (name, birth, "same case number" if case_points else "")
    points = name_points + birth_points + case_points
    return LikelyDuplicate(parent, tuple(filter(None, reasons)), max(points, 1 if any(reasons) else 0))


def _name_reason(parent: Any, first: str, last: str) -> tuple[str, int]:
    theirs = (plain(parent.first_name), plain(parent.last_name))
    if not first:
        return "", 0
    if theirs == (first, last):
        return "same name", 4
    if last and theirs == (last, first):
        return "first and last name the other way round", 4
    if parent.first_heard and parent.last_heard:
        return "sounds the same", 3
    if parent.alike >= ALIKE:
        return "almost the same name", 2
    if parent.first_heard_last and parent.last_heard_first:
        return "sounds the same the other way round", 2
    if parent.first_heard:
        return "first name sounds the same", 1
    return ("last name sounds the same", 1) if last and parent.last_heard else ("", 0)


def _birth_reason(theirs: dt.date | None, born: dt.date | None) -> tuple[str, int]:
    if not (theirs and born):
        return "", 0
    if theirs == born:
        return "same birth date", 3
    if (theirs.year, theirs.month, theirs.day) == (born.year, born.day, born.month):
        return "birth date with day and month changed", 2
    return "another birth date", -1
