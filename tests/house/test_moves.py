"""Every legal change of status works and every other is refused, also by raw SQL past the screens and actions."""

from __future__ import annotations

import datetime as dt
import itertools

import pgtrigger
import pytest
from django.apps import apps
from django.db import Error, connection, transaction

from accounts.models import User
from activities.actions import make_feed
from activities.models import FOLLOW_UP_MOVES, FollowUp, Goal
from activities.models import MOVES as GOAL_MOVES
from counties.models import Job, Site
from counties.models.jobs import MOVES as JOB_MOVES
from counties.wall import SiteModel, site_scope
from matching.models import MOVES as MATCH_MOVES
from matching.models import Match
from partners.models.recruitment import MOVES as RECRUITMENT_MOVES
from partners.models.recruitment import Stage
from referrals.models import IncomingReferral, Transfer
from referrals.models.incoming import INCOMING_MOVES
from referrals.models.transfers import TRANSFER_MOVES
from reporting.models import MOVES as REPORT_MOVES
from reporting.models import MonthlyReport
from tests.factories.activities import make_follow_up, make_goal
from tests.factories.counties import make_person
from tests.factories.families import make_parent
from tests.factories.matching import make_match
from tests.factories.partners import make_partner, make_recruitment
from tests.factories.referrals import make_incoming, make_referral, make_transfer
from tests.house.world import build_world

pytestmark = pytest.mark.django_db

# What a row needs besides its status to satisfy the other constraints in that status.
MATCH = {
    "proposed": "starts_on = NULL, ends_on = NULL",
    "offered_partner": "starts_on = NULL, ends_on = NULL",
    "offered_parent": "starts_on = NULL, ends_on = NULL",
    "accepted": "starts_on = NULL, ends_on = NULL",
    "declined": "starts_on = NULL, ends_on = NULL",
    "paused": "starts_on = '2025-06-01', ends_on = '2025-07-01'",
    "active": "starts_on = '2025-06-01', ends_on = NULL",
    "ended": "starts_on = '2025-06-01', ends_on = '2025-07-01'",
}
HANDED_IN = "certified_at = coalesce(certified_at, now()), submitted_at = coalesce(submitted_at, now())"
REPORT = {
    "draft": "certified_at = NULL, submitted_at = NULL,"
    " certification = certification + (status = 'certified')::int",
    "certified": "certified_at = coalesce(certified_at, now()), submitted_at = NULL",
    "submitted": HANDED_IN,
    "returned": f"{HANDED_IN}, review_comment = 'x'",
    "accepted": HANDED_IN,
}
GOAL = {
    "open": "ended_on = NULL",
    "reached": "ended_on = '2025-07-01'",
    "set_aside": "ended_on = '2025-07-01'",
}
FOLLOW_UP = {
    "open": "ended_on = NULL",
    "done": "ended_on = '2025-07-01'",
    "dropped": "ended_on = '2025-07-01'",
}
INCOMING = {
    "new": "referral_id = NULL, decline_reason = ''",
    "taken_up": "referral_id = (SELECT id FROM referrals_referral LIMIT 1), decline_reason = ''",
    "duplicate": "referral_id = (SELECT id FROM referrals_referral LIMIT 1), decline_reason = ''",
    "declined": "referral_id = NULL, decline_reason = 'mistake'",
}
TRANSFER = dict.fromkeys(Transfer.Status.values, "answered_at = now()")
JOB = {status: "attempt = attempt" for status in ("queued", "running", "done", "failed")}


def _match(site: Site, status: str) -> SiteModel:
    dates = {"starts_on": dt.date(2025, 6, 1)} if status in Match.BEGUN else {}
    if status in ("paused", "ended"):
        dates["ends_on"] = dt.date(2025, 7, 1)
    return make_match(site, status=status, **dates)


def _report(site: Site, status: str) -> SiteModel:
    now = dt.datetime(2025, 7, 2, tzinfo=dt.UTC)
    with site_scope(site.id):
        return MonthlyReport.objects.create(
            site=site,
            month=dt.date(2025, 6, 1),
            due_on=dt.date(2025, 7, 15),
            status=status,
            certified_at=None if status == "draft" else now,
            submitted_at=now if status in MonthlyReport.HANDED_IN else None,
            review_comment="x" if status == "returned" else "",
        )


def _job(site: Site, status: str) -> SiteModel:
    with site_scope(site.id):
        return Job.objects.create(site=site, kind="report.files", key="k", status=status)


def _goal(site: Site, status: str) -> SiteModel:
    return make_goal(
        site, make_parent(site), status=status, ended_on=None if status == "open" else dt.date(2025, 7, 1)
    )


def _recruitment(site: Site, status: str) -> SiteModel:
    """With all that any stage before the role asks for; the profile comes with the stages of the role."""
    fields = {"left_because": "withdrew"} if status == "left" else {}
    somebody = make_partner(site)
    if status in ("active", "on_leave"):
        fields["partner"] = somebody
    return make_recruitment(site, status=status, **CHECKED, **fields)


CHECKED = {
    "eligibility_basis": "reunified", "eligibility_on": dt.date(2022, 1, 1), "eligibility_verified_by": "Ruth",
    "background_requested_on": dt.date(2025, 1, 1), "background_cleared_on": dt.date(2025, 2, 1),
}  # fmt: skip
SOMEBODY = (
    "partner_id = coalesce(partner_id, (SELECT id FROM partners_parentpartner LIMIT 1)), left_because = ''"
)
RECRUITMENT = {
    **dict.fromkeys(Stage.values, "partner_id = NULL, left_because = ''"),
    "active": SOMEBODY,
    "on_leave": SOMEBODY,
    "left": "left_because = 'personal'",
}


