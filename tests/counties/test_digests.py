"""A mail that says how many messages wait: no name, never at night, one a period, never to who has left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.actions import deactivate_person
from accounts.models import User
from counties.actions.people import end_role
from counties.digests import is_due, send_digest
from counties.models import Message, RoleAssignment, Site
from counties.roles import Role
from counties.texting import text_sender
from counties.wall import site_scope
from referrals.models import Referral
from tests.factories.counties import give
from tests.factories.families import make_parent
from tests.factories.referrals import make_referral

pytestmark = pytest.mark.django_db
FORM = "/accounts/digest/"
ANSWERS = {"digest": "daily", "quiet_from": "20:00", "quiet_until": "06:30"}
SENT: list[tuple[str, str]] = []


class Carrier:
    """What an operator would connect."""

    def send(self, number: str, text: str) -> None:
        SENT.append((number, text))


def at(hour: int, *, days: int = 0) -> dt.datetime:
    """An instant of today (or later) at the site's hour."""
    day = timezone.localdate() + dt.timedelta(days=days)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


@pytest.fixture
def daily(rock_coordinator: User) -> User:
    User.objects.filter(pk=rock_coordinator.pk).update(digest="daily")
    rock_coordinator.refresh_from_db()
    return rock_coordinator


@pytest.mark.parametrize(
    ("quiet", "hour", "due"),
    [
        (("18:00", "07:00"), 6, False), (("18:00", "07:00"), 7, True), (("18:00", "07:00"), 18, False),
        (("12:00", "13:00"), 12, False), (("12:00", "13:00"), 13, True), (("00:00", "00:00"), 3, True),
    ],
)  # fmt: skip
def test_quiet_hours(quiet: tuple[str, str], hour: int, due: bool) -> None:
    begins, ends = (dt.time.fromisoformat(text) for text in quiet)
    assert is_due(User(digest="daily", quiet_from=begins, quiet_until=ends), at(hour)) is due


@pytest.mark.parametrize(
    ("digest", "last", "day", "due"),
    [
        ("daily", "2026-03-02", "2026-03-02", False), ("daily", "2026-03-02", "2026-03-03", True),
        ("weekly", "2026-03-02", "2026-03-08", False), ("weekly", "2026-03-08", "2026-03-09", True),
        ("weekly", None, "2026-03-04", True), ("off", None, "2026-03-04", False),
    ],
)  # fmt: skip
def test_the_period(digest: str, last: str | None, day: str, due: bool) -> None:
    person = User(
        digest=digest, digest_on=dt.date.fromisoformat(last) if last else None, quiet_from=dt.time(18),
        quiet_until=dt.time(7),
    )  # fmt: skip
    noon = timezone.make_aware(dt.datetime.fromisoformat(f"{day}T12:00"))
    assert is_due(person, noon) is due


def test_the_mail_counts_and_names_nobody(daily: User, rock: Site, door: Site, settings) -> None:
    settings.ADDRESS = "https://psp.example.gov"
    give(daily, Role.PARTNER_COORDINATOR, door)
    parent = make_parent(rock, first_name="Ana", last_name="Flores")
    reference = make_referral(rock, parent).reference
    make_referral(rock)
    make_referral(door)
    assert send_digest(person_id=daily.pk, now=at(9))
    (sent,) = mail.outbox
    assert sent.to == [daily.email] and sent.subject == "PSP: 3 new messages wait for you"
    assert "Rock County PSP: 2 new, 2 waiting" in sent.body and "Door County PSP: 1 new" in sent.body
    assert [line for line in sent.body.split() if "://" in line] == [
        "https://psp.example.gov/accounts/login/"
    ]
    for word in ("Ana", "Flores", reference, "eferral", daily.name):
        assert word not in sent.subject + sent.body


