"""The trail on screen: of the site, of a family, of a person; what a request changed."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from audit import context
from audit.models import AuditEvent
from audit.record import record
from audit.verbs import GROUPS, SENTENCES, say
from counties.models import Site
from counties.wall import site_scope
from families.models import Family
from tests.factories.families import make_family, make_parent

pytestmark = pytest.mark.django_db
Browsers = Callable[[User], Client]
URL = "/sites/rock/settings/trail/"


@pytest.fixture
def family(rock: Site) -> Family:
    return make_family(rock)


@pytest.fixture
def browser(rock_coordinator: User, client_for: Browsers) -> Client:
    return client_for(rock_coordinator)


def happen(site: Site, by: User, verb: str, *objects: object, **facts: object) -> AuditEvent:
    with context.acting(actor_id=by.pk, source="web"), site_scope(site.id):
        return record(verb, *objects, **facts)


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_line_says_who_did_what_when_and_why(
    browser: Client, rock: Site, rock_partner: User, family: Family, today: dt.date
) -> None:
    happen(rock, rock_partner, "family.viewed", family)
    happen(rock, rock_partner, "match.ended", family, reason="They asked for it.")
    page = words(browser.get(URL))
    assert rock_partner.name in page and "Looked at a family" in page
    assert "Match ended" in page and "They asked for it." in page
    assert f"{today:%m/%d/%Y}" in page and family.reference in page


def test_the_trail_of_a_family_holds_only_its_own_events(
    browser: Client, rock: Site, rock_partner: User, family: Family
) -> None:
    happen(rock, rock_partner, "family.viewed", family)
    happen(rock, rock_partner, "referral.created", make_family(rock))
    page = words(browser.get(f"{URL}?kind=family&id={family.pk}"))
    assert f"Audit trail of {family.reference}" in page
    assert "Looked at a family" in page and "Referral created" not in page


def test_a_foreign_or_unknown_object_has_no_trail(browser: Client, rock: Site, door: Site) -> None:
    foreign = make_family(door)
    for query in (
        f"kind=family&id={foreign.pk}",
        "kind=family&id=x",
        "kind=user&id=999999",
        "kind=nothing&id=1",
        "kind=family",
    ):
        assert browser.get(f"{URL}?{query}").status_code == 404, query
    with site_scope(rock.id):
        assert AuditEvent.objects.filter(verb="access.refused").count() >= 4


def test_what_was_done_about_a_person(
    browser: Client, rock: Site, rock_partner: User, rock_coordinator: User
) -> None:
    happen(rock, rock_coordinator, "role.given", rock_partner)
    page = words(browser.get(f"{URL}?kind=user&id={rock_partner.pk}"))
    assert "Was given a role" in page and f"Audit trail of {rock_partner.name}" in page


def test_filters_narrow_by_kind_person_and_date(
    browser: Client, rock: Site, rock_partner: User, rock_coordinator: User, family: Family, today: dt.date
) -> None:
    happen(rock, rock_partner, "family.viewed", family)
    happen(rock, rock_coordinator, "match.ended", family)
    looks = words(browser.get(f"{URL}?group=looks&person={rock_partner.pk}"))
    assert "Looked at a family" in looks and "Match ended" not in looks
    changes = words(browser.get(f"{URL}?group=changes"))
    assert "Match ended" in changes and "Looked at a family" not in changes
    tomorrow = (today + dt.timedelta(days=1)).isoformat()
    assert "No event fits these filters." in words(browser.get(f"{URL}?since={tomorrow}"))
    assert "Match ended" in words(browser.get(f"{URL}?until={tomorrow}"))
    assert "Enter month, day and year" in words(browser.get(f"{URL}?since=soon"))


def test_a_foreign_person_in_the_filter_is_a_field_error_and_on_record(
    browser: Client, rock: Site, door_coordinator: User
) -> None:
    page = words(browser.get(f"{URL}?person={door_coordinator.pk}"))
    assert "Choose one of the entries in the list." in page and door_coordinator.name not in page
    with site_scope(rock.id):
        assert AuditEvent.objects.filter(verb="access.refused", facts__door="form").exists()


def test_a_stranger_who_was_refused_has_no_name_here(
    browser: Client, door_coordinator: User, client_for: Browsers, state_admin: User, rock: Site
) -> None:
    assert client_for(door_coordinator).get("/sites/rock/").status_code == 404
    happen(rock, state_admin, "phase.begun", rock)
    page = words(browser.get(f"{URL}?group=refusals"))
    assert (
        "Was refused access" in page
        and "Somebody of another site" in page
        and door_coordinator.name not in page
    )
    assert state_admin.name in words(browser.get(f"{URL}?group=people"))


def test_events_of_another_site_are_not_there(browser: Client, door: Site, door_coordinator: User) -> None:
    event = happen(door, door_coordinator, "family.viewed", make_family(door))
    assert door_coordinator.name not in words(browser.get(URL))
    assert browser.get(f"{URL}{event.pk}/").status_code == 404


def test_details_show_what_the_request_changed(
    browser: Client, rock: Site, rock_partner: User, family: Family
) -> None:
    with context.acting(actor_id=rock_partner.pk, source="web"), site_scope(rock.id):
        Family.objects.filter(pk=family.pk).update(notes="New words")
        event = record("family.edited", family, reason="Corrected.")
    page = words(browser.get(f"{URL}{event.pk}/"))
    assert "Changed: family" in page
    assert '<th scope="row" data-label="Field">notes</th>' in page and "New words" in page
    assert "state case" not in page.lower()


def test_a_new_row_shows_what_it_holds(browser: Client, rock: Site, rock_partner: User) -> None:
    with context.acting(actor_id=rock_partner.pk):
        parent = make_parent(rock, first_name="Anneliese")
        with site_scope(rock.id):
            event = record("parent.added", parent)
    page = words(browser.get(f"{URL}{event.pk}/"))
    assert "New: parent" in page and "Anneliese" in page


def test_a_look_changed_nothing(browser: Client, rock: Site, rock_partner: User, family: Family) -> None:
    event = happen(rock, rock_partner, "family.viewed", family)
    assert "Nothing was changed" in words(browser.get(f"{URL}{event.pk}/"))


def test_looking_at_the_trail_is_on_record_too(
    browser: Client, rock: Site, rock_coordinator: User, family: Family
) -> None:
    browser.get(f"{URL}?kind=family&id={family.pk}")
    with site_scope(rock.id):
        event = AuditEvent.objects.get(verb="trail.viewed")
    assert (event.actor_id, event.object_ids) == (rock_coordinator.pk, [str(family.pk)])


def test_the_trail_costs_the_same_whatever_its_length(
    browser: Client, rock: Site, rock_partner: User, family: Family, django_assert_num_queries
) -> None:
    browser.get(URL)
    for count in (1, 30):
        for _ in range(count):
            happen(rock, rock_partner, "family.viewed", family)
        with django_assert_num_queries(14):
            assert browser.get(URL).status_code == 200


def test_only_who_may_read_the_trail_does(rock_partner_coordinator: User, client_for: Browsers) -> None:
    assert client_for(rock_partner_coordinator).get(URL).status_code == 403


def test_every_verb_reads_as_a_sentence() -> None:
    assert say("match.ended") == "Match ended"
    assert say("family.trail_viewed") == "Family trail viewed"
    assert say("report.viewed") == "Looked at a monthly report"
    assert say("role.given") == SENTENCES["role.given"]
    assert set(GROUPS) == {"looks", "changes", "exports", "reports", "people", "refusals"}


def test_a_family_leads_to_its_trail_for_those_who_may_read_it(
    browser: Client, rock_partner_coordinator: User, family: Family, client_for: Browsers
) -> None:
    page, link = f"/sites/rock/families/{family.pk}/", f"{URL}?kind=family&amp;id={family.pk}"
    assert link in words(browser.get(page)) and browser.get(link.replace("&amp;", "&")).status_code == 200
    assert link not in words(client_for(rock_partner_coordinator).get(page))
