"""Sites side by side: others suppressed, one's own in full to those who work there, nothing hidden in a drawing."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.urls import reverse

from counties.wall import site_scope
from reporting import charts
from reporting.actions import amend_report, draft_report, publish_report
from reporting.charts import Point, bar_chart, stacked_chart, trend_chart
from reporting.comparison import CERTIFIED, PUBLISHED, trend_choices
from reporting.measures import measure
from tests.factories.counties import make_person
from tests.factories.referrals import make_referral
from tests.queries import questions
from tests.reporting.figures import configure
from tests.trail import recorded

pytestmark = pytest.mark.django_db
JUNE = dt.date(2025, 6, 1)


@pytest.fixture
def accepted(at, rock_coordinator):
    """Accept and publish a site's June with so many referrals."""
    writer = make_person("Pam Rowan", "pam@sites.example")

    def accept(site, referrals: int):
        for _ in range(referrals):
            make_referral(site, referred_on=dt.date(2025, 6, 10))
        with site_scope(site.id):
            report = draft_report(site=site, month=JUNE, by=writer)
        at("accepted", report, rock_coordinator)
        with site_scope(site.id):
            publish_report(report=report)
        return report

    return accept


def _cells(page, field: str) -> list[str]:
    """What is seen in a figure's row, site by site; "–" is read out as "not shown"."""
    soup = BeautifulSoup(page.content, "html.parser")
    for row in soup.select(".report-compare tbody tr"):
        if row.select_one(".report-id") and row.select_one(".report-id").text == field:
            return [cell.get_text(" ", strip=True) for cell in row.select("td")]
    return []


def _url(site: str, **asked: str) -> str:
    return reverse("reporting:comparison", args=[site])


def test_before_anything_is_accepted_the_page_says_so(client_for, rock_coordinator):
    page = client_for(rock_coordinator).get(_url("rock"))
    assert b"Nothing to compare yet" in page.content


def test_own_figures_in_full_others_suppressed(
    client_for, rock, door, accepted, rock_coordinator, door_coordinator
):
    accepted(rock, 3)
    accepted(door, 4)
    page = client_for(rock_coordinator).get(_url("rock"))
    assert _cells(page, "B1") == ["3", "– not shown"]
    assert _cells(client_for(door_coordinator).get(_url("door")), "B1") == ["4", "– not shown"]
    assert recorded(rock, "comparison.viewed", door, rock_coordinator)


def test_the_own_site_stays_while_an_amendment_is_open(client_for, rock, accepted, at, rock_coordinator):
    report = accepted(rock, 3)
    make_referral(rock, referred_on=dt.date(2025, 6, 11))
    browser = client_for(rock_coordinator)
    with site_scope(rock.id):
        amendment = amend_report(report=report, change_note="One came late.", by=rock_coordinator)
    assert _cells(browser.get(_url("rock")), "B1") == ["3"]
    assert browser.get(_url("rock"), {"figure": "B1"}).context["trend"].rows[0][1] == ["3"]
    at("submitted", amendment, rock_coordinator)
    assert _cells(browser.get(_url("rock")), "B1") == ["3"]


def test_no_limit_is_named_where_every_site_has_its_own(client_for, rock, door, accepted, rock_coordinator):
    accepted(rock, 3)
    accepted(door, 4)
    configure(rock, suppression_threshold=7)
    page = BeautifulSoup(client_for(rock_coordinator).get(_url("rock")).content, "html.parser")
    note = page.select_one("section[aria-labelledby=table] > p.psp-muted").get_text()
    assert "Every site sets its own limit" in note and not re.search(r"\d", note)


def test_large_numbers_of_others_are_shown(client_for, rock, door, accepted, rock_coordinator):
    accepted(rock, 3)
    accepted(door, 25)
    assert _cells(client_for(rock_coordinator).get(_url("rock")), "B1") == ["3", "25"]


def test_a_parent_partner_sees_the_own_site_in_full_a_council_member_does_not(
    client_for, rock, door, accepted, rock_partner, rock_council
):
    accepted(rock, 3)
    accepted(door, 4)
    assert _cells(client_for(rock_partner).get(_url("rock")), "B1") == ["3", "– not shown"]
    assert _cells(client_for(rock_council).get(_url("rock")), "B1") == ["– not shown", "– not shown"]


