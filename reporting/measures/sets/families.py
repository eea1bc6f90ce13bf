"""Rows of sections C, D and H: enrollments, parents, children and their removals."""

from counties.codes import Gender, Language
from families.codes import Answer, CaseType, DischargeReason, Race
from referrals.models import ClosureReason
from reporting.measures.sets import RowSet

REFERENCE = "'F-' || lpad(f.number::text, greatest(4, length(f.number::text)), '0')"

SERVED = """
    SELECT served.family_id FROM referrals_enrollment served
    WHERE served.site_id = %(site)s AND served.enrolled_on < %(end)s
      AND (served.closed_on IS NULL OR served.closed_on >= %(start)s)
"""
"""Families behind C1, C2 or C3: the ones behind C6."""

ENROLLMENTS = RowSet(
    name="enrollments",
    kind="enrollment",
    columns={
        "Family": "reference",
        "Enrolled": "enrolled_on",
        "Closed": "closed_on",
        "Closing reason": "closure_reason",
        "Active days": "active_days",
        "Face to face": "face_to_face",
        "Required": "required",
        "Completed contacts": "completed",
    },
    codes={"closure_reason": dict(ClosureReason.choices)},
    sql=f"""
        WITH touched AS (
            SELECT e.*, greatest(e.enrolled_on, %(start)s) AS first_day,
                   least(coalesce(e.closed_on, %(end)s), %(end)s) AS end_day
            FROM referrals_enrollment e
            WHERE e.site_id = %(site)s AND e.enrolled_on < %(end)s
              AND (e.closed_on IS NULL OR e.closed_on >= %(start)s)
        ), levels AS (
            SELECT enrollment_id, level, changed_on AS first_day,
                   lead(changed_on, 1, 'infinity') OVER (PARTITION BY enrollment_id ORDER BY changed_on) AS end_day
            FROM (
                SELECT id AS enrollment_id, 1 AS level, '-infinity'::date AS changed_on FROM touched
                UNION ALL
                SELECT l.enrollment_id, l.level, l.changed_on FROM activities_levelchange l
                WHERE l.site_id = %(site)s AND l.changed_on < %(end)s
            ) changes
        ), asked AS (
            -- Sum of standard * days at a level; divided by the days of the month, rounded up, it is the minimum.
            SELECT t.id, sum((%(standard)s::int[])[l.level] * greatest(
                       0, least(t.end_day, l.end_day) - greatest(t.first_day, l.first_day))) AS standard_days
            FROM touched t JOIN levels l ON l.enrollment_id = t.id
            GROUP BY t.id
        ), dose AS MATERIALIZED (
            SELECT c.enrollment_id, count(*) AS completed,
                   count(*) FILTER (WHERE c.mode = ANY(%(face)s)) AS face_to_face
            FROM activities_contact c
            WHERE c.site_id = %(site)s AND c.held_on >= %(start)s AND c.held_on < %(end)s AND c.result = 'completed'
            GROUP BY 1
        )
        SELECT t.id AS pk, {REFERENCE} AS reference, t.family_id AS family_pk, t.enrolled_on, t.closed_on,
               t.closure_reason, t.closed_on - t.enrolled_on AS days_served,
               greatest(0, t.end_day - t.first_day) AS active_days,
               coalesce(d.face_to_face, 0) AS face_to_face, coalesce(d.completed, 0) AS completed,
               a.standard_days, (a.standard_days + %(days)s - 1) / %(days)s AS required,
               t.enrolled_on < %(start)s AS active_at_start,
               t.enrolled_on >= %(start)s AS enrolled,
               EXISTS (
                   SELECT FROM referrals_enrollment p
                   WHERE p.site_id = %(site)s AND p.family_id = t.family_id AND p.enrolled_on < t.enrolled_on
               ) AS again,
               coalesce(t.closed_on < %(end)s, false) AS closed
        FROM touched t
        JOIN families_family f ON f.site_id = t.site_id AND f.id = t.family_id
        JOIN asked a ON a.id = t.id
        LEFT JOIN dose d ON d.enrollment_id = t.id
    """,
)

