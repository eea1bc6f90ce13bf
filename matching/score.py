"""The explained score of a pairing (`domain.md` 5.3). It orders suggestions; a coordinator decides.

`score = 30*language + 25*experience + 15*availability + 10*culture + 10*gender + 10*distance`, at most 100 points; a
site may weigh the six otherwise (`ScoreWeights`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from counties.codes import Experience, Gender, Language
from families.models import Parent
from matching.models import ScoreWeights
from partners.models import ParentPartner

NO_WISH = {"", Gender.DECLINED, Gender.UNKNOWN}
HMONG = {"mww", "hnj"}
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Part:
    """One criterion: points reached, points possible, and why in words."""

    name: str
    points: Decimal
    of: int
    words: str


@dataclass(frozen=True)
class Score:
    """All parts; the total is the sum of the points shown."""

    parts: tuple[Part, ...]

    @property
    def total(self) -> Decimal:
        return sum((part.points for part in self.parts), Decimal(0))

    def as_json(self) -> dict[str, Any]:
        """What a match keeps of the suggestion it came from."""
        parts = [{"name": p.name, "points": str(p.points), "of": p.of, "words": p.words} for p in self.parts]
        return {"total": str(self.total), "parts": parts}


@dataclass(frozen=True)
class Circumstances:
    """What a score needs beside the two people.

    `load` is the weighted caseload, `cap` the soft cap in families, `miles` the distance or None when nobody
    has told it, `near` and `far` the site's limits in miles, `weights` the points each criterion is worth.
    """

    load: Decimal
    cap: int
    miles: int | None
    near: int
    far: int
    weights: ScoreWeights = field(default_factory=ScoreWeights)


def score(parent: Parent, partner: ParentPartner, around: Circumstances) -> Score:
    """Score a pairing and say why, part by part."""
    of = around.weights
    return Score(
        (
            _language(parent, partner, of.language),
            _experience(parent, partner, of.experience),
            _availability(around),
            _wish(
                "Culture",
                of.culture,
                parent.prefers_culture,
                parent.prefers_culture,
                meets_culture(parent.prefers_culture, partner),
            ),
            _wish(
                "Gender",
                of.gender,
                wishes_gender(parent),
                parent.get_prefers_gender_display(),
                meets_gender(parent.prefers_gender, partner),
            ),
            _distance(around),
        )
    )


def speaks(partner: ParentPartner, language: str) -> bool:
    """Whether the partner speaks the language; `hmn`, all of Hmong, goes with either of its two kinds."""
    if language in HMONG:
        return bool({language, "hmn"} & set(partner.languages))
    if language == "hmn":
        return bool({"hmn", *HMONG} & set(partner.languages))
    return language in partner.languages


def _part(name: str, of: int, share: Fraction, words: str) -> Part:
    exact = Decimal((of * share).numerator) / Decimal((of * share).denominator)
    return Part(name, exact.quantize(Decimal("0.1"), ROUND_HALF_UP), of, words)


def _language(parent: Parent, partner: ParentPartner, of: int) -> Part:
    name = dict(Language.choices).get(parent.language, parent.language)
    if not parent.language:
        return _part("Language", of, Fraction(0), "The parent's language is not recorded")
    if speaks(partner, parent.language):
        return _part("Language", of, Fraction(1), f"Speaks {name}")
    return _part("Language", of, Fraction(0), f"Does not speak {name}")


def _experience(parent: Parent, partner: ParentPartner, of: int) -> Part:
    told = set(parent.shared_experience)
    shared = told & set(partner.experience_used)
    share = Fraction(len(shared), max(1, len(told)))
    # How many is the coordinator's to know; which ones only as far as the partner allows (docs/adr/0018).
    named = shared & set(partner.experience_shown)
    names = ", ".join(str(label) for code, label in Experience.choices if code in named)
    if not told:
        words = "The parent has chosen none to share"
    else:
        words = f"Shares {len(shared)} of {len(told)}" + (f": {names}" if names else "")
    return _part("Shared experience", of, share, words)


def _availability(around: Circumstances) -> Part:
    free = Fraction(around.cap) - Fraction(around.load)
    share = min(Fraction(1), max(Fraction(0), free) / 2)
    return _part(
        "Availability",
        around.weights.availability,
        share,
        f"Caseload {around.load:.2f} of {around.cap}, weighted",
    )


def _wish(name: str, of: int, wish: str, wished: str, is_met: bool) -> Part:
    if not wish:
        return _part(name, of, Fraction(1), "No preference")
    words = f"Prefers {wished}: {'met' if is_met else 'not met'}"
    return _part(name, of, Fraction(int(is_met)), words)


def meets_culture(wish: str, partner: ParentPartner) -> bool:
    return wish.strip().casefold() in partner.culture.casefold()


def wishes_gender(parent: Parent) -> str:
    """The gender the parent asks for, "" where none is asked for."""
    return "" if parent.prefers_gender in NO_WISH else parent.prefers_gender


def meets_gender(wish: str, partner: ParentPartner) -> bool:
    return wish == partner.gender


def share_by_miles(miles: int | None, near: int, far: int) -> Fraction:
    """1 near by, 1/2 farther off or unknown, 0 beyond the site's limits."""
    if miles is None:
        return HALF
    return Fraction(1) if miles <= near else HALF if miles <= far else Fraction(0)


def _distance(around: Circumstances) -> Part:
    miles = around.miles
    words = (
        "Not known, counts half" if miles is None else "Same place" if miles == 0 else f"About {miles} miles"
    )
    return _part("Distance", around.weights.distance, share_by_miles(miles, around.near, around.far), words)