def _follow_up(site: Site, status: str) -> SiteModel:
    owner = make_person("Olu Spruce", "olu@spruce.example")
    ended = None if status == "open" else dt.date(2025, 7, 1)
    return make_follow_up(site, make_referral(site), owner, status=status, ended_on=ended)


def _transfer(site: Site, status: str) -> SiteModel:
    return make_transfer(
        site, make_parent(site), by=make_person("Olu Spruce", "olu@spruce.example"), status=status
    )


def _incoming(site: Site, status: str) -> SiteModel:
    referral = make_referral(site)
    tied = {"referral": referral} if status in ("taken_up", "duplicate") else {}
    reason = "mistake" if status == "declined" else ""
    return make_incoming(site, status=status, decline_reason=reason, **tied)


MACHINES = [
    ("partners_recruitment", Stage.values, RECRUITMENT_MOVES, RECRUITMENT, _recruitment),
    ("referrals_transfer", Transfer.Status.values, TRANSFER_MOVES, TRANSFER, _transfer),
    ("referrals_incomingreferral", IncomingReferral.Status.values, INCOMING_MOVES, INCOMING, _incoming),
    ("matching_match", Match.Status.values, MATCH_MOVES, MATCH, _match),
    ("reporting_monthlyreport", MonthlyReport.Status.values, REPORT_MOVES, REPORT, _report),
    ("activities_followup", FollowUp.Status.values, FOLLOW_UP_MOVES, FOLLOW_UP, _follow_up),
    ("activities_goal", Goal.Status.values, GOAL_MOVES, GOAL, _goal),
    ("counties_job", Job.Status.values, JOB_MOVES, JOB, _job),
]
CASES = [
    pytest.param(
        table, make, before, after, (before, after) in moves, also[after], id=f"{table}:{before}-{after}"
    )
    for table, states, moves, also, make in MACHINES
    for before, after in itertools.permutations(states, 2)
]


@pytest.mark.parametrize(("table", "make", "before", "after", "legal", "also"), CASES)
def test_move(rock: Site, table: str, make, before: str, after: str, legal: bool, also: str) -> None:
    row = make(rock, before)

    def move() -> None:
        with site_scope(rock.id), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET status = %s, {also} WHERE id = %s", [after, row.pk])

    if legal:
        move()
        with site_scope(rock.id):
            assert type(row).objects.get(pk=row.pk).status == after
    else:
        with pytest.raises(Error):
            move()


def test_every_status_with_moves_is_tried_here() -> None:
    guarded = {
        model._meta.db_table
        for model in apps.get_models()
        for trigger in model._meta.original_attrs.get("triggers", [])
        if isinstance(trigger, pgtrigger.FSM)
    }
    assert guarded == {machine[0] for machine in MACHINES}


NO_MACHINE = {
    "counties_sitephase.phase": "each phase of a site is a row with dates of its own",
    "referrals_referral.outcome": "the first decision stands (`decide_referral`); a mended spreadsheet may correct it",
}
"""Column that sounds like a status -> why rows are not moved along it."""


def test_every_column_of_a_status_has_its_moves() -> None:
    """So that a new status cannot be added without saying which moves are legal."""
    unguarded = set()
    for model in apps.get_models():
        fields = {
            trigger.field
            for trigger in model._meta.original_attrs.get("triggers", [])
            if isinstance(trigger, pgtrigger.FSM)
        }
        for field in model._meta.local_fields:
            sounds_like_it = field.name.endswith(("status", "stage", "state", "outcome", "phase"))
            if field.choices and sounds_like_it and field.name not in fields:
                unguarded.add(f"{model._meta.db_table}.{field.name}")
    histories = {name for name in unguarded if name.split(".")[0].endswith("history")}
    assert unguarded - histories == set(NO_MACHINE)


def test_every_status_is_a_choice_of_its_machine() -> None:
    """A state nobody can reach and a move from or to no state are mistakes in the table of moves."""
    for table, states, moves, _also, _make in MACHINES:
        named = {state for move in moves for state in move}
        assert named <= set(states), table
        assert set(states) - named == set(), table


ENDS = {
    "activities_calendarfeed.revoked_at": "revoked_at = now()",
    "activities_noteopening.closed_at": "closed_at = now(), closed_by_id = opened_by_id, close_reason = 'x'",
    "counties_invitation.accepted_at": "accepted_at = now(), accepted_by_id = invited_by_id",
    "counties_invitation.withdrawn_at": "withdrawn_at = now()",
    "families_consent.revoked_at": "revoked_at = now(), revoked_how = 'x'",
    "families_familytie.lifted_at": "lifted_at = now(), lifted_by_id = declared_by_id, lift_reason = 'x'",
    "families_merge.undone_at": "undone_at = now(), undone_by_id = merged_by_id",
    "matching_conflict.lifted_at": "lifted_at = now()",
}
"""Column that holds the moment something ended for good -> how a row ends."""


def test_what_ended_for_good_neither_returns_nor_moves(rock: Site, rock_coordinator: User) -> None:
    """A consent that was revoked, a tie that was lifted: beginning again is a new row, also by raw SQL."""
    build_world(rock)
    with site_scope(rock.id):
        make_feed(by=rock_coordinator)
        for place, ending in ENDS.items():
            table, column = place.split(".")
            _sql(f"UPDATE {table} SET {ending}")
            for otherwise in ("NULL", "now() - interval '1 day'"):
                with pytest.raises(Error, match=f"{column} is never changed"), transaction.atomic():
                    _sql(f"UPDATE {table} SET {column} = {otherwise}")
    stays = {
        f"{model._meta.db_table}.{trigger.name.removesuffix('_stays')}"
        for model in apps.get_models()
        for trigger in model._meta.original_attrs.get("triggers", [])
        if trigger.name.endswith("_stays")
    }
    assert stays == set(ENDS)


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount
