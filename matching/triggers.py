"""What the database holds at the moment a proposed match begins (`domain.md` V10, V11).

A match that comes by import is inserted as running: a decision already taken, about which the import warns
(`import-format.md`). The product itself always proposes first, so these rules stand at that one step.
"""

import pgtrigger


def _at_acceptance(
    name: str, *, declare: list[tuple[str, str]], lookup: str, refusals: list[tuple[str, str]]
):
    """Trigger that refuses the move to `active`; `refusals` are (condition, message that names the rule)."""
    checks = " ".join(
        f"IF {when} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF;"
        for when, message in refusals
    )
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=~pgtrigger.Q(old__status="active") & pgtrigger.Q(new__status="active"),
        declare=declare,
        func=f"{lookup} {checks} RETURN NEW;",
    )


trained = _at_acceptance(
    "v10_trained",
    declare=[("trained_on", "date")],
    lookup="SELECT core_training_completed_on INTO trained_on FROM partners_parentpartner WHERE id = NEW.partner_id;",
    refusals=[
        (
            "NEW.training_override = '' AND (trained_on IS NULL OR trained_on > NEW.starts_on)",
            "V10: core training is not complete and no reason is given",
        )
    ],
)

without_conflict = _at_acceptance(
    "v11_without_conflict",
    declare=[("hit", "boolean")],
    # A caseworker of the partner on the team is a warning; the coordinator decides (5.2, 4).
    lookup="SELECT EXISTS (SELECT FROM matching_conflict WHERE parent_id = NEW.parent_id"
    " AND partner_id = NEW.partner_id AND lifted_at IS NULL AND kind <> 'caseworker') INTO hit;",
    refusals=[("hit", "V11: a conflict is recorded between this parent and this parent partner")],
)

without_tie = _at_acceptance(
    "without_tie",
    declare=[("hit", "boolean")],
    # Who has a declared tie to a family may not even find it (docs/adr/0017); the message names no tie.
    lookup="SELECT EXISTS (SELECT FROM families_familytie t JOIN families_parent p ON p.family_id = t.family_id"
    " JOIN partners_parentpartner w ON w.person_id = t.person_id"
    " WHERE p.id = NEW.parent_id AND w.id = NEW.partner_id AND t.lifted_at IS NULL) INTO hit;",
    refusals=[("hit", "This parent partner cannot be matched with this family")],
)

within_caps = _at_acceptance(
    "v11_within_caps",
    declare=[
        ("share", "numeric"), ("soft", "integer"), ("hard", "integer"), ("family", "uuid"),
        ("others", "integer"), ("load", "numeric"), ("there", "boolean"),
    ],
    # The hard cap counts families, the soft cap their weight by level; before a level is recorded that is 1.
    lookup="SELECT fte INTO share FROM partners_parentpartner WHERE id = NEW.partner_id;"
    " SELECT greatest(1, floor(soft_cap_per_fte * share)), greatest(1, floor(hard_cap_per_fte * share))"
    " INTO soft, hard FROM counties_sitesettings WHERE site_id = NEW.site_id;"
    " SELECT family_id INTO family FROM families_parent WHERE id = NEW.parent_id;"
    " SELECT count(*) FILTER (WHERE family_id <> family), coalesce(sum(weight) FILTER (WHERE family_id <> family), 0),"
    " coalesce(bool_or(family_id = family), false) INTO others, load, there FROM ("
    " SELECT DISTINCT ON (p.family_id) p.family_id, (5 - coalesce((SELECT l.level FROM activities_levelchange l"
    " JOIN referrals_participation t ON t.enrollment_id = l.enrollment_id WHERE t.referral_id = m.referral_id"
    " ORDER BY l.changed_on DESC LIMIT 1), 1)) * 0.25 AS weight"
    " FROM matching_match m JOIN families_parent p ON p.id = m.parent_id"
    " WHERE m.partner_id = NEW.partner_id AND m.status = 'active' ORDER BY p.family_id, m.id) f;",
    refusals=[
        ("others >= hard", "V11: the hard cap of this parent partner is reached"),
        (
            "NOT there AND load + 1 > soft AND NEW.cap_override = ''",
            "V11: the soft cap of this parent partner is reached and no reason is given",
        ),
    ],
)  # fmt: skip
