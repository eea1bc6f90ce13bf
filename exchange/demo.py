"""The demo: the three Innovation Zones loaded from their spreadsheets, and some months of reports (`domain.md` 1.2).

Only with `PSP_DEMO=1`. Each step leaves alone what is there, so a load that was interrupted is finished by the
next one; a finished demo is never touched again, whatever people have done in it since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.utils import timezone

from accounts.demo import PARENT_PARTNER, make_demo_people, refuse_unless_demo
from accounts.models import User
from audit import context
from audit.models import AuditEvent
from audit.record import record
from counties.actions.sites import begin_phase, open_site
from counties.models import County, Site
from counties.models.places import Operator, Phase
from counties.wall import site_scope, state_scope
from exchange.folder import files_in
from exchange.importer import import_files
from partners.models import ParentPartner
from reporting.actions import (
    MonthNotOver,
    NothingToReport,
    accept_report,
    certify_report,
    draft_report,
    publish_report,
    return_report,
    submit_report,
    write_narrative,
)
from reporting.models import MonthlyReport

SPREADSHEETS = settings.BASE_DIR / "tests" / "data" / "spreadsheets"
ZONES: dict[str, str] = {
    Phase.PLANNING: "2020-01-01", Phase.INITIAL: "2021-01-01", Phase.CONTINUED: "2022-01-01",
    Phase.RENEWAL_1: "2023-01-01", Phase.RENEWAL_2: "2024-01-01", Phase.RENEWAL_3: "2025-01-01",
    Phase.MOU: "2026-01-01",
}  # fmt: skip
Say = Callable[[str], object]
Status = MonthlyReport.Status


@dataclass(frozen=True)
class DemoSite:
    """A site of the demo, its phases by their first day, and who prepares, certifies and how far October got."""

    slug: str
    name: str
    fips: str
    operator: str
    operator_name: str
    phases: dict[str, str]
    writer: str = ""
    certifier: str = ""
    ends: dict[str, str] = field(default_factory=dict)


ROCK = DemoSite(
    "rock", "Rock County PSP", "55105", Operator.COUNTY, "Rock County Human Services", ZONES,
    "pat.cedar@rock.example", "ruth.alder@rock.example", {"2026-10": Status.SUBMITTED},
)  # fmt: skip
SITES = [
    DemoSite(
        "door", "Door County PSP", "55029", Operator.NONPROFIT, "United Way of Door County", ZONES,
        "dora.hazel@door.example", "dora.hazel@door.example", {"2026-10": Status.DRAFT},
    ),
    DemoSite(
        "jefferson", "Jefferson County PSP", "55055", Operator.COUNTY, "Jefferson County Human Services", ZONES,
        "jon.ivy@jefferson.example", "jon.ivy@jefferson.example",
        {"2026-09": Status.RETURNED, "2026-10": Status.DRAFT},
    ),
    ROCK,
    DemoSite(
        "milwaukee", "Milwaukee PSP", "55079", Operator.STATE, "Division of Milwaukee Child Protective Services",
        {Phase.PLANNING: "2026-09-01"},
    ),
    DemoSite(
        "eau-claire", "Eau Claire County PSP", "55035", Operator.COUNTY, "Eau Claire County Human Services",
        {Phase.PLANNING: "2026-10-01"},
    ),
]  # fmt: skip
MONTHS = ["2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10"]
NUMBERS = (
    "Child protective services, weekdays 8 to 4:30: 608-555-0142\nNights and weekends, sheriff: 608-555-0143"
)
REVIEWER = "sam.juniper@state.example"
COMMENT = "F4: Two supervision sessions of September seem to be missing. Please check and send it again."
NARRATIVE: dict[str, Any] = {
    "successes": "Parents tell us that somebody who has been there makes the first court date easier.",
    "barriers": "Evening hours remain hard to staff.",
    "help_wanted": "A shared training date with the neighboring counties would help.",
    "stories": "", "stories_have_consent": False, "staff_changes": "",
}  # fmt: skip


def load_demo(say: Say) -> None:
    """Make the sites and their people, import the spreadsheets, and bring the reports where they shall stand.

    Raises:
        NotADemo: PSP_DEMO is not set, or this is production; nothing was made.
    """
    refuse_unless_demo()
    for site in SITES:
        _open(site)
    make_demo_people()
    if _is_complete():
        return
    with context.acting(source="demo", request_id=context.current().request_id):
        for demo in SITES:
            if demo.writer:
                _import(demo, say)
                _write_numbers(demo)
        _link_parent_partner()
        for demo in SITES:
            if demo.writer:
                _report(demo, say)
        with site_scope(_site(ROCK).id):
            record("demo.loaded")


def _site(demo: DemoSite) -> Site:
    return Site.objects.select_related("settings").get(slug=demo.slug)


def _person(email: str) -> User:
    return User.objects.get(email=email)


def _is_complete() -> bool:
    with site_scope(_site(ROCK).id):
        return AuditEvent.objects.filter(verb="demo.loaded").exists()


def _open(demo: DemoSite) -> None:
    """The site in its present phase; phases begin one after the other, as they did."""
    site = Site.objects.filter(slug=demo.slug).first()
    for phase, first_day in demo.phases.items():
        day = dt.date.fromisoformat(first_day)
        if site is None:
            site = open_site(
                slug=demo.slug, name=demo.name, counties=list(County.objects.filter(fips=demo.fips)),
                operator=demo.operator, operator_name=demo.operator_name, opened_on=day, phase=phase, by=None,
            )  # fmt: skip
        elif not site.phases.filter(starts_on__gte=day).exists():
            begin_phase(site=site, phase=phase, starts_on=day, by=None)


def _import(demo: DemoSite, say: Say) -> None:
    files, _ = files_in(SPREADSHEETS / demo.slug)
    reports = import_files(_site(demo), files, by=_person(demo.certifier))
    loaded = sum(report.counts.total() for report in reports)
    refused = sum(len(report.refused) for report in reports)
    say(f"{demo.name}: {loaded} rows imported, {refused} refused.")


def _write_numbers(demo: DemoSite) -> None:
    """Whom to call about a child, on the page "I need to report"; invented numbers."""
    site = _site(demo)
    with site_scope(site.id):
        site.settings.reporting_lines = NUMBERS
        site.settings.save(update_fields=["reporting_lines"])


def _link_parent_partner() -> None:
    """The demo's parent partner signs in as the imported partner of that name, with the families matched now."""
    person = _person(PARENT_PARTNER)
    first, _, last = person.name.partition(" ")
    with site_scope(_site(ROCK).id):
        ParentPartner.objects.filter(first_name=first, last_name=last, person=None).update(person=person)


