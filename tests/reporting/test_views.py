"""The site's screens: what is shown, what is kept after a refusal, who may not, and what the trail says."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse

from counties.models import Job, Site
from counties.wall import site_scope
from reporting.actions import draft_report, write_narrative
from reporting.models import MonthlyReport
from tests.factories.referrals import make_referral
from tests.queries import questions
from tests.reporting.words import WORDS
from tests.trail import recorded

pytestmark = pytest.mark.django_db


def _url(name, report, *more):
    return reverse(f"reporting:{name}", args=[report.site.slug, report.pk, *more])


def _text(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def test_an_empty_list_says_how_a_report_comes_about(client_for, rock, rock_coordinator):
    page = client_for(rock_coordinator).get(reverse("reporting:list", args=["rock"]))
    assert "There is no report yet" in _text(page)
    assert "Draft a report" in _text(page)


@time_machine.travel("2025-07-20 12:00-05:00", tick=False)
def test_the_list_names_what_is_left_to_do(client_for, rock, report, rock_coordinator):
    page = client_for(rock_coordinator).get(reverse("reporting:list", args=["rock"]))
    assert "June 2025 Draft 07/15/2025 Late Not yet Narrative, certification" in _text(page)
    assert recorded(rock, "report.listed", report)


def test_the_list_asks_the_same_seven_questions_whatever_its_length(
    client_for, rock, report, rock_coordinator
):
    browser, url = client_for(rock_coordinator), reverse("reporting:list", args=["rock"])
    few = len(questions(browser, url))
    for n in range(7, 12):
        with site_scope(rock.id):
            draft_report(site=rock, month=dt.date(2025, n, 1))
    assert len(questions(browser, url)) == few
    assert few < 15


def test_filters_narrow_and_are_kept_in_the_address(client_for, rock, report, rock_coordinator):
    browser, url = client_for(rock_coordinator), reverse("reporting:list", args=["rock"])
    assert "No report fits these filters" in _text(browser.get(url, {"status": "accepted"}))
    assert "June 2025" in _text(browser.get(url, {"status": "draft", "year": "2025"}))
    assert "June 2025" in _text(browser.get(url, {"year": "nonsense"}))


def test_a_past_month_is_drafted_by_hand(client_for, rock, rock_coordinator):
    with time_machine.travel("2025-08-10 12:00-05:00", tick=False):
        browser = client_for(rock_coordinator)
        answer = browser.post(reverse("reporting:draft", args=["rock"]), {"month": "2025-06"}, follow=True)
    assert "The report for June 2025 is drafted." in _text(answer)
    with site_scope(rock.id):
        assert MonthlyReport.objects.get().prepared_by == rock_coordinator


def test_a_month_with_a_report_or_still_running_is_not_offered(client_for, rock, report, rock_coordinator):
    with time_machine.travel("2025-08-10 12:00-05:00", tick=False):
        browser, url = client_for(rock_coordinator), reverse("reporting:draft", args=["rock"])
        offered = BeautifulSoup(browser.get(url).content, "html.parser").select("option")
        refused = browser.post(url, {"month": "2025-08"})
    values = [option["value"] for option in offered]
    assert "2025-07" in values and "2025-06" not in values and "2025-08" not in values
    assert "Choose a month from the list." in _text(refused)


def test_no_month_before_the_site_opened_is_offered(client_for, rock, rock_coordinator):
    Site.objects.filter(pk=rock.pk).update(opened_on=dt.date(2025, 6, 20))
    with time_machine.travel("2025-08-10 12:00-05:00", tick=False):
        page = client_for(rock_coordinator).get(reverse("reporting:draft", args=["rock"]))
    assert [value for value, _ in page.context["form"].fields["month"].choices] == ["2025-07", "2025-06"]


def test_the_page_shows_figures_definitions_and_the_way_to_their_records(
    client_for, rock, report, rock_coordinator
):
    page = client_for(rock_coordinator).get(_url("detail", report))
    soup = BeautifulSoup(page.content, "html.parser")
    assert [h.get_text(" ", strip=True) for h in soup.select("section.report-section h2")][0] == "A Header"
    assert "Referrals with a referral date in the month." in _text(page)
    assert "Every total equals the sum of its parts" in _text(page)
    assert "domain.md" not in page.content.decode()
    assert recorded(rock, "report.viewed", report, rock_coordinator)


def test_a_number_leads_to_its_records(client_for, rock, month, rock_coordinator):
    referral = make_referral(rock, referred_on=dt.date(2025, 6, 10))
    with site_scope(rock.id):
        report, family = draft_report(site=rock, month=month), referral.family
    browser = client_for(rock_coordinator)
    link = _url("rows", report, "B1")
    assert link in browser.get(_url("detail", report)).content.decode()
    page = browser.get(link)
    assert "06/10/2025" in _text(page)
    assert recorded(rock, "figure.rows_viewed", family, rock_coordinator)


def test_a_figure_without_records_says_so(client_for, rock, report, rock_coordinator):
    browser = client_for(rock_coordinator)
    for field in ("C5x", "F7", "nonsense"):
        answer = browser.get(_url("rows", report, field), follow=True)
        assert "no records of its own" in _text(answer)


def test_records_behind_are_for_coordinators(client_for, report, rock_council, rock_partner):
    for person in (rock_council, rock_partner):
        assert client_for(person).get(_url("rows", report, "B1")).status_code == 403


def test_what_was_typed_stays_when_refused(client_for, rock, report, rock_coordinator):
    typed = {"successes": "Good month.", "barriers": "SSN 123-45-6789"}
    page = client_for(rock_coordinator).post(_url("write", report), typed)
    soup = BeautifulSoup(page.content, "html.parser")
    assert soup.find("textarea", {"name": "successes"}).text.strip() == "Good month."
    assert soup.find("textarea", {"name": "barriers"}).text.strip() == "SSN 123-45-6789"
    assert "Social Security number" in _text(page)


def test_a_doubtful_phrase_can_be_confirmed(client_for, rock, report, rock_coordinator):
    browser, typed = (
        client_for(rock_coordinator),
        {"barriers": "It was reported by mail that rides are rare."},
    )
    page = browser.post(_url("write", report), typed)
    tick = BeautifulSoup(page.content, "html.parser").find("input", {"name": "confirmed"})["value"]
    browser.post(_url("write", report), typed | {"confirmed": tick})
    with site_scope(rock.id):
        report.refresh_from_db()
    assert report.barriers.startswith("It was reported by mail")


def test_certify_submit_on_screen(client_for, rock, report, rock_coordinator):
    browser = client_for(rock_coordinator)
    page = browser.get(_url("certify", report))
    seen = BeautifulSoup(page.content, "html.parser").find("input", {"name": "seen"})["value"]
    assert "figures are frozen" in _text(browser.post(_url("certify", report), {"seen": seen}, follow=True))
    assert "Making" in _text(browser.get(_url("detail", report))) or "Waiting for its turn" in _text(
        browser.get(_url("detail", report))
    )
    assert "submitted to DCF" in _text(browser.post(_url("submit", report), follow=True))
    with site_scope(rock.id):
        report.refresh_from_db()
        assert Job.objects.filter(kind="report.files").count() == 1
    assert report.status == "submitted"


def test_figures_that_changed_while_reading_are_shown_again(client_for, rock, report, rock_coordinator):
    browser = client_for(rock_coordinator)
    seen = BeautifulSoup(browser.get(_url("certify", report)).content, "html.parser").find(
        "input", {"name": "seen"}
    )
    make_referral(rock, referred_on=dt.date(2025, 6, 10))
    page = browser.post(_url("certify", report), {"seen": seen["value"]})
    fresh = BeautifulSoup(page.content, "html.parser").find("input", {"name": "seen"})["value"]
    assert "Records or the narrative changed while you were reading" in _text(page)
    assert "Referrals received 0 1" in _text(page)
    assert fresh != seen["value"]
    assert "figures are frozen" in _text(browser.post(_url("certify", report), {"seen": fresh}, follow=True))


def test_the_preparer_is_told_who_certifies(
    client_for, rock, report, rock_coordinator, rock_second_coordinator
):
    with site_scope(rock.id):
        write_narrative(report=report, by=rock_coordinator, **WORDS)
    page = client_for(rock_coordinator).get(_url("certify", report))
    assert "ask Ada Birch" in _text(page)
    assert "I have read the figures" not in _text(page)
    refused = client_for(rock_coordinator).post(_url("certify", report), {"seen": "x"})
    assert "ask Ada Birch" in _text(refused)
    with site_scope(rock.id):
        report.refresh_from_db()
    assert report.status == "draft"


def test_before_anybody_prepared_it_the_page_says_what_to_do(
    client_for, rock, report, rock_coordinator, rock_second_coordinator
):
    page = client_for(rock_coordinator).get(_url("certify", report))
    assert "Nobody has prepared this report yet" in _text(page)
    assert "I have read the figures" not in _text(page)


def test_a_partner_coordinator_prepares_but_does_not_certify(client_for, report, rock_partner_coordinator):
    browser = client_for(rock_partner_coordinator)
    assert browser.get(_url("write", report)).status_code == 200
    for name in ("certify", "submit", "amend"):
        assert browser.get(_url(name, report)).status_code == 403
    links = BeautifulSoup(browser.get(_url("detail", report)).content, "html.parser").select("a")
    assert "Certify" not in [link.text for link in links]


def test_a_returned_report_shows_comments_beside_figures_and_is_amended(
    client_for, rock, report, at, rock_coordinator
):
    at("returned", report, rock_coordinator)
    browser = client_for(rock_coordinator)
    soup = BeautifulSoup(browser.get(_url("detail", report)).content, "html.parser")
    beside = soup.select_one(".report-comment").find_parent("tr")
    assert beside.select_one(".report-id").text == "C5"
    assert "Please look again." in beside.get_text()
    assert "Needs" not in _text(browser.get(_url("amend", report)))
    refused = browser.post(_url("amend", report), {"change_note": ""})
    assert refused.status_code == 200 and refused.context["form"].errors
    answer = browser.post(_url("amend", report), {"change_note": "C5 corrected."}, follow=True)
    assert "amendment 1" in _text(answer) and "C5 corrected." in _text(answer)


def test_changes_after_certification_are_listed_figure_by_figure(
    client_for, rock, report, at, rock_coordinator
):
    at("accepted", report, rock_coordinator)
    make_referral(rock, referred_on=dt.date(2025, 6, 10))
    browser = client_for(rock_coordinator)
    page = _text(browser.get(_url("detail", report)))
    assert "Records of this month changed after certification" in page
    assert "B1 Referrals received 0 1" in page
    assert "B2 Referrals by source: CPS social worker 0 1" in page
    assert "Records changed since" in _text(browser.get(reverse("reporting:list", args=["rock"])))


def test_a_door_coordinator_finds_no_rock_report(client_for, rock, door, report, door_coordinator):
    browser = client_for(door_coordinator)
    for name in ("detail", "write", "certify", "submit", "amend", "recompute"):
        assert browser.get(reverse(f"reporting:{name}", args=["door", report.pk])).status_code == 404
    assert recorded(door, "access.refused", report, door_coordinator)


def test_recomputing_on_screen(client_for, rock, report, rock_coordinator):
    make_referral(rock, referred_on=dt.date(2025, 6, 10))
    answer = client_for(rock_coordinator).post(_url("recompute", report), follow=True)
    assert "computed from the records" in _text(answer)
    with site_scope(rock.id):
        assert report.figures.get(field="B1").value == 1


def test_a_frozen_report_offers_no_writing(client_for, report, at, rock_coordinator):
    at("certified", report, rock_coordinator)
    browser = client_for(rock_coordinator)
    for name in ("write", "certify"):
        assert "certified" in _text(browser.get(_url(name, report), follow=True))
    assert "certified" in _text(browser.post(_url("recompute", report)))
