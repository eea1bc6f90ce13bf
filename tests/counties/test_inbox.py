"""What people are told: only what applies to them, only as long as it does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import deactivate_person
from accounts.models import User
from audit.models import AuditEvent
from counties.access import access_to_site
from counties.actions.people import end_role
from counties.messages import refresh, tell
from counties.models import Message, RoleAssignment, Site
from counties.tasks import refresh_site_messages
from counties.wall import site_scope
from families.models import Consent
from matching.models import Match
from partners.models import ParentPartner
from reporting.models import MonthlyReport
from tests.factories.activities import make_contact
from tests.factories.families import make_consent, make_family, make_parent
from tests.factories.matching import make_match
from tests.factories.referrals import make_accepted_referral, make_enrollment, make_referral
from tests.queries import own, questions

pytestmark = pytest.mark.django_db
INBOX = "/sites/rock/messages/"
STEPS = ["draft", "certified", "submitted", "returned"]


def told(person: User, site: Site) -> list[tuple[str, str]]:
    """Kind and reference of what stands for a person after a refresh."""
    with site_scope(site.id):
        access = access_to_site(person, site)
        refresh(access, timezone.localdate())
        return sorted(Message.objects.visible_to(access).waiting().values_list("kind", "reference"))


def mentoring(rock: Site, profile: ParentPartner, *, days: int = 30):
    """An enrollment whose match with the partner began so many days ago."""
    parent = make_parent(rock, make_family(rock), first_name="Ana", last_name="Flores")
    begun = timezone.localdate() - dt.timedelta(days=days)
    referral = make_accepted_referral(rock, parent, referred_on=begun, decided_on=begun)
    make_match(rock, referral, profile, starts_on=begun)
    return make_enrollment(rock, referral, enrolled_on=begun)


def test_a_coordinator_is_told_what_waits_and_no_name(
    rock: Site, rock_coordinator: User, client_for: Callable[[User], Client]
) -> None:
    pending = make_referral(rock, make_parent(rock, first_name="Ana", last_name="Flores"))
    accepted = make_accepted_referral(rock, make_parent(rock, first_name="Bea", last_name="Stone"))
    browser = client_for(rock_coordinator)
    page = browser.get(INBOX).content.decode()
    assert pending.reference in page and accepted.reference in page
    assert "Flores" not in page and "Stone" not in page
    assert [m.kind for m in browser.get(f"{INBOX}?kind=referral.to_match").context["listing"]] == [
        "referral.to_match"
    ]
    with site_scope(rock.id):
        assert AuditEvent.objects.filter(verb="message.listed").count() == 2


def test_a_decided_referral_is_told_no_more(rock: Site, rock_coordinator: User) -> None:
    pending = make_referral(rock)
    assert told(rock_coordinator, rock) == [("referral.to_decide", pending.reference)]
    with site_scope(rock.id):
        type(pending).objects.filter(pk=pending.pk).update(withdrawn_on=timezone.localdate())
    assert told(rock_coordinator, rock) == []


def test_a_contact_ends_the_message_and_its_lack_brings_it_back(
    rock: Site, rock_partner: User, rock_partner_profile: ParentPartner
) -> None:
    enrollment = mentoring(rock, rock_partner_profile)
    assert [kind for kind, _ in told(rock_partner, rock)] == ["family.quiet"]
    with site_scope(rock.id):
        Message.objects.update(read_at=timezone.now(), done_at=timezone.now(), mailed_at=timezone.now())
    assert told(rock_partner, rock) == []
    contact = make_contact(rock, enrollment, rock_partner_profile, held_on=timezone.localdate())
    assert told(rock_partner, rock) == []
    with site_scope(rock.id):
        assert Message.objects.get().over_at
        type(contact).objects.update(held_on=timezone.localdate() - dt.timedelta(days=20))
    assert [kind for kind, _ in told(rock_partner, rock)] == ["family.quiet"]
    with site_scope(rock.id):
        message = Message.objects.get()
        assert not message.read_at and not message.done_at and not message.mailed_at


@pytest.mark.parametrize("result", ["completed", "no_show"])
def test_only_a_contact_that_was_made_counts(
    result: str, rock: Site, rock_partner: User, rock_partner_profile: ParentPartner
) -> None:
    enrollment = mentoring(rock, rock_partner_profile)
    minutes = 30 if result == "completed" else 0
    make_contact(
        rock, enrollment, rock_partner_profile, held_on=timezone.localdate(), result=result, minutes=minutes
    )
    assert bool(told(rock_partner, rock)) is (result == "no_show")


def test_the_end_of_a_match_ends_the_message(
    rock: Site, rock_partner: User, rock_partner_profile: ParentPartner, client_for: Callable[[User], Client]
) -> None:
    mentoring(rock, rock_partner_profile)
    (_, reference), *_ = told(rock_partner, rock)
    with site_scope(rock.id):
        Match.objects.update(status="ended", ends_on=timezone.localdate(), end_reason="parent_asked")
        message = Message.objects.get()
    browser = client_for(rock_partner)
    assert reference not in browser.get(INBOX).content.decode()
    assert browser.get(reverse("counties:open_message", args=["rock", message.pk])).status_code == 404


def test_a_new_match_is_not_quiet_yet(
    rock: Site, rock_partner: User, rock_partner_profile: ParentPartner
) -> None:
    mentoring(rock, rock_partner_profile, days=10)
    assert told(rock_partner, rock) == []


def test_a_consent_is_told_until_it_is_renewed(rock: Site, rock_coordinator: User) -> None:
    parent = make_parent(rock)
    make_enrollment(rock, make_accepted_referral(rock, parent))

    def consents() -> list[str]:
        return [reference for kind, reference in told(rock_coordinator, rock) if kind == "consent.ending"]

    soon = timezone.localdate() + dt.timedelta(days=10)
    old = make_consent(rock, parent, recipient="County", expires_on=soon)
    assert consents() == [parent.family.reference]
    make_consent(rock, parent, recipient="County", kind=old.kind)
    assert consents() == []
    with site_scope(rock.id):
        Consent.objects.exclude(pk=old.pk).update(revoked_at=timezone.now())
    assert consents() == [parent.family.reference]


@pytest.mark.parametrize(
    ("days", "status", "kinds"),
    [
        (4, "draft", ["report.due"]), (20, "draft", []), (-1, "certified", ["report.late"]), (-1, "submitted", []),
        (-1, "returned", ["report.returned"]),
    ],
)  # fmt: skip
def test_reports_are_told_until_they_are_with_dcf(
    days: int, status: str, kinds: list[str], rock: Site, rock_coordinator: User,
    rock_partner_coordinator: User,
) -> None:  # fmt: skip
    due = timezone.localdate() + dt.timedelta(days=days)
    with site_scope(rock.id):
        columns = ["certified_at", "submitted_at", "reviewed_at"][: STEPS.index(status)]
        MonthlyReport.objects.create(
            site=rock, month=dt.date(2025, 6, 1), due_on=due, status=status, review_comment="See B1",
            **dict.fromkeys(columns, timezone.now()),
        )  # fmt: skip
    assert told(rock_coordinator, rock) == [(kind, "June 2025") for kind in kinds]
    assert told(rock_partner_coordinator, rock) == []


def test_who_left_is_told_nothing(rock: Site, rock_partner_coordinator: User, rock_coordinator: User) -> None:
    make_referral(rock)
    assert told(rock_partner_coordinator, rock) and told(rock_coordinator, rock)
    role = RoleAssignment.objects.get(person=rock_partner_coordinator)
    end_role(assignment=role, ends_on=timezone.localdate(), by=rock_coordinator)
    refresh_site_messages(rock.id)
    refresh_site_messages(rock.id)
    with site_scope(rock.id):
        assert [m.person for m in Message.objects.waiting()] == [rock_coordinator]


def test_who_is_switched_off_is_told_nothing(
    rock: Site, rock_partner_coordinator: User, rock_coordinator: User
) -> None:
    make_referral(rock)
    refresh_site_messages(rock.id)
    deactivate_person(person=rock_partner_coordinator, reason="left", by=rock_coordinator)
    refresh_site_messages(rock.id)
    with site_scope(rock.id):
        assert [m.person for m in Message.objects.waiting()] == [rock_coordinator]


@pytest.mark.parametrize("who", ["rock_clinical", "rock_council"])
def test_roles_without_families_are_told_of_none(who: str, request, rock: Site) -> None:
    make_referral(rock)
    assert told(request.getfixturevalue(who), rock) == []


def test_nobody_opens_the_message_of_another(
    rock: Site, rock_coordinator: User, rock_partner_coordinator: User, client_for: Callable[[User], Client]
) -> None:
    make_referral(rock)
    told(rock_partner_coordinator, rock)
    with site_scope(rock.id):
        message = Message.objects.get()
    browser = client_for(rock_coordinator)
    for name in ("open_message", "finish_message"):
        assert browser.post(reverse(f"counties:{name}", args=["rock", message.pk])).status_code == 404
    with site_scope(rock.id):
        message.refresh_from_db()
    assert message.read_at is None and message.done_at is None


def test_read_put_aside_and_taken_out_again(
    rock: Site, rock_coordinator: User, client_for: Callable[[User], Client]
) -> None:
    one, two = make_referral(rock), make_referral(rock)
    browser = client_for(rock_coordinator)
    assert 'psp-count">2<' in browser.get(INBOX).content.decode()
    with site_scope(rock.id):
        first = Message.objects.get(about_id=one.pk)
    answer = browser.get(reverse("counties:open_message", args=["rock", first.pk]))
    assert answer.headers["Location"] == reverse("referrals:detail", args=["rock", one.pk])
    assert [m.about_id for m in browser.get(f"{INBOX}?show=unread").context["listing"]] == [two.pk]
    finish = reverse("counties:finish_message", args=["rock", first.pk])
    browser.post(finish)
    assert [m.about_id for m in browser.get(INBOX).context["listing"]] == [two.pk]
    assert [m.about_id for m in browser.get(f"{INBOX}?show=done").context["listing"]] == [one.pk]
    browser.post(finish)
    browser.post(reverse("counties:read_messages", args=["rock"]))
    page = browser.get(INBOX)
    assert len(page.context["listing"]) == 2 and not page.context["unread"]
    assert "Mark all as read" not in page.content.decode()
    assert browser.get(finish).status_code == 405


def test_told_twice_is_one_message_and_told_again_it_returns(rock: Site, rock_coordinator: User) -> None:
    referral = make_referral(rock)
    with site_scope(rock.id):
        for _ in range(2):
            tell(person=rock_coordinator, kind="referral.to_decide", about=referral)
        message = Message.objects.get()
        Message.objects.update(done_at=timezone.now())
        tell(person=rock_coordinator, kind="referral.to_decide", about=referral)
        message.refresh_from_db()
        assert message.done_at is None
        with pytest.raises(IntegrityError), transaction.atomic():
            message.pk = None
            Message(site=rock, person=rock_coordinator, kind=message.kind, about_id=referral.pk).save()


def test_a_message_is_about_something_of_this_site(rock: Site, door: Site, rock_coordinator: User) -> None:
    make_referral(door)
    assert told(rock_coordinator, rock) == []


@pytest.mark.parametrize("referrals", [1, 30])
def test_the_page_takes_a_constant_number_of_queries(
    referrals: int, rock: Site, rock_coordinator: User, client_for: Callable[[User], Client]
) -> None:
    for _ in range(referrals):
        make_referral(rock)
    asked = questions(client_for(rock_coordinator), INBOX)
    assert own(asked) == 2 and len(asked) < 15, asked


def test_the_address_of_a_button_opened_by_itself_says_so(
    rock: Site, rock_coordinator: User, client_for
) -> None:
    browser, url = client_for(rock_coordinator), reverse("counties:read_messages", args=["rock"])
    answer = browser.get(url)
    assert answer.status_code == 405 and answer.headers["Allow"] == "POST"
    assert "press it once more" in answer.content.decode()
    assert browser.put(url).content == b""
