"""Opening, moving on and closing a site; the command that opens one."""

import datetime as dt
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from counties.access import access_to_site
from counties.actions.people import end_role
from counties.actions.sites import (
    PhaseOutOfOrder,
    SiteAlreadyClosed,
    begin_phase,
    close_site,
    edit_site,
    open_site,
)
from counties.models import County, Invitation, RoleAssignment, Site
from counties.roles import AFTER_CLOSING
from counties.wall import site_scope
from reporting.actions import certify_report, draft_report, months_owed
from reporting.models import MonthlyReport
from reporting.tasks import remind_due_reports, remind_site

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 3, 1)


@pytest.fixture
def brown(state_admin: User) -> Site:
    return open_site(
        slug="brown", name="Brown County PSP", counties=[County.objects.get(name="Brown")], operator="county",
        opened_on=dt.date(2024, 1, 1), by=state_admin,
    )  # fmt: skip


def test_a_new_site_has_settings_a_phase_and_its_counties(brown: Site, state_admin: User) -> None:
    assert brown.settings.report_due_day == 15
    assert [c.name for c in brown.counties.all()] == ["Brown"]
    assert brown.phase_on(DAY) == "planning"
    with site_scope(brown.id):
        assert AuditEvent.objects.get(verb="site.opened").actor_id == state_admin.id


def test_a_site_needs_a_county_and_an_address_of_its_own(brown: Site, state_admin: User) -> None:
    common = {"operator": "county", "opened_on": DAY, "by": state_admin}
    with pytest.raises(ValidationError, match="at least one county"):
        open_site(slug="new", name="New", counties=[], **common)
    with pytest.raises(ValidationError) as refusal:
        open_site(slug="brown", name="Brown County PSP", counties=list(County.objects.all()[:1]), **common)
    assert set(refusal.value.message_dict) == {"slug", "name"}


def test_a_new_phase_ends_the_one_before(brown: Site, state_admin: User) -> None:
    begin_phase(site=brown, phase="initial_implementation", starts_on=DAY, by=state_admin)
    assert brown.phase_on(DAY - dt.timedelta(days=1)) == "planning"
    assert brown.phase_on(DAY) == "initial_implementation"
    assert [p.ends_on for p in brown.phases.all()] == [DAY, None]


def test_the_past_of_a_site_is_not_rewritten(brown: Site, state_admin: User) -> None:
    begin_phase(site=brown, phase="initial_implementation", starts_on=DAY, by=state_admin)
    with pytest.raises(PhaseOutOfOrder, match="03/01/2025"):
        begin_phase(site=brown, phase="mou_site", starts_on=DAY, by=state_admin)
    assert brown.phases.count() == 2


def test_closing_keeps_the_rows_and_ends_what_runs(
    rock: Site, rock_coordinator: User, rock_partner: User, state_admin: User
) -> None:
    soon = timezone.localdate() + dt.timedelta(days=30)
    RoleAssignment.objects.create(person=state_admin, site=rock, role="council_member", starts_on=soon)
    Invitation.objects.create(
        email="new@rock.example",
        name="New",
        site=rock,
        role="council_member",
        token_hash="x",
        expires_at=timezone.now(),
    )
    close_site(site=rock, closed_on=timezone.localdate(), reason="The contract ended.", by=state_admin)
    rock.refresh_from_db()
    assert rock.phase_on(timezone.localdate()) == "closed"
    assert access_to_site(rock_coordinator, rock).rights == AFTER_CLOSING
    assert not access_to_site(rock_partner, rock).rights
    assert RoleAssignment.objects.filter(site=rock).count() == 3
    assert RoleAssignment.objects.get(person=state_admin, site=rock).ends_on == soon
    assert Invitation.objects.get().withdrawn_at
    with pytest.raises(SiteAlreadyClosed):
        begin_phase(site=rock, phase="mou_site", starts_on=soon, by=state_admin)
    with pytest.raises(SiteAlreadyClosed):
        close_site(site=rock, closed_on=soon, reason="Again", by=state_admin)