def test_clinical_support_sees_no_comparison(client_for, rock_clinical):
    assert client_for(rock_clinical).get(_url("rock")).status_code == 403


def test_a_hidden_value_is_nowhere_in_the_page(client_for, rock, door, accepted, rock_coordinator):
    accepted(rock, 0)
    accepted(door, 7)
    page = client_for(rock_coordinator).get(_url("rock"), {"figure": "B1"}).content.decode()
    drawn = "".join(re.findall(r"<svg[^>]*role=\"img\".*?</svg>", page, re.S))
    assert "Rock" in drawn
    assert not re.search(r">\s*7\s*<", page)


def test_the_page_has_no_total_over_sites(client_for, rock, door, accepted, rock_coordinator):
    accepted(rock, 3)
    accepted(door, 25)
    page = client_for(rock_coordinator).get(_url("rock"))
    heads = [
        th.get_text(" ", strip=True)
        for th in BeautifulSoup(page.content, "html.parser").select(".report-compare th")
    ]
    assert heads[:3] == ["Figure", "Rock County PSP (yours)", "Door County PSP"]
    assert "28" not in _cells(page, "B1")


def test_the_page_asks_the_same_eleven_questions_whatever_the_sites(
    client_for, rock, door, jefferson, accepted, rock_coordinator
):
    accepted(rock, 3)
    browser = client_for(rock_coordinator)
    few = len(questions(browser, _url("rock")))
    accepted(door, 3)
    accepted(jefferson, 3)
    assert len(questions(browser, _url("rock"))) == few
    assert few == 11


def test_nonsense_in_the_address_falls_back(client_for, rock, accepted, rock_coordinator):
    accepted(rock, 3)
    page = client_for(rock_coordinator).get(_url("rock"), {"month": "1999-13", "figure": "X9"})
    assert page.status_code == 200 and _cells(page, "B1") == ["3"]


def test_only_published_figures_can_be_asked_for_at_a_site():
    fields = {choice.partition(":")[0] for choice, _ in trend_choices()}
    assert fields and all(measure(field).publishing for field in fields)
    assert not {m.field for m in PUBLISHED} - {m.field for m in CERTIFIED}


POINTS = [Point("Rock", JUNE, 4), Point("Door", JUNE, None), Point("Rock", dt.date(2025, 7, 1), 6)]


@pytest.mark.parametrize(
    "svg",
    [
        lambda: trend_chart(POINTS, title="Families & more", description="Below."),
        lambda: bar_chart([("Phone", 3), ("<b>", 1)], title="Families & more", description="Below."),
        lambda: stacked_chart(POINTS, order=["Rock", "Door"], title="Families & more", description="Below."),
    ],
)
def test_a_chart_is_one_image_with_title_and_no_style(svg):
    drawn = BeautifulSoup(svg(), "html.parser").svg
    assert drawn["role"] == "img"
    title, description = (drawn.find(id=name) for name in drawn["aria-labelledby"].split())
    assert (title.text, description.text) == ("Families & more", "Below.")
    assert not drawn.find("style") and not drawn.find("script") and not drawn.find(style=True)
    assert not [tag for tag in drawn.find_all(True) if tag.get("role") or tag.get("aria-label")]


def test_a_chart_is_drawn_once_for_the_same_figures(monkeypatch):
    cache.clear()
    drawings = []
    real = charts._draw
    monkeypatch.setattr(charts, "_draw", lambda *given: drawings.append(1) or real(*given))
    for _ in range(2):
        trend_chart(POINTS, title="T", description="D")
    assert len(drawings) == 1
    trend_chart([Point("Rock", JUNE, 5)], title="T", description="D")
    assert len(drawings) == 2


def test_many_sites_are_grey_but_the_one_looked_for():
    points = [Point(f"Site {n}", JUNE, n) for n in range(9)]
    drawn = str(trend_chart(points, title="T", description="D", highlight="Site 4"))
    assert "Site 4" in drawn and "Site 5" not in drawn