YEAR = RowSet(
    name="year",
    kind="enrollment",
    columns={
        "Family": "reference",
        "Enrolled": "enrolled_on",
        "Closed": "closed_on",
        "Closing reason": "closure_reason",
    },
    codes={"closure_reason": dict(ClosureReason.choices)},
    sql=f"""
        SELECT e.id AS pk, {REFERENCE} AS reference, e.family_id AS family_pk, e.enrolled_on, e.closed_on,
               e.closure_reason,
               EXISTS (
                   SELECT FROM referrals_enrollment p
                   WHERE p.site_id = %(site)s AND p.family_id = e.family_id AND p.enrolled_on < e.enrolled_on
               ) AS again,
               coalesce(e.closed_on < %(end)s, false) AS closed
        FROM referrals_enrollment e
        JOIN families_family f ON f.site_id = e.site_id AND f.id = e.family_id
        WHERE e.site_id = %(site)s AND e.enrolled_on < %(end)s
          AND (e.closed_on IS NULL OR e.closed_on >= least(%(year)s, %(contract)s))
    """,
)

MISSING = {"missing": "Not recorded"}
WHO_CODES = {
    "race": dict(Race.choices)
    | {"hispanic": "Hispanic, any race", "two_or_more": "Two or more", "unknown_unable": "Unknown or unable"}
    | MISSING,
    "age": {
        "under_18": "Under 18",
        "18_24": "18 to 24",
        "25_34": "25 to 34",
        "35_44": "35 to 44",
        "45_plus": "45 or more",
    }
    | MISSING,
    "gender": dict(Gender.choices) | MISSING,
    "language": dict(Language.choices) | MISSING,
    "interpreter": dict(Answer.choices) | MISSING,
    "tribal": dict(Answer.choices) | MISSING,
    "case_type": dict(CaseType.choices) | MISSING,
}
"""Labels of the codes section D counts by."""

PARENTS = RowSet(
    name="parents",
    kind="parent",
    columns={
        "Parent": "name",
        "Family": "reference",
        "Race": "race",
        "Age": "age",
        "Gender": "gender",
        "Language": "language",
        "Interpreter": "interpreter",
        "Tribal connection": "tribal",
        "Case type": "case_type",
    },
    codes=WHO_CODES,
    sql=f"""
        SELECT p.id AS pk, {REFERENCE} AS reference, p.family_id AS family_pk,
               trim(p.first_name || ' ' || p.last_name) AS name,
               CASE WHEN p.hispanic = 'yes' THEN 'hispanic'
                    WHEN cardinality(race.named) > 1 THEN 'two_or_more'
                    WHEN cardinality(race.named) = 1 THEN race.named[1]
                    WHEN cardinality(p.races) > 0 THEN 'unknown_unable'
                    ELSE 'missing' END AS race,
               CASE WHEN p.date_of_birth IS NULL THEN 'missing'
                    WHEN age.years < 18 THEN 'under_18'
                    WHEN age.years < 25 THEN '18_24'
                    WHEN age.years < 35 THEN '25_34'
                    WHEN age.years < 45 THEN '35_44'
                    ELSE '45_plus' END AS age,
               coalesce(nullif(p.gender, ''), 'missing') AS gender,
               coalesce(nullif(p.language, ''), 'missing') AS language,
               coalesce(nullif(p.needs_interpreter, ''), 'missing') AS interpreter,
               coalesce(nullif(p.tribal_connection, ''), 'missing') AS tribal,
               coalesce(nullif(p.case_type, ''), 'missing') AS case_type
        FROM families_parent p
        JOIN families_family f ON f.site_id = p.site_id AND f.id = p.family_id
        CROSS JOIN LATERAL (
            SELECT array(SELECT code FROM unnest(p.races) code
                         WHERE code IN ('ai_an', 'asian', 'black', 'nh_pi', 'white')) AS named
        ) race
        CROSS JOIN LATERAL (SELECT date_part('year', age(%(last)s, p.date_of_birth)) AS years) age
        WHERE p.site_id = %(site)s AND EXISTS (
            SELECT FROM referrals_participation t
            WHERE t.site_id = %(site)s AND t.parent_id = p.id AND t.starts_on < %(end)s
              AND (t.ends_on IS NULL OR t.ends_on >= %(start)s)
        )
    """,
)