def _report(demo: DemoSite, say: Say) -> None:
    """The months that are over and were served, each as far as it shall be."""
    for month in MONTHS:
        first = dt.date.fromisoformat(f"{month}-01")
        with suppress(MonthNotOver, NothingToReport):
            _advance(demo, first, demo.ends.get(month, Status.ACCEPTED))
    say(f"{demo.name}: reports drafted, certified and handed in.")


def _advance(demo: DemoSite, month: dt.date, wanted: str) -> None:
    """Take the month's report step by step to the wanted status, dated as if on the days it would have been."""
    site, writer, certifier = _site(demo), _person(demo.writer), _person(demo.certifier)
    after = month + relativedelta(months=1)
    with site_scope(site.id, actor_id=writer.id):
        report = draft_report(site=site, month=month)
        if report.status == Status.DRAFT and not report.successes:
            MonthlyReport.objects.filter(pk=report.pk).update(drafted_at=_at(after, 2))
            write_narrative(report=report, by=writer, **NARRATIVE)
    if wanted == Status.DRAFT:
        return
    with site_scope(site.id, actor_id=certifier.id):
        if report.status == Status.DRAFT:
            certify_report(report=report, by=certifier, at=_at(after.replace(day=9), 10))
        if report.status == Status.CERTIFIED:
            submit_report(report=report, by=certifier, at=_at(after.replace(day=10), 11))
    if wanted != Status.SUBMITTED and report.status == Status.SUBMITTED:
        _decide(site, report, wanted)


def _decide(site: Site, report: MonthlyReport, wanted: str) -> None:
    reviewer, at = _person(REVIEWER), _at(report.ends.replace(day=17), 15)
    with context.acting(actor_id=reviewer.id), state_scope():
        if wanted == Status.RETURNED:
            return_report(report=report, by=reviewer, comment=COMMENT, at=at)
        else:
            accept_report(report=report, by=reviewer, at=at)
    with site_scope(site.id):
        publish_report(report=report)


def _at(day: dt.date, hour: int) -> dt.datetime:
    return min(timezone.make_aware(dt.datetime.combine(day, dt.time(hour))), timezone.now())
