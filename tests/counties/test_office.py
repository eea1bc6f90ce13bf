"""The state's office on screen."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from counties.models import County, Invitation, RoleAssignment, Site

pytestmark = pytest.mark.django_db
Browsers = Callable[[User], Client]
OFFICE = "/state/office/"
NEW = {
    "name": "Brown County PSP", "slug": "brown", "operator": "county", "operator_name": "", "phase": "planning",
    "opened_on": "2025-01-01", "counties": ["55009"],
}  # fmt: skip


@pytest.fixture
def browser(state_admin: User, client_for: Browsers) -> Client:
    return client_for(state_admin)


def test_only_the_administrator_has_an_office(
    state_staff: User, rock_coordinator: User, client_for: Browsers
) -> None:
    assert client_for(state_staff).get(OFFICE).status_code == 403
    assert client_for(rock_coordinator).get(OFFICE).status_code == 404
    assert Client().get(OFFICE).status_code == 302


def test_a_site_is_opened_moved_on_and_closed(browser: Client) -> None:
    here = browser.post(f"{OFFICE}open/", NEW).headers["Location"]
    site = Site.objects.get(slug="brown")
    assert here == f"{OFFICE}sites/{site.pk}/"
    assert (
        browser.post(f"{here}phase/", {"phase": "mou_site", "starts_on": "2025-02-01"}).headers["Location"]
        == here
    )
    refused = browser.post(f"{here}phase/", {"phase": "renewal_1", "starts_on": "2025-01-15"})
    assert "Choose a date after 02/01/2025" in str(refused.context["form"].errors["starts_on"])
    changed = NEW | {"name": "Bay PSP", "counties": ["55009", "55029"]}
    assert browser.post(f"{here}edit/", changed).headers["Location"] == here
    page = browser.get(here).content.decode()
    assert (
        "Bay PSP" in page
        and "Door County" in page
        and "Memorandum of understanding" in page
        and "02/01/2025" in page
    )
    closed = browser.post(f"{here}close/", {"closed_on": "2025-03-01", "reason": "The contract ended."})
    assert closed.headers["Location"] == here
    site.refresh_from_db()
    assert site.closed_on == dt.date(2025, 3, 1)
    again = browser.post(f"{here}close/", {"closed_on": "2025-04-01", "reason": "Again."})
    assert "was closed on 03/01/2025" in again.content.decode()


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"slug": "rock"}, "slug"), ({"slug": "Not one"}, "slug"), ({"counties": []}, "counties"),
        ({"opened_on": "x"}, "opened_on"),
    ],
)  # fmt: skip
def test_a_site_badly_described_is_refused(browser: Client, rock: Site, answers: dict, field: str) -> None:
    answer = browser.post(f"{OFFICE}open/", NEW | answers)
    assert field in answer.context["form"].errors
    assert 'value="Brown County PSP"' in answer.content.decode()
    assert Site.objects.count() == 1


def test_the_list_of_sites_costs_the_same_whatever_its_length(
    browser: Client, django_assert_num_queries
) -> None:
    browser.get(OFFICE)
    for count in (1, 8):
        for number in range(count):
            site = Site.objects.create(
                slug=f"s{count}-{number}",
                name=f"S {count} {number}",
                operator="county",
                opened_on="2024-01-01",
            )
            site.counties.set(County.objects.all()[:2])
        with django_assert_num_queries(8):
            assert browser.get(OFFICE).status_code == 200


def test_the_office_shows_coordinators_and_never_a_parent_partner(
    browser: Client, rock: Site, rock_coordinator: User, rock_partner: User
) -> None:
    for url in (f"{OFFICE}people/", f"{OFFICE}sites/{rock.pk}/"):
        page = browser.get(url).content.decode()
        assert rock_coordinator.name in page and rock_partner.name not in page
    role = RoleAssignment.objects.get(person=rock_partner)
    assert browser.get(f"{OFFICE}people/roles/{role.pk}/end/").status_code == 404


def test_coordinators_and_state_staff_are_invited(browser: Client, rock: Site) -> None:
    who = {"name": "Nia Maple", "email": "nia@state.example"}
    assert browser.post(f"{OFFICE}people/invite/", who | {"role": "state_staff"}).status_code == 302
    assert (
        browser.post(
            f"{OFFICE}people/invite/", who | {"role": "program_coordinator", "site": rock.pk}
        ).status_code
        == 302
    )
    assert {(i.role, i.site) for i in Invitation.objects.all()} == {
        ("state_staff", None),
        ("program_coordinator", rock),
    }
    page = browser.get(f"{OFFICE}people/").content.decode()
    assert "Invited, not here yet" in page
    invitation = Invitation.objects.filter(site=None).get()
    browser.post(f"{OFFICE}people/invitations/{invitation.pk}/withdraw/")
    invitation.refresh_from_db()
    assert invitation.withdrawn_at


@pytest.mark.parametrize(
    ("role", "with_site", "words"),
    [
        ("program_coordinator", False, "Choose the site"),
        ("state_admin", True, "has no site"),
        ("parent_partner", True, ""),
    ],
)
def test_a_role_in_the_wrong_place_is_refused(
    browser: Client, rock: Site, role: str, with_site: bool, words: str
) -> None:
    fields = {"name": "N", "email": "n@x.example", "role": role, "site": rock.pk if with_site else ""}
    answer = browser.post(f"{OFFICE}people/invite/", fields)
    assert answer.status_code == 200 and words in answer.content.decode()
    assert not Invitation.objects.exists()


def test_a_state_role_ends(browser: Client, state_staff: User, state_admin: User) -> None:
    role = RoleAssignment.objects.get(person=state_staff)
    today = timezone.localdate()
    assert (
        browser.post(f"{OFFICE}people/roles/{role.pk}/end/", {"ends_on": today.isoformat()}).status_code
        == 302
    )
    role.refresh_from_db()
    assert role.ends_on == today
    own = RoleAssignment.objects.get(person=state_admin)
    answer = browser.post(f"{OFFICE}people/roles/{own.pk}/end/", {"ends_on": today.isoformat()})
    assert "cannot end this role of your own" in answer.content.decode()


def test_an_account_is_switched_off_and_on_by_its_address(
    browser: Client, rock_partner: User, state_admin: User, client_for: Browsers
) -> None:
    theirs = client_for(rock_partner)
    fields = {"email": rock_partner.email.upper(), "switch": "off", "reason": "Phone stolen."}
    assert browser.post(f"{OFFICE}people/account/", fields).headers["Location"] == f"{OFFICE}people/"
    assert theirs.get("/accounts/").headers["Location"].startswith("/accounts/login/")
    browser.post(f"{OFFICE}people/account/", fields | {"switch": "on", "reason": "New phone."})
    rock_partner.refresh_from_db()
    assert rock_partner.is_active
    unknown = browser.post(f"{OFFICE}people/account/", fields | {"email": "nobody@x.example"})
    assert "No account has this address." in unknown.content.decode()
    own = browser.post(f"{OFFICE}people/account/", fields | {"email": state_admin.email})
    assert "cannot switch off your own account" in own.content.decode()


def test_the_list_of_people_costs_the_same_whatever_its_length(
    browser: Client, rock: Site, django_assert_num_queries
) -> None:
    browser.get(f"{OFFICE}people/")
    for count in (1, 10):
        for number in range(count):
            person = User.objects.create_user(f"c{count}-{number}@x.example", name=f"C {count} {number}")
            RoleAssignment.objects.create(person=person, site=rock, role="program_coordinator")
        with django_assert_num_queries(7):
            assert browser.get(f"{OFFICE}people/").status_code == 200
