"""Matches, what forbids and orders them, and plans for many at once (`domain.md` 5)."""

from matching.models.between import Conflict, PlaceDistance, ScoreWeights, place_key
from matching.models.matches import MOVES, EndReason, Match, Matches
from matching.models.plans import Plan, PlanLine

__all__ = [
    "MOVES", "Conflict", "EndReason", "Match", "Matches", "PlaceDistance", "Plan", "PlanLine", "ScoreWeights",
    "place_key",
]  # fmt: skip
