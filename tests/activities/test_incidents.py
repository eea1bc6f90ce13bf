"""Incidents: coordinators only, and of a mandated report four facts (`domain.md` 10.6)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from activities.models import Incident
from audit.models import AuditEvent
from counties.models import SiteSettings
from counties.wall import site_scope
from tests.activities.conftest import rows
from tests.factories.activities import make_incident
from tests.factories.families import make_family
from tests.factories.partners import make_partner
from tests.queries import own, questions
from tests.raw_sql import refused
from tests.trail import recorded

LIST_QUERIES = 2
"""Count and trail; the page itself names who recorded it, so `own` counts it among the questions about people."""

LIST = reverse("activities:incidents", args=["rock"])
NEW = reverse("activities:record_incident", args=["rock"])
REPORT = {"kind": "mandated_report_made", "happened_at": "2025-06-10T14:30", "agency": "Rock County CPS"}
BOUNDARY = {
    "kind": "boundary_exception", "happened_at": "2025-06-10T14:30", "what_happened": "Asked to drive the children.",
}  # fmt: skip


def test_a_partner_records_a_mandated_report_and_does_not_see_it_again(rock, rock_partner, client_for):
    browser = client_for(rock_partner)
    assert browser.post(NEW, REPORT).url == reverse("today", args=["rock"])
    (incident,) = rows(Incident, rock)
    assert (incident.agency, incident.recorded_by_id) == ("Rock County CPS", rock_partner.pk)
    assert (incident.what_happened, incident.family_id, incident.partner_id) == ("", None, None)
    assert browser.get(LIST).status_code == 403


def test_one_entered_by_mistake_is_struck_out_and_stays(rock, rock_partner, rock_coordinator, client_for):
    incident = make_incident(rock, rock_partner)
    address = reverse("activities:strike_incident", args=["rock", incident.pk])
    assert client_for(rock_partner).post(address).status_code == 403
    browser = client_for(rock_coordinator)
    assert browser.post(address).url == LIST and browser.post(address).url == LIST
    page = browser.get(LIST).content.decode()
    assert "Struck out" in page and "A call" in page
    with site_scope(rock.id):
        assert Incident.objects.get().is_struck
        assert AuditEvent.objects.filter(verb="incident.struck").count() == 1


def test_coordinators_see_it_and_the_look_is_recorded(rock, rock_partner, rock_coordinator, client_for):
    client_for(rock_partner).post(NEW, REPORT)
    page = client_for(rock_coordinator).get(LIST).content.decode()
    assert "Mandated report made" in page and "06/10/2025 2:30 PM" in page
    assert recorded(rock, "incident.listed", rows(Incident, rock)[0], by=rock_coordinator)


def test_incidents_are_searched(rock, rock_coordinator, client_for):
    family, partner = make_family(rock), make_partner(rock, last_name="Quince")
    told = {"kind": "other", "happened_at": REPORT["happened_at"]}
    for more in (
        {"family": str(family.pk)},
        {"partner": str(partner.pk)},
        {"what_happened": "A broken window"},
    ):
        client_for(rock_coordinator).post(NEW, told | {"what_happened": "It happened."} | more)
    browser = client_for(rock_coordinator)
    assert len(rows(Incident, rock)) == 3
    for query in (family.reference, "quince", "broken window"):
        assert len(browser.get(LIST, {"q": query}).context["listing"]) == 1, query
    assert "No incident fits" in browser.get(LIST, {"q": "elsewhere"}).content.decode()


def test_the_trail_does_not_tell_what_kind_it_was(rock, rock_partner, client_for):
    client_for(rock_partner).post(NEW, REPORT)
    with site_scope(rock.id):
        event = AuditEvent.objects.get(verb="incident.recorded")
        assert "mandated" not in f"{event.facts}{event.reason}{event.object_ids}"


def test_of_a_mandated_report_nothing_more_is_kept(rock, rock_coordinator, client_for):
    family, partner = make_family(rock), make_partner(rock)
    more = {"family": str(family.pk), "partner": str(partner.pk), "what_happened": "A long story"}
    page = client_for(rock_coordinator).post(NEW, REPORT | more)
    assert set(page.context["form"].errors) == {"family", "partner", "what_happened"}
    assert "A long story" in page.content.decode() and rows(Incident, rock) == []
    sql = (
        "INSERT INTO activities_incident (id, site_id, kind, happened_at, agency, what_happened, recorded_by_id,"
        " recorded_at, is_struck)"
        " VALUES (gen_random_uuid(), %s, 'mandated_report_made', now(), 'x', 'a story', %s, now(), false)"
    )
    assert "incident_report_without_story" in refused(rock, sql, rock.id, rock_coordinator.pk)


@pytest.mark.parametrize(
    ("sent", "changes", "field"),
    [
        (REPORT, {"agency": ""}, "agency"),
        (REPORT, {"happened_at": "2099-01-01T10:00"}, "happened_at"),
        (REPORT, {"happened_at": "yesterday"}, "happened_at"),
        (BOUNDARY, {"what_happened": ""}, "what_happened"),
        (BOUNDARY, {"what_happened": "Her number is 123-45-6789"}, "what_happened"),
        (BOUNDARY, {"what_happened": "The reporter was upset"}, "what_happened"),
        (BOUNDARY, {"kind": ""}, "kind"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_the_field(
    sent, changes, field, rock, rock_coordinator, client_for
):
    page = client_for(rock_coordinator).post(NEW, sent | changes)
    assert page.status_code == 200 and list(page.context["form"].errors) == [field]
    assert rows(Incident, rock) == []


def test_a_boundary_exception_keeps_its_story(rock, rock_coordinator, client_for):
    family = make_family(rock)
    client_for(rock_coordinator).post(NEW, BOUNDARY | {"family": str(family.pk)})
    (incident,) = rows(Incident, rock)
    assert (incident.family_id, incident.what_happened) == (family.pk, "Asked to drive the children.")


@pytest.mark.parametrize(("field", "make"), [("family", make_family), ("partner", make_partner)])
def test_ids_of_another_site_are_refused_and_recorded(field, make, rock, door, rock_coordinator, client_for):
    foreign = make(door)
    page = client_for(rock_coordinator).post(NEW, BOUNDARY | {field: str(foreign.pk)})
    assert page.context["form"].errors[field] == ["Choose one of the entries in the list."]
    assert recorded(rock, "access.refused", about=foreign, by=rock_coordinator)


def test_the_list_filters_by_kind_and_month(rock, rock_coordinator, client_for):
    browser = client_for(rock_coordinator)
    assert "No incident is recorded." in browser.get(LIST).content.decode()
    browser.post(NEW, REPORT)
    browser.post(NEW, BOUNDARY | {"happened_at": "2025-07-01T00:30"})
    for query, kinds in {
        "": ["boundary_exception", "mandated_report_made"],
        "kind=mandated_report_made": ["mandated_report_made"],
        "month=2025-07": ["boundary_exception"],
        "month=2025-05": [],
    }.items():
        assert [i.kind for i in browser.get(f"{LIST}?{query}").context["listing"]] == kinds, query


@pytest.mark.parametrize("incidents", [1, 30])
def test_the_list_takes_a_constant_number_of_queries(incidents, rock, rock_coordinator, client_for):
    with site_scope(rock.id):
        for _ in range(incidents):
            Incident.objects.create(
                site=rock, kind="complaint", happened_at="2025-06-10T14:30Z", what_happened="x",
                recorded_by=rock_coordinator,
            )  # fmt: skip
    asked = questions(client_for(rock_coordinator), LIST)
    assert own(asked) == LIST_QUERIES and len(asked) < 15


@pytest.mark.parametrize("duty", [True, False])
def test_the_help_page_says_what_to_do_and_invents_no_number(duty, rock, rock_partner, client_for):
    SiteSettings.objects.filter(site=rock).update(partners_are_mandated_reporters=duty)
    page = client_for(rock_partner).get(reverse("activities:report_help", args=["rock"])).content.decode()
    assert ("every parent partner reports by policy" in page) is duty
    assert "Rock County" in page and "tel:911" in page and page.count("tel:") == 1
    assert "ask your coordinator" in page


@pytest.mark.parametrize("who", ["rock_partner", "rock_partner_coordinator", "rock_coordinator"])
def test_the_help_page_shows_the_county_numbers_of_the_site(who, request, rock, door, client_for):
    lines = "Day & night: (608) 555-0100\n\nSheriff 608.555.0199, ext. 4"
    SiteSettings.objects.filter(site=rock).update(reporting_lines=lines)
    SiteSettings.objects.filter(site=door).update(reporting_lines="Door 920-555-0100")
    browser = client_for(request.getfixturevalue(who))
    page = browser.get(reverse("activities:report_help", args=["rock"])).content.decode()
    assert 'Day &amp; night: <a class="usa-link" href="tel:+16085550100">(608) 555-0100</a>' in page
    assert 'href="tel:+16085550199">608.555.0199</a>, ext. 4' in page
    assert "920-555" not in page and page.count("tel:") == 3 and "not written" not in page


def test_a_line_about_numbers_cannot_carry_a_script(rock, rock_partner, client_for):
    SiteSettings.objects.filter(site=rock).update(reporting_lines="<script>1</script> 608-555-0100")
    page = client_for(rock_partner).get(reverse("activities:report_help", args=["rock"])).content.decode()
    assert "<script>1" not in page and "&lt;script&gt;1" in page


def test_the_numbers_go_into_a_phone_where_they_work_without_a_connection(rock, rock_partner, client_for):
    lines = "Intake; day, night: (608) 555-0100\n\nAsk the desk\n608.555.0199"
    SiteSettings.objects.filter(site=rock).update(reporting_lines=lines)
    browser, url = client_for(rock_partner), reverse("activities:report_numbers", args=["rock"])
    assert url in browser.get(reverse("activities:report_help", args=["rock"])).content.decode()
    answer = browser.get(url)
    assert answer["Content-Type"].startswith("text/vcard")
    cards = answer.content.decode().split("BEGIN:VCARD\r\n")[1:]
    assert "FN:I need to report: Intake\\; day\\, night\r\nTEL;VALUE=uri:tel:+16085550100" in cards[0]
    assert "FN:I need to report: county number\r\nTEL;VALUE=uri:tel:+16085550199" in cards[1]
    assert len(cards) == 2


def test_without_a_number_none_is_offered(rock, rock_partner, client_for):
    page = client_for(rock_partner).get(reverse("activities:report_help", args=["rock"])).content.decode()
    assert reverse("activities:report_numbers", args=["rock"]) not in page
