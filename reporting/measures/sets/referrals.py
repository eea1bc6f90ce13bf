"""Rows of section B: referrals open or moving in the month, and those still waiting for a match."""

from referrals.models import ReferralOutcome, ReferralSource
from reporting.measures.sets import RowSet

REFERRALS = RowSet(
    name="referrals",
    kind="referral",
    columns={
        "Referral": "reference",
        "Received": "referred_on",
        "Source": "source",
        "Decided": "decided_on",
        "Outcome": "outcome",
        "Days to decision": "days_to_decision",
        "Days since removal": "days_since_removal",
    },
    codes={"source": dict(ReferralSource.choices), "outcome": dict(ReferralOutcome.choices)},
    sql="""
        SELECT r.id AS pk, 'R-' || lpad(r.number::text, greatest(4, length(r.number::text)), '0') AS reference,
               r.family_id AS family_pk, r.referred_on, r.source, r.decided_on, r.outcome,
               r.decided_on - r.referred_on AS days_to_decision,
               r.referred_on - removal.latest AS days_since_removal,
               r.referred_on >= %(start)s AS received,
               coalesce(r.decided_on >= %(start)s AND r.decided_on < %(end)s, false) AS decided,
               r.referred_on < %(start)s AND (r.decided_on IS NULL OR r.decided_on >= %(start)s) AS pending_at_start,
               r.decided_on IS NULL OR r.decided_on >= %(end)s AS pending_at_end,
               r.outcome = 'accepted' AND r.decided_on < %(end)s
                   AND (r.withdrawn_on IS NULL OR r.withdrawn_on >= %(end)s)
                   AND NOT EXISTS (
                       SELECT FROM matching_match m
                       WHERE m.site_id = %(site)s AND m.referral_id = r.id AND m.starts_on < %(end)s
                   ) AS waiting
        FROM referrals_referral r
        LEFT JOIN LATERAL (
            SELECT max(e.removed_on) AS latest
            FROM families_removalepisode e
            JOIN families_child c ON c.site_id = e.site_id AND c.id = e.child_id AND c.merged_into_id IS NULL
            WHERE e.site_id = %(site)s AND c.family_id = r.family_id AND r.referred_on >= %(start)s
              AND e.removed_on <= r.referred_on
              AND (e.discharged_on IS NULL OR e.discharged_on > r.referred_on)
        ) removal ON true
        WHERE r.site_id = %(site)s AND r.referred_on < %(end)s
    """,
)