def test_a_closed_sites_coordinators_reach_its_reports_and_nothing_else(
    rock: Site, rock_coordinator: User, rock_partner_coordinator: User, rock_partner: User, state_admin: User,
    client_for: Callable[[User], Client],
) -> None:  # fmt: skip
    with site_scope(rock.id):
        [month] = months_owed(rock, timezone.localdate())
        report = draft_report(site=rock, month=month)
    close_site(site=rock, closed_on=timezone.localdate(), reason="The contract ended.", by=state_admin)
    for person in (rock_coordinator, rock_partner_coordinator):
        browser = client_for(person)
        assert browser.get("/sites/rock/").status_code == 200
        assert browser.get(f"/sites/rock/reports/{report.pk}/").status_code == 200
        for page in ("families/", "contacts/", "settings/people/", "settings/trail/", "exchange/"):
            assert browser.get(f"/sites/rock/{page}").status_code in (403, 404), page
    assert client_for(rock_partner).get("/sites/rock/").status_code == 404
    for role in RoleAssignment.objects.on(timezone.localdate()).filter(site=rock):
        end_role(assignment=role, ends_on=timezone.localdate(), by=state_admin)
    assert client_for(rock_coordinator).get("/sites/rock/").status_code == 404


def test_a_closed_site_is_reminded_of_its_last_report(
    rock: Site, state_admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    close_site(site=rock, closed_on=timezone.localdate(), reason="The contract ended.", by=state_admin)
    asked: list[int] = []
    monkeypatch.setattr(remind_site, "delay", asked.append)
    remind_due_reports()
    assert asked == [rock.id]


def test_a_closed_sites_last_month_is_certified_and_handed_in(
    rock: Site, rock_coordinator: User, state_admin: User, client_for: Callable[[User], Client]
) -> None:
    close_site(site=rock, closed_on=timezone.localdate(), reason="The contract ended.", by=state_admin)
    with site_scope(rock.id, actor_id=rock_coordinator.id):
        [month] = months_owed(rock, timezone.localdate())
        report = draft_report(site=rock, month=month)
    browser, here = client_for(rock_coordinator), f"/sites/rock/reports/{report.pk}/"
    assert browser.get(f"{here}write/").status_code == 200
    assert browser.get(f"{here}certify/").status_code == 200
    with site_scope(rock.id, actor_id=rock_coordinator.id):
        certify_report(report=report, by=rock_coordinator)
    assert browser.post(f"{here}submit/").status_code == 302
    with site_scope(rock.id):
        assert MonthlyReport.objects.get().status == MonthlyReport.Status.SUBMITTED


def test_a_site_changes_its_operator(brown: Site, state_admin: User) -> None:
    counties = list(County.objects.filter(name__in=["Brown", "Door"]))
    edit_site(
        site=brown,
        name="Bay PSP",
        counties=counties,
        operator="nonprofit",
        operator_name="United Way",
        by=state_admin,
    )
    brown.refresh_from_db()
    assert (brown.name, brown.operator_name, brown.counties.count()) == ("Bay PSP", "United Way", 2)


@pytest.mark.parametrize("codes", ["55009,55029", "009,029", "9, 29"])
def test_the_command_takes_codes_with_and_without_the_state(codes: str) -> None:
    said = StringIO()
    call_command("create_site", "bay", name="Bay PSP", counties=codes, opened_on="2025-01-01", stdout=said)
    site = Site.objects.get(slug="bay")
    assert {c.name for c in site.counties.all()} == {"Brown", "Door"}
    assert site.opened_on == dt.date(2025, 1, 1)
    assert "/sites/bay/" in said.getvalue()


@pytest.mark.parametrize(
    ("slug", "options", "said"),
    [
        ("new", {"counties": "55105,55999"}, "55999"),
        ("new", {"counties": ","}, "none given"),
        ("new", {"counties": "rock"}, "rock"),
        ("new", {"opened_on": "1/2/2025"}, "YYYY-MM-DD"),
        ("Not a word", {}, "slug"),
        ("rock", {}, "already exists"),
    ],
)
def test_the_command_says_what_is_wrong(rock: Site, slug: str, options: dict, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("create_site", slug, **({"name": "New", "counties": "55105"} | options))
    assert Site.objects.count() == 1
