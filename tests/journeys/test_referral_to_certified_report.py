"""The main job, in a browser, by hand: a referral comes in and leaves as a line of the month's certified report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from django.conf import settings
from playwright.sync_api import Page, expect

from accounts.models import User
from audit.models import AuditEvent
from counties.models import Site
from counties.wall import site_scope, state_scope
from partners.models import ParentPartner
from reporting.models import MonthlyReport, ReportFigure
from tests.factories.partners import make_partner

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browse(chromium: Any, live_server: Any, client_for: Callable[[User], Any]) -> Callable[[User], Page]:
    contexts = []

    def opened(person: User, width: int = 1280) -> Page:
        cookie = client_for(person).cookies[settings.SESSION_COOKIE_NAME].value
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, base_url=live_server.url, timezone_id="America/Chicago"
        )
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def mai(rock: Site, rock_partner: User) -> ParentPartner:
    return make_partner(
        rock, first_name="Mai", last_name="Dogwood", person=rock_partner, languages=["en", "es"]
    )


def _press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def _save(page: Page) -> None:
    """The first button of the page's form, whatever it is called."""
    page.locator("main form.psp-form button[type=submit]").first.click()


def _refer_and_accept(page: Page, month: dt.date) -> None:
    page.goto("/sites/rock/")
    page.get_by_role("link", name="New referral").first.click()
    page.get_by_label("Who referred?").select_option("cps_social_worker")
    page.get_by_label("Referral date").fill(f"{month + dt.timedelta(days=1)}")
    page.get_by_label("First name").fill("Ana")
    page.get_by_label("Last name").fill("Flores")
    page.get_by_label("Preferred language").select_option("es")
    _save(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("R-0001")
    page.get_by_role("link", name="Decide").first.click()
    page.get_by_label("Accepted").check()
    page.get_by_label("Decision date").fill(f"{month + dt.timedelta(days=3)}")
    _save(page)


def _match_from_the_waiting_list(page: Page, month: dt.date) -> None:
    page.goto("/sites/rock/matches/waiting/")
    page.get_by_role("link", name="Ana Flores").first.click()
    page.get_by_role("link", name="Propose Mai Dogwood").click()
    _press(page, "Propose the match")
    page.get_by_role("link", name="Both agree: begin").click()
    page.get_by_label("Start date").fill(f"{month + dt.timedelta(days=4)}")
    _save(page)
    expect(page.get_by_role("main")).to_contain_text("Active")


def _enroll(page: Page, month: dt.date) -> None:
    page.goto("/sites/rock/referrals/")
    page.get_by_role("link", name="R-0001").first.click()
    page.get_by_role("link", name="Enroll").first.click()
    page.get_by_label("Enrollment date").fill(f"{month + dt.timedelta(days=5)}")
    page.get_by_label("The parent has signed the participation agreement").check()
    _save(page)


def _log_a_contact(page: Page, month: dt.date) -> None:
    page.goto("/sites/rock/contacts/log/")
    page.get_by_role("combobox", name="Parent", exact=True).fill("Ana")
    page.get_by_role("option", name="Ana Flores").click()
    page.get_by_label("Date").fill(f"{month + dt.timedelta(days=8)}")
    page.get_by_label("How", exact=True).select_option("in_person_home")
    page.get_by_label("Minutes").fill("60")
    page.get_by_label("Mentoring").check()
    _press(page, "Log the contact")
    expect(page.get_by_role("heading", level=1)).to_contain_text("F-0001")
    expect(page.get_by_role("main")).to_contain_text("In person, home")


def _certify_and_submit(page: Page, month: dt.date) -> None:
    page.goto("/sites/rock/reports/draft/")
    page.get_by_label("Month").select_option(f"{month:%Y-%m}")
    _press(page, "Draft the report")
    report_url = page.url
    page.get_by_role("link", name="Certify").first.click()
    _press(page, "I have read the figures: certify")
    page.goto(report_url)
    expect(page.get_by_role("main")).to_contain_text("Certified")
    page.get_by_role("link", name="Submit").first.click()
    _save(page)


def _accept_for_the_state(page: Page, report: MonthlyReport) -> None:
    page.goto(f"/state/reports/{report.pk}/")
    expect(page.get_by_role("main")).not_to_contain_text("Flores")
    page.get_by_role("link", name="Accept").first.click()
    _save(page)


def test_referral_to_certified_report(
    rock: Site,
    rock_coordinator: User,
    state_staff: User,
    mai: ParentPartner,
    browse: Callable[[User], Page],
    today: dt.date,
) -> None:
    month = today.replace(day=1) - relativedelta(months=1)
    page = browse(rock_coordinator)
    _refer_and_accept(page, month)
    _match_from_the_waiting_list(page, month)
    _enroll(page, month)
    _log_a_contact(page, month)
    _certify_and_submit(page, month)
    with site_scope(rock.id):
        report = MonthlyReport.objects.get(month=month)
        figures = dict(ReportFigure.objects.filter(report=report).values_list("field", "value"))
        verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert report.status == "submitted" and report.certified_by_name == rock_coordinator.name
    assert (figures["B1"], figures["C2"], figures["C5"], figures["E1"]) == (1, 1, 1, 1)
    assert {"referral.created", "match.proposed", "contact.logged", "report.certified"} <= verbs

    _accept_for_the_state(browse(state_staff), report)
    with state_scope():
        assert MonthlyReport.objects.get(pk=report.pk).status == "accepted"
