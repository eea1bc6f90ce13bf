"""Roles: given, ended, never erased; who may do it, and what the pages show."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from counties.actions.people import CannotEndOwnRole, RoleAlreadyEnded, RoleHeldAlready, end_role, give_role
from counties.models import Invitation, RoleAssignment, Site
from counties.roles import Role
from counties.wall import site_scope
from tests.factories.counties import give, make_person

pytestmark = pytest.mark.django_db
Browsers = Callable[[User], Client]
PEOPLE = "/sites/rock/settings/people/"
DAY = dt.timedelta(days=1)


def role_of(person: User) -> RoleAssignment:
    return RoleAssignment.objects.get(person=person)


def test_one_person_holds_several_dated_roles_at_several_sites(
    rock: Site, door: Site, rock_coordinator: User, today: dt.date
) -> None:
    give_role(
        person=rock_coordinator, site=rock, role=Role.COUNCIL_MEMBER, starts_on=today, by=rock_coordinator
    )
    give_role(
        person=rock_coordinator,
        site=door,
        role=Role.COUNCIL_MEMBER,
        starts_on=today + DAY,
        by=rock_coordinator,
    )
    assert rock_coordinator.roles.count() == 3
    assert rock_coordinator.roles.on(today).count() == 2
    with site_scope(rock.id):
        assert AuditEvent.objects.get(verb="role.given").facts == {"role": "council_member"}


def test_the_same_role_twice_in_the_same_days_is_refused(
    rock: Site, rock_partner: User, today: dt.date
) -> None:
    with pytest.raises(RoleHeldAlready):
        give_role(person=rock_partner, site=rock, role=Role.PARENT_PARTNER, starts_on=today, by=None)
    end_role(assignment=role_of(rock_partner), ends_on=today + DAY, by=make_person())
    with pytest.raises(RoleHeldAlready):
        give_role(person=rock_partner, site=rock, role=Role.PARENT_PARTNER, starts_on=today, by=None)
    give_role(person=rock_partner, site=rock, role=Role.PARENT_PARTNER, starts_on=today + DAY, by=None)
    assert rock_partner.roles.count() == 2


def test_ending_a_role_today_ends_access_at_once(
    rock: Site, rock_partner: User, rock_coordinator: User, client_for: Browsers, today: dt.date
) -> None:
    browser = client_for(rock_partner)
    assert browser.get("/sites/rock/").status_code == 200
    end_role(assignment=role_of(rock_partner), ends_on=today, by=rock_coordinator)
    assert browser.get("/sites/rock/").status_code == 404
    assert role_of(rock_partner).ends_on == today
    with pytest.raises(RoleAlreadyEnded):
        end_role(assignment=role_of(rock_partner), ends_on=today, by=rock_coordinator)


def test_a_coordinator_does_not_end_the_role_that_manages_people(
    rock_coordinator: User, today: dt.date
) -> None:
    with pytest.raises(CannotEndOwnRole):
        end_role(assignment=role_of(rock_coordinator), ends_on=today, by=rock_coordinator)


def test_the_end_is_not_in_the_past(rock_coordinator: User, rock_partner: User, client_for: Browsers) -> None:
    yesterday = timezone.localdate() - DAY
    url = f"/sites/rock/settings/roles/{role_of(rock_partner).pk}/end/"
    answer = client_for(rock_coordinator).post(url, {"ends_on": yesterday.isoformat()})
    assert answer.status_code == 200
    assert "or a later date" in answer.content.decode()
    assert yesterday.isoformat() in answer.content.decode()
    assert role_of(rock_partner).ends_on is None


def test_the_list_shows_who_works_here_in_the_site_s_own_words(
    rock: Site,
    rock_coordinator: User,
    rock_partner: User,
    former_partner: User,
    door_partner: User,
    client_for: Browsers,
) -> None:
    rock.settings.role_labels = {"parent_partner": "Family Well-Being Specialist"}
    rock.settings.save()
    browser = client_for(rock_coordinator)
    page = browser.get(PEOPLE).content.decode()
    assert rock_partner.name in page and "Family Well-Being Specialist" in page
    assert former_partner.name not in page and door_partner.name not in page
    assert former_partner.name in browser.get(f"{PEOPLE}?when=former").content.decode()
    found = browser.get(f"{PEOPLE}?q=dogwood").content.decode()
    assert rock_partner.name in found and "Since" in found
    nobody = browser.get(f"{PEOPLE}?role=clinical_support").content.decode()
    assert "No role fits these filters." in nobody


def test_the_list_costs_the_same_whatever_its_length(
    rock: Site, rock_coordinator: User, client_for: Browsers, django_assert_num_queries
) -> None:
    browser = client_for(rock_coordinator)
    browser.get(PEOPLE)
    for size in (1, 20):
        for number in range(size):
            give(
                make_person(f"P {size} {number}", f"p{size}-{number}@rock.example"), Role.PARENT_PARTNER, rock
            )
        with django_assert_num_queries(11):
            assert browser.get(PEOPLE).status_code == 200


def test_a_person_s_page_gives_and_ends_roles(
    rock: Site, rock_coordinator: User, rock_partner: User, client_for: Browsers, today: dt.date
) -> None:
    browser = client_for(rock_coordinator)
    here = f"{PEOPLE}{rock_partner.pk}/"
    assert browser.get(here).status_code == 200
    fields = {"role": "council_member", "starts_on": today.isoformat()}
    assert browser.post(f"{here}give-role/", fields).headers["Location"] == here
    refused = browser.post(f"{here}give-role/", fields).content.decode()
    assert "holds that role already" in refused
    council = RoleAssignment.objects.get(person=rock_partner, role="council_member")
    assert council.given_by == rock_coordinator
    browser.post(f"/sites/rock/settings/roles/{council.pk}/end/", {"ends_on": today.isoformat()})
    council.refresh_from_db()
    assert council.ends_on == today


def test_only_a_program_coordinator_manages_people(
    rock_partner_coordinator: User,
    rock_partner: User,
    rock_clinical: User,
    rock_council: User,
    client_for: Browsers,
) -> None:
    for person in (rock_partner_coordinator, rock_partner, rock_clinical, rock_council):
        assert client_for(person).get(PEOPLE).status_code == 403


def test_people_roles_and_invitations_of_another_site_are_not_found(
    rock_coordinator: User, door: Site, door_partner: User, client_for: Browsers
) -> None:
    browser = client_for(rock_coordinator)
    invitation = Invitation.objects.create(
        email="new@door.example", name="New", site=door, role="council_member", token_hash="y",
        expires_at=timezone.now() + DAY,
    )  # fmt: skip
    foreign = [
        f"{PEOPLE}{door_partner.pk}/", f"{PEOPLE}{door_partner.pk}/give-role/",
        f"/sites/rock/settings/roles/{role_of(door_partner).pk}/end/",
    ]  # fmt: skip
    for url in foreign:
        assert browser.get(url).status_code == 404
    assert browser.post(f"/sites/rock/settings/invitations/{invitation.pk}/withdraw/").status_code == 404
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is None
    with site_scope(RoleAssignment.objects.get(person=rock_coordinator).site_id):
        assert AuditEvent.objects.filter(verb="access.refused").count() == 4
