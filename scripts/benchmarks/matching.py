"""Suggestions for one parent and the plan for everybody who waits, each against the bare work underneath.

A site of its own with 1,000 parent partners, of whom 200 are left for the plan, and 500 waiting parents.
The bare work of suggestions is reading the partners; that of the plan is the solver on the same arrays.
"""

import datetime as dt
import os
import random
import sys
from collections.abc import Iterator
from decimal import Decimal

from benchmarks import Line, interleaved

PARTNERS, PLANNED, WAITING, FAMILIES = 1000, 200, 500, 3
TODAY = dt.date.today()
LANGUAGES = ["en"] * 8 + ["es", "hmn"]
PLACES = ["Janesville", "Beloit", "Edgerton", "Milton", ""]


def benchmarks() -> Iterator[Line]:
    import django

    django.setup()
    from django.core.management import call_command

    from counties.models import Site
    from counties.wall import site_scope

    call_command(
        "create_site", "bench", "--name", "Bench", "--counties", "55001", "--opened-on", "2025-01-01"
    )
    site = Site.objects.select_related("settings").get(slug="bench")
    with site_scope(site.id):
        waiting = _people(site)
    _count_the_rows()  # committed by now; rows of an open transaction would count as none
    with site_scope(site.id):
        yield _suggestions(site, waiting[0].parent)
        _leave_some()
        yield _plan(site, waiting)


def _suggestions(site, parent) -> Line:
    from matching.suggest import suggest
    from partners.models import ParentPartner

    def ours() -> None:
        found = suggest(parent, site.settings)
        _expect(len(found.candidates[:10]) == 10 and len(found.candidates) + len(found.excluded) == PARTNERS)

    return interleaved(
        f"suggestions among {PARTNERS:,} partners",
        ours,
        lambda: list(ParentPartner.objects.all()),
        limit_ms=100,
        bound=8,
    )


def _plan(site, waiting) -> Line:
    import numpy as np

    from matching import matrix, planning, plans
    from matching.pool import between, pool
    from matching.solver import assign

    parents = [referral.parent for referral in waiting]
    standings, known = pool(site.settings, TODAY), between(parents)
    values = matrix.points(parents, standings, known, site.settings) + planning.waiting_points(waiting, TODAY)
    allowed = matrix.stops(parents, standings, known)[0] == 0
    room = np.array([standing.room for standing in standings])
    filled = np.array([standing.caseload.families for standing in standings])

    def ours() -> None:
        lines = planning.work_out(plans.longest_first(_access()), site.settings, TODAY)
        _expect(len(lines) == WAITING and any(line.partner for line in lines))

    return interleaved(
        f"plan for {WAITING} parents, {PLANNED} partners",
        ours,
        lambda: assign(values, allowed, room, filled),
        limit_ms=2_000,
        bound=10,
    )


def _count_the_rows() -> None:
    """What the server does by itself within a minute; without it its planner takes every table for empty."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as connection:
        connection.execute("SET ROLE psp_owner")  # the application's role is told no, and only by a warning
        connection.execute("ANALYZE")


def _expect(is_done: bool) -> None:
    if not is_done:
        sys.exit("The work that is timed was not done.")


def _access():
    """Who sees everybody and is tied to nobody."""
    from accounts.models import User
    from counties.access import Access
    from counties.models import Site
    from counties.roles import Role

    person, _ = User.objects.get_or_create(email="bench@example.org", defaults={"name": "Bench"})
    return Access(person, Site.objects.get(slug="bench"), frozenset({Role.PROGRAM_COORDINATOR}))


def _people(site) -> list:
    """The partners with three families each, and who waits; always the same ones."""
    from counties.codes import Experience
    from families.models import Family, Parent
    from matching.models import Match
    from partners.models import ParentPartner
    from referrals.models import Referral

    draw = random.Random(5)  # noqa: S311 (the same people in every run)

    def some(of: list[str]) -> list[str]:
        return draw.sample(of, draw.randint(0, 4))

    def lived() -> dict[str, list[str]]:
        codes = some(Experience.values)
        return {"experience": codes, "experience_used": codes}

    partners = ParentPartner.objects.bulk_create(
        ParentPartner(
            site=site, first_name=f"P{n}", last_name="Bench", languages=sorted({"en", draw.choice(LANGUAGES)}),
            gender=draw.choice(["woman", "man"]), municipality=draw.choice(PLACES), eligibility_basis="reunified",
            eligibility_on=dt.date(2022, 1, 1), starts_on=dt.date(2024, 1, 1),
            core_training_completed_on=dt.date(2024, 2, 1),
            fte=draw.choice([Decimal("0.25"), Decimal("0.50"), Decimal("1.00")]), **lived(),
        )
        for n in range(PARTNERS)
    )  # fmt: skip
    count = PARTNERS * FAMILIES + WAITING
    families = Family.objects.bulk_create(Family(site=site, number=n + 1) for n in range(count))
    parents = Parent.objects.bulk_create(
        Parent(
            site=site, family=family, first_name="A", last_name="Bench", language=draw.choice(LANGUAGES),
            prefers_gender=draw.choice(["", "", "woman"]), municipality=draw.choice(PLACES),
            shared_experience=some(Experience.values),
        )
        for family in families
    )  # fmt: skip
    referrals = Referral.objects.bulk_create(
        Referral(
            site=site, number=n + 1, family_id=parent.family_id, parent=parent, source="self", outcome="accepted",
            referred_on=TODAY - dt.timedelta(days=120), decided_on=TODAY - dt.timedelta(days=draw.randint(1, 90)),
        )
        for n, parent in enumerate(parents)
    )  # fmt: skip
    Match.objects.bulk_create(
        Match(
            site=site, referral=referral, parent=referral.parent, partner=partners[n % PARTNERS], status="active",
            starts_on=referral.decided_on,
        )
        for n, referral in enumerate(referrals[WAITING:])
    )  # fmt: skip
    from matching.plans import longest_first

    return longest_first(_access())


def _leave_some() -> None:
    """Leave 200 partners to plan with; who is gone does not count among them."""
    from partners.models import ParentPartner

    gone = list(ParentPartner.objects.order_by("pk").values_list("pk", flat=True)[PLANNED:])
    ParentPartner.objects.filter(pk__in=gone).update(ends_on=TODAY, separation="personal")
