"""The only way in: sent to one address, for one role, for seven days, once."""

import datetime as dt
import re
import time
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from counties.actions.invitations import (
    AlreadyInvited,
    InvitationForSomebodyElse,
    InvitationNotOpen,
    accept_invitation,
    find_invitation,
    invite_person,
    resend_invitation,
    token_of,
    withdraw_invitation,
)
from counties.actions.people import RoleHeldAlready, end_role, give_role
from counties.emails import invitation_mail
from counties.models import Invitation, Site
from counties.tasks import send_invitation
from counties.wall import site_scope

pytestmark = pytest.mark.django_db
Browsers = Callable[[User], Client]
ANSWERS = {"name": "Nia Maple", "password": "nine green lamps at dusk", "again": "nine green lamps at dusk"}


@pytest.fixture(autouse=True)
def quick_hashing(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def invited(rock: Site, rock_coordinator: User) -> Invitation:
    return invite_person(
        email="Nia@rock.example", name="Nia Maple", role="parent_partner", site=rock, by=rock_coordinator
    )


def link(invitation: Invitation) -> str:
    return f"/accounts/invitation/{token_of(invitation)}/"


def test_a_new_person_accepts_and_is_led_to_the_second_factor(invited: Invitation, rock: Site) -> None:
    browser = Client()
    page = browser.get(link(invited)).content.decode()
    assert "Nia Maple" in page and "nia@rock.example" in page and "at least 15 characters" in page
    answer = browser.post(link(invited), ANSWERS, follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/2fa/"
    person = User.objects.get(email="nia@rock.example")
    assert person.check_password(ANSWERS["password"]) and person.last_login
    assert [r.role for r in person.roles.on(timezone.localdate())] == ["parent_partner"]
    assert browser.get("/accounts/2fa/totp/activate/").status_code == 200  # no password asked a second time
    invited.refresh_from_db()
    assert invited.accepted_by == person


def test_a_line_end_in_the_name_of_a_site_adds_no_line_to_the_head_of_the_mail(
    invited: Invitation, rock: Site
) -> None:
    Site.objects.filter(pk=rock.pk).update(name="Rock\r\nBcc: all@rock.example")
    with site_scope(rock.id):
        head = invitation_mail(Invitation.objects.get(pk=invited.pk)).message()
    assert head["Subject"] == "PSP: your invitation to Rock Bcc: all@rock.example" and "Bcc" not in head


def test_a_link_works_once(invited: Invitation) -> None:
    Client().post(link(invited), ANSWERS)
    answer = Client().get(link(invited))
    assert answer.status_code == 404 and "no longer works" in answer.content.decode()
    with pytest.raises(InvitationNotOpen):
        accept_invitation(invitation=invited, by=None, name="Second", password="x")
    assert User.objects.filter(name="Second").count() == 0


def test_a_link_works_for_seven_days(invited: Invitation) -> None:
    with time_machine.travel(time.time() + 7 * 86_400 - 60):
        assert Client().get(link(invited)).status_code == 200
    with time_machine.travel(time.time() + 7 * 86_400 + 60):
        assert Client().get(link(invited)).status_code == 404
        assert Client().post(link(invited), ANSWERS).status_code == 404


def test_a_withdrawn_link_does_not_work(invited: Invitation, rock_coordinator: User) -> None:
    withdraw_invitation(invitation=invited, by=rock_coordinator)
    assert Client().get(link(invited)).status_code == 404
    with pytest.raises(InvitationNotOpen):
        withdraw_invitation(invitation=invited, by=rock_coordinator)


def test_a_link_outlives_neither_its_senders_role_nor_their_account(
    invited: Invitation, rock: Site, rock_coordinator: User, state_admin: User
) -> None:
    role = rock_coordinator.roles.get()
    today = timezone.localdate()
    end_role(assignment=role, ends_on=today + dt.timedelta(days=2), by=state_admin)
    assert Client().get(link(invited)).status_code == 200
    with time_machine.travel(time.time() + 2 * 86_400):  # nobody withdrew it; the role is over all the same
        assert Client().post(link(invited), ANSWERS).status_code == 404
    give_role(person=rock_coordinator, site=rock, role="partner_coordinator", starts_on=today, by=None)
    end_role(assignment=role, ends_on=today, by=state_admin)
    invited.refresh_from_db()
    assert invited.withdrawn_at and not User.objects.filter(email=invited.email).exists()
    with site_scope(rock.id):
        assert AuditEvent.objects.get(verb="invitation.withdrawn").actor_id == state_admin.pk


def test_the_office_takes_back_what_a_switched_off_account_sent(
    invited: Invitation, rock: Site, rock_coordinator: User, rock_second_coordinator: User,
    state_admin: User, client_for: Browsers,
) -> None:  # fmt: skip
    kept = invite_person(
        email="b@rock.example", name="B", role="council_member", site=rock, by=rock_second_coordinator
    )
    answer = client_for(state_admin).post(
        "/state/office/people/account/",
        {"email": rock_coordinator.email, "switch": "off", "reason": "Left the agency."},
    )
    assert answer.status_code == 302
    invited.refresh_from_db()
    kept.refresh_from_db()
    assert invited.withdrawn_at and kept.withdrawn_at is None
    assert Client().get(link(kept)).status_code == 200


def _refused(site: Site) -> list[tuple]:
    with site_scope(site.id):
        events = AuditEvent.objects.filter(verb="access.refused", object_kind="invitation").order_by("id")
        return list(events.values_list("object_ids", "actor_id"))


def test_a_dead_or_foreign_link_opened_is_on_record(
    invited: Invitation, rock: Site, rock_coordinator: User, door_coordinator: User, client_for: Browsers
) -> None:
    client_for(door_coordinator).get(link(invited))
    withdraw_invitation(invitation=invited, by=rock_coordinator)
    Client().get(link(invited))
    assert _refused(rock) == [([str(invited.pk)], door_coordinator.pk), ([str(invited.pk)], None)]


def test_an_invented_link_is_on_record_without_the_link(invited: Invitation, as_owner) -> None:
    Client().get(f"/accounts/invitation/{'0' * 64}/")
    with as_owner() as cursor:
        cursor.execute("SELECT site_id, object_ids::text FROM audit_auditevent WHERE verb = 'access.refused'")
        assert cursor.fetchall() == [(None, "[]")]


@pytest.mark.parametrize("token", ["x", "0" * 64])
def test_an_invented_link_does_not_work(invited: Invitation, token: str) -> None:
    assert Client().get(f"/accounts/invitation/{token}/").status_code == 404


def test_the_database_does_not_hold_the_link(invited: Invitation) -> None:
    assert token_of(invited) not in str(Invitation.objects.values().get())
    assert find_invitation(token_of(invited)) == invited


@pytest.mark.parametrize(
    ("answers", "field", "words"),
    [
        ({"password": "short", "again": "short"}, "password", "at least 15 characters"),
        ({"again": "something else entirely"}, "again", "not the password you typed"),
        ({"password": "nia@rock.example!!", "again": "nia@rock.example!!"}, "password", "too similar"),
        ({"name": ""}, "name", "Enter an answer."),
    ],
)
def test_a_refused_password_says_why_beside_its_field(
    invited: Invitation, answers: dict, field: str, words: str
) -> None:
    answer = Client().post(link(invited), ANSWERS | answers)
    assert words in str(answer.context["form"].errors[field])
    assert not User.objects.filter(email="nia@rock.example").exists()


def test_who_has_an_account_signs_in_and_gets_the_role_added(
    door: Site, door_coordinator: User, rock_council: User, client_for: Browsers
) -> None:
    invitation = invite_person(
        email=rock_council.email, name="Carl", role="council_member", site=door, by=door_coordinator
    )
    assert (
        Client()
        .get(link(invitation))
        .headers["Location"]
        .startswith("/accounts/login/?next=%2Faccounts%2Finv")
    )
    assert Client().post(link(invitation), ANSWERS).headers["Location"].startswith("/accounts/login/")
    browser = client_for(rock_council)
    assert browser.get(link(invitation)).status_code == 200
    assert browser.post(link(invitation)).headers["Location"] == "/"
    assert {r.site.slug for r in rock_council.roles.all()} == {"rock", "door"}
    assert rock_council.check_password(ANSWERS["password"]) is False


def test_somebody_else_cannot_accept(
    invited: Invitation, door_coordinator: User, client_for: Browsers
) -> None:
    browser = client_for(door_coordinator)
    for answer in (browser.get(link(invited)), browser.post(link(invited))):
        assert answer.status_code == 403
        assert "Rock" not in answer.content.decode()
    with pytest.raises(InvitationForSomebodyElse):
        accept_invitation(invitation=invited, by=door_coordinator)


def test_the_same_invitation_twice_is_refused(
    invited: Invitation, rock: Site, rock_coordinator: User
) -> None:
    common = {"name": "N", "site": rock, "by": rock_coordinator}
    with pytest.raises(AlreadyInvited):
        invite_person(email="NIA@rock.example", role="parent_partner", **common)
    with pytest.raises(RoleHeldAlready):
        invite_person(email=rock_coordinator.email, role="program_coordinator", **common)


def test_the_mail_holds_the_link_and_nothing_of_a_family(
    invited: Invitation, mailoutbox, rock_coordinator: User, settings
) -> None:
    settings.ADDRESS = "https://psp.example.gov"
    send_invitation(invited.pk)
    [mail] = mailoutbox
    assert mail.to == ["nia@rock.example"]
    assert re.search(rf"https://psp.example.gov{link(invited)}", mail.body)
    assert rock_coordinator.name in mail.body and "Rock County PSP" in mail.body
    withdraw_invitation(invitation=invited, by=rock_coordinator)
    send_invitation(invited.pk)
    assert len(mailoutbox) == 1


def test_the_page_sends_lists_and_withdraws(
    rock: Site, rock_coordinator: User, client_for: Browsers, django_capture_on_commit_callbacks
) -> None:
    browser = client_for(rock_coordinator)
    fields = {"name": "Nia Maple", "email": "nia@rock.example", "role": "parent_partner"}
    with django_capture_on_commit_callbacks() as after_commit:
        answer = browser.post("/sites/rock/settings/people/invite/", fields)
    assert answer.headers["Location"] == "/sites/rock/settings/people/"
    assert len(after_commit) == 1
    assert "Invited, not here yet" in browser.get("/sites/rock/settings/people/").content.decode()
    again = browser.post("/sites/rock/settings/people/invite/", fields).content.decode()
    assert "is on its way. Send it again" in again and 'value="Nia Maple"' in again
    invitation = Invitation.objects.get()
    url = f"/sites/rock/settings/invitations/{invitation.pk}/withdraw/"
    assert browser.get(url).status_code == 405
    assert browser.post(url).status_code == 302
    assert "not here yet" not in browser.get("/sites/rock/settings/people/").content.decode()


@pytest.mark.parametrize("role", ["state_admin", "state_staff", "king"])
def test_a_site_invites_to_its_own_roles_only(
    rock: Site, rock_coordinator: User, client_for: Browsers, role: str
) -> None:
    fields = {"name": "N", "email": "n@rock.example", "role": role}
    assert client_for(rock_coordinator).post("/sites/rock/settings/people/invite/", fields).status_code == 200
    assert not Invitation.objects.exists()


def test_an_expired_invitation_shows_as_such(
    invited: Invitation, rock_coordinator: User, client_for: Browsers
) -> None:
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(days=1))
    assert "Expired" in client_for(rock_coordinator).get("/sites/rock/settings/people/").content.decode()


def test_an_expired_invitation_is_sent_again_and_its_old_link_is_dead(
    invited: Invitation,
    rock_second_coordinator: User,
    client_for: Browsers,
    django_capture_on_commit_callbacks,
) -> None:
    old = token_of(invited)
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(days=1))
    url = f"/sites/rock/settings/invitations/{invited.pk}/resend/"
    browser = client_for(rock_second_coordinator)
    assert browser.get(url).status_code == 405
    with django_capture_on_commit_callbacks() as after_commit:
        assert browser.post(url).status_code == 302
    assert len(after_commit) == 1
    invited.refresh_from_db()
    assert invited.invited_by == rock_second_coordinator
    assert find_invitation(token_of(invited)) == invited
    with pytest.raises(InvitationNotOpen):
        find_invitation(old)


