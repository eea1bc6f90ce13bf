"""What was not possible, each with the words and the form field it belongs to."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from matching.models import Match
from partners.models import ParentPartner


class NotSolved(Exception):
    """The solver gave up; only numbers far beyond any site's can lead here."""


class ReferralNotOpen(ValidationError):
    """Nobody can be matched for this referral: not accepted, withdrawn or closed."""


class PartnerExcluded(ValidationError):
    """A hard stop stands between the two (`domain.md` 5.2)."""


class MatchMoveRefused(ValidationError):
    """The match is not in the state this verb begins from."""


def overtaken(match: Match) -> MatchMoveRefused:
    """The refusal when the match has moved since somebody looked at it."""
    now = match.get_status_display().lower()
    return MatchMoveRefused(f"This match is {now} now. Somebody has been quicker: look at it again.")


class PartnerNotTrained(ValidationError):
    """V10: core training is not complete, and no reason is given."""

    def __init__(self, partner: ParentPartner) -> None:
        words = (
            f"{partner} has not completed core training, or some of it has lapsed. "
            "Give the reason for matching before that."
        )
        super().__init__({"training_override": words})


class PartnerAtCapacity(ValidationError):
    """V11: the soft cap is reached, and no reason is given."""

    def __init__(self, partner: ParentPartner) -> None:
        words = f"{partner} has reached the soft cap of families. Give the reason for going over it."
        super().__init__({"cap_override": words})


class ParentAlreadyMatched(ValidationError):
    """V12: one primary match per parent at a time."""

    def __init__(self, other: Match) -> None:
        if other.ends_on:
            until = f"{other.ends_on:%m/%d/%Y}"
            words = f"{other.partner} was this parent's partner until {until}. Choose that date or later."
        else:
            words = (
                f"{other.partner} is this parent's partner now. End that match first, or propose this one "
                "as a secondary partner."
            )
        super().__init__({"starts_on": words})