PLACES = {
    "ohc": "In out-of-home care",
    "trial_reunification": "On trial reunification",
    "at_home": "At home",
    "elsewhere": "Elsewhere after a discharge",
}

CHILDREN = RowSet(
    name="children",
    kind="child",
    columns={
        "Child": "name",
        "Family": "reference",
        "Where on the last day": "place",
        "Removed": "removed_on",
    },
    codes={"place": PLACES},
    sql=f"""
        SELECT c.id AS pk, {REFERENCE} AS reference, c.family_id AS family_pk, c.first_name AS name, e.removed_on,
               CASE WHEN e.removed_on IS NULL THEN 'at_home'
                    WHEN e.discharged_on IS NOT NULL AND e.discharged_on < %(end)s
                        THEN CASE e.discharge_reason WHEN 'reunification' THEN 'at_home' ELSE 'elsewhere' END
                    WHEN e.trial_reunification_on < %(end)s THEN 'trial_reunification'
                    ELSE 'ohc' END AS place
        FROM families_child c
        JOIN families_family f ON f.site_id = c.site_id AND f.id = c.family_id
        LEFT JOIN LATERAL (
            SELECT * FROM families_removalepisode e
            WHERE e.site_id = %(site)s AND e.child_id = c.id AND e.removed_on < %(end)s
            ORDER BY e.removed_on DESC, e.discharged_on DESC NULLS FIRST LIMIT 1
        ) e ON true
        WHERE c.site_id = %(site)s AND c.merged_into_id IS NULL AND c.family_id IN ({SERVED})
          AND (c.date_of_birth IS NULL OR c.date_of_birth < %(end)s)
    """,
)

EPISODES = RowSet(
    name="episodes",
    kind="removalepisode",
    columns={
        "Child": "name",
        "Family": "reference",
        "Removed": "removed_on",
        "Trial reunification": "trial_reunification_on",
        "Discharged": "discharged_on",
        "Reason": "discharge_reason",
    },
    codes={"discharge_reason": dict(DischargeReason.choices)},
    sql=f"""
        SELECT e.id AS pk, {REFERENCE} AS reference, c.family_id AS family_pk, c.first_name AS name, e.removed_on,
               e.trial_reunification_on, e.discharged_on, e.discharge_reason,
               e.removed_on >= %(start)s AND e.removed_on < %(end)s AS removed,
               coalesce(e.trial_reunification_on >= %(start)s AND e.trial_reunification_on < %(end)s, false) AS trial,
               coalesce(e.discharged_on >= %(start)s AND e.discharged_on < %(end)s, false) AS discharged,
               EXISTS (
                   SELECT FROM families_removalepisode p
                   WHERE p.site_id = %(site)s AND p.child_id = e.child_id AND p.id <> e.id
                     AND p.discharge_reason IN ('reunification', 'relative', 'guardianship')
                     AND p.removed_on <= e.removed_on AND p.discharged_on <= e.removed_on
                     AND e.removed_on <= p.discharged_on + interval '12 months'
               ) AS back
        FROM families_removalepisode e
        JOIN families_child c ON c.site_id = e.site_id AND c.id = e.child_id AND c.merged_into_id IS NULL
        JOIN families_family f ON f.site_id = c.site_id AND f.id = c.family_id
        WHERE e.site_id = %(site)s AND e.removed_on < %(end)s
          AND (e.discharged_on IS NULL OR e.discharged_on >= %(start)s) AND c.family_id IN ({SERVED})
    """,
)