def test_without_an_address_there_is_no_link(daily: User, rock: Site, settings) -> None:
    settings.ADDRESS = ""
    make_referral(rock)
    send_digest(person_id=daily.pk, now=at(9))
    assert "://" not in mail.outbox[0].body and "Sign in to PSP" in mail.outbox[0].body


def test_one_mail_a_period_and_each_message_is_new_once(daily: User, rock: Site) -> None:
    make_referral(rock)
    assert send_digest(person_id=daily.pk, now=at(9))
    make_referral(rock)
    assert not send_digest(person_id=daily.pk, now=at(10))
    assert send_digest(person_id=daily.pk, now=at(9, days=1))
    assert "1 new, 2 waiting" in mail.outbox[1].body
    assert not send_digest(person_id=daily.pk, now=at(9, days=2)) and len(mail.outbox) == 2


def test_what_was_read_or_no_longer_applies_is_not_mailed(daily: User, rock: Site) -> None:
    read, gone = make_referral(rock), make_referral(rock)
    send_digest(person_id=daily.pk, now=at(3))
    with site_scope(rock.id):
        Message.objects.create(
            site=rock, person=daily, kind="referral.to_decide", about_id=read.pk, reference="R-1", read_at=at(8)
        )  # fmt: skip
        Referral.objects.filter(pk=gone.pk).update(withdrawn_on=timezone.localdate())
    assert not send_digest(person_id=daily.pk, now=at(9)) and mail.outbox == []


def test_who_left_gets_no_mail(daily: User, rock: Site, rock_second_coordinator: User) -> None:
    make_referral(rock)
    role = RoleAssignment.objects.get(person=daily)
    end_role(assignment=role, ends_on=timezone.localdate(), by=rock_second_coordinator)
    assert not send_digest(person_id=daily.pk, now=at(9))


def test_who_is_switched_off_gets_no_mail(daily: User, rock: Site, rock_second_coordinator: User) -> None:
    make_referral(rock)
    deactivate_person(person=daily, reason="left", by=rock_second_coordinator)
    assert not send_digest(person_id=daily.pk, now=at(9)) and mail.outbox == []


def test_a_mail_server_that_is_out_marks_nothing(daily: User, rock: Site, settings) -> None:
    make_referral(rock)
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    with pytest.raises(OSError):
        send_digest(person_id=daily.pk, now=at(9))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_digest(person_id=daily.pk, now=at(9)) and "1 new" in mail.outbox[0].body


def test_a_person_chooses(rock_partner: User, client_for: Callable[[User], Client]) -> None:
    browser = client_for(rock_partner)
    assert "Mobile" not in browser.get(FORM).content.decode()
    assert browser.post(FORM, ANSWERS).headers["Location"] == "/accounts/"
    rock_partner.refresh_from_db()
    assert (rock_partner.digest, rock_partner.quiet_until) == ("daily", dt.time(6, 30))
    assert "8:00 PM to 6:30 AM" in browser.get("/accounts/").content.decode()
    answer = browser.post(FORM, {"digest": "hourly", "quiet_from": "late", "quiet_until": "06:30"})
    assert set(answer.context["form"].errors) == {"digest", "quiet_from"}


def test_text_messages_are_off_and_go_through_the_port_alone(
    daily: User, rock: Site, settings, client_for: Callable[[User], Client], django_capture_on_commit_callbacks
) -> None:  # fmt: skip
    assert text_sender() is None
    settings.TEXT_SENDER = "tests.counties.test_digests.Carrier"
    SENT.clear()
    browser = client_for(daily)
    assert "area code" in browser.post(FORM, ANSWERS | {"mobile": "none"}).content.decode()
    browser.post(FORM, ANSWERS | {"mobile": "608-555-0100"})
    make_referral(rock)
    with django_capture_on_commit_callbacks(execute=True):
        send_digest(person_id=daily.pk, now=at(9))
    assert SENT == [("608-555-0100", "PSP: 1 new message waits for you. Sign in to read.")]
