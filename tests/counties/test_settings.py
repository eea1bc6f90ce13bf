"""What a site sets for itself."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from audit.models import AuditEvent
from counties.models import Site, SiteSettings
from counties.models.people import label_of
from counties.roles import Role
from counties.wall import site_scope

pytestmark = pytest.mark.django_db
URL = "/sites/rock/settings/"
ANSWERS = {
    "report_due_day": "10", "late_entry_business_days": "5", "soft_cap_per_fte": "12", "hard_cap_per_fte": "15",
    "near_miles": "15", "far_miles": "40", "supervision_sessions_per_month": "1", "suppression_threshold": "11",
    "budgeted_fte": "2.50", "level_1": "4", "level_2": "3", "level_3": "1", "level_4": "0",
    "partners_are_mandated_reporters": "on", "label_parent_partner": "Family Well-Being Specialist",
}  # fmt: skip


@pytest.fixture
def browser(rock_coordinator: User, client_for: Callable[[User], Client]) -> Client:
    return client_for(rock_coordinator)


def test_what_is_changed_is_kept_and_on_record(browser: Client, rock: Site, rock_coordinator: User) -> None:
    assert browser.post(URL, ANSWERS).headers["Location"] == URL
    kept = SiteSettings.objects.get(site=rock)
    assert (kept.report_due_day, kept.face_to_face_standard) == (10, [4, 3, 1, 0])
    assert kept.role_labels == {"parent_partner": "Family Well-Being Specialist"}
    assert label_of(Role.PARENT_PARTNER, Site.objects.get(pk=rock.pk)) == "Family Well-Being Specialist"
    assert label_of(Role.CLINICAL_SUPPORT, rock) == "Clinical Support"
    with site_scope(rock.id):
        event = AuditEvent.objects.get(verb="settings.changed")
    assert set(event.facts["fields"]) == {
        "report_due_day",
        "face_to_face_standard",
        "role_labels",
        "budgeted_fte",
    }
    newest = kept.history.order_by("-pgh_id").first()
    assert (newest.report_due_day, newest.pgh_actor) == (10, rock_coordinator.pk)


def test_saving_nothing_new_is_no_event(browser: Client, rock: Site) -> None:
    browser.post(URL, ANSWERS)
    browser.post(URL, ANSWERS)
    with site_scope(rock.id):
        assert AuditEvent.objects.filter(verb="settings.changed").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("report_due_day", "29", "Choose 28 or less."),
        ("suppression_threshold", "5", "Choose 6 or more."),
        ("hard_cap_per_fte", "11", "Choose 12"),
        ("far_miles", "15", "more than 15 miles"),
        ("level_1", "many", "whole number"),
        ("level_2", "", "Enter an answer."),
        ("near_miles", "-1", "0"),
    ],
)
def test_a_wrong_answer_is_refused_beside_its_field(
    browser: Client, rock: Site, field: str, value: str, words: str
) -> None:
    answer = browser.post(URL, ANSWERS | {field: value})
    assert answer.status_code == 200
    assert words in str(answer.context["form"].errors[field])
    assert 'value="Family Well-Being Specialist"' in answer.content.decode()
    assert SiteSettings.objects.get(site=rock).report_due_day == 15


def test_only_the_program_coordinator_opens_it(
    rock_partner_coordinator: User, client_for: Callable[[User], Client]
) -> None:
    assert client_for(rock_partner_coordinator).get(URL).status_code == 403


def test_the_county_numbers_are_kept_as_typed(browser: Client, rock: Site) -> None:
    browser.post(URL, ANSWERS | {"reporting_lines": "Child protective services: 608-555-0100\r\nSheriff"})
    kept = SiteSettings.objects.get(site=rock)
    assert kept.reporting_lines.splitlines() == ["Child protective services: 608-555-0100", "Sheriff"]


def test_county_numbers_too_long_are_refused(browser: Client, rock: Site) -> None:
    answer = browser.post(URL, ANSWERS | {"reporting_lines": "x" * 1001})
    assert "1000" in str(answer.context["form"].errors["reporting_lines"])
    assert SiteSettings.objects.get(site=rock).reporting_lines == ""
