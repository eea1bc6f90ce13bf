"""The state's pages: who reported in time, what was handed in, accept and return; nothing of a family."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse

from counties.wall import site_scope, state_scope
from reporting.actions import amend_report, draft_report
from reporting.models import MonthlyReport
from reporting.timeliness import standings
from tests.factories.counties import make_site
from tests.factories.referrals import make_referral
from tests.queries import questions
from tests.trail import recorded

pytestmark = pytest.mark.django_db
JUNE = dt.date(2025, 6, 1)


def _text(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


@pytest.fixture
def submitted(report, at, rock_coordinator):
    """June of Rock, handed in on the due day."""
    with time_machine.travel("2025-07-15 20:00-05:00", tick=False):
        return at("submitted", report, rock_coordinator)


@pytest.fixture
def browser(client_for, state_staff):
    return client_for(state_staff)


@pytest.mark.parametrize(
    ("handed_in", "today", "code", "words"),
    [
        ("2025-07-15 23:30-05:00", "2025-08-01", "on_time", "On time"),
        ("2025-07-16 00:10-05:00", "2025-08-01", "late", "1 day late"),
        (None, "2025-07-15", "waiting", "Not due yet"),
        (None, "2025-07-20", "overdue", "Not received, 5 days late"),
    ],
)
def test_in_time_is_told_by_the_sites_own_clock(report, at, rock_coordinator, handed_in, today, code, words):
    if handed_in:
        with time_machine.travel(handed_in, tick=False):
            at("submitted", report, rock_coordinator)
    with time_machine.travel(f"{today} 12:00-05:00", tick=False), state_scope():
        (standing,) = standings([JUNE])[JUNE]
        assert (standing.code, standing.words) == (code, words)


def test_an_amendment_does_not_make_a_report_late(rock, report, at, rock_coordinator):
    with time_machine.travel("2025-07-10 12:00-05:00", tick=False):
        at("returned", report, rock_coordinator)
    with time_machine.travel("2025-08-20 12:00-05:00", tick=False):
        with site_scope(rock.id):
            amendment = amend_report(report=report, change_note="C5 corrected.", by=rock_coordinator)
        at("submitted", amendment, rock_coordinator)
        with state_scope():
            (standing,) = standings([JUNE])[JUNE]
    assert (standing.code, standing.report.version) == ("on_time", 2)


def test_the_overview_lists_every_site_that_owes_a_report(browser, submitted, door):
    planning = make_site("eau-claire", name="Eau Claire PSP")
    planning.phases.update(phase="planning")
    with time_machine.travel("2025-08-01 12:00-05:00", tick=False):
        page = browser.get(reverse("state:overview"), {"month": "2025-06"})
    text = _text(page)
    assert "Rock County PSP 07/15/2025 07/15/2025 On time Submitted" in text
    assert "Door County PSP 07/15/2025 Not yet Not received, 17 days late Nothing to decide" in text
    assert "Planning, no report due Eau Claire PSP" in text
    assert page.content.count(b'role="img"') == 2


def test_the_overview_asks_a_constant_number_of_questions(browser, submitted):
    url = reverse("state:overview") + "?month=2025-06"
    with time_machine.travel("2025-08-01 12:00-05:00", tick=False):
        few = len(questions(browser, url))
        for n in range(6):
            make_site(f"site{n}", name=f"Site {n}")
        assert len(questions(browser, url)) == few
    assert few < 15


def test_before_any_site_the_overview_is_calm(browser):
    assert "No site owed a report" in _text(browser.get(reverse("state:overview")))
    assert "No report has been handed in yet" in _text(browser.get(reverse("state:reports")))
    assert "No site has handed in a report yet" in _text(browser.get(reverse("state:comparison")))


def test_a_draft_cannot_be_reached_by_its_address(browser, report):
    assert browser.get(reverse("state:report", args=[report.pk])).status_code == 404
    assert browser.post(reverse("state:accept", args=[report.pk]), {"comment": ""}).status_code == 404


def test_the_list_holds_only_what_was_handed_in(browser, submitted, rock):
    with site_scope(rock.id):
        draft_report(site=rock, month=dt.date(2025, 7, 1))
    text = _text(browser.get(reverse("state:reports")))
    assert "June 2025" in text and "July 2025" not in text
    assert "No report fits" in _text(browser.get(reverse("state:reports"), {"status": "accepted"}))


def test_the_list_asks_a_constant_number_of_questions(browser, submitted, door, at, door_coordinator):
    few = len(questions(browser, reverse("state:reports")))
    for month in (5, 6):
        with site_scope(door.id):
            other = draft_report(site=door, month=dt.date(2025, month, 1))
        at("submitted", other, door_coordinator)
    assert len(questions(browser, reverse("state:reports"))) == few
    assert few < 15


def test_the_report_has_figures_and_words_and_no_way_to_records(browser, rock, report, at, rock_coordinator):
    make_referral(rock, referred_on=dt.date(2025, 6, 10))
    with site_scope(rock.id):
        MonthlyReport.objects.filter(pk=report.pk).update(successes="A good month.")
    at("submitted", report, rock_coordinator)
    page = browser.get(reverse("state:report", args=[report.pk]))
    assert "A good month." in _text(page)
    assert "/figures/" not in page.content.decode() and "/sites/" not in page.content.decode()
    assert recorded(rock, "report.viewed", report)


def test_accepting_on_screen(browser, rock, submitted):
    page = browser.get(reverse("state:accept", args=[submitted.pk]))
    assert "Accept the report of Rock County PSP for June 2025" in _text(page)
    answer = browser.post(
        reverse("state:accept", args=[submitted.pk]), {"comment": "Thank you."}, follow=True
    )
    assert "The report is accepted." in _text(answer) and "Accepted by Sam Juniper" in _text(answer)
    assert "was accepted by Sam Juniper" in _text(
        browser.get(reverse("state:return", args=[submitted.pk]), follow=True)
    )


def test_returning_without_a_comment_is_refused_beside_the_field(browser, submitted):
    page = browser.post(reverse("state:return", args=[submitted.pk]), {"comment": ""})
    assert page.context["form"].errors["comment"]
    with state_scope():
        submitted.refresh_from_db()
    assert submitted.status == "submitted"


def test_returning_on_screen_puts_lines_beside_figures(browser, submitted):
    comment = "Please look again.\nB1: Two are missing."
    page = browser.post(reverse("state:return", args=[submitted.pk]), {"comment": comment}, follow=True)
    soup = BeautifulSoup(page.content, "html.parser")
    assert soup.select_one(".report-comment").find_parent("tr").select_one(".report-id").text == "B1"
    assert "Please look again." in soup.select_one(".usa-alert--warning").get_text()


def test_the_comparison_shows_small_numbers_to_the_state_only(browser, rock, report, at, rock_coordinator):
    for _ in range(3):
        make_referral(rock, referred_on=dt.date(2025, 6, 10))
    at("submitted", report, rock_coordinator)
    text = _text(browser.get(reverse("state:comparison")))
    assert "B1 Referrals received 3" in text
    assert "CPS social worker 3" in text
    assert recorded_without_site("comparison.viewed")


@pytest.mark.parametrize("decision", ["submitted", "returned", "accepted"])
def test_the_comparison_prefers_what_was_accepted(browser, rock, report, at, rock_coordinator, decision):
    at("accepted", report, rock_coordinator)
    make_referral(rock, referred_on=dt.date(2025, 6, 10))
    with site_scope(rock.id):
        amendment = amend_report(report=report, change_note="One came late.", by=rock_coordinator)
    at(decision, amendment, rock_coordinator)
    text = _text(browser.get(reverse("state:comparison")))
    assert f"B1 Referrals received {1 if decision == 'accepted' else 0}" in text
    assert "(not accepted)" not in text


@pytest.mark.parametrize("decision", ["submitted", "returned"])
def test_the_comparison_marks_what_is_not_accepted(browser, rock, report, at, rock_coordinator, decision):
    at(decision, report, rock_coordinator)
    assert "Rock County PSP (not accepted)" in _text(browser.get(reverse("state:comparison")))


def recorded_without_site(verb):
    from django.db import connection

    from audit.models import AuditEvent

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'psp_owner', true)")
        found = AuditEvent.objects.filter(verb=verb, site_id=None).exists()
        cursor.execute("SELECT set_config('role', 'psp_app', true)")
    return found


def test_an_outcome_over_time_carries_its_warning(browser, submitted):
    page = browser.get(reverse("state:comparison"), {"figure": "H1"})
    assert "does not show that the program caused it" in _text(page)
    page = browser.get(reverse("state:comparison"), {"figure": "C6"})
    assert "does not show that the program caused it" not in _text(page)


@pytest.mark.parametrize("name", ["overview", "reports", "comparison"])
def test_site_staff_find_no_state_pages(client_for, rock_coordinator, name):
    assert client_for(rock_coordinator).get(reverse(f"state:{name}")).status_code == 404


def test_a_report_stands_under_reports_in_the_menu(browser, submitted):
    page = BeautifulSoup(browser.get(reverse("state:report", args=[submitted.pk])).content, "html.parser")
    assert {link.get_text(strip=True) for link in page.select("nav a[aria-current=page]")} == {"Reports"}