def test_what_was_withdrawn_or_is_held_is_not_sent_again(
    invited: Invitation, rock: Site, rock_coordinator: User, client_for: Browsers
) -> None:
    person = User.objects.create_user("nia@rock.example", name="Nia Maple")
    give_role(
        person=person, site=rock, role="parent_partner", starts_on=timezone.localdate(), by=rock_coordinator
    )
    with pytest.raises(RoleHeldAlready):
        resend_invitation(invitation=invited, by=rock_coordinator)
    withdraw_invitation(invitation=invited, by=rock_coordinator)
    page = client_for(rock_coordinator).post(
        f"/sites/rock/settings/invitations/{invited.pk}/resend/", follow=True
    )
    assert "was accepted or withdrawn before" in page.content.decode()


def test_an_invitation_whose_sender_may_invite_no_more_says_so(
    invited: Invitation, rock_coordinator: User, rock_second_coordinator: User, client_for: Browsers
) -> None:
    """A role that ends on a day ahead leaves the invitation open; that day it stops working, and shows it."""
    rock_coordinator.roles.update(ends_on=timezone.localdate())
    browser = client_for(rock_second_coordinator)
    assert "No longer valid" in browser.get("/sites/rock/settings/people/").content.decode()
    browser.post(f"/sites/rock/settings/invitations/{invited.pk}/resend/")
    assert "No longer valid" not in browser.get("/sites/rock/settings/people/").content.decode()
