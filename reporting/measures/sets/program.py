"""Rows of sections F and G: parent partners, their sessions, the council, outreach."""

from advisory.models import AdvisoryRole
from outreach.models import OutreachEvent
from reporting.measures.sets import RowSet

PARTNERS = RowSet(
    name="partners",
    kind="parentpartner",
    columns={
        "Parent partner": "reference",
        "Start": "starts_on",
        "End": "ends_on",
        "FTE": "fte",
        "Active days": "active_days",
        "Individual supervision": "supervisions",
        "Clinical support": "clinical",
        "Core training": "core_training_completed_on",
        "Families": "families",
    },
    sql="""
        WITH attended AS (
            SELECT a.partner_id, s.kind, s.held_on
            FROM partners_supportsession s
            JOIN partners_sessionattendance a ON a.site_id = s.site_id AND a.session_id = s.id AND a.is_present
            WHERE s.site_id = %(site)s AND NOT s.is_struck AND s.held_on >= %(start)s AND s.held_on < %(end)s
        ), load AS (
            SELECT m.partner_id, count(DISTINCT p.family_id) AS families
            FROM matching_match m
            JOIN families_parent p ON p.site_id = m.site_id AND p.id = m.parent_id
            WHERE m.site_id = %(site)s AND m.starts_on < %(end)s AND (m.ends_on IS NULL OR m.ends_on >= %(end)s)
            GROUP BY 1
        )
        SELECT p.id AS pk, trim(p.first_name || ' ' || p.last_name) AS reference, NULL::uuid AS family_pk,
               p.starts_on, p.ends_on, p.fte, p.core_training_completed_on,
               greatest(0, least(coalesce(p.ends_on, %(end)s), %(end)s) - greatest(p.starts_on, %(start)s))
                   AS active_days,
               (SELECT count(*) FROM attended a WHERE a.partner_id = p.id AND a.kind = 'individual_supervision')
                   AS supervisions,
               (SELECT count(*) FROM attended a WHERE a.partner_id = p.id AND a.kind = 'clinical_support'
                    AND p.starts_on <= a.held_on AND (p.ends_on IS NULL OR p.ends_on > a.held_on)) AS clinical,
               EXISTS (SELECT FROM partners_supportsession s
                       WHERE s.site_id = %(site)s AND NOT s.is_struck AND s.kind = 'clinical_support'
                         AND s.held_on >= %(start)s AND s.held_on < %(end)s
                         AND p.starts_on <= s.held_on AND (p.ends_on IS NULL OR p.ends_on > s.held_on))
                   AS clinical_due,
               coalesce(load.families, 0) AS families,
               p.starts_on < %(end)s AND (p.ends_on IS NULL OR p.ends_on >= %(end)s) AS at_end,
               p.starts_on >= %(start)s AS hired,
               coalesce(p.ends_on >= %(start)s AND p.ends_on < %(end)s, false) AS left_in_month,
               coalesce(p.core_training_completed_on < %(end)s, false) AS trained,
               greatest(1, floor(%(soft)s * p.fte)) AS soft_cap,
               greatest(1, floor(%(hard)s * p.fte)) AS hard_cap
        FROM partners_parentpartner p
        LEFT JOIN load ON load.partner_id = p.id
        WHERE p.site_id = %(site)s AND p.starts_on < %(end)s AND (p.ends_on IS NULL OR p.ends_on >= %(start)s)
    """,
)

CLINICAL_HELD = """
    EXISTS (SELECT FROM partners_supportsession s
            WHERE s.site_id = %(site)s AND NOT s.is_struck AND s.kind = 'clinical_support'
              AND s.held_on >= %(start)s AND s.held_on < %(end)s)
"""

TRAINING = RowSet(
    name="training",
    kind="supportsession",
    columns={"Date": "held_on", "Topic": "topic", "Minutes": "minutes", "Parent partner": "reference"},
    sql="""
        SELECT s.id AS pk, trim(p.first_name || ' ' || p.last_name) AS reference, NULL::uuid AS family_pk,
               s.held_on, coalesce(nullif(trim(s.topic), ''), 'unnamed') AS topic, s.minutes
        FROM partners_supportsession s
        JOIN partners_sessionattendance a ON a.site_id = s.site_id AND a.session_id = s.id AND a.is_present
        JOIN partners_parentpartner p ON p.site_id = a.site_id AND p.id = a.partner_id
        WHERE s.site_id = %(site)s AND NOT s.is_struck AND s.kind = 'training'
          AND s.held_on >= %(start)s AND s.held_on < %(end)s
    """,
)

COUNCIL = RowSet(
    name="council",
    kind="councilmeeting",
    columns={"Date": "held_on", "Advisory role": "role", "People": "number"},
    codes={"role": dict(AdvisoryRole.choices)},
    sql="""
        SELECT m.id AS pk, m.held_on::text AS reference, NULL::uuid AS family_pk, m.held_on,
               coalesce(a.role, '') AS role, coalesce(a.number, 0) AS number
        FROM advisory_councilmeeting m
        LEFT JOIN advisory_councilattendance a ON a.site_id = m.site_id AND a.meeting_id = m.id
        WHERE m.site_id = %(site)s AND m.council = 'local' AND m.held_on >= %(start)s AND m.held_on < %(end)s
    """,
)

OUTREACH = RowSet(
    name="outreach",
    kind="outreachevent",
    columns={"Date": "held_on", "Kind": "kind", "Audience": "audience", "People": "attendance"},
    codes={"kind": dict(OutreachEvent.Kind.choices)},
    sql="""
        SELECT o.id AS pk, o.held_on::text AS reference, NULL::uuid AS family_pk, o.held_on, o.kind, o.audience,
               o.attendance
        FROM outreach_outreachevent o
        WHERE o.site_id = %(site)s AND o.held_on >= %(start)s AND o.held_on < %(end)s
    """,
)
