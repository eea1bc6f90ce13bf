"""Database rules that several rooms need, written once."""

from __future__ import annotations

import re
import zlib

import pgtrigger
from django.db import DatabaseError, connection
from django.db.models import Max

from counties.wall.scope import current_site_id

TODAY = "(now() AT TIME ZONE 'America/Chicago')::date"


def without_rule(said: str) -> str:
    """What a constraint or trigger says, without the id of its rule (`domain.md` 4.2), which readers do not know."""
    return re.sub(r"^V\d\d: (.)", lambda start: start[1].upper(), said)


def said_by(problem: DatabaseError) -> str:
    """What a constraint or trigger of the database said, as people read it; "" when it said nothing."""
    diagnosis = getattr(problem.__cause__, "diag", None)
    return without_rule(getattr(diagnosis, "message_primary", None) or "")


def not_in_future(*columns: str) -> pgtrigger.Trigger:
    """Trigger that refuses a date after today, site time (`domain.md` V06)."""
    tests = " OR ".join(f"NEW.{c} > {TODAY}" for c in columns)
    return pgtrigger.Trigger(
        name="not_in_future",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"IF {tests} THEN RAISE EXCEPTION 'V06: date is in the future' USING ERRCODE = 'check_violation';"
        " END IF; RETURN NEW;",
    )


def said_once(column: str) -> pgtrigger.Trigger:
    """Trigger that keeps the moment an end was said: never moved, never taken back (a new row begins anew)."""
    return refuse_when(
        f"{column}_stays",
        when=f"TG_OP = 'UPDATE' AND OLD.{column} IS NOT NULL AND NEW.{column} IS DISTINCT FROM OLD.{column}",
        message=f"{column} is never changed once it is written",
    )


def never_rewritten(*columns: str) -> pgtrigger.Trigger:
    """Trigger that keeps what a row was made to say: another row is made, and this one stays as it is."""
    before, after = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return pgtrigger.Trigger(
        name="never_rewritten",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"IF ROW({before}) IS DISTINCT FROM ROW({after}) THEN RAISE EXCEPTION 'What a row was made to say stays'"
        " USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
    )


def refuse_when(
    name: str, *, declare: str = "", lookup: str = "", when: str, message: str
) -> pgtrigger.Trigger:
    """Trigger that refuses a row for what stands in another row.

    Args:
        name: trigger name.
        declare: plpgsql declarations, e.g. `born date;`.
        lookup: plpgsql statement run first, e.g. `SELECT ... INTO born ...;`.
        when: condition that refuses.
        message: begins with the rule's id, e.g. `V01: ...`.
    """
    text = message.replace("'", "''")
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[tuple(d.split(" ", 1)) for d in declare.rstrip(";").split("; ")] if declare else None,
        func=f"{lookup} IF {when} THEN RAISE EXCEPTION '{text}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
    )


def next_number(model) -> int:
    """Next short number of a kind within the present site (`F-0142`); waits for a concurrent taker."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)",
            [current_site_id(), zlib.crc32(model._meta.db_table.encode()) & 0x7FFFFFFF],
        )
    # Not `objects`: a room may leave rows out there, and a number once given stays given.
    numbers = model._base_manager.filter(site_id=current_site_id())
    return (numbers.aggregate(last=Max("number"))["last"] or 0) + 1
