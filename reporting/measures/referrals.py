"""Section B (`domain.md` 6): referrals that came, what was decided, how long it took."""

from referrals.models import ReferralOutcome, ReferralSource
from reporting.measures.kinds import Count, Counts, Median, Rate, Split
from reporting.measures.measure import Measure
from reporting.measures.sets.referrals import REFERRALS

REACHED = "decided AND outcome IN ('accepted', 'parent_declined', 'not_reached')"

MEASURES = (
    Measure(
        "B1",
        "Referrals received",
        "Referrals with a referral date in the month.",
        Count(where="received"),
        REFERRALS,
        unit="referrals",
        publishing="Hidden from 1 up to the threshold.",
    ),
    Measure(
        "B2",
        "Referrals by source",
        "B1 by who referred. The parts add up to B1.",
        Split(where="received", by="source"),
        REFERRALS,
        unit="referrals",
        codes=dict(ReferralSource.choices),
    ),
    Measure(
        "B3",
        "Decisions by outcome",
        "Referrals with a decision date in the month, by outcome of that first decision.",
        Split(where="decided", by="outcome"),
        REFERRALS,
        unit="referrals",
        codes=dict(ReferralOutcome.choices),
        publishing="Each outcome is hidden from 1 up to the threshold, together with B7 where it could be worked out.",
    ),
    Measure(
        "B4",
        "Pending referrals",
        "Start: received before the month and not decided before it. End: received by the last day and not decided "
        "by it. B4 end = B4 start + B1 - sum of B3.",
        Counts(parts={"start": "pending_at_start", "end": "pending_at_end"}),
        REFERRALS,
        unit="referrals",
        parts={"start": "At the start of the month", "end": "At the end of the month"},
    ),
    Measure(
        "B5",
        "Days from referral to decision",
        "Median over the decisions of B3, one decimal; empty without decisions.",
        Median(where="decided", of="days_to_decision"),
        REFERRALS,
        unit="days",
    ),
    Measure(
        "B6",
        "Days from removal to referral",
        "Median over the referrals of B1 whose family had a child in care on the referral date, counted from the "
        "latest removal of such a child, one decimal.",
        Median(where="received", of="days_since_removal"),
        REFERRALS,
        unit="days",
    ),
    Measure(
        "B7",
        "Acceptance rate",
        "Accepted / (accepted + parent declined + not reached) among the decisions of the month. Not eligible, no "
        "capacity, conflict and withdrawn are left out.",
        Rate(n="outcome = 'accepted'", d=REACHED),
        REFERRALS,
        unit="share",
        parts={"n": "Accepted", "d": "Accepted, declined or not reached"},
        publishing="Hidden when the numerator or the rest is 1 up to the threshold, or the denominator is below it.",
    ),
    Measure(
        "B8",
        "Waiting to be matched",
        "Accepted referrals that on the last day have no match begun and are not withdrawn.",
        Count(where="waiting"),
        REFERRALS,
        unit="referrals",
    ),
)
