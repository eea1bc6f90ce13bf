"""One search over families, parent partners and referrals: what the person may see, however the name was heard.

Every word must be found: in a reference (`F-0142`, `R-0001`, a plain number), in the site's own id, or in a name, as
a part of it, nearly the same in letters, or sounding the same (`families.duplicates`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.http import urlencode

from counties.access import Access
from counties.permissions import Right
from families.duplicates import ALIKE, bare, plain, sounds_like
from families.models import Child, Family, Parent
from partners.models import ParentPartner
from referrals.models import Referral

SHORTEST, MOST_WORDS, SHOWN = 2, 5, 8
REFERENCE = re.compile(r"(?P<kind>[FR]?)-?0*(?P<number>\d{1,9})", re.IGNORECASE)


@dataclass
class Hit:
    """One line of a group."""

    label: str
    url: str
    note: str = ""
    family_id: Any = None


@dataclass
class Group:
    """What was found of one kind: the first few, and where the others are."""

    title: str
    hits: list[Hit]
    more_url: str = ""


@dataclass
class Found:
    """The answer to one search."""

    groups: list[Group] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(group.hits) for group in self.groups)

    @property
    def family_ids(self) -> list[str]:
        """Families that the answer names, directly or by a referral."""
        return sorted({str(hit.family_id) for group in self.groups for hit in group.hits if hit.family_id})


def search(access: Access, text: str) -> Found:
    """What the person may see of what they ask for; nothing for less than two characters. Four queries at most."""
    words = text.split()[:MOST_WORDS]
    if len("".join(words)) < SHORTEST:
        return Found()
    groups = [find(access, words, text) for right, find in GROUPS if right in access]
    return Found([group for group in groups if group.hits])


def _families(access: Access, words: list[str], text: str) -> Group:
    rows = Family.objects.visible_to(access)
    by_parent = Exists(_theirs(named_like(Parent.objects.all(), words[0], "first_name", "last_name")))
    rows = rows.annotate(
        by_parent=by_parent, near=Subquery(_nearest(_theirs(Parent.objects), text).values("near")[:1])
    )
    for word in words:
        parents = named_like(Parent.objects.all(), word, "first_name", "last_name")
        children = named_like(Child.objects.all(), word, "first_name")
        found = Exists(_theirs(parents)) | Exists(_theirs(children))
        rows = rows.filter(found | _is(word, "F") | Q(state_case_id__iexact=word))
    rows = rows.prefetch_related("parents").order_by("-by_parent", F("near").desc(nulls_last=True), "-number")
    return _group(
        "Families",
        rows,
        lambda f: Hit(
            f"{f.reference} {', '.join(map(str, f.parents.all()))}",
            reverse("family", args=[access.site.slug, f.pk]),
            f.towns if f.by_parent or REFERENCE.fullmatch(words[0]) else "found by a child’s name or a number", f.pk,
        ),
        reverse("families:list", args=[access.site.slug]), text,
    )  # fmt: skip


def _theirs(people: Any) -> QuerySet:
    return people.filter(family=OuterRef("pk"))


def _partners(access: Access, words: list[str], text: str) -> Group:
    rows = ParentPartner.objects.visible_to(access)
    for word in words:
        rows = rows.filter(pk__in=named_like(ParentPartner.objects.all(), word, "first_name", "last_name"))
    return _group(
        "Parent partners",
        _nearest(rows, text),
        lambda p: Hit(str(p), reverse("partners:detail", args=[access.site.slug, p.pk]), p.municipality),
        reverse("partners:list", args=[access.site.slug]), text,
    )  # fmt: skip


def _referrals(access: Access, words: list[str], text: str) -> Group:
    rows = Referral.objects.visible_to(access).select_related("parent")
    for word in words:
        parents = named_like(Parent.objects.all(), word, "first_name", "last_name")
        rows = rows.filter(_is(word, "R") | Q(parent__in=parents))
    return _group(
        "Referrals",
        rows.order_by("-referred_on", "-number"),
        lambda r: Hit(
            f"{r.reference} {r.parent}", reverse("referrals:detail", args=[access.site.slug, r.pk]),
            f"referred {r.referred_on:%m/%d/%Y}", r.family_id,
        ),
        reverse("referrals:list", args=[access.site.slug]), text,
    )  # fmt: skip


GROUPS = [
    (Right.FAMILY_VIEW, _families),
    (Right.PARTNER_VIEW_ALL, _partners),
    (Right.REFERRAL_VIEW, _referrals),
]


def named_like(rows: QuerySet, word: str, *columns: str) -> QuerySet:
    """Rows where one of the name columns holds the word, looks almost like it, or sounds the same."""
    asked = "" if any(sign.isdigit() for sign in word) else plain(word)  # no name holds a digit
    found = Q(source_id__iexact=word)
    if not asked:
        return rows.filter(found)
    for column in columns:
        rows = rows.alias(
            **{f"{column}_bare": bare(column), f"{column}_like": TrigramSimilarity(bare(column), asked)}
        )
        found |= Q(**{f"{column}_bare__contains": asked}) | Q(**{f"{column}_like__gte": ALIKE})
        if len(asked) > 2:
            found |= sounds_like(bare(column), asked)
    return rows.filter(found)


def _nearest(rows: QuerySet, text: str) -> QuerySet:
    """The rows with how near their whole name is to the text, nearest first."""
    name = Concat(bare("first_name"), Value(" "), bare("last_name"), output_field=TextField())
    return rows.annotate(near=TrigramSimilarity(name, plain(text))).order_by("-near", "last_name", "pk")


def _is(word: str, kind: str) -> Q:
    """The row's own number when the word is a reference of this kind or a plain number, or the site's own id."""
    number = REFERENCE.fullmatch(word)
    own = Q(source_id__iexact=word)
    return own | Q(number=number["number"]) if number and number["kind"].upper() in ("", kind) else own


def _group(title: str, rows: QuerySet, hit: Any, url: str, text: str) -> Group:
    found = list(rows[: SHOWN + 1])
    more = f"{url}?{urlencode({'q': text})}" if len(found) > SHOWN else ""
    return Group(title, [hit(row) for row in found[:SHOWN]], more)
