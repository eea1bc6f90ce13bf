"""Rows of section E, and of A4: contacts, what was done in them, hearings and meetings, and gaps in the data."""

from activities.codes import Activity, ContactMode, ContactResult, ResourceResult, ResourceType
from activities.models import FamilyEvent
from reporting.measures.sets import RowSet
from reporting.measures.sets.families import REFERENCE

CONTACTS = RowSet(
    name="contacts",
    kind="contact",
    columns={
        "Family": "reference",
        "Date": "held_on",
        "Mode": "mode",
        "Result": "result",
        "Minutes": "minutes",
        "Parent partner": "partner",
        "Entered late": "is_late",
    },
    codes={"mode": dict(ContactMode.choices), "result": dict(ContactResult.choices)},
    sql=f"""
        SELECT c.id AS pk, {REFERENCE} AS reference, f.id AS family_pk, c.held_on, c.mode, c.result, c.minutes,
               c.is_late, trim(p.first_name || ' ' || p.last_name) AS partner,
               c.result = 'completed' AS completed, c.mode = ANY(%(face)s) AS in_person
        FROM activities_contact c
        JOIN referrals_referral r ON r.site_id = c.site_id AND r.id = c.referral_id
        JOIN families_family f ON f.site_id = r.site_id AND f.id = r.family_id
        JOIN partners_parentpartner p ON p.site_id = c.site_id AND p.id = c.partner_id
        WHERE c.site_id = %(site)s AND c.held_on >= %(start)s AND c.held_on < %(end)s
    """,
)

ACTIVITIES = RowSet(
    name="activities",
    kind="contact",
    columns={"Family": "reference", "Date": "held_on", "Activity": "activity"},
    codes={"activity": dict(Activity.choices)},
    sql=f"""
        SELECT c.id AS pk, {REFERENCE} AS reference, f.id AS family_pk, c.held_on, activity
        FROM activities_contact c
        JOIN referrals_referral r ON r.site_id = c.site_id AND r.id = c.referral_id
        JOIN families_family f ON f.site_id = r.site_id AND f.id = r.family_id
        CROSS JOIN LATERAL (SELECT DISTINCT unnest(c.activities) AS activity) done
        WHERE c.site_id = %(site)s AND c.held_on >= %(start)s AND c.held_on < %(end)s AND c.result = 'completed'
    """,
)

LINKS = RowSet(
    name="links",
    kind="resourcelink",
    columns={"Family": "reference", "Date": "held_on", "Resource": "resource", "Result": "result"},
    codes={"resource": dict(ResourceType.choices), "result": dict(ResourceResult.choices)},
    sql=f"""
        SELECT l.id AS pk, {REFERENCE} AS reference, f.id AS family_pk, c.held_on, l.kind AS resource, l.result,
               l.result = 'connected' AS connected,
               l.result IN ('connected', 'unavailable')
                   OR (l.result = 'offered' AND c.held_on + 30 <= %(last)s) AS settled
        FROM activities_resourcelink l
        JOIN activities_contact c ON c.site_id = l.site_id AND c.id = l.contact_id
        JOIN referrals_referral r ON r.site_id = c.site_id AND r.id = c.referral_id
        JOIN families_family f ON f.site_id = r.site_id AND f.id = r.family_id
        WHERE l.site_id = %(site)s AND c.held_on >= %(start)s AND c.held_on < %(end)s AND NOT l.is_struck
    """,
)

EVENTS = RowSet(
    name="events",
    kind="familyevent",
    columns={"Family": "reference", "Date": "held_on", "Kind": "kind", "Parent partner": "partner"},
    codes={"kind": dict(FamilyEvent.Kind.choices)},
    sql=f"""
        SELECT e.id AS pk, {REFERENCE} AS reference, f.id AS family_pk, e.held_on, e.kind,
               trim(p.first_name || ' ' || p.last_name) AS partner, e.partner_attended_id IS NOT NULL AS attended
        FROM activities_familyevent e
        JOIN referrals_referral r ON r.site_id = e.site_id AND r.id = e.referral_id
        JOIN families_family f ON f.site_id = r.site_id AND f.id = r.family_id
        LEFT JOIN partners_parentpartner p ON p.site_id = e.site_id AND p.id = e.partner_attended_id
        WHERE e.site_id = %(site)s AND e.held_on >= %(start)s AND e.held_on < %(end)s AND NOT e.is_cancelled
    """,
)

FLAGS = {
    "missing_removal_date": "Child in care without a removal date",
    "missing_birth_date": "Birth date missing",
    "missing_language": "Language missing",
    "missing_race": "Race missing",
    "no_contact_30_days": "No completed contact for 30 days",
    "match_after_closing": "Match open after the enrollment closed",
}

GAPS = RowSet(
    name="gaps",
    kind="family",
    columns={"Family": "reference", "What is open": "flag", "Who": "who"},
    codes={"flag": FLAGS},
    sql=f"""
        WITH active AS (
            SELECT e.id, e.family_id, e.enrolled_on FROM referrals_enrollment e
            WHERE e.site_id = %(site)s AND e.enrolled_on < %(end)s
              AND (e.closed_on IS NULL OR e.closed_on >= %(end)s)
        ), parents AS (
            SELECT p.* FROM families_parent p
            WHERE p.site_id = %(site)s AND p.family_id IN (SELECT family_id FROM active)
        ), gaps AS MATERIALIZED (
            SELECT family_id, 'missing_removal_date' AS flag, trim(first_name || ' ' || last_name) AS who
            FROM parents
            WHERE case_type = 'ohc' AND family_id NOT IN (
                SELECT c.family_id FROM families_removalepisode e
                JOIN families_child c ON c.site_id = e.site_id AND c.id = e.child_id AND c.merged_into_id IS NULL
                WHERE e.site_id = %(site)s)
            UNION ALL
            SELECT family_id, 'missing_birth_date', trim(first_name || ' ' || last_name)
            FROM parents WHERE date_of_birth IS NULL
            UNION ALL
            SELECT c.family_id, 'missing_birth_date', c.first_name FROM families_child c
            WHERE c.site_id = %(site)s AND c.merged_into_id IS NULL AND c.date_of_birth IS NULL
              AND c.family_id IN (SELECT family_id FROM active)
            UNION ALL
            SELECT family_id, 'missing_language', trim(first_name || ' ' || last_name)
            FROM parents WHERE language = ''
            UNION ALL
            SELECT family_id, 'missing_race', trim(first_name || ' ' || last_name)
            FROM parents WHERE races = '{{}}' AND hispanic <> 'yes'
            UNION ALL
            SELECT family_id, 'no_contact_30_days', '' FROM active
            WHERE enrolled_on <= %(last)s - 30 AND id NOT IN (
                SELECT c.enrollment_id FROM activities_contact c
                WHERE c.site_id = %(site)s AND c.enrollment_id IS NOT NULL AND c.result = 'completed'
                  AND c.held_on > %(last)s - 30 AND c.held_on < %(end)s)
            UNION ALL
            SELECT p.family_id, 'match_after_closing', trim(p.first_name || ' ' || p.last_name)
            FROM matching_match m
            JOIN referrals_participation t ON t.site_id = m.site_id AND t.referral_id = m.referral_id
            JOIN referrals_enrollment e ON e.site_id = t.site_id AND e.id = t.enrollment_id
            JOIN families_parent p ON p.site_id = m.site_id AND p.id = m.parent_id
            WHERE m.site_id = %(site)s AND m.starts_on < %(end)s AND (m.ends_on IS NULL OR m.ends_on >= %(end)s)
              AND e.closed_on < %(end)s
        )
        SELECT f.id AS pk, {REFERENCE} AS reference, f.id AS family_pk, gaps.flag, gaps.who
        FROM gaps JOIN families_family f ON f.site_id = %(site)s AND f.id = gaps.family_id
    """,
)
